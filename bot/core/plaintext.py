"""Turns a feed's text into plain text for a reader: no markup, no control characters, nothing that reorders a line."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

_BOUND = 20_000  # characters looked at; far more than any message shows
_MARKS = 8  # marks on one letter; more of them would paint over the lines above and below
_JOINERS = "\u200c\u200d"  # Persian and emoji need them
_FIRST_STRONG, _POP = "\u2068", "\u2069"
_PIECE = re.compile(
    r"(?P<comment><!--.*?(?:-->|\Z))"
    r"|(?P<cdata><!\[CDATA\[|\]\]>)"
    r"|(?P<code><(?P<name>script|style)\b.*?(?:</(?P=name)\s*>|\Z))"
    r"|(?P<tag></?(?P<kind>[a-z!?][\w:-]*)[^<>]*>)"
    r"|(?P<torn></?[a-z][^<>]*\Z)"
    r"|(?P<entity>&(?:\#[0-9]{1,7}|\#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)",
    re.DOTALL | re.IGNORECASE,
)
_INLINE = re.compile(
    r"a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|ins|mark|q|s|small|span|strong|sub|sup|tt|u|wbr", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text, with the place in the raw text that each of its characters came from (never decreasing)."""

    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the raw text's [start, end) stands in the plain text; empty where nothing of it is left."""
        low, high = bisect_left(self.origins, start), bisect_left(self.origins, end)
        while low < high and self.text[low] == " ":
            low += 1
        while low < high and self.text[high - 1] == " ":
            high -= 1
        return low, high


def plain(raw: str) -> Plain:
    """Return the raw text on one line, without tags, entities, control and bidi characters."""
    kept: list[str] = []
    origins: list[int] = []
    marks = 0
    for origin, char in _characters(raw[:_BOUND]):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char.isspace():
            if not kept or kept[-1] == " ":
                continue
            char = " "  # noqa: PLW2901 - every kind of space becomes one
        elif marks > _MARKS or not _shown(char, category):
            continue
        kept.append(char)
        origins.append(origin)
    if kept and kept[-1] == " ":
        kept.pop()
        origins.pop()
    return Plain("".join(kept), tuple(origins))


def clean(raw: str) -> str:
    """Return the raw text as plain text on one line."""
    return plain(raw).text


def isolating(text: str) -> tuple[str, str]:
    """Return what must stand before and after the text so that, running right to left, it can't reorder its line."""
    backwards = any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text)
    return (_FIRST_STRONG, _POP) if backwards else ("", "")


def isolate(text: str) -> str:
    """Return the text wrapped as `isolating` says."""
    opening, closing = isolating(text)
    return f"{opening}{text}{closing}"


def _characters(raw: str) -> Iterator[tuple[int, str]]:
    at = 0
    for piece in _PIECE.finditer(raw):
        if piece["torn"] and "=" not in piece["torn"]:
            break  # a "<" in a sentence, not a tag that lost its end
        yield from enumerate(raw[at : piece.start()], at)
        for char in _meaning(piece):
            yield piece.start(), char
        at = piece.end()
    yield from enumerate(raw[at:], at)


def _meaning(piece: re.Match[str]) -> str:
    if piece["entity"]:
        return html.unescape(piece[0])
    if piece["cdata"] or (piece["tag"] and _INLINE.fullmatch(piece["kind"])):
        return ""
    return " "


def _shown(char: str, category: str) -> bool:
    """Control, format and surrogate characters are left out; noncharacters are no text at all."""
    return char in _JOINERS or (category not in ("Cc", "Cf", "Cs") and ord(char) & 0xFFFE != 0xFFFE)
