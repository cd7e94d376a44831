"""Statements that several parts of the store write alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, or_
from sqlalchemy.dialects.sqlite import Insert, insert

T = TypeVar("T")

_CHUNK = 500  # values bound at once; SQLite takes 32,766, older builds 999


def chunks(items: Iterable[T]) -> Iterator[Sequence[T]]:
    """Yield the items in pieces that one statement can bind."""
    source = iter(items)
    while piece := list(islice(source, _CHUNK)):
        yield piece


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows that no unique key knows yet, in order; the others stay as they are."""
    if rows:
        connection.execute(insert(table).on_conflict_do_nothing(), rows)


def upserting(table: Table, key: str, *names: str) -> Insert:
    """Return the statement that inserts a row or overwrites these columns; an equal row is not written again."""
    statement = insert(table)
    new = {name: statement.excluded[name] for name in names}
    changed = or_(*(table.c[name].is_distinct_from(value) for name, value in new.items()))
    return statement.on_conflict_do_update([key], set_=new, where=changed)
