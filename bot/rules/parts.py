"""The parts that a match is made of: what each finds in an item.

`find` returns where a part stands, in order; [] where it holds without words of its own (`none`), None where it fails.
`mask` is a quick look before it: the first and the last word of all that `find` finds are among its positions, and
where it is 0, `find` finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from bot.rules.bits import ANYWHERE
from bot.rules.phrasing import joined
from bot.rules.scan import NOWHERE, Leaf, Scan, Span
from bot.rules.terms import Term

PLACE = "place"  # the role that a feed's own country fills where an item names none


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

    def mask(self, scan: Scan) -> int:
        """Return where it may stand, as bits."""
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

    def mask(self, scan: Scan) -> int:
        """Return where the term's words may stand."""
        return scan.term_mask(self.term.id)

    def __str__(self) -> str:
        return self.term.written


@dataclass(frozen=True, slots=True)
class Ref:
    """A concept by its name; its place in the file is kept for what is found wrong later.

    `role` is what its words are captured as ("" for none); `only` pins it to one entry of the concept, or to any but
    that one after a "!" ("" for any).
    """

    name: str
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)
    role: str = ""
    only: str = ""
    children: tuple[Part, ...] = ()
    joins: ClassVar[str] = "word"

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where the concept's words stand, each with what it is captured as."""
        spans = scan.concept(self.name)
        if self.role or self.only:
            values = scan.values(self.name)
            spans = [span for one in spans if (span := self._captured(one, values)) is not None]
            if not spans and self.role == PLACE and scan.home is not None:
                return self._at_home(scan, values)
        return spans or None

    def mask(self, scan: Scan) -> int:
        """Return where any of the concept's words may stand; what holds without words stands nowhere."""
        return scan.concept_mask(self.name)

    def _captured(self, span: Span, values: Mapping[int, str]) -> Span | None:
        start, end, leaves = span
        value = next((values[leaf[2]] for leaf in leaves if leaf[2] in values), "")
        if self.only and not self._lets(value):
            return None
        if not self.role:
            return span
        said = f"{self.role}={value}"
        return start, end, tuple((first, after, term, said) for first, after, term, _ in leaves)

    def _lets(self, value: str) -> bool:
        return value != self.only[1:] if self.only.startswith("!") else value == self.only

    def _at_home(self, scan: Scan, values: Mapping[int, str]) -> list[Span] | None:
        if scan.root().concept(self.name) or (self.only and not self._lets(scan.home or "")):
            return None  # it names another, or that is not the one
        if scan.home not in values.values():  # asked last: there are thousands
            return None
        leaf: Leaf = (NOWHERE, NOWHERE, NOWHERE, f"{self.role}={scan.home}")
        return [(NOWHERE, NOWHERE, (leaf,))]

    def __str__(self) -> str:
        pinned = f":{self.only}" if self.only else ""
        return f"<{self.name}{pinned} as {self.role}>" if self.role else f"<{self.name}{pinned}>"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of its children. Of long lists of words only those are tried that may be there."""

    children: tuple[Part, ...]
    words: frozenset[int] = field(init=False, repr=False, compare=False)
    others: tuple[Part, ...] = field(init=False, repr=False, compare=False)
    joins: ClassVar[str] = "any"

    def __post_init__(self) -> None:
        # Lists within lists are one list: a concept has one for each entry and language.
        lists = [child for child in self.children if isinstance(child, AnyOf)]
        own = [child for child in self.children if not isinstance(child, AnyOf)]
        words = frozenset(part.term.id for part in own if isinstance(part, Words))
        others = tuple(part for part in own if not isinstance(part, Words))
        object.__setattr__(self, "words", words.union(*(one.words for one in lists)))
        object.__setattr__(self, "others", (*others, *(part for one in lists for part in one.others)))

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where any child stands."""
        found = [spans for term in scan.there(self.words) if (spans := scan.term(term))]
        for child in self.others:
            other = child.find(scan)
            if other is not None:
                found.append(other)
        if len(found) < 2:
            return found[0] if found else None
        return sorted({span for spans in found for span in spans})

    def mask(self, scan: Scan) -> int:
        """Return where any child may stand."""
        found = 0
        for term in scan.there(self.words):
            found |= scan.term_mask(term)
        for child in self.others:
            found |= child.mask(scan)
        return found

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

    def mask(self, scan: Scan) -> int:
        """Return where any child may stand, or nowhere if one of them can't."""
        return together(self.children, scan)

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

    def mask(self, _: Scan) -> int:
        """Return every position: it takes none."""
        return ANYWHERE

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

    def mask(self, scan: Scan) -> int:
        """Return where the child may stand in the field."""
        return self.child.mask(scan.only(self.field))

    def __str__(self) -> str:
        return f"({self.child} in the {self.field})"


def together(parts: Iterable[Part], scan: Scan) -> int:
    """Return where parts may stand that are all needed, as bits: nowhere if one of them can't stand anywhere."""
    found = 0
    for part in parts:
        mask = part.mask(scan)
        if not mask:
            return 0
        found |= mask
    return found


def listed(parts: Iterable[Part], word: str) -> str:
    """Return parts as `a, b or c`, in brackets where one of them is compound."""
    texts = [f"({part})" if len(part.children) > 1 and not isinstance(part, InField) else str(part) for part in parts]
    return joined(texts, word)


def walk(part: Part) -> Iterable[Part]:
    """Yield a part and all parts in it."""
    yield part
    for child in part.children:
        yield from walk(child)
