"""Run rules again on what came in, from the first entry to the last, as the service would have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.ledger import Ledger
from bot.core.read import News, Rules, read
from bot.core.tell import Polled, Telling, tell
from bot.model import Entry, Feed, FeedState, HostState, Lookout, Match, Question, Watched

_NOBODY = Telling(())


class Rerun:
    """Decides as the service does on entries that are given in order of time; nothing is stored or sent.

    `feeds` are those of the entries; one that is configured no longer has neither tags nor country, and is its own
    owner. Nothing is known of the time before `watched_since`; None where nothing is missing.
    """

    def __init__(self, rules: Rules, feeds: Mapping[str, Feed], watched_since: datetime | None = None) -> None:
        self._rules = rules
        self._feeds = feeds
        self._ledger = Ledger(watched_since)

    def run(self, entries: Sequence[Entry]) -> tuple[Match, ...]:
        """Return what matches in the entries of one instant, correlation rules among them."""
        by_feed: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_feed[entry.feed_id].append(entry)
        return tuple(match for feed_id, some in by_feed.items() for match in self._poll(feed_id, some))

    def past(self, lookout: Lookout) -> Watched:
        """Return what was seen so far."""
        return self._ledger.answer(Question(frozenset(), (lookout,))).watched[0]

    def _poll(self, feed_id: str, entries: Sequence[Entry]) -> tuple[Match, ...]:
        feed = self._feeds.get(feed_id) or Feed(feed_id, "", feed_id, feed_id)
        now = entries[0].first_seen_at
        reading = read(feed, entries, self._rules, now)
        if not (reading.matches and self._rules.correlations):
            return reading.matches
        state = FeedState(feed.id, now, now, seeded_at=now)
        polled = Polled(feed, state, HostState(""), News(reading.entries, (), ()))
        plan = tell(polled, reading, self._ledger.answer(reading.question), _NOBODY, now)
        self._ledger.apply(plan)
        return plan.matches
