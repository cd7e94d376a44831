"""Puts deliveries into the outbox: each target has a row, and a moved target's address leads to the new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, select, tuple_, update

from bot.model import Delivery, Target
from bot.store.codec import FINISHED, delivery_row
from bot.store.rows import chunks, insert_new
from bot.store.schema import delivery, target, unfinished


def enqueue(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    """Insert the deliveries whose dedup keys are not known yet, in order; their alerts must be stored."""
    if not deliveries:
        return
    ids = target_ids(connection, {one.target for one in deliveries})
    rows = [
        {
            "id": one.id,
            "dedup_key": one.dedup_key,
            "target_id": ids[one.target],
            "kind": str(one.kind),
            "alert_id": one.alert.id if one.alert else None,
            "notice": one.notice,
            "created_at": one.created_at,
            "finished_at": one.created_at if one.state in FINISHED else None,
            **delivery_row(one),
        }
        for one in deliveries
    ]
    insert_new(connection, delivery, rows)


def target_ids(connection: Connection, targets: Iterable[Target]) -> dict[Target, int]:
    """Return where each target's messages go now, making rows for new targets."""
    wanted = sorted(set(targets))
    found = _known(connection, wanted)
    if missing := [one for one in wanted if one not in found]:
        rows = [{"channel_id": one.channel_id, "address": one.address, "rechecks": 0} for one in missing]
        insert_new(connection, target, rows)
        found |= _known(connection, missing)
    return found


def _known(connection: Connection, targets: Sequence[Target]) -> dict[Target, int]:
    columns = (target.c.channel_id, target.c.address)
    place = func.coalesce(target.c.moved_to, target.c.id).label("place")
    found: dict[Target, int] = {}
    for some in chunks(targets):
        named = tuple_(*columns).in_([(one.channel_id, one.address) for one in some])
        rows = connection.execute(select(*columns, place).where(named))
        found.update((Target(row.channel_id, row.address), row.place) for row in rows)
    return found


def move(connection: Connection, old: Target, new: Target) -> None:
    """Let everything unfinished for `old`, and all that is enqueued for it later, go to `new`; idempotent."""
    if old == new:
        return
    target_ids(connection, (old, new))
    own = {one: _row_id(connection, one) for one in (old, new)}
    connection.execute(update(target).where(target.c.id == own[new]).values(moved_to=None))
    at_old = (target.c.id == own[old]) | (target.c.moved_to == own[old])
    connection.execute(update(target).where(at_old).values(moved_to=own[new]))
    waiting = update(delivery).where(delivery.c.target_id == own[old], unfinished)
    connection.execute(waiting.values(target_id=own[new]))


def _row_id(connection: Connection, one: Target) -> int:
    named = select(target.c.id).where(target.c.channel_id == one.channel_id, target.c.address == one.address)
    row_id: int = connection.execute(named).scalar_one()
    return row_id
