"""What passes between the pure decisions and the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.deliveries import Delivery
from bot.model.feeds import Entry, FeedState, HostState
from bot.model.rules import Match
from bot.model.stories import Alert, Story
from bot.model.watches import Lookout, Watch, Watched


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes an entry known: its id, its canonical link, its title on its day (both None where it has none)."""

    entry_id: str
    canonical_link: str | None
    title_day: str | None


@dataclass(frozen=True, slots=True)
class Memory:
    """What the store knows of the identities it was asked about, within one feed.

    `entries` maps known entry ids to (text_hash, edits); `links` and `title_days` are those already stored.
    """

    entries: dict[str, tuple[str, int]]
    links: frozenset[str]
    title_days: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """What `tell` needs to know: which stories hold one of these keys, which alerts they have, and the past of each
    thing that a correlation rule watches."""

    story_keys: frozenset[str]
    lookouts: tuple[Lookout, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The store's answer: the stories concerned, the (rule id, story id) pairs already told, one Watched a Lookout.

    `watched_since` is how far back the sightings go; None where nothing of the past is missing.
    """

    stories: tuple[Story, ...] = ()
    told: frozenset[tuple[str, str]] = frozenset()
    watched: tuple[Watched, ...] = ()
    watched_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryEdit:
    """A silent update of a known entry."""

    entry_id: str
    title: str
    summary: str
    text_hash: str
    edits: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one poll changes, applied in one transaction or not at all.

    `stories` and `watches` carry the version they were read at (0: new); `host` None leaves the host as it is.
    """

    feed: FeedState
    host: HostState | None = None
    entries: tuple[Entry, ...] = ()
    edits: tuple[EntryEdit, ...] = ()
    matches: tuple[Match, ...] = ()
    stories: tuple[Story, ...] = ()
    alerts: tuple[Alert, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    watches: tuple[Watch, ...] = ()
