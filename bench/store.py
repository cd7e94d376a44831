"""Measure what a poll's transaction costs: our one writer thread beside SQLAlchemy's async engine on aiosqlite.

`python -m bench.store [PLANS]`: both apply the same plans, of ten new entries each, one after the other and in bursts
of eight. The last line printed is JSON: CPU ms a plan each way.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine

from bot.model import Entry, Feed, FeedState, Plan
from bot.store import Store, polling
from bot.store.database import set_up

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ENTRIES = 10
BURST = 8


def plans(count: int) -> list[Plan]:
    state = FeedState("herald", NOW, NOW)
    return [replace(Plan(state), entries=tuple(entry(n * ENTRIES + i) for i in range(ENTRIES))) for n in range(count)]


def entry(number: int) -> Entry:
    link = f"herald.example/{number}"
    return Entry(
        id=f"{number:032x}", feed_id="herald", link=f"https://{link}", canonical_link=link, title=f"Headline {number}",
        summary="A few words more. " * 10, language="en", published_at=NOW, text_hash=f"{number:032x}",
        first_seen_at=NOW + timedelta(seconds=number), title_day=f"{number:032x}",
    )  # fmt: skip


async def through_store(path: Path, work: list[Plan], at_once: int) -> float:
    """Return CPU ms a plan through the Store."""
    store = await _with_feed(path)
    spent = await _cpu(work, at_once, store.apply)
    await store.close()
    return spent


async def through_async_engine(path: Path, work: list[Plan], at_once: int) -> float:
    """Return CPU ms a plan through create_async_engine, with the same pragmas and the same statements."""
    await (await _with_feed(path)).close()
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
    event.listen(engine.sync_engine, "connect", set_up)
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    writing = asyncio.Lock()

    async def apply(plan: Plan) -> None:
        async with writing, engine.begin() as connection:
            await connection.run_sync(polling.apply, plan)

    spent = await _cpu(work, at_once, apply)
    await engine.dispose()
    return spent


async def _with_feed(path: Path) -> Store:
    store = await Store.open(path, NOW)
    await store.declare_feeds([(Feed("herald", "https://herald.example/rss", "Herald", "Herald Ltd"), "herald")], NOW)
    return store


async def _cpu(work: list[Plan], at_once: int, apply: Callable[[Plan], Awaitable[None]]) -> float:
    begun = time.process_time()
    for start in range(0, len(work), at_once):
        await asyncio.gather(*(apply(plan) for plan in work[start : start + at_once]))
    return (time.process_time() - begun) * 1000 / len(work)


def main() -> None:
    work = plans(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    figures: dict[str, float] = {}
    for at_once in (1, BURST):
        for name, way in (("store", through_store), ("async_engine", through_async_engine)):
            with tempfile.TemporaryDirectory() as folder:
                spent = asyncio.run(way(Path(folder) / "w.db", work, at_once))
            figures[f"{name}_ms_at_{at_once}"] = round(spent, 3)
            print(f"{name:>12}, {at_once} at once: {spent:.2f} ms of CPU a plan of {ENTRIES} entries")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
