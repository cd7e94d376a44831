"""Watch what correlation rules count: what to ask of the past, and what comes of it once the answer is here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.alerts import raise_alert, topic_of
from bot.core.correlate import Verdict, judge
from bot.core.identity import digest
from bot.model import (
    Alert,
    Answer,
    Correlation,
    Counted,
    Entry,
    Feed,
    Firing,
    Lookout,
    Match,
    RuleHead,
    Sighting,
    Story,
    Watch,
    Watched,
)
from bot.rules.phrasing import counted
from bot.rules.spans import spoken

BY = "by"  # what a correlation rule's match captures: the value it counted for
LISTED = 12  # stories that an alert lists


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll brought: the matches in its entries, placed in stories and credited to their sources."""

    feed: Feed
    entries: Mapping[str, Entry]
    matches: tuple[Match, ...]
    now: datetime

    def fresh(self, what: Correlation, value: str) -> list[Match]:
        """Return the matches that name a value for a correlation rule, but for those that are no news."""
        named = (one for one in self.matches if value in values(what, one.firing))
        return [one for one in named if not self.entries[one.entry_id].seeded]


@dataclass(frozen=True, slots=True)
class Fired:
    """A correlation rule that fired: its match, a story of its own, and an alert unless it is a draft."""

    rule: RuleHead
    match: Match
    story: Story
    alert: Alert | None


def lookouts(
    correlations: Iterable[Correlation], matches: Sequence[Match], entries: Mapping[str, Entry], now: datetime
) -> tuple[Lookout, ...]:
    """Return what to ask of the past: one Lookout for each correlation rule and value that a match names.

    What a feed's first poll brings is no news, so it counts nowhere.
    """
    fresh = [match for match in matches if not entries[match.entry_id].seeded]
    return tuple(
        lookout(what, value, now)
        for what in correlations
        for value in sorted({value for match in fresh for value in values(what, match.firing)})
    )


def lookout(what: Correlation, value: str, now: datetime) -> Lookout:
    """Return what to ask of the past of one value."""
    return Lookout(what, value, now - what.reach)


def values(what: Correlation, firing: Firing) -> frozenset[str]:
    """Return what a firing names for a correlation rule: nothing where it is none of its rules'."""
    if firing.rule.id not in what.rules:
        return frozenset()
    return frozenset(value for role, value in firing.captures if role in what.by and value)


def sighting(match: Match, entry: Entry) -> Sighting:
    """Return a match that has been placed as correlation rules see it."""
    return Sighting(
        match.id, match.firing.rule.id, entry.id, entry.feed_id, match.story_id or entry.id, match.source,
        match.firing.captures, entry.title, entry.link, match.matched_at,
    )  # fmt: skip


def watch(poll: Poll, asked: Sequence[Lookout], answer: Answer) -> tuple[tuple[Watch, ...], tuple[Fired, ...]]:
    """Return what correlation rules remember of a poll, and those that fire, given the answer to what was asked."""
    known = {(past.watch.rule_id, past.watch.value): past for past in answer.watched}
    watches: list[Watch] = []
    fired: list[Fired] = []
    for one in asked:
        what, value = one.correlation, one.value
        new = [sighting(match, poll.entries[match.entry_id]) for match in poll.fresh(what, value)]
        past = known.get((what.rule.id, value)) or Watched(Watch(what.rule.id, value))
        together = {seen.match_id: seen for seen in (*past.sightings, *new)}
        verdict = judge(what, replace(past, sightings=tuple(together.values())), poll.now, answer.watched_since)
        # Of one poll's entries the last by id, so that their order in the document makes no difference.
        newest = max(new, key=lambda seen: (seen.entry_id, seen.match_id))
        moved = replace(past.watch, seen=newest.match_id, moved_at=poll.now)
        watches.append(replace(moved, fired_at=poll.now) if verdict.fires else moved)
        fired += [_fired(poll, one, verdict, newest)] if verdict.fires else []
    return tuple(watches), tuple(fired)


def _fired(poll: Poll, asked: Lookout, verdict: Verdict, newest: Sighting) -> Fired:
    rule, value, entry = asked.correlation.rule, asked.value, poll.entries[newest.entry_id]
    key = digest("correlation", rule.id, value, newest.match_id)
    story = Story(digest("story", key), 0, frozenset({f"correlation:{key}"}), poll.now)
    hashed = poll.matches[0].ruleset_hash
    match_id = digest("match", entry.id, rule.id, value, hashed)
    match = Match(match_id, entry.id, hashed, Firing(rule, (), ((BY, value),)), poll.now, story.id)
    if not rule.live:
        return Fired(rule, match, story, None)
    alert = raise_alert(match, entry, story, poll.feed, poll.now, earlier=False)
    content = replace(
        alert.content,
        topic=f"{topic_of(rule)}: {value}",
        counted=_counted(verdict.sightings, newest),
        tally=tally(asked.correlation, verdict),
    )
    return Fired(rule, match, story, replace(alert, content=content))


def _counted(sightings: Sequence[Sighting], newest: Sighting) -> tuple[Counted, ...]:
    """Return the stories counted, oldest first, but for that of the newest entry, which the alert shows itself."""
    stories: dict[str, list[Sighting]] = {}
    for one in sightings:
        stories.setdefault(one.story_id, []).append(one)
    others = [told for told in stories.values() if all(one.entry_id != newest.entry_id for one in told)]
    return tuple(
        Counted(
            told[0].title,
            told[0].link,
            tuple(dict.fromkeys(one.source or one.feed_id for one in told)),
            tuple(dict.fromkeys(one.rule_id for one in told)),
            told[0].at,
        )
        for told in others[-LISTED:]
    )


def tally(what: Correlation, verdict: Verdict) -> str:
    """Return how many of what were counted in which span, in one line."""
    counts = verdict.counts
    said = f"{counted(counts.stories, 'story', 'stories')}, {counted(counts.sources, 'source')}"
    said += f", {counted(counts.rules, 'rule')} in {spoken(what.within)}"
    return f"{said}; usually {verdict.usual.mean:.1f}" if verdict.usual else said
