"""The parts that a match is made of: what each finds in an item.

`find` returns where a part stands, in order; [] where it holds without words of its own (`none`), None where it fails.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from bot.rules.scan import Scan, Span
from bot.rules.terms import Term

MAX_TRIES = 5_000  # ways to place the items of one `near` in an item, before the rest is given up


class Part(Protocol):
    """A node of a match. `joins` says what its children owe: "any" of them, "all", "none", or "word" for a leaf."""

    @property
    def children(self) -> tuple[Part, ...]:
        """Return the parts it is made of."""
        ...

    @property
    def joins(self) -> str:
        """Return how the children are joined."""
        ...

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where it stands."""
        ...

    def __str__(self) -> str:
        """Return it in plain words."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """A word or phrase."""

    term: Term
    children: tuple[Part, ...] = ()
    joins: ClassVar[str] = "word"

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where the term stands."""
        return scan.term(self.term.id) or None

    def __str__(self) -> str:
        return self.term.written


@dataclass(frozen=True, slots=True)
class Ref:
    """A concept by its name; its place in the file is kept for what is found wrong later."""

    name: str
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)
    children: tuple[Part, ...] = ()
    joins: ClassVar[str] = "word"

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where the concept's words stand."""
        return scan.concept(self.name) or None

    def __str__(self) -> str:
        return f"<{self.name}>"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of its children. Of long lists of words only those are tried that may be there."""

    children: tuple[Part, ...]
    words: frozenset[int] = field(init=False, repr=False, compare=False)
    others: tuple[Part, ...] = field(init=False, repr=False, compare=False)
    joins: ClassVar[str] = "any"

    def __post_init__(self) -> None:
        flat = [part for child in self.children for part in (child.children if isinstance(child, AnyOf) else (child,))]
        words = frozenset(part.term.id for part in flat if isinstance(part, Words))
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "others", tuple(part for part in flat if not isinstance(part, Words)))

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where any child stands."""
        found: list[list[Span]] = []
        if not self.words.isdisjoint(scan.present):
            found += [spans for term in self.words & scan.present if (spans := scan.term(term))]
        for child in self.others:
            other = child.find(scan)
            if other is not None:
                found.append(other)
        if len(found) < 2:
            return found[0] if found else None
        return sorted({span for spans in found for span in spans})

    def __str__(self) -> str:
        return listed(self.children, "or")


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of its children, anywhere in the item."""

    children: tuple[Part, ...]
    joins: ClassVar[str] = "all"

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where the children stand."""
        found: set[Span] = set()
        for child in self.children:
            spans = child.find(scan)
            if spans is None:
                return None
            found.update(spans)
        return sorted(found)

    def __str__(self) -> str:
        return listed(self.children, "and")


@dataclass(frozen=True, slots=True)
class NoneOf:
    """None of its children; judged on the whole item or field, whatever sentences are left out."""

    children: tuple[Part, ...]
    joins: ClassVar[str] = "none"

    def find(self, scan: Scan) -> list[Span] | None:
        """Return nothing, unless a child stands somewhere."""
        return None if any(child.find(scan.whole) is not None for child in self.children) else []

    def __str__(self) -> str:
        return f"no {listed(self.children, 'or')}"


@dataclass(frozen=True, slots=True)
class InField:
    """Its child, looked for in one field only."""

    field: str
    child: Part
    joins: ClassVar[str] = "all"

    @property
    def children(self) -> tuple[Part, ...]:
        """Return the one child."""
        return (self.child,)

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where the child stands in the field."""
        return self.child.find(scan.only(self.field))

    def __str__(self) -> str:
        return f"({self.child} in the {self.field})"


@dataclass(frozen=True, slots=True)
class Template:
    """Its children in this order within one sentence; `gaps` say how many words may stand between two of them."""

    children: tuple[Part, ...]
    gaps: tuple[int, ...]
    joins: ClassVar[str] = "all"

    def find(self, scan: Scan) -> list[Span] | None:
        """Return every chain; where several end in the same words, the tightest."""
        found: list[list[Span]] = []
        for child in self.children:
            spans = child.find(scan)
            if not spans:
                return None
            found.append(spans)
        chains = sorted(found[0], key=_end)
        for spans, gap in zip(found[1:], self.gaps, strict=True):
            chains = [chain for span in spans if (chain := _extend(chains, span, gap, scan))]
            if not chains:
                return None
            chains.sort(key=_end)
        return sorted(chains)

    def __str__(self) -> str:
        first, *others = map(str, self.children)
        return first + "".join(
            f" {other}" if gap == 0 else f", then within {gap} word{'s' * (gap > 1)} {other}"
            for other, gap in zip(others, self.gaps, strict=True)
        )


def _end(span: Span) -> int:
    return span[1]


def _extend(chains: Sequence[Span], span: Span, gap: int, scan: Scan) -> Span | None:
    """Return the tightest of the chains (sorted by end) that reach `span`, with it; None where none does."""
    start, end, leaves = span
    best: Span | None = None
    for chain in reversed(chains):
        if chain[1] > start:
            continue
        if start - chain[1] > gap:
            break
        if (best is None or chain[0] > best[0]) and scan.sentence(chain[1] - 1) == scan.sentence(start):
            best = chain
    return (best[0], end, best[2] + leaves) if best else None


@dataclass(frozen=True, slots=True)
class Near:
    """Its children in any order in one field, with at most `within` words between the first and the last of them."""

    children: tuple[Part, ...]
    within: int
    joins: ClassVar[str] = "all"

    def find(self, scan: Scan) -> list[Span] | None:
        """Return the closest group around each first word; groups don't share words."""
        found: list[list[Span]] = []
        for child in self.children:
            spans = child.find(scan)
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


def listed(parts: Iterable[Part], word: str) -> str:
    """Return parts as `a, b or c`, in brackets where one of them is compound."""
    texts = [f"({part})" if len(part.children) > 1 and not isinstance(part, InField) else str(part) for part in parts]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def walk(part: Part) -> Iterable[Part]:
    """Yield a part and all parts in it."""
    yield part
    for child in part.children:
        yield from walk(child)
