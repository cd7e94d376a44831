"""Quotes the words that made a rule fire, with as much around them as there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.textwidth import fit, joins, units

_AROUND = 28  # characters kept on either side of a matched word
_GAP = " … "

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A piece of a quotation; `matched` where it is one of the words that made the rule fire."""

    text: str
    matched: bool = False


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those that overlap as one, empty ones left out."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def quote(text: str, spans: Sequence[Span], limit: int) -> tuple[Quoted, ...]:
    """Return the text around the spans in at most `limit` units, first spans first; `spans` are merged."""
    if units(text) <= limit:
        windows: Sequence[Span] = ((0, len(text)),) if text else ()
    else:
        windows = _windows(text, spans, limit)
    pieces: list[Quoted] = []
    for number, (low, high) in enumerate(windows):
        if low > 0:
            pieces.append(Quoted(_GAP if number else "…"))
        pieces += _marked(text, spans, low, high)
    if windows and windows[-1][1] < len(text):
        pieces.append(Quoted("…"))
    return tuple(pieces)


def _windows(text: str, spans: Sequence[Span], limit: int) -> Sequence[Span]:
    chosen: list[Span] = []
    for start, end in spans:
        low, high = _left(text, start), _right(text, end)
        joined = [*chosen, (low, high)]
        if chosen and low <= chosen[-1][1] + 1:
            joined[-2:] = [(chosen[-1][0], high)]
        if _room(text, joined) > limit:
            break
        chosen = joined
    if not chosen and spans:
        start = spans[0][0]
        chosen = [(start, start + fit(text[start : spans[0][1]], limit - 2))]
    return [(low, high) for low, high in chosen if low < high]


def _room(text: str, windows: Sequence[Span]) -> int:
    return sum(units(text[low:high]) + len(_GAP) for low, high in windows)


def _left(text: str, start: int) -> int:
    low = max(0, start - _AROUND)
    if low == 0:
        return 0
    space = text.find(" ", low - 1, start)
    low = space + 1 if space >= 0 else low
    while low > 0 and joins(text, low):
        low -= 1
    return low


def _right(text: str, end: int) -> int:
    high = min(len(text), end + _AROUND)
    if high == len(text):
        return high
    space = text.rfind(" ", end, high + 1)
    high = space if space >= 0 else high
    while high < len(text) and joins(text, high):
        high += 1
    return high


def _marked(text: str, spans: Sequence[Span], low: int, high: int) -> Iterable[Quoted]:
    at = low
    for start, end in spans:
        first, last = max(start, low), min(end, high)
        if first >= last:
            continue
        if at < first:
            yield Quoted(text[at:first])
        yield Quoted(text[first:last], matched=True)
        at = last
    if at < high:
        yield Quoted(text[at:high])
