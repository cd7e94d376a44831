"""Feeds, what they publish, and what the store remembers of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class SourceKind(StrEnum):
    """What stands behind a feed."""

    WIRE = "wire"
    OUTLET = "outlet"
    OFFICIAL = "official"
    STATE_MEDIA = "state_media"
    AGGREGATOR = "aggregator"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as config.yaml declares it.

    `id` is a stable slug, never its URL; feeds of one `owner` are one source; `every` None means the default interval;
    `country` is the ISO 3166 code of the country that it is the home paper of, None where of none.
    """

    id: str
    url: str = field(repr=False)  # may hold user:pass@ or a token
    name: str
    owner: str
    kind: SourceKind = SourceKind.OUTLET
    language: str | None = None
    tags: frozenset[str] = frozenset()
    every: timedelta | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Validators:
    """A feed's HTTP validators, byte-exact as received; `since` is when this unbroken use of them began."""

    etag: str | None = None
    last_modified: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the store remembers of a feed between polls.

    `listed` holds the entry ids of the newest document. `shows_earlier` marks a feed that stood in an empty store:
    its first poll may print what the last day would have raised.
    """

    feed_id: str
    next_poll_at: datetime
    added_at: datetime
    seeded_at: datetime | None = None
    shows_earlier: bool = False
    validators: Validators = Validators()
    final_url: str | None = field(default=None, repr=False)
    body_hash: str | None = None
    listed: tuple[str, ...] = ()
    failures: int = 0
    failing_since: datetime | None = None
    error: str | None = None
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HostState:
    """What the store remembers of a host: no request before `hold_until`; `strikes` counts 429/503 in a row."""

    host: str
    hold_until: datetime | None = None
    strikes: int = 0


@dataclass(frozen=True, slots=True)
class EntryData:
    """An entry as a source read it; texts still hold markup. `published_at` None where missing or no date."""

    guid: str | None
    link: str | None
    title: str
    summary: str
    published_at: datetime | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed feed document; entries in document order."""

    title: str
    language: str | None
    entries: tuple[EntryData, ...]
    parser: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one poll brought. `document` is None where the server said 304 or the body's hash is unchanged."""

    validators: Validators
    final_url: str = field(repr=False)
    body_hash: str | None
    document: Document | None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in the store.

    `id` is a hash of feed and identity; `text_hash` tells an edit; `title_day` as in Identity.
    """

    id: str
    feed_id: str
    link: str | None
    canonical_link: str | None
    title: str
    summary: str
    language: str | None
    published_at: datetime | None
    first_seen_at: datetime
    text_hash: str
    edits: int = 0
    seeded: bool = False
    title_day: str | None = None
