"""What rules would have fired on the archive: counted entry by entry, and compared with what fired live."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from bot.core.stories import keys_of
from bot.model import Correlation, Entry, Match


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay of one rule came to: `live` is how many entries it fired on then; `per_day` one number a day.

    `new` and `lost` are the entries that it fires on only now, or only then, newest first.
    """

    rule_id: str
    matches: int
    stories: int
    live: int
    per_day: tuple[int, ...]
    new: tuple[Entry, ...]
    lost: tuple[Entry, ...]


def lead_of(correlations: Iterable[Correlation]) -> timedelta:
    """Return how long before a replay's first entry correlation rules must begin to look, so that they know the past.

    What they fire on depends on their span, on what is usual, and on when they last spoke.
    """
    return max((one.reach + one.within + one.again_after for one in correlations), default=timedelta(0))


def fired_on(matches: Iterable[Match], entries: Iterable[Entry]) -> dict[str, frozenset[str]]:
    """Return the rules that fired on each entry, by its id."""
    fired: dict[str, frozenset[str]] = {entry.id: frozenset() for entry in entries}
    for match in matches:
        fired[match.entry_id] |= {match.firing.rule.id}
    return fired


def days_of(since: datetime, until: datetime, zone: tzinfo) -> tuple[date, ...]:
    """Return every day of a span, the two at its ends included."""
    first = since.astimezone(zone).date()
    last = until.astimezone(zone).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


@dataclass(slots=True)
class _Count:
    """What is known of one rule so far. Its stories are told apart by their first key."""

    days: Counter[date] = field(default_factory=Counter)
    stories: set[str] = field(default_factory=set)
    live: int = 0
    new: list[Entry] = field(default_factory=list)
    lost: list[Entry] = field(default_factory=list)


class Tally:
    """Counts an archive that is given entry by entry, oldest first; keeps only entries that make a difference."""

    def __init__(self, zone: tzinfo) -> None:
        self.entries = self.seeded = 0
        self._zone = zone
        self._rules: defaultdict[str, _Count] = defaultdict(_Count)

    def add(self, entry: Entry, now: Collection[str], live: Collection[str]) -> None:
        """Count an entry on which the rules `now` fire, and the rules `live` did."""
        self.entries += 1
        self.seeded += entry.seeded
        for rule_id in {*now, *live}:
            count = self._rules[rule_id]
            count.live += rule_id in live
            if rule_id in now:
                count.days[entry.first_seen_at.astimezone(self._zone).date()] += 1
                count.stories.add(min(keys_of(entry)))
            if rule_id not in live:
                count.new.append(entry)
            elif rule_id not in now:
                count.lost.append(entry)

    @property
    def rule_ids(self) -> frozenset[str]:
        """Return the rules that fired on something, now or then."""
        return frozenset(self._rules)

    def of(self, rule_id: str, days: Collection[date]) -> Replayed:
        """Return what a rule came to."""
        count = self._rules.get(rule_id) or _Count()
        return Replayed(
            rule_id=rule_id,
            matches=count.days.total(),
            stories=len(count.stories),
            live=count.live,
            per_day=tuple(count.days[day] for day in days),
            new=tuple(reversed(count.new)),
            lost=tuple(reversed(count.lost)),
        )
