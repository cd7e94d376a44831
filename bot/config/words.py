"""The words that people write as values in config.yaml: spans, web addresses, zones, levels, slugs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, WithJsonSchema

from bot.model import Level, SourceKind


class UnusableError(ValueError):
    """A value that can't be used: why, as the end of a sentence that names it, and an imperative mend."""

    def __init__(self, complaint: str, mend: str) -> None:
        super().__init__(complaint)
        self.mend = mend


# Milliseconds, so that sums and fractions stay exact.
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_LONG = {
    **dict.fromkeys(("sec", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "minute", "minutes"), "m"),
    **dict.fromkeys(("hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("week", "weeks"), "w"),
}
_PART = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*([a-z]+)\s*", re.ASCII)
_SPAN_MEND = "Write it like 15m, 2s, 1h30m or 7 days."
_LONGEST = timedelta(days=3660)


def span(value: object) -> timedelta:
    """Return a span of time written like `15m`, `1h30m` or `7 days`. Raises UnusableError."""
    if not isinstance(value, str):
        raise UnusableError(
            "needs a unit of time" if isinstance(value, int | float) else "is no span of time", _SPAN_MEND
        )
    text, total, at = value.strip().lower(), 0.0, 0
    while part := _PART.match(text, at):
        number, unit = part.groups()
        unit = _LONG.get(unit, unit)
        if unit not in _UNITS:
            raise UnusableError(f"has an unknown unit of time, `{unit}`", "Use ms, s, m, h, days or weeks.")
        total, at = total + float(number) * _UNITS[unit], part.end()
    if at == 0 or at < len(text):
        raise UnusableError("is no span of time", _SPAN_MEND)
    if total > _LONGEST / timedelta(milliseconds=1):
        raise UnusableError("is longer than ten years", _SPAN_MEND)
    return timedelta(milliseconds=total)


def some_span(value: object) -> timedelta:
    """Return a span that is longer than nothing. Raises UnusableError."""
    if not (found := span(value)):
        raise UnusableError("must be longer than nothing", _SPAN_MEND)
    return found


def web_address(value: object) -> str:
    """Return an http or https address as written. Raises UnusableError."""
    if not isinstance(value, str) or not value.lower().startswith(("http://", "https://")):
        raise UnusableError("is no web address", "Write it with http:// or https:// in front.")
    if re.search(r"[\s\x00-\x1f\x7f\\]", value):
        raise UnusableError("is no web address: it holds a space, a backslash or a control character", "Take it out.")
    try:
        parts = urlsplit(value)
        if not parts.hostname or parts.port == 0:
            raise UnusableError("is no web address: it names no host", "Write it like https://example.com/feed.xml.")
    except UnusableError:
        raise
    except ValueError as error:
        raise UnusableError(
            "is no web address: its host or port can't be read", "Copy it again from the browser."
        ) from error
    return value


def zone(value: object) -> ZoneInfo:
    """Return a time zone of the IANA database by its name. Raises UnusableError with the nearest name."""
    names = available_timezones()
    if isinstance(value, str) and value in names:
        return ZoneInfo(value)
    written = str(value).replace(" ", "_")
    city = {name.rpartition("/")[2]: name for name in sorted(names)}
    near = difflib.get_close_matches(written.title(), city, n=1)
    hint = f"Did you mean `{city[near[0]]}`?" if near else nearest(written, names)
    raise UnusableError("is no time zone", hint or "Write it like Europe/Oslo.")


def level(value: object) -> Level:
    """Return a level by its word, in small letters. Raises UnusableError."""
    return Level[_word(value, [one.name.lower() for one in Level], "level").upper()]


def source_kind(value: object) -> SourceKind:
    """Return a kind of feed by its word. Raises UnusableError."""
    return SourceKind(_word(value, list(SourceKind), "kind of feed"))


class LogFormat(StrEnum):
    """How log lines look."""

    KEYVALUE = "keyvalue"
    JSON = "json"


class LogLevel(StrEnum):
    """From where on log lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def log_format(value: object) -> LogFormat:
    """Return a log format by its word. Raises UnusableError."""
    return LogFormat(_word(value, list(LogFormat), "log format"))


def log_level(value: object) -> LogLevel:
    """Return a log level by its word. Raises UnusableError."""
    return LogLevel(_word(value, list(LogLevel), "log level"))


def _word(value: object, allowed: Iterable[str], what: str) -> str:
    words = [str(word) for word in allowed]
    if isinstance(value, str) and value in words:
        return value
    raise UnusableError(f"is no {what}", f"{nearest(str(value), words)} Allowed: {', '.join(words)}.".strip())


def nearest(text: str, known: Iterable[str]) -> str:
    """Return "Did you mean ...?" for the known word nearest to a text, in any case, or ""."""
    shown = {word.lower(): word for word in sorted(known)}
    found = difflib.get_close_matches(text.lower(), shown, n=1, cutoff=0.6)
    return f"Did you mean `{shown[found[0]]}`?" if found else ""


def words(value: object) -> frozenset[str]:
    """Return one word or a list of words as a set. Raises UnusableError."""
    given = value if isinstance(value, list) else [value]
    found = frozenset(word.strip() for word in given if isinstance(word, str)) - {""}
    if not given or len(found) < len(given):
        raise UnusableError("must be a word or a list of different words", "Write it like [defence, europe].")
    return found


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?\Z|\[[0-9a-f:.]+\](?::[0-9]{1,5})?\Z", re.ASCII)


def slug(value: object) -> str:
    """Return an id of small letters, digits and hyphens, at most 64. Raises UnusableError with one that would do."""
    if isinstance(value, str) and _SLUG.match(value) and len(value) <= 64:
        return value
    proposal = re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")[:64]
    mend = f"Write it like `{proposal}`." if isinstance(value, str) and proposal else "Write it like bbc-world."
    raise UnusableError("is no id: small letters, digits and single hyphens, at most 64", mend)


def language(value: object) -> str:
    """Return a language code. Raises UnusableError."""
    if isinstance(value, str) and _LANGUAGE.match(value):
        return value
    raise UnusableError("is no language code", "Write it like en, fr or pt-BR.")


def country(value: object) -> str:
    """Return a country's code. Raises UnusableError."""
    if isinstance(value, str) and _COUNTRY.match(value):
        return value
    raise UnusableError("is no country code", "Write the two capitals of ISO 3166, like UA or US.")


def host(value: object) -> str:
    """Return a host's name, with its port where it is given, in small letters. Raises UnusableError."""
    if isinstance(value, str) and _HOST.match(value.lower()):
        return value.lower()
    raise UnusableError("is no host name", "Write it like example.com, without http:// and without a path.")


def private_host(value: object) -> str:
    """Return a host, host:port, address, or network in CIDR form, in small letters. Raises UnusableError."""
    try:
        return str(ip_network(value)) if isinstance(value, str) and "/" in value else host(value)
    except ValueError as error:  # UnusableError among them
        mend = "Write it like localhost, 127.0.0.1:8080 or 10.0.0.0/8."
        raise UnusableError("is no host, address or network", mend) from error


def text(value: object) -> str:
    """Return a text that is not empty. Raises UnusableError."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise UnusableError("must be text", f'Write it in double quotes: "{value}".' if value else "Write a word or two.")


def _shape(pattern: str, mend: str) -> WithJsonSchema:
    """Return what an editor checks of a text; regular expressions that Python and JavaScript read alike."""
    return WithJsonSchema({"type": "string", "pattern": pattern, "patternErrorMessage": mend})


def _choice(*allowed: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(allowed)})


def _any_case(word: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)


_A_UNIT = "|".join(_any_case(unit) for unit in sorted({*_UNITS, *_LONG}, key=lambda unit: (-len(unit), unit)))
_A_SPAN = rf"(?:[0-9]{{1,9}}(?:\.[0-9]{{1,3}})?\s*(?:{_A_UNIT})\s*)+$"
_A_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"

SLUG_PATTERN = r"^(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$"

Span = Annotated[timedelta, BeforeValidator(span), _shape(rf"^\s*{_A_SPAN}", _SPAN_MEND)]
SomeSpan = Annotated[timedelta, BeforeValidator(some_span), _shape(rf"^\s*(?=.*[1-9]){_A_SPAN}", _SPAN_MEND)]
WebAddress = Annotated[
    str,
    BeforeValidator(web_address),
    _shape(r"^[hH][tT][tT][pP][sS]?://[^\s\\/?#]+[^\s\\]*$", "Write it like https://example.com/feed.xml."),
]
Zone = Annotated[
    ZoneInfo,
    BeforeValidator(zone),
    _shape(r"^[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*$", "Write it like Europe/Oslo."),
]
LevelWord = Annotated[Level, BeforeValidator(level), _choice(*(one.name.lower() for one in Level))]
SourceKindWord = Annotated[SourceKind, BeforeValidator(source_kind), _choice(*SourceKind)]
LogFormatWord = Annotated[LogFormat, BeforeValidator(log_format), _choice(*LogFormat)]
LogLevelWord = Annotated[LogLevel, BeforeValidator(log_level), _choice(*LogLevel)]
Words = Annotated[
    frozenset[str],
    BeforeValidator(words),
    WithJsonSchema({
        "type": ["string", "array"],
        "pattern": r"\S",
        "items": {"type": "string", "pattern": r"\S"},
        "minItems": 1,
        "uniqueItems": True,
    }),
]  # fmt: skip
Slug = Annotated[str, BeforeValidator(slug), _shape(SLUG_PATTERN, "Write it like bbc-world.")]
Language = Annotated[
    str, BeforeValidator(language), _shape(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", "Write it like en, fr or pt-BR.")
]
Country = Annotated[
    str, BeforeValidator(country), _shape("^[A-Z]{2}$", "Write the two capitals of ISO 3166, like UA or US.")
]
Host = Annotated[str, BeforeValidator(host), _shape(rf"^{_A_HOST}$", "Write it like example.com.")]
PrivateHost = Annotated[
    str,
    BeforeValidator(private_host),
    _shape(rf"^(?:{_A_HOST}|[0-9A-Fa-f:.]+/[0-9.]+)$", "Write it like localhost, 127.0.0.1:8080 or 10.0.0.0/8."),
]
Text = Annotated[str, BeforeValidator(text), _shape(r"\S", "Write a word or two.")]
