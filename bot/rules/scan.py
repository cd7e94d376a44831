"""One item under the rules' eyes: where their words, terms and concepts stand in it, each worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from bot.model import Item
from bot.rules.bits import ANYWHERE, positions
from bot.rules.lexicon import Group, Hits, Lexicon, Spelling, look_up
from bot.rules.tokens import MAX_WORDS, Field

# First position, position after the last, term id, and what the words are captured as: "role=value" or "".
Leaf = tuple[int, int, int, str]
Span = tuple[int, int, tuple[Leaf, ...]]

NOWHERE = -1  # the position of what holds without words: a feed's own country

FEW = 12  # terms: to look for each is cheaper than to know all that are there
FARTHEST = 190  # words that anything asked for may stand apart
# Positions of the text begin far behind the title's, so that no phrase, distance or template crosses.
TEXT_BASE = MAX_WORDS + FARTHEST + 10
FIELDS = ("title", "text")
IN_TITLE = (1 << TEXT_BASE) - 1
_IN = {"title": IN_TITLE, "text": ~IN_TITLE}


class Findable(Protocol):
    """What can say where it stands in an item: a part, seen from here."""

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where it stands."""
        ...

    def mask(self, scan: Scan) -> int:
        """Return where it may stand."""
        ...


class Outline(NamedTuple):
    """A concept at a glance: word ids that each stand for it alone, ids of terms of several words, and the rest."""

    words: Group
    phrases: frozenset[int]
    others: tuple[Findable, ...]


@dataclass(frozen=True, slots=True)
class Meanings:
    """What words stand for.

    `values` holds, by concept, what each of its terms is captured as: an entry's id, or the word itself.
    """

    lexicon: Lexicon
    concepts: Mapping[str, Findable]
    values: Mapping[str, Mapping[int, str]]
    outlines: Mapping[str, Outline]


class Scan:
    """What is known of an item, or of a view of it; made for one item and thrown away.

    `home` is the country that the item's feed is of, `language` the item's own; both None where unknown.
    """

    def __init__(
        self,
        fields: tuple[Field, Field],
        hits: Hits,
        meanings: Meanings,
        item: Item,
        *,
        keeps: int = ANYWHERE,
        all_hits: Hits | None = None,
    ) -> None:
        self.fields = fields
        self.hits = hits
        self.meanings = meanings
        self.item = item
        self.keeps = keeps  # the positions that count in this view, as bits
        self._all_hits = hits if all_hits is None else all_hits
        # No scan knows itself, nor one that knows it: a cycle is memory that waits for the collector.
        self._whole: Scan | None = None
        self._present: frozenset[int] | None = None
        self._terms: dict[int, list[Span]] = {}
        self._concepts: dict[str, list[Span]] = {}
        self._masks: dict[str, int] = {}
        self._views: dict[str, Scan] = {}
        self.here = frozenset(hits)
        self.in_title = self.here

    @property
    def language(self) -> str | None:
        """Return the item's language."""
        return self.item.language

    @property
    def home(self) -> str | None:
        """Return the country of the item's feed."""
        return self.item.country

    @property
    def whole(self) -> Scan:
        """Return the view without sentences left out."""
        return self._whole or self

    def root(self) -> Scan:
        """Return the item itself, all of it."""
        return self if self.hits is self._all_hits else Scan(self.fields, self._all_hits, self.meanings, self.item)

    def values(self, concept: str) -> Mapping[int, str]:
        """Return what each term of a concept is captured as."""
        return self.meanings.values.get(concept, {})

    def shows(self, position: int) -> bool:
        """Tell whether a position counts in this view."""
        return bool(self.keeps >> position & 1)

    @property
    def present(self) -> frozenset[int]:
        """Return the ids of the terms that may stand here; no other term does."""
        if self._present is None:
            self._present = frozenset().union(*map(self.meanings.lexicon.starts.__getitem__, self.here))
        return self._present

    def there(self, terms: frozenset[int]) -> Iterable[int]:
        """Return those of the terms that may stand here; of a few terms all."""
        return terms if len(terms) <= FEW else terms & self.present

    def term(self, term: int) -> list[Span]:
        """Return where the term with this id stands, in order."""
        spans = self._terms.get(term)
        if spans is None:
            spans = self._terms[term] = self._find(term)
        return spans

    def concept(self, name: str) -> list[Span]:
        """Return where a concept's words stand, in order. Of two names the longer wins: New Guinea, not Guinea."""
        spans = self._concepts.get(name)
        if spans is None:
            spans = self.meanings.concepts[name].find(self) or []
            names = self.meanings.lexicon.names
            spans = self._concepts[name] = _longest_names(spans, names) if len(spans) > 1 else spans
        return spans

    def concept_mask(self, name: str) -> int:
        """Return where a concept may stand, as bits: the first and the last word of each of its spans are there."""
        mask = self._masks.get(name)
        if mask is None:
            words, phrases, others = self.meanings.outlines[name]
            mask = 0
            for word in self.here.intersection(words):
                mask |= self.hits[word]
            for term in self.there(phrases):
                mask |= self.term_mask(term)
            for part in others:
                mask |= part.mask(self)
            self._masks[name] = mask
        return mask

    def term_mask(self, term: int) -> int:
        """Return where a term may stand, as `concept_mask` does."""
        mask = 0
        for spelling in self.meanings.lexicon.links[term]:
            begins = self._begins(spelling)
            mask |= begins | begins << len(spelling) - 1
        return mask

    def sentence(self, position: int) -> int:
        """Return the sentence of a position; no two fields share one."""
        if position < TEXT_BASE:
            return self.fields[0].sentence(position)
        return TEXT_BASE + self.fields[1].sentence(position - TEXT_BASE)

    def without(self, sentences: frozenset[int]) -> Scan:
        """Return a view in which the words of these sentences don't count; absence is still judged on the whole."""
        left_out = 0
        for field, base in zip(self.fields, (0, TEXT_BASE), strict=True):
            for at in range(base, base + len(field.keys)):
                left_out |= (self.sentence(at) in sentences) << at
        view = self._view(self.keeps & ~left_out)
        view._whole = self.whole
        return view

    def only(self, field: str) -> Scan:
        """Return a view of one field."""
        view = self._views.get(field)
        if view is None:
            view = self._views[field] = self._view(self.keeps & _IN[field])
            if self._whole is not None:
                view._whole = self._whole.only(field)
        return view

    def _view(self, keeps: int) -> Scan:
        hits = {number: kept for number, found in self.hits.items() if (kept := found & keeps)}
        return Scan(self.fields, hits, self.meanings, self.item, keeps=keeps, all_hits=self._all_hits)

    def _find(self, term: int) -> list[Span]:
        spellings = self.meanings.lexicon.links[term]
        spans = [span for spelling in spellings for span in self._spelling(spelling, term)]
        return sorted(spans) if len(spellings) > 1 else spans

    def _spelling(self, spelling: Spelling, term: int) -> list[Span]:
        size = len(spelling)
        return [
            (at, at + size, ((at, at + size, term, ""),))
            for at in positions(self._begins(spelling))
            if size == 1 or self.sentence(at) == self.sentence(at + size - 1)
        ]

    def _begins(self, spelling: Spelling) -> int:
        """Return where these words follow each other, whatever sentences they are in, as bits."""
        begins = self.hits.get(spelling[0], 0)
        for step in range(1, len(spelling)):
            begins &= self.hits.get(spelling[step], 0) >> step
        return begins


def scan(item: Item, meanings: Meanings) -> Scan:
    """Clean, cut and look up an item."""
    fields = Field("title", item.title), Field("text", item.text)
    table = meanings.lexicon.table(item.language)
    hits: Hits = {}
    look_up(table, fields[0], 0, hits)
    in_title = frozenset(hits)
    look_up(table, fields[1], TEXT_BASE, hits)
    seen = Scan(fields, hits, meanings, item)
    seen.in_title = in_title
    return seen


def placed(spans: list[Span] | None) -> list[Span]:
    """Return the spans that stand somewhere."""
    if not spans or spans[0][0] != NOWHERE:  # they are in order, so what stands nowhere comes first
        return spans or []
    return [span for span in spans if span[0] != NOWHERE]


def said_of(span: Span) -> frozenset[str]:
    """Return what a span captures, as "role=value"."""
    return frozenset(leaf[3] for leaf in span[2] if leaf[3])


def _longest_names(spans: list[Span], names: frozenset[int]) -> list[Span]:
    """Leave out a name that is part of a longer one."""
    long = [(start, end) for start, end, leaves in spans if end - start > 1 and leaves[0][2] in names]
    if not long:
        return spans
    inside = {
        (at, to)
        for start, end in long
        for at in range(start, end)
        for to in range(at + 1, end + 1)
        if to - at < end - start
    }
    return [span for span in spans if span[:2] not in inside or span[2][0][2] not in names]
