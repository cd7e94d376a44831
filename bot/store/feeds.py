"""Which feeds there are, and which of them are due: declared at the start, then claimed tick by tick."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, tuple_, update

from bot.model import Feed, FeedState, HostState
from bot.store.codec import feed_state
from bot.store.database import Database
from bot.store.schema import feed, host, listing

LEASE = timedelta(seconds=120)  # four times the longest poll; after a crash a feed waits no longer than this
_LOOK = 256  # due rows read at once

_CLAIMED = (
    select(feed, listing.c.entry_ids, host.c.hold_until, host.c.strikes)
    .outerjoin(listing, listing.c.feed_id == feed.c.id)
    .outerjoin(host, host.c.host == feed.c.host)
    .where(feed.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(feed.c.next_poll_at, feed.c.id)
)
_DUE = (
    select(feed.c.id, feed.c.host, feed.c.next_poll_at)
    .outerjoin(host, host.c.host == feed.c.host)
    .where(
        feed.c.next_poll_at <= bindparam("now"),
        or_(feed.c.lease_until.is_(None), feed.c.lease_until <= bindparam("now")),
        or_(host.c.hold_until.is_(None), host.c.hold_until <= bindparam("now")),
    )
    .order_by(feed.c.next_poll_at, feed.c.id)
    .limit(_LOOK)
)
_DUE_AFTER = _DUE.where(
    tuple_(feed.c.next_poll_at, feed.c.id) > tuple_(bindparam("at", type_=feed.c.next_poll_at.type), bindparam("id"))
)


async def declare(database: Database, feeds: Sequence[tuple[Feed, str]], now: datetime) -> None:
    """Make the feed rows agree with the configuration; writes nothing where they do."""
    if await database.read(_differences, feeds):
        await database.write(_declare, feeds, now)


async def claim(
    database: Database, feed_ids: Sequence[str], busy_hosts: frozenset[str], limit: int, now: datetime
) -> Sequence[tuple[FeedState, HostState]]:
    """Lease feeds that are due; writes nothing where none is."""
    wanted = frozenset(feed_ids)
    due = await database.read(_pick, wanted, busy_hosts, limit, now)
    return await database.write(_lease, wanted, busy_hosts, limit, now) if due else ()


@dataclass(frozen=True, slots=True)
class _Differences:
    """What the configuration says otherwise than the rows; false where nothing."""

    first: bool
    new: list[dict[str, Any]]
    elsewhere: list[dict[str, Any]]
    leased: bool

    def __bool__(self) -> bool:
        return bool(self.new or self.elsewhere or self.leased)


def _differences(connection: Connection, feeds: Sequence[tuple[Feed, str]]) -> _Differences:
    known = {row.id: row for row in connection.execute(select(feed.c.id, feed.c.host, feed.c.url_hash))}
    leased = connection.scalar(select(feed.c.id).where(feed.c.lease_until.is_not(None)).limit(1)) is not None
    found = _Differences(not known, [], [], leased)
    for declared, its_host in feeds:
        url_hash = hashlib.sha256(declared.url.encode()).hexdigest()[:32]
        place = {"host": its_host, "url_hash": url_hash}
        row = known.get(declared.id)
        if row is None:
            found.new.append({"id": declared.id, **place})
        elif (row.host, row.url_hash) != (its_host, url_hash):
            found.elsewhere.append({"feed_id": declared.id, **place})
    return found


def _declare(connection: Connection, feeds: Sequence[tuple[Feed, str]], now: datetime) -> None:
    found = _differences(connection, feeds)
    if found.new:
        fresh = {"next_poll_at": now, "added_at": now, "shows_earlier": found.first, "failures": 0}
        connection.execute(insert(feed), [{**row, **fresh} for row in found.new])
    if found.elsewhere:
        # Nothing that another address said may be used at this one.
        gone = dict.fromkeys(("etag", "last_modified", "validators_since", "body_hash", "final_url"))
        rows = [{**row, **gone} for row in found.elsewhere]
        connection.execute(update(feed).where(feed.c.id == bindparam("feed_id")), rows)
    connection.execute(update(feed).where(feed.c.lease_until.is_not(None)).values(lease_until=None))


def _due_rows(connection: Connection, now: datetime) -> Iterator[Row[*tuple[Any, ...]]]:
    rows = connection.execute(_DUE, {"now": now}).all()
    while rows:
        yield from rows
        if len(rows) < _LOOK:
            return
        last = rows[-1]
        rows = connection.execute(_DUE_AFTER, {"now": now, "at": last.next_poll_at, "id": last.id}).all()


def _pick(
    connection: Connection, wanted: frozenset[str], busy_hosts: frozenset[str], limit: int, now: datetime
) -> list[str]:
    taken = set(busy_hosts)
    picked: list[str] = []
    if limit <= 0:
        return picked
    for row in _due_rows(connection, now):
        if row.id in wanted and row.host not in taken:
            taken.add(row.host)
            picked.append(row.id)
            if len(picked) == limit:
                break
    return picked


def _lease(
    connection: Connection, wanted: frozenset[str], busy_hosts: frozenset[str], limit: int, now: datetime
) -> Sequence[tuple[FeedState, HostState]]:
    ids = _pick(connection, wanted, busy_hosts, limit, now)
    rows = connection.execute(_CLAIMED, {"ids": ids}).all()
    connection.execute(update(feed).where(feed.c.id.in_(ids)).values(lease_until=now + LEASE))
    return [(feed_state(row), HostState(row.host, row.hold_until, row.strikes or 0)) for row in rows]
