"""Decide whether a correlation rule fires: what it counted, what is usual, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, pstdev

from bot.core.copies import told_once
from bot.model import Correlation, Least, Sighting, Watched

DAY = timedelta(days=1)
SIGMAS = 3  # standard deviations above the mean that are unusual
LEAST_HISTORY = 3  # earlier spans without which nothing is usual


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual: mean and deviation of the stories in earlier spans, and how many it takes to stand out."""

    mean: float
    deviation: float
    takes: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a correlation rule fires, and why not.

    `sightings` are those in its span, copies made one, oldest first; `counts` what they come to; `usual` None where it
    was not asked, or nobody knows.
    """

    fires: bool
    reason: str
    sightings: tuple[Sighting, ...]
    counts: Least
    usual: Usual | None = None


def judge(what: Correlation, watched: Watched, now: datetime, since: datetime | None) -> Verdict:
    """Tell whether a correlation rule fires at `now` on what was seen of one value.

    A span ends at `now`, which belongs to it, and begins after `now - within`. Nothing is known of the time before
    `since`; None where nothing is missing.
    """
    sightings = told_once(between(watched.sightings, now - what.within, now))
    counts = count(sightings)
    reason = missing(counts, what.least) or _too_soon(what, watched, now)
    if reason or what.versus is None:
        return Verdict(not reason, reason, sightings, counts)
    usual = usual_of(what, watched.sightings, now, since)
    if usual is None:
        return Verdict(False, "nobody knows yet what is usual", sightings, counts)
    reason = "" if counts.stories >= usual.takes else f"not unusual: {counts.stories} of {usual.takes:.3g} stories"
    return Verdict(not reason, reason, sightings, counts, usual)


def between(sightings: Iterable[Sighting], after: datetime, until: datetime) -> list[Sighting]:
    """Return the sightings after one instant and not after another."""
    return [one for one in sightings if after < one.at <= until]


def count(sightings: Sequence[Sighting]) -> Least:
    """Count different rules, stories and independent sources."""
    return Least(
        len({one.rule_id for one in sightings}),
        len({one.story_id for one in sightings}),
        len({one.source.casefold() for one in sightings if one.source is not None}),
    )


def missing(counts: Least, least: Least) -> str:
    """Return what there is too little of, "" where there is enough."""
    pairs = (
        ("story", "stories", counts.stories, least.stories),
        ("source", "sources", counts.sources, least.sources),
        ("rule", "rules", counts.rules, least.rules),
    )
    return ", ".join(
        f"{has} of {needs} {one if needs == 1 else many}" for one, many, has, needs in pairs if has < needs
    )


def _too_soon(what: Correlation, watched: Watched, now: datetime) -> str:
    fired_at = watched.watch.fired_at
    return "told already" if fired_at is not None and now - fired_at < what.again_after else ""


def usual_of(what: Correlation, sightings: Sequence[Sighting], now: datetime, since: datetime | None) -> Usual | None:
    """Return what is usual: stories in the spans that ended at the same hour of earlier days.

    Spans longer than a day follow one another. None where too few of them lie after `since`.
    """
    step = DAY * -(-what.within // DAY)
    spans = (what.versus or step) // step
    ends = [now - step * number for number in range(1, spans + 1)]
    known = [end for end in ends if since is None or end - what.within >= since]
    if len(known) < min(LEAST_HISTORY, spans):
        return None
    counts = [count(told_once(between(sightings, end - what.within, end))).stories for end in known]
    mean, deviation = fmean(counts), pstdev(counts)
    return Usual(mean, deviation, max(what.times * mean, mean + SIGMAS * max(deviation, 1)))
