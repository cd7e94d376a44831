"""The outbox as an operator sees it: look, replay, drop, count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select, update

from bot.errors import ConfigError
from bot.model import Attempt, Delivery, DeliveryState, Detail
from bot.store.codec import attempt_value, delivery_value
from bot.store.outbox import ATTEMPTS, DELIVERIES
from bot.store.schema import alert, attempt, channel, delivery, entry, feed, target, unfinished

DROPPED = "dropped by the operator"
_WAITING = frozenset({DeliveryState.DEAD, DeliveryState.TARGET_GONE, DeliveryState.UNCERTAIN, DeliveryState.PENDING})


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows the store holds; `deliveries` names every state."""

    deliveries: dict[DeliveryState, int]
    feeds: int
    entries: int
    alerts: int


def deliveries(connection: Connection, states: frozenset[DeliveryState] | None, limit: int) -> Sequence[Delivery]:
    """Return deliveries, newest first; `states` None means all."""
    query = DELIVERIES.order_by(delivery.c.created_at.desc(), delivery.c.seq.desc()).limit(limit)
    if states is not None:
        query = query.where(delivery.c.state.in_(sorted(states)))
    return [delivery_value(row) for row in connection.execute(query)]


def find_delivery(connection: Connection, key: str) -> Delivery:
    """Return the one delivery whose id begins with `key` or whose alert has it as its reference.

    Raises ConfigError, saying what is meant, where there is none or more than one.
    """
    named = or_(delivery.c.id.startswith(key, autoescape=True), alert.c.ref == key)
    rows = connection.execute(DELIVERIES.where(named).order_by(delivery.c.seq).limit(20)).all() if key else []
    found = [delivery_value(row) for row in rows]
    if not found:
        raise ConfigError(f"no delivery begins with {key!r}, and no alert has that reference")
    if len(found) > 1:
        several = "\n".join(f"  {one.id}  {one.state}  {one.target.channel_id} {one.target.address}" for one in found)
        raise ConfigError(f"{key!r} means more than one delivery; name one by its id:\n{several}")
    return found[0]


def attempts(connection: Connection, delivery_id: str) -> Sequence[Attempt]:
    """Return a delivery's attempts, oldest first."""
    query = ATTEMPTS.where(attempt.c.delivery_id == delivery_id).order_by(attempt.c.seq)
    return [attempt_value(row) for row in connection.execute(query)]


def replay(connection: Connection, delivery_id: str, now: datetime) -> Delivery:
    """Make a delivery that ended or waits for somebody due now, as if it had never been tried.

    Its target counts as there again and its channel as up. `possible_dup` stays, since the chat may hold a copy.
    Raises ConfigError where the delivery is on its way or was sent.
    """
    one = _in_state(connection, delivery_id, _WAITING, "replayed")
    connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id)
        .values(
            state=DeliveryState.PENDING,
            tries=0,
            detail=Detail.RICH,
            without_thread=False,
            due_at=now,
            reason=None,
            finished_at=None,
        )
    )
    place = select(delivery.c.target_id).where(delivery.c.id == delivery_id).scalar_subquery()
    there = update(target).where(target.c.id == place)
    connection.execute(there.values(gone_since=None, recheck_at=None, rechecks=0))
    up = update(channel).where(channel.c.id == one.target.channel_id, channel.c.down_until.is_not(None))
    connection.execute(up.values(down_until=None, reason=None))
    return _one(connection, delivery_id)


def reopen(connection: Connection, now: datetime) -> None:
    """Let what waits for a channel that was down go now: whoever starts the service again may have mended it."""
    down = select(channel.c.id).where(channel.c.down_until.is_not(None))
    places = select(target.c.id).where(target.c.channel_id.in_(down))
    waits = update(delivery).where(delivery.c.state == DeliveryState.PENDING, delivery.c.target_id.in_(places))
    connection.execute(waits.values(due_at=now))
    connection.execute(update(channel).where(channel.c.down_until.is_not(None)).values(down_until=None, reason=None))


def waiting(connection: Connection) -> dict[str, int]:
    """Count, by channel, the deliveries that are not finished."""
    query = select(target.c.channel_id, func.count()).join(delivery, delivery.c.target_id == target.c.id)
    rows = connection.execute(query.where(unfinished).group_by(target.c.channel_id))
    return {channel_id: count for channel_id, count in rows}  # noqa: C416 - rows are no pairs to the type checker


def drop(connection: Connection, delivery_id: str, now: datetime) -> Delivery:
    """Make a delivery a dead letter that stays in sight; `replay` takes it back.

    Raises ConfigError where the delivery is on its way or was sent.
    """
    _in_state(connection, delivery_id, _WAITING, "dropped")
    dead = update(delivery).where(delivery.c.id == delivery_id)
    connection.execute(dead.values(state=DeliveryState.DEAD, reason=DROPPED, finished_at=now))
    return _one(connection, delivery_id)


def counts(connection: Connection) -> Counts:
    """Count rows; deliveries by state, with 0 for the states that have none."""
    states = dict.fromkeys(DeliveryState, 0)
    for state, number in connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state)):
        states[DeliveryState(state)] = number
    feeds, entries, alerts = (
        connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (feed, entry, alert)
    )
    return Counts(states, feeds, entries, alerts)


def next_due_at(connection: Connection, feed_ids: Collection[str] | None) -> datetime | None:
    """Return when the next of these feeds or the next delivery is due, which may be past; None where nothing is.

    `feed_ids` None means every feed in the store, also those no longer configured. Holds are not looked at.
    """
    polls = connection.execute(select(feed.c.id, feed.c.next_poll_at).order_by(feed.c.next_poll_at))
    next_poll = next((row.next_poll_at for row in polls if feed_ids is None or row.id in feed_ids), None)
    next_delivery = connection.scalar(select(func.min(delivery.c.due_at)).where(unfinished))
    return min((at for at in (next_poll, next_delivery) if at), default=None)


def _one(connection: Connection, delivery_id: str) -> Delivery:
    row = connection.execute(DELIVERIES.where(delivery.c.id == delivery_id)).one_or_none()
    if row is None:
        raise ConfigError(f"no delivery has the id {delivery_id}")
    return delivery_value(row)


def _in_state(connection: Connection, delivery_id: str, states: frozenset[DeliveryState], verb: str) -> Delivery:
    one = _one(connection, delivery_id)
    if one.state not in states:
        allowed = ", ".join(sorted(states))
        raise ConfigError(f"delivery {one.id} is {one.state}: only {allowed} can be {verb}")
    return one
