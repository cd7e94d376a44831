"""Which rules an item's words give a chance, found without a look at the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, combinations

from bot.rules.bits import reached
from bot.rules.lexicon import Group, Hits, Lexicon
from bot.rules.parts import PLACE, Part, Ref
from bot.rules.scan import FARTHEST, IN_TITLE, Scan
from bot.rules.ways import FAR, Way, Ways
from bot.rules.weights import AtLeast, Score

MAX_GROUPS = 4  # of a way are looked at: the rarest ones
APART = 0.3  # a guess: of the items that hold two words, how many hold them near each other

Place = tuple[int, int, int]  # number of a stretch, and how far behind its beginning: at least, at most
Places = dict[Group, Place]  # of the groups that a way needs
# In a way one of the second group stands from the first to the second number of words behind one of the first; where
# the second number is FAR, anywhere. One of each group of the third is there too.
Meeting = tuple[int, int, tuple[Group, ...]]


@dataclass(frozen=True, slots=True)
class Clue:
    """Two groups of words that a rule needs, and the ways in which they may meet."""

    rule: int
    first: Group
    second: Group
    meetings: tuple[Meeting, ...]

    def holds(self, marks: Hits, here: frozenset[int], *, near: bool) -> bool:
        """Tell whether the two meet where these words are, or just are there, with what they need besides."""
        first = second = 0
        for nearest, farthest, others in self.meetings:
            for group in others:
                if here.isdisjoint(group):
                    break
            else:
                if farthest == FAR or not near:
                    return True
                if not first:
                    for word in here.intersection(self.first):
                        first |= marks[word]
                    for word in here.intersection(self.second):
                        second |= marks[word]
                if reached(first, nearest, farthest) & second:
                    return True
        return False


class Prefilter:
    """The clues of many matches, given with their rules' numbers, and the words that lead to them.

    A word in the title has a second id, behind those of all words.
    """

    def __init__(self, lexicon: Lexicon, concepts: Mapping[str, Part], matches: Iterable[tuple[int, Part]]) -> None:
        ways = Ways(lexicon, concepts)
        self._words = len(lexicon.words)
        self._clues: list[Clue] = []
        always: list[int] = []
        for rule, part in matches:
            found = ways.of(part)
            if all(found):
                self._clues += [want.clue(rule, ways) for want in _distinct(map(_places, found))]
            else:
                always.append(rule)
        self._always = frozenset(always)  # no word announces these: regular expressions
        self._first = _leads(2 * self._words, [clue.first for clue in self._clues])
        self._second = _leads(2 * self._words, [clue.second for clue in self._clues])
        self._asks_titles = any(self._first[self._words :]) or any(self._second[self._words :])

    def candidates(self, seen: Scan) -> list[int]:
        """Return the rules of which the item holds every word needed, ascending."""
        return self._rules(seen, near=False)

    def likely(self, seen: Scan) -> list[int]:
        """Return the candidates whose words also stand near enough, ascending."""
        return self._rules(seen, near=True)

    def _rules(self, seen: Scan, *, near: bool) -> list[int]:
        marks, here = seen.hits, seen.here
        if self._asks_titles:
            marks = marks | {word + self._words: marks[word] & IN_TITLE for word in seen.in_title}
            here = frozenset(marks)
        # Set operations over all clues at once, because a loop over them would cost more than all the rest.
        second = set(chain.from_iterable(map(self._second.__getitem__, here)))
        both = second.intersection(chain.from_iterable(map(self._first.__getitem__, here)))
        clues = map(self._clues.__getitem__, both)
        return sorted(self._always.union([clue.rule for clue in clues if clue.holds(marks, here, near=near)]))


def _leads(words: int, groups: list[Group]) -> list[tuple[int, ...]]:
    """Return, by word id, the numbers of the clues that need one of these groups."""
    leads: list[list[int]] = [[] for _ in range(words)]
    for clue, group in enumerate(groups):
        for word in group:
            leads[word].append(clue)
    same: dict[tuple[int, ...], tuple[int, ...]] = {}  # most words of a concept lead to the same clues
    return [same.setdefault(found, found) for found in map(tuple, leads)]


class _Want:
    """The groups of a way, and the ways that need these, or these and more."""

    def __init__(self, places: Places) -> None:
        self.groups = tuple(places)
        self._alike = [places]

    def covers(self, places: Places) -> bool:
        """Tell whether these are among the groups of another way; if so, it is remembered."""
        if not all(group in places for group in self.groups):
            return False
        self._alike.append(places)
        return True

    def clue(self, rule: int, ways: Ways) -> Clue:
        """Return the clue by those two groups that the fewest items hold near each other."""
        pairs = list(combinations(self.groups, 2)) or [(self.groups[0], self.groups[0])]
        each = [[_meeting(places, pair, ways) for places in self._alike] for pair in pairs]
        chances = [
            ways.chance(one) * ways.chance(two) * (1 if any(meeting[1] == FAR for meeting in meetings) else APART)
            for (one, two), meetings in zip(pairs, each, strict=True)
        ]
        best = chances.index(min(chances))
        every = set(each[best])
        kept = [one for one in every if not any(_is_looser(other, one) for other in every if other is not one)]
        kept.sort(key=lambda meeting: (len(meeting[2]), meeting[:2]))
        return Clue(rule, *pairs[best], ways.same(tuple(map(ways.same, kept))))


def _distinct(ways: Iterable[Places]) -> list[_Want]:
    """Return what the ways need, but for those that need what another one needs, and more."""
    wants: list[_Want] = []
    for places in sorted(ways, key=len):
        if not any(want.covers(places) for want in wants):
            wants.append(_Want(places))
    return wants


def _places(way: Way) -> Places:
    found: Places = {}
    for number, stretch in enumerate(way):
        for seat in stretch:
            found.setdefault(seat.group, (number, seat.first, seat.last))
    return found


def _meeting(places: Places, pair: tuple[Group, Group], ways: Ways) -> Meeting:
    """Return how near a pair stands in a way, and its other groups, the rarest first."""
    others = tuple(sorted((group for group in places if group not in pair), key=ways.chance)[: MAX_GROUPS - 2])
    (stretch, first, last), (other, others_first, others_last) = places[pair[0]], places[pair[1]]
    nearest, farthest = others_first - last, others_last - first
    if stretch != other or pair[0] == pair[1] or max(-nearest, farthest) > FARTHEST:
        return 0, FAR, others
    return nearest, farthest, others


def _is_looser(one: Meeting, other: Meeting) -> bool:
    near = one[1] == FAR or (other[1] != FAR and one[0] <= other[0] and one[1] >= other[1])
    return near and set(one[2]) <= set(other[2])


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
