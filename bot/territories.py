"""The names of countries in many languages, from CLDR through babel; kept on disk, so that a start needs no babel."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

Names = Mapping[str, Mapping[str, tuple[str, ...]]]  # country code -> language -> names

# Locale of CLDR -> the language that its names belong to here.
LOCALES = {
    "en": "en", "fr": "fr", "de": "de", "es": "es", "pt": "pt", "pt_PT": "pt", "it": "it", "nl": "nl", "ru": "ru",
    "uk": "uk", "pl": "pl", "ar": "ar", "fa": "fa", "tr": "tr", "zh": "zh", "zh_Hant": "zh", "ja": "ja", "ko": "ko",
    "sv": "sv", "el": "el",
}  # fmt: skip

_METHOD = 1  # raise it when `names_of` comes to other names
_CODE = re.compile(r"[A-Z]{2}\Z")
_NOTE = re.compile(r"\s*[(（]([^()（）]+)[)）]")
_UNSPACED = frozenset({"zh", "ja", "ko"})  # a note in brackets is one sign there, and no name


@cache
def country_names(folder: Path) -> Names:
    """Return the names of every country, from the cache under `folder`; one that can't be used costs 0.1 s."""
    path = folder / f"countries-{version('babel')}-{_METHOD}.json"
    with suppress(OSError, ValueError, AttributeError):
        stored = json.loads(path.read_text("utf-8"))
        return {code: {lang: tuple(names) for lang, names in known.items()} for code, known in stored.items()}
    names = _from_cldr()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(names, ensure_ascii=False), "utf-8")
        fresh.replace(path)
    return names


def names_of(name: str, language: str) -> tuple[str, ...]:
    """Return the names that one CLDR name holds: "Myanmar (Burma)" is two, "&" is written "and"."""
    noted = _NOTE.search(name)
    if " - " in name or " – " in name or (noted and language in _UNSPACED):
        return ()  # "Congo - Kinshasa": nobody writes so
    found = [_NOTE.sub("", name), *([noted.group(1)] if noted else [])]
    return tuple(dict.fromkeys(one.replace(" & ", " and ").strip() for one in found if one.strip()))


def _from_cldr() -> dict[str, dict[str, tuple[str, ...]]]:
    from babel import Locale, localedata  # noqa: PLC0415 - 25 MB that a start with a warm cache doesn't owe

    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for locale, language in LOCALES.items():
        for code, name in Locale.parse(locale).territories.items():
            if _CODE.match(code):
                known = found.setdefault(code, {}).get(language, ())
                found[code][language] = tuple(dict.fromkeys((*known, *names_of(name, language))))
    localedata._cache.clear()
    return found
