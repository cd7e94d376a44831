"""The archive: entries whose texts are still kept, page by page, with the rules that fired on them when they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from bot.model import Entry
from bot.store.rows import chunks
from bot.store.schema import entry, has_text, match


@dataclass(frozen=True, slots=True)
class Archived:
    """An entry as it is now, and the names of the rules that fired on it live."""

    entry: Entry
    fired: frozenset[str]


ENTRY = tuple(one for one in entry.c if one is not entry.c.seq)  # the columns that an Entry is made of


def page(connection: Connection, since: datetime, after: Entry | None, limit: int) -> Sequence[Archived]:
    """Return up to `limit` entries first seen at `since` or later, oldest first, that follow `after`."""
    return archived(connection, _page(since, after, limit))


def archived(connection: Connection, query: Select[Any]) -> Sequence[Archived]:
    """Return the entries that a query of `ENTRY` gives, in its order."""
    entries = [_entry(row) for row in connection.execute(query)]
    fired: dict[str, set[str]] = {}
    for some in chunks(one.id for one in entries):
        pairs = select(match.c.entry_id, match.c.rule_id).where(match.c.entry_id.in_(some))
        for entry_id, rule_id in connection.execute(pairs):
            fired.setdefault(entry_id, set()).add(rule_id)
    return [Archived(one, frozenset(fired.get(one.id, ()))) for one in entries]


def _page(since: datetime, after: Entry | None, limit: int) -> Select[Any]:
    query = select(*ENTRY).where(has_text).order_by(entry.c.first_seen_at, entry.c.id).limit(limit)
    if after is None:
        return query.where(entry.c.first_seen_at >= since)
    at = entry.c.first_seen_at
    later = or_(at > after.first_seen_at, and_(at == after.first_seen_at, entry.c.id > after.id))
    return query.where(at >= after.first_seen_at, later)  # the first of the two alone lets the index be used


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(**row._mapping)


def size(connection: Connection, since: datetime) -> int:
    """Count the entries that all pages hold together."""
    query = select(func.count()).select_from(entry).where(has_text, entry.c.first_seen_at >= since)
    return connection.execute(query).scalar_one()


def matched_since(connection: Connection, since: datetime) -> Mapping[str, int]:
    """Count, for each rule, the entries that it fired on live."""
    counted = func.count(match.c.entry_id.distinct())
    rows = connection.execute(select(match.c.rule_id, counted).where(match.c.matched_at >= since).group_by("rule_id"))
    return {row.rule_id: row[1] for row in rows}
