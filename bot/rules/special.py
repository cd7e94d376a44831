"""Parts that look at an item in another way: by its language, or through a regular expression."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any, ClassVar

from bot.rules.bits import ANYWHERE
from bot.rules.lexicon import primary
from bot.rules.parts import Part
from bot.rules.scan import TEXT_BASE, Scan, Span
from bot.rules.terms import Term

MAX_FOUND = 50  # places of one regular expression that are looked at


@dataclass(frozen=True, slots=True)
class InLanguage:
    """Its child, in items of one language or of unknown language."""

    language: str
    child: Part
    joins: ClassVar[str] = "all"

    @property
    def children(self) -> tuple[Part, ...]:
        """Return the one child."""
        return (self.child,)

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where the child stands, if the item is of the language."""
        return self.child.find(scan) if primary(scan.language) in (None, self.language) else None

    def mask(self, scan: Scan) -> int:
        """Return where the child may stand, if the item is of the language."""
        return self.child.mask(scan) if primary(scan.language) in (None, self.language) else 0

    def __str__(self) -> str:
        return f"({self.child} in items in `{self.language}`)"


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression of RE2, which takes time linear in the text whatever it says; on the cleaned text."""

    term: Term
    compiled: Any = field(repr=False, compare=False)
    children: tuple[Part, ...] = ()
    joins: ClassVar[str] = "word"

    def find(self, scan: Scan) -> list[Span] | None:
        """Return the words that each place found touches."""
        return [span for base, which in ((0, 0), (TEXT_BASE, 1)) for span in self._in(scan, base, which)] or None

    def mask(self, _: Scan) -> int:
        """Return every position: to look is as dear as to find."""
        return ANYWHERE

    def _in(self, scan: Scan, base: int, which: int) -> list[Span]:
        field_, found = scan.fields[which], list[Span]()
        spans = [field_.span(at) for at in range(len(field_.keys))]
        for count, hit in enumerate(self.compiled.finditer(field_.cleaned.text)):
            if count == MAX_FOUND:
                break
            first = bisect_right(spans, hit.start(), key=_end)
            after = bisect_left(spans, hit.end(), key=_start)
            if first < after and scan.shows(base + first):
                place = (base + first, base + after)
                found.append((*place, ((*place, self.term.id, ""),)))
        return found

    def __str__(self) -> str:
        return self.term.written


def _start(place: tuple[int, int]) -> int:
    return place[0]


def _end(place: tuple[int, int]) -> int:
    return place[1]
