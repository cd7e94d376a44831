"""Deliveries: what is owed to whom, and what became of each attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.model.stories import Alert


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
