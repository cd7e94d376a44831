"""Which language a rule's word is looked up in: its tag's, or the one that its letters tell of."""

from __future__ import annotations

import re

_CYRILLIC = re.compile("[\u0400-\u052f]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ONLY_RU = re.compile("[ыэъё]", re.IGNORECASE)
_ONLY_UK = re.compile("[іїєґ]", re.IGNORECASE)
_ONLY_FA = re.compile("[پچژگک]")

# Languages whose names change with case, by the tag that a term has; names in other scripts show it by themselves.
LATIN_NAMES = frozenset({"pl", "de", "nl", "sv", "tr"})
# Languages written in a script of their own, so that a word in it belongs to none of the others.
_WRITTEN = {
    "ru": _CYRILLIC, "uk": _CYRILLIC, "be": _CYRILLIC, "bg": _CYRILLIC, "mk": _CYRILLIC, "sr": _CYRILLIC,
    "kk": _CYRILLIC, "ky": _CYRILLIC, "mn": _CYRILLIC, "tg": _CYRILLIC, "ar": _ARABIC, "fa": _ARABIC, "ur": _ARABIC,
    "ps": _ARABIC, "el": _GREEK, "ko": _HANGUL, "zh": _UNSPACED, "ja": _UNSPACED, "th": _UNSPACED,
}  # fmt: skip


def is_unspaced(word: str) -> bool:
    """Tell whether a word is in a script without spaces, where one character is one word."""
    return bool(_UNSPACED.match(word))


def declines(word: str) -> bool:
    """Tell whether a word's letters alone show that it has cases, even as a name."""
    return bool(_CYRILLIC.search(word) or _GREEK.search(word))


def is_foreign(text: str, language: str) -> bool:
    """Tell whether a text is in a script that its language is not written in, so that its tag says nothing."""
    own = _WRITTEN.get(language)
    return any(
        script is not own and script.search(text) for script in (_CYRILLIC, _ARABIC, _GREEK, _HANGUL, _UNSPACED)
    ) and not (own and own.search(text))


def languages_of(language: str, word: str) -> tuple[str, ...]:
    """Return the languages that a word tagged with one is looked up in: Cyrillic in an English list is no English."""
    if _CYRILLIC.search(word):
        return _slavic(language, word)
    if _ARABIC.search(word):
        return ("fa",) if _ONLY_FA.search(word) or language == "fa" else ("ar",)
    if _GREEK.search(word):
        return ("el",)
    if _HANGUL.search(word):
        return ("ko",)
    return () if is_unspaced(word) else (language,)


def _slavic(language: str, word: str) -> tuple[str, ...]:
    if _ONLY_UK.search(word):
        return ("uk",) if language != "be" else ()
    if _ONLY_RU.search(word):
        return ("ru",) if language != "be" else ()
    if language in _WRITTEN:
        return (language,)
    return ("ru", "uk")
