"""The index of the archive's words: kept with the entries in the very transactions that write them.

Contentless, since the entries hold the texts already: it grows the file by a third of what a copy would. What is taken
out of it must be given again exactly, so `refresh` makes it anew where texts are indexed in another way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, column, func, select, table, text, update
from sqlalchemy.exc import DBAPIError

from bot.core.search import Query, Wanted, indexed, way_of_indexing
from bot.model import Entry, EntryEdit
from bot.store.archive import ENTRY, Archived, archived
from bot.store.codec import entry_row
from bot.store.database import code_of
from bot.store.rows import insert_new, upserting
from bot.store.schema import entry, has_text, meta

INDEXED_AS = "indexed_as"  # in meta: in which way the texts in the index were made
_REBUILT_AT_ONCE = 1000

_INSERT = "INSERT INTO entry_search(rowid, title, summary) VALUES (?, ?, ?)"
_DELETE = "INSERT INTO entry_search(entry_search, rowid, title, summary) VALUES ('delete', ?, ?, ?)"
_EMPTY = "INSERT INTO entry_search(entry_search) VALUES ('delete-all')"

_NOTE = upserting(meta, "key", "value")
_LAST = select(func.coalesce(func.max(entry.c.seq), 0))
_AFTER = select(entry.c.seq).where(entry.c.seq > bindparam("last"))
TEXTS = select(entry.c.id, entry.c.seq, entry.c.edits, entry.c.title, entry.c.summary)
_TEXTS_OF = TEXTS.where(entry.c.id.in_(bindparam("ids", expanding=True)))
_NUMBER = update(entry).where(entry.c.id == bindparam("entry_id")).values(seq=bindparam("number"))

_search = table("entry_search", column("rowid"))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: how many entries, and the newest of them."""

    count: int
    entries: tuple[Archived, ...]


def refresh(connection: Connection) -> None:
    """Make the index anew from the entries' texts, unless it was made as it would be made now."""
    if is_fresh(connection):
        return
    connection.exec_driver_sql(_EMPTY)
    connection.execute(update(entry).where(entry.c.seq.is_not(None)).values(seq=None))
    found = connection.execute(TEXTS.where(has_text).order_by(entry.c.first_seen_at, entry.c.id))
    rows = [(row.id, row.title, row.summary) for row in found]
    for start in range(0, len(rows), _REBUILT_AT_ONCE):
        _enter(connection, rows[start : start + _REBUILT_AT_ONCE], start)
    connection.execute(_NOTE, {"key": INDEXED_AS, "value": way_of_indexing()})


def is_fresh(connection: Connection) -> bool:
    """Tell whether the index was made as it would be made now."""
    return connection.scalar(select(meta.c.value).where(meta.c.key == INDEXED_AS)) == way_of_indexing()


def insert_entries(connection: Connection, entries: Sequence[Entry]) -> None:
    """Insert the entries that are not known yet, each with its place in the index; the others stay as they are."""
    if not entries:
        return
    last: int = connection.execute(_LAST).scalar_one()
    numbered = {last + n: one for n, one in enumerate((e for e in entries if e.title or e.summary), 1)}
    numbers = {one.id: number for number, one in numbered.items()}
    insert_new(connection, entry, [{**entry_row(one), "seq": numbers.get(one.id)} for one in entries])
    new = [numbered[number] for number in connection.scalars(_AFTER, {"last": last})]
    _put(connection, [(numbers[one.id], one.title, one.summary) for one in new])


def replace_texts(connection: Connection, edits: Iterable[EntryEdit]) -> None:
    """Index the entries under the texts that these edits are about to give them; an older edit changes nothing."""
    later = {edit.entry_id: edit for edit in edits}
    stored = connection.execute(_TEXTS_OF, {"ids": list(later)}).all()
    old = [row for row in stored if row.edits < later[row.id].edits]
    if not old:
        return
    forget(connection, old)
    # What is in no index has no place in it.
    connection.execute(update(entry).where(entry.c.id.in_([row.id for row in old])).values(seq=None))
    kept = [later[row.id] for row in old if later[row.id].title or later[row.id].summary]
    last: int = connection.execute(_LAST).scalar_one()
    _enter(connection, [(edit.entry_id, edit.title, edit.summary) for edit in kept], last)


def forget(connection: Connection, rows: Iterable[Row[*tuple[Any, ...]]]) -> None:
    """Take entries, given with `seq` and the texts that they have now, out of the index."""
    gone = [(row.seq, indexed(row.title), indexed(row.summary)) for row in rows if row.seq is not None]
    if not gone:
        return
    try:
        connection.exec_driver_sql(_DELETE, gone)
    except DBAPIError as error:
        # A search may miss something until the next start; a poll must not fail for it.
        if code_of(error) != sqlite3.SQLITE_CORRUPT:
            raise
        _give_up(connection)


def _give_up(connection: Connection) -> None:
    """Empty the index and have it made anew at the next start."""
    connection.exec_driver_sql(_EMPTY)
    connection.execute(update(entry).where(entry.c.seq.is_not(None)).values(seq=None))
    connection.execute(_NOTE, {"key": INDEXED_AS, "value": ""})


def _enter(connection: Connection, texts: Sequence[tuple[str, str, str]], after: int) -> None:
    """Give entries, by id, title and summary, their places in the index, those behind a number."""
    if texts:
        numbered = list(enumerate(texts, after + 1))
        connection.execute(_NUMBER, [{"entry_id": entry_id, "number": number} for number, (entry_id, *_) in numbered])
        _put(connection, [(number, title, summary) for number, (_, title, summary) in numbered])


def _put(connection: Connection, texts: Sequence[tuple[int, str, str]]) -> None:
    if texts:
        connection.exec_driver_sql(
            _INSERT, [(number, indexed(title), indexed(summary)) for number, title, summary in texts]
        )


def find(connection: Connection, query: Query, since: datetime, feed_id: str | None, limit: int) -> Found:
    """Return what a search finds among entries first seen at `since` or later, newest first."""
    hits = text("entry_search MATCH :asked").bindparams(asked=expression(query))
    place = _search.join(entry, entry.c.seq == _search.c.rowid)
    wanted = (hits, entry.c.first_seen_at >= since, *((entry.c.feed_id == feed_id,) if feed_id else ()))
    count = connection.execute(select(func.count()).select_from(place).where(*wanted)).scalar_one()
    newest = select(*ENTRY).select_from(place).where(*wanted)
    newest = newest.order_by(entry.c.first_seen_at.desc(), entry.c.id).limit(limit)
    return Found(count, tuple(archived(connection, newest)))


def expression(query: Query) -> str:
    """Return a search in the words of FTS5, every word of the person's in quotes."""
    wanted = " AND ".join(map(_quoted, query.wanted))
    unwanted = " OR ".join(map(_quoted, query.unwanted))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _quoted(one: Wanted) -> str:
    words = " ".join(one.keys).replace('"', '""')
    return f'"{words}" *' if one.prefix else f'"{words}"'
