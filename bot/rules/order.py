"""Parts that ask how words stand to each other: in order, or near.

Roles that they capture come from the tightest way to read the item.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from bot.rules.bits import reached
from bot.rules.parts import Part, Ref, listed, walk
from bot.rules.scan import Scan, Span, placed, said_of

MAX_TRIES = 5_000  # ways to place the items of one `near` in an item, before the rest is given up
MAX_CHAINS = 200  # readings of a template that are followed: the tightest

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Template:
    """Its children in this order within one sentence; `gaps` say how many words may stand between two of them."""

    children: tuple[Part, ...]
    gaps: tuple[int, ...]
    joins: ClassVar[str] = "all"
    captures: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        roles = (inner.role for child in self.children for inner in walk(child) if isinstance(inner, Ref))
        object.__setattr__(self, "captures", any(roles))

    def find(self, scan: Scan) -> list[Span] | None:
        """Return every chain; where several end in the same words, the tightest for each way to fill the roles."""
        if not self.mask(scan):
            return None
        found: list[list[Span]] = []
        for child in self.children:
            spans = placed(child.find(scan))
            if not spans:
                return None
            found.append(spans)
        chains = sorted(found[0], key=_end)
        said = said_of if self.captures else _nothing_said
        for spans, gap in zip(found[1:], self.gaps, strict=True):
            chains = [chain for span in spans for chain in _extend(chains, span, gap, scan, said)]
            if not chains:
                return None
            if len(chains) > MAX_CHAINS:
                chains = sorted(chains, key=_length)[:MAX_CHAINS]
            chains.sort(key=_end)
        return sorted(chains)

    def mask(self, scan: Scan) -> int:
        """Return where the children may stand, if each may stand behind the one before it."""
        before = found = self.children[0].mask(scan)
        for child, gap in zip(self.children[1:], self.gaps, strict=True):
            here = child.mask(scan) if before else 0
            if not reached(before, 1, gap + 1) & here:
                return 0
            found |= here
            before = here
        return found

    def __str__(self) -> str:
        first, *others = map(str, self.children)
        return first + "".join(
            f" {other}" if gap == 0 else f", then within {gap} word{'s' * (gap > 1)} {other}"
            for other, gap in zip(others, self.gaps, strict=True)
        )


def _end(span: Span) -> int:
    return span[1]


def _length(span: Span) -> int:
    return span[1] - span[0]


def _nothing_said(_: Span) -> frozenset[str]:
    return _NOTHING


def _extend(
    chains: Sequence[Span], span: Span, gap: int, scan: Scan, said_of: Callable[[Span], frozenset[str]]
) -> list[Span]:
    """Return the chains (sorted by end) that reach `span`, with it: the tightest for each way to fill the roles."""
    start, end, leaves = span
    best: dict[frozenset[str], Span] = {}
    sentence = scan.sentence(start)
    for chain in reversed(chains):
        if chain[1] > start:
            continue
        if start - chain[1] > gap:
            break
        said = said_of(chain)
        known = best.get(said)
        if (known is None or chain[0] > known[0]) and scan.sentence(chain[1] - 1) == sentence:
            best[said] = chain
    return [(chain[0], end, chain[2] + leaves) for chain in best.values()]


@dataclass(frozen=True, slots=True)
class Near:
    """Its children in any order in one field, with at most `within` words between the first and the last of them."""

    children: tuple[Part, ...]
    within: int
    joins: ClassVar[str] = "all"

    def find(self, scan: Scan) -> list[Span] | None:
        """Return the closest group around each first word; groups don't share words."""
        if not self.mask(scan):
            return None
        found: list[list[Span]] = []
        for child in self.children:
            spans = placed(child.find(scan))
            if not spans:
                return None
            found.append(spans)
        starts = [[span[0] for span in spans] for spans in found]
        groups: list[Span] = []
        tries = [MAX_TRIES]
        for index, first in sorted(((i, span) for i, spans in enumerate(found) for span in spans), key=_by_place):
            if groups and first[0] < groups[-1][1]:
                continue
            others = [
                spans[bisect_left(begin, first[1]) : bisect_right(begin, first[1] + self.within)]
                for i, (spans, begin) in enumerate(zip(found, starts, strict=True))
                if i != index
            ]
            group = _place(others, [first], tries) if all(others) else None
            if group:
                leaves = tuple(sorted(leaf for span in group for leaf in span[2]))
                groups.append((first[0], max(span[1] for span in group), leaves))
        return groups or None

    def mask(self, scan: Scan) -> int:
        """Return where the children may stand, if each may stand near the first."""
        found = self.children[0].mask(scan)
        around = reached(found, -self.within - 1, self.within + 1)
        for child in self.children[1:]:
            here = child.mask(scan) if around else 0
            if not around & here:
                return 0
            found |= here
        return found

    def __str__(self) -> str:
        return f"{listed(self.children, 'and')} within {self.within} word{'s' * (self.within != 1)}"


def _by_place(numbered: tuple[int, Span]) -> tuple[int, int]:
    # Of spans that begin together the longer first.
    return numbered[1][0], -numbered[1][1]


def _place(others: list[list[Span]], chosen: list[Span], tries: list[int]) -> list[Span] | None:
    """Choose one span of each list so that none overlap, nearest first; None where there is no way, or not soon."""
    if not others:
        return chosen
    for span in others[0]:
        tries[0] -= 1
        if tries[0] < 0:
            return None
        if all(span[1] <= taken[0] or span[0] >= taken[1] for taken in chosen):
            placed = _place(others[1:], [*chosen, span], tries)
            if placed:
                return placed
    return None
