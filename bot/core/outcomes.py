"""What follows from an attempt to send: one pure function over the table of meanings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.alerts import notice
from bot.model import (
    Attempt,
    Delivery,
    DeliveryState,
    Detail,
    Lane,
    Meaning,
    Outcome,
    Settlement,
    Target,
    TargetState,
)


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """The numbers of delivery; docs/configuration.md gives their reasons."""

    hold: timedelta = timedelta(seconds=60)  # after an attempt of which nobody knows whether it arrived
    first_retry: timedelta = timedelta(seconds=1)
    longest_retry: timedelta = timedelta(seconds=60)
    default_wait: timedelta = timedelta(seconds=30)  # asked to wait without being told how long
    rechecks: tuple[timedelta, ...] = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
    circuit: timedelta = timedelta(minutes=10)  # how long a channel that refuses our token is left alone
    both_limited: timedelta = timedelta(seconds=10)  # two targets limited within this: the whole channel is
    slow: timedelta = timedelta(minutes=5)  # how long a channel then runs at half its rate


@dataclass(frozen=True, slots=True)
class Ended:
    """One attempt that came to an end: the lane it came from, what it came to, and where notices go."""

    lane: Lane
    attempt: Attempt
    outcome: Outcome
    operator: Target


def settle(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    """Return everything that the end of an attempt changes.

    A message that surely did not arrive is sent again; one that may have is sent at most once more, flagged; what can't
    be sent becomes a dead letter that the operator sees. `delivery.tries` tells how often it was tried before.
    """
    change = _MEANINGS[ended.outcome.meaning](ended, policy, now)
    attempt = replace(ended.attempt, ended_at=now, outcome=ended.outcome)
    dead = change.delivery.state is DeliveryState.DEAD
    return replace(change, attempt=attempt, notices=change.notices + (_dead_letter(ended, change, now) if dead else ()))


def jitter(delivery_id: str, tries: int) -> float:
    """Return a share from 0 to 0.25 that spreads retries; the same for the same delivery and try, so replays agree."""
    return int(delivery_id[:4], 16) * (tries + 1) % 1000 / 4000


def _sent(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    outcome = ended.outcome
    sent = replace(
        ended.lane.delivery, state=DeliveryState.SENT, message_id=outcome.message_id, reason=outcome.reason or None
    )
    back = ended.lane.target.gone_since is not None
    said = (_tell(ended, f"back {_place(ended)}", f"{_place(ended)} takes messages again.", now),) if back else ()
    target = TargetState(ended.lane.delivery.target) if back or ended.lane.target.hold_until else None
    channel = replace(ended.lane.channel, down_until=None, reason=None) if ended.lane.channel.down_until else None
    return Settlement(sent, ended.attempt, target=target, channel=channel, notices=said)


def _not_sent(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    delivery = ended.lane.delivery
    wait = min(policy.first_retry * 2 ** min(delivery.tries, 16), policy.longest_retry)
    wait *= 1 + jitter(delivery.id, delivery.tries)
    return Settlement(_again(ended, now + wait, tries=delivery.tries + 1), ended.attempt)


def _ambiguous(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    delivery = ended.lane.delivery
    if delivery.possible_dup:
        return Settlement(_dead(ended, f"delivery unknown: {ended.outcome.reason}"), ended.attempt)
    held = replace(
        delivery,
        state=DeliveryState.UNCERTAIN,
        due_at=now + policy.hold,
        possible_dup=True,
        tries=delivery.tries + 1,
        reason=ended.outcome.reason,
    )
    return Settlement(held, ended.attempt)


def _wait(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    """A wait that the other side asks for is stored on the target and is no try of the delivery."""
    until = now + (policy.default_wait if ended.outcome.wait is None else ended.outcome.wait)
    target = replace(ended.lane.target, hold_until=until)
    limited = ended.lane.channel.limited_at
    channel = replace(ended.lane.channel, limited_at=now, limited_target=target.target)
    if limited and now - limited < policy.both_limited and ended.lane.channel.limited_target != target.target:
        pause = min(until, now + policy.default_wait)
        channel = replace(channel, paused_until=pause, slowed_until=pause + policy.slow)
    return Settlement(_again(ended, until), ended.attempt, target=target, channel=channel)


def _rejected(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    delivery = ended.lane.delivery
    if delivery.detail is Detail.LINK:
        return Settlement(_dead(ended, ended.outcome.reason), ended.attempt)
    simpler = replace(_again(ended, now), detail=Detail(delivery.detail + 1))
    return Settlement(simpler, ended.attempt)


def _target_gone(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    state, target = ended.lane.target, ended.lane.delivery.target
    left = policy.rechecks[state.rechecks :]
    gone = TargetState(
        target,
        gone_since=state.gone_since or now,
        recheck_at=now + left[0] if left else None,
        rechecks=state.rechecks + 1,
    )
    when = f"next try in {_hours(left[0])}" if left else "not tried again until `wirewatch outbox replay`"
    told = _tell(ended, f"gone {_place(ended)}", f"{_place(ended)} is gone: {ended.outcome.reason}; {when}.", now)
    row = replace(ended.lane.delivery, state=DeliveryState.TARGET_GONE, reason=ended.outcome.reason)
    return Settlement(row, ended.attempt, target=gone, notices=(told,))


def _moved(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    old = ended.lane.delivery.target
    if not ended.outcome.moved_to:
        return _target_gone(ended, policy, now)
    new = replace(old, address=ended.outcome.moved_to)
    text = f"{_place(ended)} has moved to {new.address}: write the new id into config.yaml."
    told = _tell(ended, f"moved {_place(ended)}", text, now)
    return Settlement(_again(ended, now), ended.attempt, moved=(old, new), notices=(told,))


def _topic_gone(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    if ended.lane.delivery.without_thread:
        return _rejected(ended, policy, now)
    text = f"The topic in {_place(ended)} is closed or deleted: messages go to the chat itself."
    told = _tell(ended, f"topic {_place(ended)}", text, now)
    return Settlement(replace(_again(ended, now), without_thread=True), ended.attempt, notices=(told,))


def _channel_down(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    channel_id, reason = ended.lane.delivery.target.channel_id, ended.outcome.reason
    channel = replace(ended.lane.channel, down_until=now + policy.circuit, reason=reason)
    text = (
        f"Channel {channel_id} is down: {reason}. Its alerts wait in the outbox; next try in {_hours(policy.circuit)}."
    )
    told = _tell(ended, f"down {channel_id}", text, now)
    return Settlement(_again(ended, now + policy.circuit), ended.attempt, channel=channel, notices=(told,))


def _conflict(ended: Ended, policy: DeliveryPolicy, now: datetime) -> Settlement:
    text = f"Another process uses the token of {ended.lane.delivery.target.channel_id}; sending goes on."
    told = _tell(ended, f"conflict {ended.lane.delivery.target.channel_id}", text, now)
    return replace(_not_sent(ended, policy, now), notices=(told,))


_MEANINGS: Mapping[Meaning, Callable[[Ended, DeliveryPolicy, datetime], Settlement]] = {
    Meaning.SENT: _sent,
    Meaning.NOT_SENT: _not_sent,
    Meaning.AMBIGUOUS: _ambiguous,
    Meaning.WAIT: _wait,
    Meaning.REJECTED: _rejected,
    Meaning.TARGET_GONE: _target_gone,
    Meaning.MOVED: _moved,
    Meaning.TOPIC_GONE: _topic_gone,
    Meaning.CHANNEL_DOWN: _channel_down,
    Meaning.CONFLICT: _conflict,
}


def _again(ended: Ended, due_at: datetime, tries: int | None = None) -> Delivery:
    delivery = ended.lane.delivery
    kept = delivery.tries if tries is None else tries
    return replace(delivery, state=DeliveryState.PENDING, due_at=due_at, tries=kept, reason=ended.outcome.reason)


def _dead(ended: Ended, reason: str) -> Delivery:
    return replace(ended.lane.delivery, state=DeliveryState.DEAD, reason=reason)


def _dead_letter(ended: Ended, change: Settlement, now: datetime) -> tuple[Delivery, ...]:
    if ended.lane.delivery.notice is not None:
        return ()  # a notice about a notice would never end
    delivery = change.delivery
    text = f"Not delivered to {_place(ended)}: {delivery.reason} — see `wirewatch outbox show {delivery.id}`."
    return (_tell(ended, f"dead {delivery.id}", text, now),)


def _tell(ended: Ended, topic: str, text: str, now: datetime) -> Delivery:
    return notice(ended.operator, topic, text, now)


def _place(ended: Ended) -> str:
    target = ended.lane.delivery.target
    return f"{target.channel_id} ({target.address})" if target.address else target.channel_id


def _hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:g} h" if hours >= 1 else f"{span.total_seconds() / 60:g} min"
