"""Stories in the store: read with the version that a plan is based on, written only where it still holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from bot.errors import Conflict
from bot.model import Answer, Question, Story
from bot.store.rows import chunks, insert_new
from bot.store.schema import alert, story, story_entry, story_key
from bot.store.watches import watched, watched_since


def answer(connection: Connection, question: Question) -> Answer:
    """Return the stories that hold one of the keys, what was told of them, and the past of what is watched."""
    ids = {row.story_id for row in _owners(connection, question.story_keys)}
    told: set[tuple[str, str]] = set()
    for some in chunks(sorted(ids)):
        pairs = connection.execute(select(alert.c.rule_id, alert.c.story_id).where(alert.c.story_id.in_(some)))
        told.update((row.rule_id, row.story_id) for row in pairs)
    found = Answer(tuple(_load(connection, ids).values()), frozenset(told))
    if not question.lookouts:
        return found
    return replace(found, watched=watched(connection, question.lookouts), watched_since=watched_since(connection))


def write_stories(connection: Connection, stories: Sequence[Story]) -> None:
    """Open new stories and let known ones grow by one version.

    Raises Conflict where a story is no longer the one that was read. A story that already holds everything it is to
    hold was written by this very plan before, and is left alone.
    """
    stored = _load(connection, {one.id for one in stories})
    for one in stories:
        known = stored.get(one.id)
        if (known.version if known else 0) == one.version:
            _write(connection, one)
        elif known is None or not (one.keys <= known.keys and set(one.entry_ids) <= set(known.entry_ids)):
            raise Conflict(f"story {one.id} has moved on")


def _write(connection: Connection, one: Story) -> None:
    if foreign := [row.key for row in _owners(connection, one.keys) if row.story_id != one.id]:
        raise Conflict(f"another story holds {min(foreign)}")
    if one.version:
        connection.execute(update(story).where(story.c.id == one.id).values(version=one.version + 1))
    else:
        connection.execute(insert(story).values(id=one.id, version=1, opened_at=one.opened_at))
    insert_new(connection, story_key, [{"key": key, "story_id": one.id} for key in sorted(one.keys)])
    members = [
        {"story_id": one.id, "entry_id": entry_id, "position": position}
        for position, entry_id in enumerate(one.entry_ids)
    ]
    insert_new(connection, story_entry, members)


_OWNERS = select(story_key).where(story_key.c.key.in_(bindparam("keys", expanding=True)))


def _owners(connection: Connection, keys: Iterable[str]) -> list[Row[*tuple[Any, ...]]]:
    return [row for some in chunks(keys) for row in connection.execute(_OWNERS, {"keys": some})]


def _load(connection: Connection, ids: Iterable[str]) -> dict[str, Story]:
    found: dict[str, Story] = {}
    for some in chunks(sorted(ids)):
        keys: dict[str, set[str]] = {}
        members: dict[str, list[str]] = {}
        for row in connection.execute(select(story_key).where(story_key.c.story_id.in_(some))):
            keys.setdefault(row.story_id, set()).add(row.key)
        in_order = select(story_entry).where(story_entry.c.story_id.in_(some)).order_by(story_entry.c.position)
        for row in connection.execute(in_order):
            members.setdefault(row.story_id, []).append(row.entry_id)
        for row in connection.execute(select(story).where(story.c.id.in_(some)).order_by(story.c.opened_at)):
            own = frozenset(keys.get(row.id, ()))
            found[row.id] = Story(row.id, row.version, own, row.opened_at, tuple(members.get(row.id, ())))
    return found
