"""What a token may be besides itself: cut at an apostrophe, or without what its language writes as part of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.rules import korean, semitic

_SCRIPTS = re.compile("[\u0620-\u06d3\uac00-\ud7a3]")
_ARABIC = re.compile("[\u0620-\u06d3]+\\Z")
_HANGUL = re.compile("[\uac00-\ud7a3]+\\Z")
# French and Italian: l'armée, d'Ukraine, dell'esercito. The token as a whole stays a word: d'Ivoire.
_BEFORE = (
    r"(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu|un|(?:a|da|ne|su|de)ll|que(?:ll|st)|gl|dev|tutt|mezz|sant)'(?=\w\w)"
)
# Turkish: Rusya'ya, NATO'nun, Ankara'daki.
_BEHIND = (
    r"'(?:n?[ıiuü]n|[yns]?[aeıiuü]|n?[dt][ae]n?|(?:yl|l)[ae]|n?[dt][ae]ki|l[ae]r\w*|l[ıiuü]\w*"
    r"|[ıiuü]n[dt]?[aeıiuü]n?|s[ıiuü]n?[aeıiuü]?n?|ca|ce)(?!\w)"
)
_ELIDED = re.compile(_BEFORE, re.IGNORECASE)
_SUFFIXED = re.compile(_BEHIND, re.IGNORECASE)
_CUT = re.compile(rf"(?<!\w){_BEFORE}|{_BEHIND}", re.IGNORECASE)


class Stem(NamedTuple):
    """A part of a token. `exact` if the rest is no part of the word at all, so that exact words match it too."""

    word: str
    exact: bool


def has_stems(text: str) -> bool:
    """Tell whether a text may hold a token with stems; False for nearly all texts in most languages."""
    return ("'" in text and _CUT.search(text) is not None) or (not text.isascii() and _SCRIPTS.search(text) is not None)


def stems(word: str) -> tuple[Stem, ...]:
    """Return what a token may be besides itself."""
    if "'" in word:
        found = _ELIDED.match(word)
        if found:
            return (Stem(word[found.end() :], exact=True),)
        cut = _SUFFIXED.search(word)
        return (Stem(word[: cut.start()], exact=True),) if cut and cut.start() > 1 else ()
    if word.isascii():
        return ()
    if _HANGUL.match(word):
        return tuple(Stem(stem, exact=False) for stem in korean.stems(word))
    if _ARABIC.match(word):
        return tuple(Stem(stem, exact=False) for stem in semitic.stems(word))
    return ()
