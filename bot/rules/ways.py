"""The ways to satisfy a match, by the words that each takes and how near each other they stand.

An item can only satisfy a part in one of its ways, and only if it holds a word of each of that way's seats, those of
one stretch as near each other as the seats say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from bot.rules.lexicon import Group, Lexicon
from bot.rules.order import Near, Template
from bot.rules.parts import PLACE, AllOf, AnyOf, InField, NoneOf, Part, Ref, Words
from bot.rules.rarity import chance
from bot.rules.special import InLanguage, Regex
from bot.rules.weights import AtLeast, Score

IN_TITLE = 0.25  # a guess: of the items that hold a word, how many hold it in the title
MAX_WAYS = 48  # of one rule are told apart
FAR = 1_000_000  # words: anywhere

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Seat:
    """A word of the group is needed, `first` to `last` words behind where its stretch begins.

    A word that is needed in the title has its second id, behind those of all words.
    """

    group: Group
    first: int = -FAR
    last: int = FAR


Stretch = tuple[Seat, ...]
Way = tuple[Stretch, ...]  # () takes no word


class Ways:
    """Works out the ways of parts over one lexicon."""

    def __init__(self, lexicon: Lexicon, concepts: Mapping[str, Part]) -> None:
        self._lexicon = lexicon
        self._concepts = concepts
        chances = [chance(word) for word in lexicon.words]
        self._chances = chances + [one * IN_TITLE for one in chances]
        self._values: dict[object, object] = {}
        self._known_chances: dict[Group, float] = {}
        self._stretches: dict[str, Stretch] = {}
        self._widths: dict[str, int] = {}

    def of(self, part: Part) -> list[Way]:
        """Return the ways to satisfy a part: one at least."""
        if isinstance(part, AnyOf):
            found = self._any_ways(part)
            return found if len(found) <= MAX_WAYS else [_way(self._stretch(part))]
        if isinstance(part, AllOf):
            return self._all_ways(part)
        if isinstance(part, InField):
            return [tuple(self._only_in(part.field, stretch) for stretch in way) for way in self.of(part.child)]
        if isinstance(part, InLanguage):
            return self.of(part.child)
        return [_way(self._stretch(part))]

    def chance(self, group: Group) -> float:
        """Return how often an item is guessed to hold one of the words."""
        known = self._known_chances.get(group)
        if known is None:
            known = self._known_chances[group] = sum([self._chances[number] for number in group])
        return known

    def same(self, value: _Value) -> _Value:
        """Return one and the same value for equal ones: what many clues share is found in the processor's cache."""
        return cast("_Value", self._values.setdefault(value, value))

    def _rare(self, seat: Seat) -> float:
        return self.chance(seat.group)

    def _any_ways(self, part: AnyOf) -> list[Way]:
        """Return one way for all words and concepts together, and those of each other child."""
        plain = [child for child in part.children if isinstance(child, Words | Ref)]
        found = [_way(self._one_of(map(self._stretch, plain)))] if plain else []
        return found + [way for child in part.children if not isinstance(child, Words | Ref) for way in self.of(child)]

    def _all_ways(self, part: AllOf) -> list[Way]:
        """Return the ways of the child with the rarest ones, each with what every other child needs."""
        each = [self.of(child) for child in part.children]
        split = min((ways for ways in each if len(ways) > 1), key=self._chance_of_any, default=each[0])
        others = [
            ways[0] if len(ways) == 1 else _way(self._stretch(child))
            for ways, child in zip(each, part.children, strict=True)
            if ways is not split
        ]
        return [tuple(stretch for one in (way, *others) for stretch in one) for way in split]

    def _chance_of_any(self, ways: list[Way]) -> float:
        return sum(min((self._rare(seat) for stretch in way for seat in stretch), default=FAR) for way in ways)

    def _stretch(self, part: Part) -> Stretch:
        """Return what every way to satisfy a part needs; () where that is no word."""
        if isinstance(part, Ref) and part.role == PLACE:
            return ()  # a feed's own country holds without a word
        return _STRETCHES[type(part)](self, part)

    def _standing(self, part: Part) -> Stretch:
        """Return what a part needs where it must stand somewhere."""
        return self._ref(part) if isinstance(part, Ref) else self._stretch(part)

    def _words(self, part: Words) -> Stretch:
        spellings = self._lexicon.links[part.term.id]
        return self._one_of(
            [
                tuple(Seat(self._lexicon.group({number}), at, at) for at, number in enumerate(spelling))
                for spelling in spellings
            ]
        )  # fmt: skip

    def _ref(self, part: Ref) -> Stretch:
        if part.name not in self._stretches:
            self._stretches[part.name] = self._stretch(self._concepts[part.name])
        return self._stretches[part.name]

    def _template(self, part: Template) -> Stretch:
        seats: list[Seat] = []
        first = last = 0
        for child, gap in zip(part.children, (*part.gaps, 0), strict=True):
            seats += [replace(s, first=s.first + first, last=s.last + last) for s in self._standing(child)]
            first, last = first + 1, last + self._width(child) + gap
        return tuple(seats)

    def _near(self, part: Near) -> Stretch:
        last = part.within + max(map(self._width, part.children))
        return tuple(replace(s, last=s.last + last) for child in part.children for s in self._standing(child))

    def _any(self, part: AnyOf) -> Stretch:
        return self._one_of(map(self._stretch, part.children))

    def _every(self, part: AllOf) -> Stretch:
        return tuple(seat for child in part.children for seat in _anywhere(self._stretch(child)))

    def _child(self, part: InField | InLanguage) -> Stretch:
        seats = self._stretch(part.child)
        return self._only_in(part.field, seats) if isinstance(part, InField) else seats

    def _only_in(self, field: str, stretch: Stretch) -> Stretch:
        if field != "title":
            return stretch
        words = len(self._lexicon.words)
        return tuple(replace(s, group=self._lexicon.group(word % words + words for word in s.group)) for s in stretch)

    def _nothing(self, _: Part) -> Stretch:
        return ()

    def _counted(self, part: AtLeast | Score) -> Stretch:
        """Return the seats of "so many points": the commonest lines are left out while they don't suffice alone."""
        points = part.points if isinstance(part, Score) else (1,) * len(part.children)
        gains = [(self._stretch(child), gain) for child, gain in zip(part.children, points, strict=True) if gain > 0]
        gains.sort(key=lambda line: -min(map(self._rare, line[0]), default=FAR))
        left_out = 0
        while gains and left_out + gains[0][1] < part.needs:
            left_out += gains.pop(0)[1]
        return self._one_of([_anywhere(seats) for seats, _ in gains])

    def _one_of(self, choices: Iterable[Stretch]) -> Stretch:
        """Return the seats of "any": a word of one choice, and what all choices share; () if one needs nothing."""
        choices = list(choices)
        if not choices or not all(choices):
            return ()
        if len(choices) == 1:
            return choices[0]
        rarest = [min(seats, key=self._rare) for seats in choices]
        either = self._seat(self._lexicon.group(frozenset().union(*(seat.group for seat in rarest))), rarest)
        groups = [{seat.group for seat in seats} for seats in choices]
        common = groups[0].intersection(*groups[1:]) - {either.group}
        every = [seat for seats in choices for seat in seats]
        return (*(self._seat(group, [seat for seat in every if seat.group == group]) for group in common), either)

    def _seat(self, group: Group, like: list[Seat]) -> Seat:
        return Seat(group, min(s.first for s in like), max(s.last for s in like))

    def _width(self, part: Part) -> int:
        """Return how many words a part spans at most."""
        if isinstance(part, Words):
            return max(map(len, self._lexicon.links[part.term.id]), default=1)
        if isinstance(part, Ref):
            if part.name not in self._widths:
                self._widths[part.name] = self._width(self._concepts[part.name])
            return self._widths[part.name]
        if isinstance(part, AnyOf | InLanguage):
            return max(map(self._width, part.children))
        if isinstance(part, Template):
            return sum(map(self._width, part.children)) + sum(part.gaps)
        if isinstance(part, Near):
            return part.within + 2 * max(map(self._width, part.children))
        return FAR


def _way(stretch: Stretch) -> Way:
    return (stretch,) if stretch else ()


def _anywhere(stretch: Stretch) -> Stretch:
    return tuple(replace(seat, first=-FAR, last=FAR) for seat in stretch)


_STRETCHES: Mapping[type, Callable[[Ways, Any], Stretch]] = {
    Words: Ways._words,
    Ref: Ways._ref,
    AnyOf: Ways._any,
    AllOf: Ways._every,
    NoneOf: Ways._nothing,
    Template: Ways._template,
    Near: Ways._near,
    InField: Ways._child,
    InLanguage: Ways._child,
    Regex: Ways._nothing,
    AtLeast: Ways._counted,
    Score: Ways._counted,
}
