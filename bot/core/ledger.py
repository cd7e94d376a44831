"""What the store would remember, in memory: for the tests of correlation rules, and for replays."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import takewhile

from bot.core.watch import sighting
from bot.model import Answer, Lookout, Match, Plan, Question, Sighting, Story, Watch, Watched


class Ledger:
    """Answers questions as the store does, after the plans that it was given; sightings older than asked are lost.

    Knows nothing of the time before `watched_since`; None where nothing is missing. Only entries that are news count.
    """

    def __init__(self, watched_since: datetime | None = None) -> None:
        self._since = watched_since
        self._by_key: dict[str, str] = {}
        self._stories: dict[str, Story] = {}
        self._told: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._watches: dict[tuple[str, str], Watch] = {}
        self._sightings: dict[str, list[Sighting]] = defaultdict(list)

    def answer(self, question: Question) -> Answer:
        """Return what the store would answer."""
        ids = sorted({self._by_key[key] for key in question.story_keys if key in self._by_key})
        told = frozenset(pair for story_id in ids for pair in self._told[story_id])
        watched = tuple(self._watched(one) for one in question.lookouts)
        return Answer(tuple(self._stories[story_id] for story_id in ids), told, watched, self._since)

    def apply(self, plan: Plan) -> None:
        """Remember what a plan changes."""
        for story in plan.stories:
            self._stories[story.id] = story
            self._by_key |= dict.fromkeys(story.keys, story.id)
        for alert in plan.alerts:
            self._told[alert.story_id].add((alert.rule_id, alert.story_id))
        self._watches |= {(one.rule_id, one.value): one for one in plan.watches}
        news = {entry.id: entry for entry in plan.entries if not entry.seeded}
        for match in plan.matches:
            for value in _values(match) if match.entry_id in news else ():
                self._sightings[value].append(sighting(match, news[match.entry_id]))

    def _watched(self, lookout: Lookout) -> Watched:
        what, value = lookout.correlation, lookout.value
        watch = self._watches.get((what.rule.id, value)) or Watch(what.rule.id, value)
        newest_first = reversed(self._sightings.get(value, []))
        recent = takewhile(lambda one: one.at > lookout.since, newest_first)
        return Watched(watch, tuple(one for one in recent if _counts(one, lookout)))


def _values(match: Match) -> frozenset[str]:
    return frozenset(value for _, value in match.firing.captures)


def _counts(one: Sighting, lookout: Lookout) -> bool:
    what = lookout.correlation
    return one.rule_id in what.rules and any(role in what.by and said == lookout.value for role, said in one.captures)
