"""An open SQLite file: one queue of writes, readers beside it, and every foreign error translated here."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from bot.errors import TransientError
from bot.store.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

_READERS = 2

# What may pass by itself or by an operator's hand; every other fault is a bug or a broken file, and is not hidden.
_PASSING = {
    sqlite3.SQLITE_BUSY: "is locked by another process",
    sqlite3.SQLITE_LOCKED: "is locked",
    sqlite3.SQLITE_FULL: "can't grow: the disk is full",
    sqlite3.SQLITE_READONLY: "is read-only",
    sqlite3.SQLITE_IOERR: "can't be read or written: disk I/O error",
    sqlite3.SQLITE_CANTOPEN: "can't be opened",
}


def code_of(error: DBAPIError) -> int:
    """Return SQLite's primary result code, 0 where the driver itself complained."""
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF


def translated(error: DBAPIError, path: Path) -> Exception:
    """Return what the caller should see: TransientError for what passes, else the error itself."""
    reason = _PASSING.get(code_of(error))
    return TransientError(f"the store {path} {reason}") if reason else error


def make_engine(path: Path, busy_timeout: timedelta) -> Engine:
    """Return an engine on the file whose every transaction begins as we say, not as the driver guesses."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": busy_timeout.total_seconds()},
        pool_size=_READERS + 1,
        hide_parameters=True,  # they hold addresses with tokens, and would end up in error texts
    )
    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", _begin)
    return engine


def set_up(connection: Any, _record: object) -> None:
    """Prepare a driver's new connection: we say when transactions begin, and how sure a commit is."""
    connection.isolation_level = None  # the driver would begin late and DEFERRED: "database is locked" on upgrade
    # auto_vacuum counts only before the first page is written, hence before WAL; afterwards it changes nothing.
    # FULL: `sending` must be on the disk before the request is made, also if the power fails; NORMAL in WAL may
    # lose the last commits then.
    for pragma in ("auto_vacuum = INCREMENTAL", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


class Database:
    """An open store file. Functions given to `read` and `write` get a connection inside a transaction.

    They run whole in a thread, one hop each: less than half the CPU of an async engine, which hops for every cursor,
    statement and commit (docs/decisions/store-in-a-thread.md).
    """

    def __init__(self, engine: Engine, path: Path) -> None:
        self.path = path
        self._engine = engine
        self._writer = Writer(engine, self._translated)
        self._reading = engine.execution_options(reads=True)
        self._readers = ThreadPoolExecutor(_READERS, "store-reader")

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run on a snapshot. Raises TransientError where the file can't be read for now."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._readers, self._read, lambda connection: work(connection, *args, **kwargs)
        )

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run in one IMMEDIATE transaction, all or nothing, on the disk when this returns.

        Raises TransientError where another process holds the store for longer than the busy timeout, or the disk is
        full; then nothing is changed. Cancelled, it is done whole or not at all.
        """
        return await self._writer.run(lambda connection: work(connection, *args, **kwargs))

    async def close(self) -> None:
        """Let the transactions under way end and close the file; idempotent."""
        await self._writer.close()
        await asyncio.to_thread(self._readers.shutdown)
        self._engine.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._reading.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            raise self._translated(error) from error

    def _translated(self, error: DBAPIError) -> Exception:
        return translated(error, self.path)
