"""The outbox as the deliverer sees it: heads of queues, attempts begun, attempts settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, or_, select, update

from bot.errors import Conflict
from bot.model import (
    Attempt,
    ChannelState,
    Delivery,
    DeliveryState,
    Lane,
    Settlement,
    Target,
    TargetState,
)
from bot.store.codec import DELIVERY_COLUMNS, FINISHED, attempt_value, delivery_row, delivery_value, outcome_row
from bot.store.enqueue import enqueue, move, target_ids
from bot.store.rows import upserting
from bot.store.schema import alert, attempt, channel, delivery, target, unfinished

_limited = target.alias("limited")

# In the order in which codec.delivery_value takes them.
DELIVERIES = (
    select(
        delivery.c.id,
        delivery.c.dedup_key,
        target.c.channel_id,
        target.c.address,
        delivery.c.kind,
        delivery.c.created_at,
        delivery.c.due_at,
        delivery.c.notice,
        delivery.c.state,
        delivery.c.tries,
        delivery.c.detail,
        delivery.c.possible_dup,
        delivery.c.without_thread,
        delivery.c.message_id,
        delivery.c.reason,
        delivery.c.alert_id,
        alert.c.ref,
        alert.c.rule_id,
        alert.c.story_id,
        alert.c.level,
        alert.c.raised_at,
        alert.c.content,
    )
    .join(target, target.c.id == delivery.c.target_id)
    .outerjoin(alert, alert.c.id == delivery.c.alert_id)
)
ATTEMPTS = select(attempt, target.c.channel_id, target.c.address).join(target, target.c.id == attempt.c.target_id)


def _heads() -> Any:
    """Return a query for the first unfinished delivery of every target.

    It steps from target to target through the index, so that its cost follows the targets that wait, not their rows.
    """
    first = select(func.min(delivery.c.target_id).label("target_id")).where(unfinished)
    waiting = first.cte("waiting", recursive=True)
    beyond = select(func.min(delivery.c.target_id)).where(unfinished, delivery.c.target_id > waiting.c.target_id)
    waiting = waiting.union_all(select(beyond.scalar_subquery()).where(waiting.c.target_id.is_not(None)))
    oldest = (
        select(delivery.c.seq)
        .where(unfinished, delivery.c.target_id == waiting.c.target_id)
        .order_by(delivery.c.created_at, delivery.c.seq)
        .limit(1)
    )
    return select(oldest.scalar_subquery()).where(waiting.c.target_id.is_not(None))


def _lanes() -> Any:
    now = bindparam("now", type_=delivery.c.due_at.type)
    past = [
        or_(instant.is_(None), instant <= now)
        for instant in (target.c.hold_until, channel.c.down_until, channel.c.paused_until)
    ]
    # A target that is gone waits for its recheck, and then for nothing else.
    may_go = or_(and_(target.c.gone_since.is_(None), delivery.c.due_at <= now), target.c.recheck_at <= now)
    states = (target.c.hold_until, target.c.gone_since, target.c.recheck_at, target.c.rechecks)
    circuit = (channel.c.down_until, channel.c.paused_until, channel.c.slowed_until, channel.c.reason)
    limits = (channel.c.limited_at, _limited.c.channel_id, _limited.c.address)
    return (
        DELIVERIES.add_columns(*states, *circuit, *limits)
        .outerjoin(channel, channel.c.id == target.c.channel_id)
        .outerjoin(_limited, _limited.c.id == channel.c.limited_target_id)
        .where(delivery.c.seq.in_(_heads()), delivery.c.state != DeliveryState.SENDING, may_go, *past)
        .order_by(delivery.c.created_at, delivery.c.seq)
    )


_LANES = _lanes()


def lanes(connection: Connection, busy: frozenset[Target], now: datetime) -> Sequence[Lane]:
    """Return the heads that may go now, oldest first."""
    rows = connection.execute(_LANES, {"now": now}).all()
    return [_lane(row) for row in rows if Target(row.channel_id, row.address) not in busy]


def _lane(row: Row[*tuple[Any, ...]]) -> Lane:
    one = delivery_value(row)
    *state, down, paused, slowed, reason, limited_at, channel_id, address = row[DELIVERY_COLUMNS:]
    limited = Target(channel_id, address) if channel_id is not None else None
    circuit = ChannelState(one.target.channel_id, down, paused, slowed, reason, limited_at, limited)
    return Lane(one, TargetState(one.target, *state), circuit)


_BEGIN = update(delivery).where(
    delivery.c.id == bindparam("delivery_id"), unfinished, delivery.c.state != DeliveryState.SENDING
)


def begin(connection: Connection, one: Attempt) -> None:
    """Mark the delivery as sending and note the attempt.

    Raises Conflict where the delivery no longer waits: it was dropped, or another attempt is under way.
    """
    mark = {"delivery_id": one.delivery_id, "state": str(DeliveryState.SENDING)}
    if not connection.execute(_BEGIN, mark).rowcount:
        raise Conflict(f"delivery {one.delivery_id} no longer waits")
    connection.execute(insert(attempt), _attempt_row(connection, one))


_SETTLE = update(delivery).where(delivery.c.id == bindparam("delivery_id"))
_END = upserting(attempt, "id", "ended_at", "meaning", "reason", "message_id", "wait_s", "moved_to")
_STATE = update(target).where(target.c.id == bindparam("target_id"))
_CHANNEL = upserting(
    channel, "id", "down_until", "paused_until", "slowed_until", "reason", "limited_at", "limited_target_id"
)


def settle(connection: Connection, done: Settlement) -> None:
    """Write what an attempt came to; settling twice changes nothing more."""
    if done.moved:
        move(connection, *done.moved)
    _write_delivery(connection, done.delivery, done.attempt.ended_at or done.attempt.started_at)
    connection.execute(_END, _attempt_row(connection, done.attempt))
    if done.target:
        _write_target(connection, done.target)
    if done.channel:
        _write_channel(connection, done.channel)
    enqueue(connection, done.notices)


def _attempt_row(connection: Connection, one: Attempt) -> dict[str, Any]:
    return {
        "id": one.id,
        "delivery_id": one.delivery_id,
        "target_id": target_ids(connection, [one.target])[one.target],
        "started_at": one.started_at,
        **outcome_row(one),
    }


def _write_delivery(connection: Connection, one: Delivery, ended_at: datetime) -> None:
    row = {
        "delivery_id": one.id,
        "target_id": target_ids(connection, [one.target])[one.target],
        "finished_at": ended_at if one.state in FINISHED else None,
        **delivery_row(one),
    }
    connection.execute(_SETTLE, row)


def _write_target(connection: Connection, state: TargetState) -> None:
    row = {
        "target_id": target_ids(connection, [state.target])[state.target],
        "hold_until": state.hold_until,
        "gone_since": state.gone_since,
        "recheck_at": state.recheck_at,
        "rechecks": state.rechecks,
    }
    connection.execute(_STATE, row)


def _write_channel(connection: Connection, state: ChannelState) -> None:
    limited = state.limited_target
    row = {
        "id": state.channel_id,
        "down_until": state.down_until,
        "paused_until": state.paused_until,
        "slowed_until": state.slowed_until,
        "reason": state.reason,
        "limited_at": state.limited_at,
        "limited_target_id": target_ids(connection, [limited])[limited] if limited else None,
    }
    connection.execute(_CHANNEL, row)


def unfinished_attempts(connection: Connection) -> Sequence[tuple[Delivery, Attempt]]:
    """Return the deliveries in `sending` with the newest attempt of each: nobody knows what became of it."""
    sending = DELIVERIES.where(unfinished, delivery.c.state == DeliveryState.SENDING)
    found = []
    for row in connection.execute(sending.order_by(delivery.c.created_at, delivery.c.seq)).all():
        newest = ATTEMPTS.where(attempt.c.delivery_id == row.id).order_by(attempt.c.seq.desc()).limit(1)
        found.append((delivery_value(row), attempt_value(connection.execute(newest).one())))
    return found


def attempts_since(connection: Connection, since: datetime) -> Sequence[Attempt]:
    """Return the attempts started after `since`, oldest first."""
    recent = ATTEMPTS.where(attempt.c.started_at > since).order_by(attempt.c.started_at, attempt.c.seq)
    return [attempt_value(row) for row in connection.execute(recent)]
