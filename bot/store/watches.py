"""What correlation rules watch: the past of one value, read with the version that a plan is based on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from bot.core.identity import digest
from bot.errors import Conflict
from bot.model import Lookout, Match, Sighting, Watch, Watched
from bot.store.rows import upserting
from bot.store.schema import capture, entry, match, meta, watch

WATCHED_SINCE = "watched_since"  # in meta: when the store began to keep what matches capture

# Entries of a feed's first poll are no news. What the query gets twice, once a role, is one sighting.
_SIGHTINGS = (
    select(
        match.c.id, match.c.rule_id, match.c.entry_id, entry.c.feed_id, match.c.story_id, match.c.source,
        match.c.firing["captures"].label("captures"), entry.c.title, entry.c.link, match.c.matched_at,
    )
    .join(capture, capture.c.match_id == match.c.id)
    .join(entry, entry.c.id == match.c.entry_id)
    .where(
        capture.c.value == bindparam("value"),
        capture.c.matched_at > bindparam("since"),
        capture.c.role.in_(bindparam("roles", expanding=True)),
        match.c.rule_id.in_(bindparam("rules", expanding=True)),
        ~entry.c.seeded,
    )
)  # fmt: skip
_MOVE = upserting(watch, "id", "version", "seen", "moved_at", "fired_at")


def watched(connection: Connection, lookouts: Sequence[Lookout]) -> tuple[Watched, ...]:
    """Return, for each lookout, what the rule remembers and what it asks of the past."""
    return tuple(_watched(connection, one) for one in lookouts)


def watched_since(connection: Connection) -> datetime | None:
    """Return when the store began to keep what matches capture."""
    value = connection.scalar(select(meta.c.value).where(meta.c.key == WATCHED_SINCE))
    return None if value is None else datetime.fromisoformat(value)


def capture_rows(one: Match) -> list[dict[str, Any]]:
    """Return the rows that let a match be found by what it captured."""
    return [
        {"match_id": one.id, "role": role, "value": value, "matched_at": one.matched_at}
        for role, value in one.firing.captures
    ]


def write_watches(connection: Connection, watches: Sequence[Watch]) -> None:
    """Move what correlation rules remember by one version.

    Raises Conflict where a watch is no longer the one that was read. One that this very plan moved before is left.
    """
    for one in watches:
        own_id = _id(one.rule_id, one.value)
        known = connection.execute(select(watch.c.version, watch.c.seen).where(watch.c.id == own_id)).one_or_none()
        version = known.version if known else 0
        if known and (version, known.seen) == (one.version + 1, one.seen):
            continue
        if version != one.version:
            raise Conflict(f"{one.rule_id} has seen more of {one.value} meanwhile")
        row = {
            "id": own_id,
            "rule_id": one.rule_id,
            "value": one.value,
            "version": one.version + 1,
            "seen": one.seen,
            "moved_at": one.moved_at,
            "fired_at": one.fired_at,
        }
        connection.execute(_MOVE, row)


def _watched(connection: Connection, lookout: Lookout) -> Watched:
    what, value = lookout.correlation, lookout.value
    row = connection.execute(select(watch).where(watch.c.id == _id(what.rule.id, value))).one_or_none()
    known = Watch(what.rule.id, value)
    if row:
        known = Watch(what.rule.id, value, row.version, row.seen, row.moved_at, row.fired_at)
    asked = {"value": value, "since": lookout.since, "roles": list(what.by), "rules": sorted(what.rules)}
    seen = {row.id: _sighting(row) for row in connection.execute(_SIGHTINGS, asked)}
    return Watched(known, tuple(seen.values()))


def _sighting(row: Row[*tuple[Any, ...]]) -> Sighting:
    captures = tuple((role, value) for role, value in row.captures)
    return Sighting(
        row.id, row.rule_id, row.entry_id, row.feed_id, row.story_id or row.entry_id, row.source, captures, row.title,
        row.link, row.matched_at,
    )  # fmt: skip


def _id(rule_id: str, value: str) -> str:
    return digest("watch", rule_id, value)
