"""The one writer: takes what is queued into one transaction, so that one sync to the disk serves many callers."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

_AT_ONCE = 32  # writes that share a transaction; more would keep the first ones waiting


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """A write that somebody waits for."""

    work: Callable[[Connection], Any]
    future: asyncio.Future[Any]


class Writer:
    """Runs writes in a thread of their own, in the order in which they came.

    A write that raises takes back its own changes alone (a savepoint each); where the transaction itself fails, each of
    its writes fails. Nobody is answered before the commit.
    """

    def __init__(self, engine: Engine, translate: Callable[[DBAPIError], Exception]) -> None:
        self._engine = engine
        self._translate = translate
        self._queued: deque[_Job] = deque()
        self._thread = ThreadPoolExecutor(1, "store-writer")

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run the work in a transaction and return what it returned once that is committed."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop.create_future())
        self._queued.append(job)
        # The first of these takes all that is queued; the others find nothing and return.
        self._thread.submit(self._drain, loop)
        result: T = await job.future
        return result

    async def close(self) -> None:
        """Let what is queued be written, and stop; idempotent."""
        await asyncio.to_thread(self._thread.shutdown)

    def _drain(self, loop: asyncio.AbstractEventLoop) -> None:
        jobs = [self._queued.popleft() for _ in range(min(len(self._queued), _AT_ONCE))]
        jobs = [job for job in jobs if not job.future.cancelled()]
        if jobs:
            answers = self._commit(jobs)
            loop.call_soon_threadsafe(partial(_answer, answers))

    def _commit(self, jobs: list[_Job]) -> list[tuple[_Job, Any, BaseException | None]]:
        try:
            with self._engine.begin() as connection:
                return [(job, *self._one(connection, job, alone=len(jobs) == 1)) for job in jobs]
        except Exception as error:  # noqa: BLE001 - whatever broke, nobody may wait for ever
            failure = self._own(error)
            return [(job, None, failure) for job in jobs]

    def _one(self, connection: Connection, job: _Job, *, alone: bool) -> tuple[Any, BaseException | None]:
        if alone:
            return job.work(connection), None
        savepoint = connection.begin_nested()
        try:
            result = job.work(connection)
        except Exception as error:
            if isinstance(error, DBAPIError) and self._own(error) is not error:
                raise  # a full disk or a lost lock: SQLite may have rolled back everything, the savepoint with it
            savepoint.rollback()
            return None, error  # it is the caller's, who gets it below
        savepoint.commit()
        return result, None

    def _own(self, error: Exception) -> Exception:
        if not isinstance(error, DBAPIError):
            return error
        own = self._translate(error)
        if own is not error:
            own.__cause__ = error
        return own


def _answer(answers: list[tuple[_Job, Any, BaseException | None]]) -> None:
    for job, result, error in answers:
        if job.future.done():  # its caller was cancelled meanwhile
            continue
        if error is None:
            job.future.set_result(result)
        else:
            job.future.set_exception(error)
