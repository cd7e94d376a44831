"""Second half of `decide`: from matches and the Store's answer to the Plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.alerts import owe, raise_alert
from bot.core.copies import credit_of
from bot.core.read import News, Reading
from bot.core.routing import Route, targets_for
from bot.core.stories import keys_of, place
from bot.core.watch import Poll, watch
from bot.model import Alert, Answer, Delivery, Entry, Feed, FeedState, HostState, Match, Plan, Story, Target


@dataclass(frozen=True, slots=True)
class Telling:
    """What decides who is told: the routes, and the targets that print a first run's earlier alerts."""

    routes: tuple[Route, ...]
    earlier_targets: tuple[Target, ...] = ()
    earlier: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Polled:
    """One poll that brought a document; `state` and `host` are those after the poll."""

    feed: Feed
    state: FeedState
    host: HostState
    news: News


def worth_matching(news: News, state: FeedState, telling: Telling, now: datetime) -> tuple[Entry, ...]:
    """Return the entries that rules are run on.

    Of a feed's first poll these are only the last day's, and only where the store was empty before.
    """
    if state.seeded_at is not None:
        return news.entries
    if not state.shows_earlier:
        return ()
    recent = (e for e in news.entries if e.published_at and now - telling.earlier <= e.published_at <= now)
    return tuple(sorted(recent, key=lambda e: (e.published_at or now, e.id)))


def tell(polled: Polled, reading: Reading, answer: Answer, telling: Telling, now: datetime) -> Plan:
    """Return everything that a poll changes.

    A rule tells of a story once: a later entry of the story, in any feed, joins it silently. Drafts are matched and
    never told. Where several rules fire on one entry, each raises its alert, and a target gets the loudest of them.
    The alert of a correlation rule is about more than one entry, and always a message of its own.
    """
    seeding = polled.state.seeded_at is None
    homes, stories = _place_all(reading.entries, answer.stories)
    entries = {entry.id: entry for entry in reading.entries}
    matches = tuple(_placed(match, homes, entries, polled.feed) for match in reading.matches)
    told = set(answer.told)
    alerts: list[Alert] = []
    deliveries: list[Delivery] = []
    reached: set[tuple[str, Target]] = set()
    for match in _loudest_first(matches):
        rule, story = match.firing.rule, stories[homes[match.entry_id]]
        if not rule.live or (rule.id, story.id) in told:
            continue
        told.add((rule.id, story.id))
        alert = raise_alert(match, entries[match.entry_id], story, polled.feed, now, earlier=seeding)
        targets = telling.earlier_targets if seeding else targets_for(rule, telling.routes)
        alerts.append(alert)
        deliveries.extend(owe(alert, [t for t in targets if (match.entry_id, t) not in reached], now))
        reached |= {(match.entry_id, target) for target in targets}
    watches, fired = watch(Poll(polled.feed, entries, matches, now), reading.question.lookouts, answer)
    for one in fired:
        deliveries.extend(owe(one.alert, targets_for(one.rule, telling.routes), now) if one.alert else ())
    return Plan(
        feed=replace(polled.state, seeded_at=polled.state.seeded_at or now, listed=polled.news.listed),
        host=polled.host,
        entries=polled.news.entries,
        edits=polled.news.edits,
        matches=(*matches, *(one.match for one in fired)),
        stories=(*(stories[story_id] for story_id in dict.fromkeys(homes.values())), *(one.story for one in fired)),
        alerts=(*alerts, *(one.alert for one in fired if one.alert)),
        deliveries=tuple(deliveries),
        watches=watches,
    )


def _placed(match: Match, homes: Mapping[str, str], entries: Mapping[str, Entry], feed: Feed) -> Match:
    return replace(match, story_id=homes[match.entry_id], source=credit_of(entries[match.entry_id], feed))


def _loudest_first(matches: Sequence[Match]) -> list[Match]:
    """Return the matches entry by entry in their order, each entry's by level and then by rule."""
    order = {entry_id: number for number, entry_id in enumerate(dict.fromkeys(match.entry_id for match in matches))}
    return sorted(matches, key=lambda m: (order[m.entry_id], -m.firing.rule.level, m.firing.rule.id))


def _place_all(entries: Sequence[Entry], known: Sequence[Story]) -> tuple[dict[str, str], dict[str, Story]]:
    """Return each entry's story id, and every story with the entries that joined it."""
    stories = {story.id: story for story in known}
    by_key: dict[str, set[str]] = {}
    for story in known:
        for key in story.keys:
            by_key.setdefault(key, set()).add(story.id)
    homes: dict[str, str] = {}
    for entry in entries:
        candidates = {story_id for key in keys_of(entry) for story_id in by_key.get(key, ())}
        story = place(entry, [stories[story_id] for story_id in candidates]).story
        stories[story.id], homes[entry.id] = story, story.id
        for key in story.keys:
            by_key.setdefault(key, set()).add(story.id)
    return homes, stories
