"""What correlation rules keep an eye on: one thing each, in the matches of other rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.rules import Correlation


@dataclass(frozen=True, slots=True)
class Sighting:
    """A match that names what a correlation rule watches; `source` None is nobody who counts."""

    match_id: str
    rule_id: str
    entry_id: str
    feed_id: str
    story_id: str
    source: str | None
    captures: tuple[tuple[str, str], ...]
    title: str
    link: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Lookout:
    """What to ask of the past: sightings of `value` by a correlation rule's rules and roles, later than `since`."""

    correlation: Correlation
    value: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Watch:
    """A correlation rule's memory of one value.

    `version` is that which was read (0: new); `seen` names the newest sighting; the rule last fired at `fired_at`.
    """

    rule_id: str
    value: str
    version: int = 0
    seen: str = ""
    moved_at: datetime | None = None
    fired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """The answer to a Lookout; sightings in no order."""

    watch: Watch
    sightings: tuple[Sighting, ...] = ()
