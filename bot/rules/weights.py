"""Parts that count: so many of these, or so many points."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import ClassVar

from bot.rules.bits import ANYWHERE
from bot.rules.parts import Part, listed
from bot.rules.scan import Scan, Span


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of its children, anywhere in the item."""

    needs: int
    children: tuple[Part, ...]
    joins: ClassVar[str] = "at least"

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where the children stand."""
        found = [spans for child in self.children if (spans := child.find(scan)) is not None]
        return sorted({span for spans in found for span in spans}) if len(found) >= self.needs else None

    def mask(self, scan: Scan) -> int:
        """Return where the children may stand, if enough of them may."""
        masks = [mask for child in self.children if (mask := child.mask(scan))]
        return reduce(or_, masks) if len(masks) >= self.needs else 0

    def __str__(self) -> str:
        return f"at least {self.needs} of {listed(self.children, 'and')}"


@dataclass(frozen=True, slots=True)
class Score:
    """Lines worth points, which count once each; it holds where their sum reaches `needs`."""

    points: tuple[int, ...]
    children: tuple[Part, ...]
    needs: int
    joins: ClassVar[str] = "score"
    place: tuple[int, int] = field(default=(0, 0), compare=False)

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where the lines stand that gave points."""
        total, found = 0, set[Span]()
        for points, child in zip(self.points, self.children, strict=True):
            spans = child.find(scan.whole if points < 0 else scan)
            if spans is not None:
                total += points
                found.update(spans if points > 0 else ())
        return sorted(found) if total >= self.needs else None

    def mask(self, _: Scan) -> int:
        """Return every position: what it finds takes a sum."""
        return ANYWHERE

    def __str__(self) -> str:
        lines = ", ".join(f"{points:+d} {child}" for points, child in zip(self.points, self.children, strict=True))
        return f"{self.needs} points or more of {lines}"
