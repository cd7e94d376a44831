"""Measures and cuts plain text as chats count it: in UTF-16 units, never inside of what a reader sees as one sign."""

from __future__ import annotations

import unicodedata

_ZWJ = "\u200d"
_TRAILING = " ,;:–—-·(«“"


def units(text: str) -> int:
    """Return the length in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(char > "\uffff" for char in text)


def fit(text: str, limit: int) -> int:
    """Return the end of the longest prefix of at most `limit` units that doesn't cut a sign in two."""
    end = used = 0
    for char in text:
        used += 2 if char > "\uffff" else 1
        if used > limit:
            break
        end += 1
    while 0 < end < len(text) and joins(text, end):
        end -= 1
    return end


def joins(text: str, index: int) -> bool:
    """Return whether the character at `index` continues the sign before it: an accent, a part of an emoji or flag."""
    char, before = text[index], text[index - 1]
    if _ZWJ in (before, char) or unicodedata.category(char) in ("Mn", "Mc", "Me"):
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    return _regional(char) and _flag_halves(text, index) % 2 == 1


def cut(text: str, limit: int) -> str:
    """Return the text in at most `limit` units; what is left out ends at a word where it can, and shows as `…`."""
    if units(text) <= limit:
        return text
    if limit < 1:
        return ""
    end = fit(text, limit - 1)
    space = text.rfind(" ", end * 3 // 5, end + 1)
    return text[: space if space > 0 else end].rstrip(_TRAILING) + "…"


def _regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves(text: str, index: int) -> int:
    start = index
    while start > 0 and _regional(text[start - 1]):
        start -= 1
    return index - start
