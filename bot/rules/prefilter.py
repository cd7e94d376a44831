"""Which rules an item's words give a chance, found without a look at the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from bot.rules.bits import reached
from bot.rules.parts import PLACE, Part, Ref
from bot.rules.scan import FARTHEST, IN_TITLE, Scan
from bot.rules.ways import FAR, Group, Seat, Way, Ways
from bot.rules.weights import AtLeast, Score

MAX_KEYS = 4  # of a way are looked at: the rarest ones
APART = 0.3  # a guess: of the items that hold two words, how many hold them near each other

Key = tuple[Group, bool]  # a word of the group is needed, anywhere or in the title
Place = tuple[int, int, int]  # number of a stretch, and how far behind its beginning: at least, at most
Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clue:
    """What a way of a rule takes, by the numbers of its keys: the first two are looked up, `others` must be there too.

    One of the second stands `nearest` to `farthest` words behind one of the first; a `farthest` of FAR means anywhere.
    """

    rule: int
    first: int
    second: int
    others: tuple[int, ...]
    nearest: int
    farthest: int


class Prefilter:
    """The clues of many matches, given with their rules' numbers, and the words that lead to them."""

    def __init__(self, ways: Ways, matches: Iterable[tuple[int, Part]], words: int) -> None:
        self.always: frozenset[int]  # rules that no word announces: regular expressions
        self._keys: list[Key] = []
        self._clues: list[Clue] = []
        numbers: dict[Key, int] = {}
        always: list[int] = []
        for rule, part in matches:
            found = ways.of(part)
            if not all(found):
                always.append(rule)
                continue
            for want in _distinct(found):
                keys, bounds = want.choose(ways)
                first, second, *others = [numbers.setdefault(key, len(numbers)) for key in keys]
                self._clues.append(Clue(rule, first, second, tuple(others[: MAX_KEYS - 2]), *bounds))
        self.always = frozenset(always)
        self._keys = list(numbers)
        self._first = _Leads(words, [self._keys[clue.first] for clue in self._clues])
        self._second = _Leads(words, [self._keys[clue.second] for clue in self._clues])

    def candidates(self, seen: Scan) -> list[int]:
        """Return the rules of which the item holds every word needed, ascending."""
        return sorted({clue.rule for clue in self._announced(seen)} | self.always)

    def likely(self, seen: Scan) -> list[int]:
        """Return the candidates whose first two words stand near enough, ascending."""
        found = set(self.always)
        for clue in self._announced(seen):
            if clue.rule not in found and self._near(clue, seen):
                found.add(clue.rule)
        return sorted(found)

    def _announced(self, seen: Scan) -> Iterator[Clue]:
        # Set operations over all clues at once, because a loop over them would cost more than all the rest.
        for number in self._first.of(seen) & self._second.of(seen):
            clue = self._clues[number]
            if not clue.others or all(seen.any_of(self._keys[key]) for key in clue.others):
                yield clue

    def _near(self, clue: Clue, seen: Scan) -> int:
        if clue.farthest == FAR:
            return True
        first = seen.any_of(self._keys[clue.first])
        return reached(first, clue.nearest, clue.farthest) & seen.any_of(self._keys[clue.second])


class _Leads:
    """From word ids to the numbers of the clues that need one of them."""

    def __init__(self, words: int, keys: list[Key]) -> None:
        anywhere: list[list[int]] = [[] for _ in range(words)]
        in_title: list[list[int]] = [[] for _ in range(words)]
        for clue, (group, titled) in enumerate(keys):
            leads = in_title if titled else anywhere
            for word in group:
                leads[word].append(clue)
        same: dict[tuple[int, ...], tuple[int, ...]] = {}  # most words of a concept lead to the same clues
        self._anywhere = [same.setdefault(found, found) for found in map(tuple, anywhere)]
        self._in_title = [same.setdefault(found, found) for found in map(tuple, in_title)] if any(in_title) else []

    def of(self, seen: Scan) -> set[int]:
        """Return the clues that an item's words lead to."""
        found = set[int]().union(*map(self._anywhere.__getitem__, seen.hits))
        if self._in_title:
            found.update(*map(self._in_title.__getitem__, seen.titled))
        return found


class _Want:
    """The keys of a way, and of those ways that need these and more."""

    def __init__(self, places: dict[Key, Place]) -> None:
        self.keys = tuple(places)
        self._alike = [places]

    def covers(self, places: dict[Key, Place]) -> bool:
        """Tell whether these are among the keys of another way; if so, it is remembered."""
        if not all(_place(places, key) for key in self.keys):
            return False
        self._alike.append(places)
        return True

    def choose(self, ways: Ways) -> tuple[list[Key], Bounds]:
        """Return the keys, those two first that the fewest items hold near each other, and how near that is."""
        chances = {key: ways.chance(*key) for key in self.keys}
        pairs = list(combinations(self.keys, 2)) or [self.keys * 2]
        chosen: list[tuple[float, tuple[Key, ...], Bounds]] = []
        for one, two in pairs:
            bounds = self._bounds(one, two)
            apart = 1.0 if bounds[1] == FAR else APART
            chosen.append((chances[one] * chances[two] * apart, (one, two), bounds))
        _, first, bounds = min(chosen, key=lambda choice: choice[0])
        others = sorted((key for key in self.keys if key not in first), key=chances.__getitem__)
        return [*first, *others], bounds

    def _bounds(self, one: Key, two: Key) -> Bounds:
        nearest, farthest = FAR, -FAR
        for places in self._alike:
            (stretch, first, last), (other, others_first, others_last) = _place(places, one), _place(places, two)
            nearest, farthest = min(nearest, others_first - last), max(farthest, others_last - first)
            if stretch != other:
                return (0, FAR)
        return (nearest, farthest) if max(-nearest, farthest) <= FARTHEST and one != two else (0, FAR)


def _place(places: dict[Key, Place], key: Key) -> Place | None:
    """Return where a way has a key; what it needs in the title it needs."""
    found = places.get(key)
    return places.get((key[0], True)) if found is None else found


def _distinct(ways: list[Way]) -> list[_Want]:
    """Return what the ways need, but for those that need what another one needs, and more."""
    wants: list[_Want] = []
    for places in sorted(map(_places, ways), key=len):
        if not any([want.covers(places) for want in wants]):
            wants.append(_Want(places))
    return wants


def _places(way: Way) -> dict[Key, Place]:
    found: dict[Key, Place] = {}
    for number, stretch in enumerate(way):
        for seat in stretch:
            found.setdefault((seat.group, seat.in_title), (number, seat.first, seat.last))
    return found


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
