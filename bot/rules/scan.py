"""One item under the rules' eyes: where their words, terms and concepts stand in it, each worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from bot.model import Item
from bot.rules.lexicon import Hits, Lexicon, Spelling, look_up
from bot.rules.tokens import Field

# First position, position after the last, term id, and what the words are captured as: "role=value" or "".
Leaf = tuple[int, int, int, str]
Span = tuple[int, int, tuple[Leaf, ...]]

NOWHERE = -1  # the position of what holds without words: a feed's own country

# Positions of the text begin far behind the title's, so that no phrase, distance or template crosses.
TEXT_BASE = 1 << 20
FIELDS = ("title", "text")


class Findable(Protocol):
    """What can say where it stands in an item: a part, seen from here."""

    def find(self, scan: Scan) -> list[Span] | None:
        """Return where it stands."""
        ...


@dataclass(frozen=True, slots=True)
class Meanings:
    """What words stand for.

    `values` holds, by concept, what each of its terms is captured as: an entry's id, or the word itself.
    """

    lexicon: Lexicon
    concepts: Mapping[str, Findable]
    values: Mapping[str, Mapping[int, str]]


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
        keeps: Callable[[int], bool] | None = None,
    ) -> None:
        self.fields = fields
        self.hits = hits
        self.lexicon = meanings.lexicon
        self.meanings = meanings
        self.item = item
        self.whole = self  # without sentences left out
        self.root = self  # the item itself, all of it
        self._keeps = keeps
        self._terms: dict[int, list[Span]] = {}
        self._concepts: dict[str, list[Span]] = {}
        self._views: dict[object, Scan] = {}

    @property
    def language(self) -> str | None:
        """Return the item's language."""
        return self.item.language

    @property
    def home(self) -> str | None:
        """Return the country of the item's feed."""
        return self.item.country

    def values(self, concept: str) -> Mapping[int, str]:
        """Return what each term of a concept is captured as."""
        return self.meanings.values.get(concept, {})

    def shows(self, position: int) -> bool:
        """Tell whether a position counts in this view."""
        return self._keeps is None or self._keeps(position)

    @cached_property
    def present(self) -> frozenset[int]:
        """Return the ids of the terms that may stand here; no other term does."""
        return frozenset().union(*map(self.lexicon.starts.__getitem__, self.hits))

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
            spans = self._concepts[name] = _longest_names(spans, self.lexicon.names) if len(spans) > 1 else spans
        return spans

    def sentence(self, position: int) -> int:
        """Return the sentence of a position; no two fields share one."""
        if position < TEXT_BASE:
            return self.fields[0].sentences[position]
        return TEXT_BASE + self.fields[1].sentences[position - TEXT_BASE]

    def without(self, sentences: frozenset[int]) -> Scan:
        """Return a view in which the words of these sentences don't count; absence is still judged on the whole."""
        return self._view(sentences, lambda at: self.shows(at) and self.sentence(at) not in sentences, self.whole)

    def only(self, field: str) -> Scan:
        """Return a view of one field."""
        title = field == "title"
        view = self._view(field, lambda at: self.shows(at) and (at < TEXT_BASE) == title, None)
        if self.whole is not self:
            view.whole = self.whole.only(field)
        return view

    def _view(self, name: object, keeps: Callable[[int], bool], whole: Scan | None) -> Scan:
        view = self._views.get(name)
        if view is None:
            hits = {
                number: kept for number, places in self.hits.items() if (kept := [at for at in places if keeps(at)])
            }
            view = self._views[name] = Scan(self.fields, hits, self.meanings, self.item, keeps)
            view.whole, view.root = whole or view, self.root
        return view

    def _find(self, term: int) -> list[Span]:
        spellings = self.lexicon.links[term]
        spans = [span for spelling in spellings for span in self._spelling(spelling, term)]
        return sorted(spans) if len(spellings) > 1 else spans

    def _spelling(self, spelling: Spelling, term: int) -> list[Span]:
        hits = self.hits
        first = hits.get(spelling[0], ())
        if len(spelling) == 1 or not first:
            return [(at, at + 1, ((at, at + 1, term, ""),)) for at in first]
        rest = [hits.get(number) for number in spelling[1:]]
        if None in rest:
            return []
        places = [frozenset(found) for found in rest if found]
        size = len(spelling)
        return [
            (at, at + size, ((at, at + size, term, ""),))
            for at in first
            if all(at + step in found for step, found in enumerate(places, 1))
            and self.sentence(at) == self.sentence(at + size - 1)
        ]


def scan(item: Item, meanings: Meanings) -> Scan:
    """Clean, cut and look up an item."""
    fields = Field("title", item.title), Field("text", item.text)
    table = meanings.lexicon.table(item.language)
    hits: Hits = {}
    look_up(table, fields[0], 0, hits)
    look_up(table, fields[1], TEXT_BASE, hits)
    return Scan(fields, hits, meanings, item)


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
