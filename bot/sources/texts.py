"""Makes what a parser returned fit to be stored: plain str, bounded, links absolute, languages in one spelling."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

TITLE = 2_000
SUMMARY = 20_000
GUID = 8_000
LINK = 10_000

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ABSOLUTE = re.compile(r"https?://[\w.-]+(?::\d+)?(?:[/?#]|\Z)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}", re.IGNORECASE)


def text(value: object, limit: int) -> str:
    """Return a text without characters that no store takes, cut at `limit`; "" for what is no text."""
    return _UNFIT.sub("", value[: 2 * limit]).strip()[:limit] if isinstance(value, str) else ""


def link(value: object, base: str) -> str | None:
    """Return an absolute http or https address, or None where there is none or it is absurdly long."""
    written = re.sub(r"[\t\r\n]", "", text(value, LINK + 1)).replace(" ", "%20")
    if not written or len(written) > LINK:
        return None
    if _ABSOLUTE.match(written):
        return written
    try:
        absolute = urljoin(base, written)
        parts = urlsplit(absolute)
    except ValueError:
        return None
    return absolute if parts.scheme in ("http", "https") and parts.netloc else None


def guid(value: object) -> str | None:
    """Return an entry's own id, or None where it has none."""
    return text(value, GUID) or None


def language(value: object) -> str | None:
    """Return a language tag in lower case with hyphens, or None where the value is none."""
    tag = value.strip().replace("_", "-").lower() if isinstance(value, str) else ""
    return tag if _LANGUAGE.fullmatch(tag) else None
