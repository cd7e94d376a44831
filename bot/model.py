"""The nouns of wirewatch as frozen values: read this first.

Every instant (`..._at`) is an aware UTC datetime. Ids are hashes of content, so that any machine can make them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How loud an alert is, in the words of a wire desk; ordered."""

    INFO = 1
    NOTICE = 2
    URGENT = 3
    FLASH = 4


# --- feeds and what they publish -------------------------------------------------------------------


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

    `id` is a stable slug, never its URL; `every` None means the default interval.
    """

    id: str
    url: str = field(repr=False)  # may hold user:pass@ or a token
    name: str
    owner: str
    kind: SourceKind = SourceKind.OUTLET
    language: str | None = None
    tags: frozenset[str] = frozenset()
    every: timedelta | None = None


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


# --- rules and what they find ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """What a rule sees of an entry: title and feed summary, never the article. `language` None means unknown."""

    title: str
    text: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that made a rule fire: offsets into the item's own title or text, as given (before cleaning)."""

    field: str  # "title" or "text"
    start: int
    end: int
    words: str  # the item's own words, == item.<field>[start:end]
    term: str  # the rule's term that they matched, as the editor wrote it


@dataclass(frozen=True, slots=True)
class RuleHead:
    """What the world outside of the matcher needs to know of a rule."""

    id: str
    about: str
    level: Level = Level.NOTICE
    tags: frozenset[str] = frozenset()
    live: bool = True  # False: matched and counted, never sent


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fired on an item, with the words that made it; evidence in order of field and position."""

    rule: RuleHead
    evidence: tuple[Evidence, ...]
    captures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A firing on a stored entry; `ruleset_hash` names the exact rules that found it."""

    id: str
    entry_id: str
    ruleset_hash: str
    firing: Firing
    matched_at: datetime


# --- stories, alerts, deliveries -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Story:
    """One event; `keys` are the identities (canonical links, item ids) whose entries belong to it."""

    id: str
    version: int
    keys: frozenset[str]
    opened_at: datetime
    entry_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertContent:
    """What an alert tells, structured; every channel renders it in its own way. Texts are plain, without markup."""

    about: str
    title: str
    link: str | None
    summary: str
    source: str
    language: str | None
    published_at: datetime | None
    seen_at: datetime
    tags: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule told of a story. `ref` is the short reference that people quote."""

    id: str
    ref: str
    rule_id: str
    story_id: str
    level: Level
    raised_at: datetime
    content: AlertContent


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """Where a delivery goes: a channel of config.yaml and an address in it ("" where the channel has only one)."""

    channel_id: str
    address: str = ""


class DeliveryState(StrEnum):
    """Where a delivery stands. `sending` found at a start means: nobody knows."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    TARGET_GONE = "target_gone"
    DEAD = "dead"


class DeliveryKind(StrEnum):
    """What a delivery carries: an alert, or a notice to the operator."""

    ALERT = "alert"
    NOTICE = "notice"


class Detail(IntEnum):
    """How much of an alert is rendered; a rejected message steps down."""

    RICH = 0
    PLAIN = 1
    LINK = 2  # title and URL only


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one target. Exactly one of `alert` and `notice` is set.

    `dedup_key` is unique in the store: the same alert is never enqueued twice for a target.
    `tries` counts requests that may not have reached the other side; waits asked for by it do not count.
    """

    id: str
    dedup_key: str
    target: Target
    kind: DeliveryKind
    created_at: datetime
    due_at: datetime
    alert: Alert | None = None
    notice: str | None = None
    state: DeliveryState = DeliveryState.PENDING
    tries: int = 0
    detail: Detail = Detail.RICH
    possible_dup: bool = False
    without_thread: bool = False
    message_id: str | None = None
    reason: str | None = None


class Meaning(StrEnum):
    """What an attempt to send turned out to mean; every channel translates its signals into these."""

    SENT = "sent"
    NOT_SENT = "not_sent"  # the request never left, or was refused for now: again
    AMBIGUOUS = "ambiguous"  # it may have arrived
    WAIT = "wait"  # not sent: the other side asked for a pause
    REJECTED = "rejected"  # not sent: this content will never pass
    TARGET_GONE = "target_gone"  # not sent: the chat is not there for us
    MOVED = "moved"  # not sent: the chat has another id now
    TOPIC_GONE = "topic_gone"  # not sent: the thread in the chat is closed or deleted
    CHANNEL_DOWN = "channel_down"  # not sent: nothing will pass on this channel
    CONFLICT = "conflict"  # another process polls with our token; says nothing of the message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt came to. `reason` is safe to store and show: no secret in it."""

    meaning: Meaning
    reason: str = ""
    message_id: str | None = None
    wait: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request for a delivery; `outcome` None while nobody knows."""

    id: str
    delivery_id: str
    target: Target
    started_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class TargetState:
    """What the store remembers of a target.

    Nothing goes to it before `hold_until`; gone since `gone_since`, it is tried again at `recheck_at`.
    """

    target: Target
    hold_until: datetime | None = None
    gone_since: datetime | None = None
    recheck_at: datetime | None = None
    rechecks: int = 0


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What the store remembers of a channel: its circuit is open until `down_until`; `slowed_until` halves its rate.

    `limited_at` and `limited_target` tell who was last asked to wait, so that a second one shows a limit on all.
    """

    channel_id: str
    down_until: datetime | None = None
    paused_until: datetime | None = None
    slowed_until: datetime | None = None
    reason: str | None = None
    limited_at: datetime | None = None
    limited_target: Target | None = None


# --- between the pure decisions and the store ------------------------------------------------------


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
    """What `tell` needs to know: which stories hold one of these keys, and which alerts they have."""

    story_keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """The store's answer: the stories concerned, and the (rule id, story id) pairs already told."""

    stories: tuple[Story, ...] = ()
    told: frozenset[tuple[str, str]] = frozenset()


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

    `stories` carry the version they were read at (0: new); `host` None leaves the host as it is.
    """

    feed: FeedState
    host: HostState | None = None
    entries: tuple[Entry, ...] = ()
    edits: tuple[EntryEdit, ...] = ()
    matches: tuple[Match, ...] = ()
    stories: tuple[Story, ...] = ()
    alerts: tuple[Alert, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """Everything that the end of one attempt changes, applied in one transaction."""

    delivery: Delivery
    attempt: Attempt
    target: TargetState | None = None
    channel: ChannelState | None = None
    moved: tuple[Target, Target] | None = None
    notices: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """The head of one target's queue, with what decides whether it may go now."""

    delivery: Delivery
    target: TargetState
    channel: ChannelState


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a channel may be used. Sends and edits count alike.

    `gap` between messages of one target; at most `per_minute` in any sliding 60 s of one target (None: no bound); at
    most `per_second` over all targets that share `pool` (None: no bound). Channels with one bot token share a pool.
    """

    pool: str
    gap: timedelta = timedelta(0)
    per_minute: int | None = None
    per_second: float | None = None
