"""Clean a title or summary once, and remember where every character came from."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

MAX_CHARACTERS = 30_000  # of a field are considered: a summary holds a few hundred
PARAGRAPH = "\u2029"

Edit = tuple[int, int, int, int]  # new start, new end, old start, old end
Stage = tuple[str, tuple[Edit, ...]]

_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "tt", "u", "wbr",
})  # fmt: skip
_BLOCK = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "script", "section",
    "style", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
})  # fmt: skip
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# An unclosed comment or script runs to the end, as in browsers. Possessive, so that no text makes them slow.
_MARKUP = re.compile(
    r"<!--(?:(?!-->).)*+(?:-->)?"
    r"|<(?:script|style)\b(?:(?!</(?:script|style)).)*+"
    r"|</?([A-Za-z][A-Za-z0-9:-]*+)[^<>]*+>",
    re.DOTALL | re.IGNORECASE,
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093c\u094d\u1160-\u11ff"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f\uff9e\uff9f"
)
_CLUSTER = re.compile(rf"[\x00-\x7f][{_MARKS}]+|[^\x00-\x7f][{_MARKS}]*")
# Soft hyphen, tatweel, Arabic vowel signs, zero-width characters, direction marks, variation selectors, BOM.
_UNSEEN = re.compile(
    "[\u00ad\u0640\u064b-\u0652\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]+"
)
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("‘’‚‛′ʼ`´", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
# The last dot belongs to the acronym, unless the next word can only begin a sentence.
_ACRONYM = re.compile(
    r"(?<![\w.])([^\W\d_](?:\.[^\W\d_])++)(?!\w)"
    r"(?:\.(?!\s+(?:The|A|An|In|It|He|She|They|We|But|On|This|That|And|At|For)\b))?"
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text; `stages` lead back to the original."""

    text: str
    stages: tuple[tuple[Edit, ...], ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where a non-empty span of the cleaned text stands in the original."""
        for edits in reversed(self.stages):
            start, end = _origin(edits, start)[0], _origin(edits, end - 1)[1]
        return start, end


def clean(raw: str) -> Cleaned:
    """Return a field's text without markup, entities, invisible characters and typographic variants."""
    text = raw[:MAX_CHARACTERS]
    stages: list[tuple[Edit, ...]] = []
    if "&" in text:
        text = _apply(text, _ENTITY, lambda m: html.unescape(m.group()), stages)
    if "<" in text:
        text = _apply(text, _MARKUP, _markup, stages)
    return _plain(text, stages)


def clean_term(raw: str) -> str:
    """Return a rule's words cleaned as items are, so that both meet; markup is left as it is."""
    return _plain(raw, []).text


def _plain(text: str, stages: list[tuple[Edit, ...]]) -> Cleaned:
    if not text.isascii():
        text = _apply(text, _UNSEEN, lambda _: "", stages)
        if not unicodedata.is_normalized("NFKC", text):
            text = _apply(text, _CLUSTER, lambda m: unicodedata.normalize("NFKC", m.group()), stages)
    text = text.translate(_TYPOGRAPHY)
    if "." in text:
        text = _apply(text, _ACRONYM, lambda m: m.group().replace(".", ""), stages)
    return Cleaned(text, tuple(stages))


def _apply(
    text: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], stages: list[tuple[Edit, ...]]
) -> str:
    """Replace what `pattern` finds and append the edits made to `stages`, if any."""
    out: list[str] = []
    edits: list[Edit] = []
    last = length = 0
    for found in pattern.finditer(text):
        new, (start, end) = replace(found), found.span()
        if new == found.group():
            continue
        out += (text[last:start], new)
        length += start - last
        edits.append((length, length + len(new), start, end))
        length += len(new)
        last = end
    if not edits:
        return text
    stages.append(tuple(edits))
    return "".join(out) + text[last:]


def _origin(edits: tuple[Edit, ...], index: int) -> tuple[int, int]:
    """Return which span, before these edits, one character came from."""
    at = bisect_right(edits, index, key=lambda edit: edit[0]) - 1
    if at < 0:
        return index, index + 1
    _, new_end, old_start, old_end = edits[at]
    if index < new_end:
        return old_start, old_end
    return old_end + index - new_end, old_end + index - new_end + 1


def _markup(found: re.Match[str]) -> str:
    name = (found.group(1) or "").lower()
    if name in _INLINE:
        return ""
    return PARAGRAPH if name in _BLOCK else " "
