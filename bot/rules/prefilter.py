"""Which words an item must hold for a rule to have a chance.

A part becomes groups of words: an item can only satisfy the part if it holds a word of every group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot.rules.lexicon import Lexicon, Spelling
from bot.rules.parts import PLACE, Part, Ref, Words
from bot.rules.special import Regex
from bot.rules.terms import Form, Word
from bot.rules.weights import AtLeast, Score

Group = frozenset[int]
MAX_GROUPS = 4  # of a rule are looked at: the rarest ones


class Prefilter:
    """Works out the groups of parts over one lexicon."""

    def __init__(self, lexicon: Lexicon, concepts: Mapping[str, Part]) -> None:
        self._lexicon = lexicon
        self._concepts = concepts
        self._costs = [_cost(word) for word in lexicon.words]
        self._known: dict[str, tuple[Group, ...]] = {}
        self._interned: dict[Group, Group] = {}

    def groups(self, part: Part) -> tuple[Group, ...]:
        """Return the part's groups, the rarest first, without repeats; () where it needs no word."""
        found = {self._interned.setdefault(group, group) for group in self._groups(part)}
        return tuple(sorted(found, key=lambda group: (self.cost(group), sorted(group))))[:MAX_GROUPS]

    def cost(self, group: Group) -> float:
        """Return how often an item is guessed to hold one of the group's words."""
        return sum(self._costs[number] for number in group)

    def _groups(self, part: Part) -> tuple[Group, ...]:
        if isinstance(part, Ref):
            if part.role == PLACE:
                return ()  # a feed's own country holds without a word
            if part.name not in self._known:
                self._known[part.name] = tuple(self._groups(self._concepts[part.name]))
            return self._known[part.name]
        if isinstance(part, Words):
            return self._term(self._lexicon.links[part.term.id])
        if isinstance(part, AtLeast | Score):
            return self._counted(part)
        if isinstance(part, Regex):
            return ()
        return _JOINS[part.joins](self, [self._groups(child) for child in part.children])

    def _term(self, spellings: tuple[Spelling, ...]) -> tuple[Group, ...]:
        return self.one_of([tuple(frozenset({number}) for number in spelling) for spelling in spellings])

    def _counted(self, part: AtLeast | Score) -> tuple[Group, ...]:
        """Return the groups of "so many points": the commonest lines are left out while they don't suffice alone."""
        points = part.points if isinstance(part, Score) else (1,) * len(part.children)
        gains = [(self._groups(child), gain) for child, gain in zip(part.children, points, strict=True) if gain > 0]
        gains.sort(key=lambda line: -min(map(self.cost, line[0]), default=float("inf")))
        left_out = 0
        while gains and left_out + gains[0][1] < part.needs:
            left_out += gains.pop(0)[1]
        return self.one_of([groups for groups, _ in gains]) if gains else ()

    def one_of(self, choices: list[tuple[Group, ...]]) -> tuple[Group, ...]:
        """Return the groups of "any": nothing is needed if one choice needs nothing."""
        if not all(choices):
            return ()
        if len(choices) == 1:
            return choices[0]
        common = frozenset(choices[0]).intersection(*choices[1:])
        either = frozenset[int]().union(*(min(groups, key=self.cost) for groups in choices))
        return (*(common - {either}), either)


def _every(_: Prefilter, choices: list[tuple[Group, ...]]) -> tuple[Group, ...]:
    return tuple(group for groups in choices for group in groups)


def _nothing(_: Prefilter, __: list[tuple[Group, ...]]) -> tuple[Group, ...]:
    return ()


_JOINS: dict[str, Callable[[Prefilter, list[tuple[Group, ...]]], tuple[Group, ...]]] = {
    "any": Prefilter.one_of,
    "all": _every,
    "none": _nothing,
}


def needs_words(part: Part) -> bool:
    """Tell whether a part can only be satisfied by words that are there."""
    if part.joins == "word":
        return not (isinstance(part, Ref) and part.role == PLACE)
    if part.joins == "any":
        return all(needs_words(child) for child in part.children)
    if isinstance(part, AtLeast):
        return sum(needs_words(child) for child in part.children) > len(part.children) - part.needs
    if isinstance(part, Score):
        free = [p for c, p in zip(part.children, part.points, strict=True) if p > 0 and not needs_words(c)]
        return sum(free) < part.needs
    return part.joins == "all" and any(needs_words(child) for child in part.children)


def _cost(word: Word) -> float:
    # Without a corpus at hand: short words are common, prefixes reach further, capitals narrow a little.
    length = max(1, 12 - len(word.key))
    return length * (40.0 if word.form is Form.EXACT and word.key in _COMMON else 1.0)


_COMMON: Iterable[str] = frozenset({
    "a", "an", "the", "of", "in", "on", "at", "by", "for", "from", "to", "with", "and", "or", "as", "is", "are",
    "was", "be", "it", "its", "not", "over", "after", "up", "out", "off", "into", "new", "say", "says", "said",
    "will", "more",
})  # fmt: skip
