"""Forgets what is old, in pieces so small that polls and sends pass between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, select, update

from bot.store.codec import listed
from bot.store.database import Database
from bot.store.schema import alert, delivery, entry, feed, has_text, listing, match, story, story_entry, watch
from bot.store.search import TEXTS, forget

_PIECE = 500  # rows a transaction; measured at about 5 ms
_PAGES = 256  # free pages given back a transaction, 1 MB


@dataclass(frozen=True, slots=True)
class Keep:
    """How long the store remembers.

    An entry's id outlives `ids` while its feed still lists it, and among the newest of its feed: `listings` times as
    many as the feed lists, at least `least_ids`, because feeds shrink and bounce back.
    """

    text: timedelta = timedelta(days=30)
    ids: timedelta = timedelta(days=180)
    history: timedelta = timedelta(days=180)
    listings: int = 2
    least_ids: int = 500


KEEP = Keep()


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows were emptied (`texts`) or deleted."""

    texts: int
    entries: int
    matches: int
    deliveries: int
    alerts: int
    stories: int


async def prune(database: Database, now: datetime, keep: Keep) -> Pruned:
    """Forget what `keep` allows, never a delivery that is not finished, and give free pages back to the disk.

    May be stopped and run again at any time. Raises TransientError as every write does.
    """
    past = now - keep.history
    texts = await _repeat(database, _empty_texts, now - keep.text)
    matches = await _repeat(database, _delete_some, match, match.c.matched_at < past)
    entries = 0
    for feed_id in await database.read(_feeds_with_old_entries, now - keep.ids):
        entries += await _repeat(database, _delete_entries, feed_id, now - keep.ids, keep)
    deliveries = await _repeat(database, _delete_some, delivery, delivery.c.finished_at < past)
    told = exists().where(delivery.c.alert_id == alert.c.id)
    await _repeat(database, _delete_some, watch, watch.c.moved_at < past)
    alerts = await _repeat(database, _delete_some, alert, (alert.c.raised_at < past) & ~told)
    stories = await _repeat(database, _delete_some, story, _over(past))
    while await database.write(_give_back):
        pass
    return Pruned(texts, entries, matches, deliveries, alerts, stories)


async def _repeat(database: Database, step: Callable[..., int], *args: Any) -> int:
    total = 0
    while done := await database.write(step, *args):
        total += done
        if done < _PIECE:
            break
    return total


def _empty_texts(connection: Connection, before: datetime) -> int:
    old = connection.execute(TEXTS.where(entry.c.first_seen_at < before, has_text).limit(_PIECE)).all()
    forget(connection, old)
    ids = [row.id for row in old]
    return connection.execute(update(entry).where(entry.c.id.in_(ids)).values(title="", summary="", seq=None)).rowcount


def _delete_some(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    old = select(table.c.id).where(condition).limit(_PIECE)
    return connection.execute(delete(table).where(table.c.id.in_(old))).rowcount


def _over(past: datetime) -> ColumnElement[bool]:
    """Return the condition for a story that opened long ago, tells nothing any more and takes no new entries."""
    told = exists().where(alert.c.story_id == story.c.id)
    alive = exists().where(
        story_entry.c.story_id == story.c.id, entry.c.id == story_entry.c.entry_id, entry.c.first_seen_at >= past
    )
    return (story.c.opened_at < past) & ~told & ~alive


def _feeds_with_old_entries(connection: Connection, before: datetime) -> list[str]:
    oldest = select(func.min(entry.c.first_seen_at)).where(entry.c.feed_id == feed.c.id).scalar_subquery()
    return list(connection.scalars(select(feed.c.id).where(oldest < before)))


def _delete_entries(connection: Connection, feed_id: str, before: datetime, keep: Keep) -> int:
    text = connection.scalar(select(listing.c.entry_ids).where(listing.c.feed_id == feed_id))
    still_listed = listed(text)
    spared = max(keep.listings * len(still_listed), keep.least_ids)
    newest_first = (
        select(entry.c.id, entry.c.first_seen_at)
        .where(entry.c.feed_id == feed_id)
        .order_by(entry.c.first_seen_at.desc(), entry.c.id.desc())
        .offset(spared)
    )
    known = frozenset(still_listed)
    rows = connection.execute(newest_first)
    old = [row.id for row in rows if row.first_seen_at < before and row.id not in known][:_PIECE]
    forget(connection, connection.execute(TEXTS.where(entry.c.id.in_(old), entry.c.seq.is_not(None))))
    return connection.execute(delete(entry).where(entry.c.id.in_(old))).rowcount if old else 0


def _give_back(connection: Connection) -> bool:
    """Return some free pages to the file system; True where that worked and more are left."""
    cursor = connection.connection.cursor()
    before = cursor.execute("PRAGMA freelist_count").fetchone()[0]
    for _ in range(min(before, _PAGES)):
        cursor.execute("PRAGMA incremental_vacuum(1)")  # the driver steps it once, which is one page, whatever we ask
    after = cursor.execute("PRAGMA freelist_count").fetchone()[0]
    cursor.close()
    return bool(0 < after < before)
