"""Locked, full, read-only, interrupted: what the caller sees, and that nothing is half done."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.errors import Conflict, TransientError
from bot.model import Plan, Question
from bot.store import Store
from bot.store.database import Database, make_engine
from bot.store.schema import host
from tests.store.given import NOW, attempt, declared, entry, heads, match, notice, story

SOON = timedelta(milliseconds=50)


def with_pragma(path, pragma):
    """Open a store whose every connection has one more pragma set."""
    engine = make_engine(path, SOON)
    event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {pragma}").close())
    return Store(Database(engine, path))


async def test_five_hundred_writers_at_once_all_get_through(store):
    state = await declared(store)
    await asyncio.gather(*(store.apply(Plan(state, entries=(entry(n),), deliveries=(notice(n),))) for n in range(500)))
    counts = await store.counts()
    assert (counts.entries, sum(counts.deliveries.values())) == (500, 500)


async def test_two_processes_may_write_at_once(store, path):
    other = await Store.open(path, NOW)
    states = {one: await declared(one, name) for one, name in ((store, "herald"), (other, "wire"))}
    plans = [(one, Plan(states[one], deliveries=(notice(n),))) for n in range(40) for one in (store, other)]
    await asyncio.gather(*(one.apply(plan) for one, plan in plans))
    assert sum((await store.counts()).deliveries.values()) == 40
    await other.close()


async def test_a_writer_waits_for_another_process_and_then_goes_on(path):
    store = await Store.open(path, NOW)
    state = await declared(store)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.1, other.execute, ["COMMIT"]).start()
    await store.apply(Plan(state, entries=(entry(1),)))
    assert (await store.counts()).entries == 1
    other.close()
    await store.close()


async def test_a_store_that_stays_locked_is_a_passing_trouble_and_reads_go_on(path):
    store = await Store.open(path, NOW, busy_timeout=SOON)
    state = await declared(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TransientError, match="is locked by another process"):
        await store.apply(Plan(state, entries=(entry(1),)))
    assert (await store.counts()).entries == 0
    other.execute("ROLLBACK")
    other.close()
    await store.apply(Plan(state, entries=(entry(1),)))
    assert (await store.counts()).entries == 1
    await store.close()


async def test_a_full_disk_is_a_passing_trouble_and_nothing_is_half_applied(path):
    store = await Store.open(path, NOW)
    state = await declared(store)
    await store.close()
    with sqlite3.connect(path) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    full = with_pragma(path, f"max_page_count = {pages + 3}")
    big = Plan(state, entries=tuple(entry(n, summary="x" * 3000) for n in range(50)), deliveries=(notice(1),))
    small = Plan(state, deliveries=(notice(2),))
    # The first goes alone, the others share a transaction.
    outcomes = await asyncio.gather(*(full.apply(big) for _ in range(4)), return_exceptions=True)
    assert ["the disk is full" in str(outcome) for outcome in outcomes] == [True] * 4
    assert all(isinstance(outcome, TransientError) for outcome in outcomes)
    counts = await full.counts()
    assert (counts.entries, sum(counts.deliveries.values())) == (0, 0)
    await full.apply(small)
    assert await heads(full) == [notice(2).id]
    await full.close()
    store = await Store.open(path, NOW)
    await store.apply(big)
    assert (await store.counts()).entries == 50
    await store.close()


async def test_a_read_only_store_is_a_passing_trouble(path):
    store = await Store.open(path, NOW)
    state = await declared(store)
    await store.close()
    frozen = with_pragma(path, "query_only = ON")
    with pytest.raises(TransientError, match="is read-only"):
        await frozen.apply(Plan(state))
    await frozen.close()


async def test_a_write_that_fails_takes_nothing_of_its_neighbours_back(store):
    state = await declared(store)
    await store.apply(Plan(state, stories=(story(1, entry_ids=("first",)),)))
    bad = Plan(state, entries=(entry(99),), stories=(story(1, entry_ids=("late",)),))
    good = [Plan(state, entries=(entry(n),)) for n in range(60)]
    plans = [plan for one in good for plan in (one, bad)]
    outcomes = await asyncio.gather(*(store.apply(plan) for plan in plans), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), Conflict] * 60
    assert (await store.counts()).entries == 60


@pytest.mark.parametrize("neighbours", [0, 5])
async def test_a_row_that_breaks_the_schema_is_the_callers_error_alone(store, neighbours):
    state = await declared(store)
    orphan = Plan(state, entries=(entry(99),), matches=(match(1, entry_number=1234),))
    plans = [orphan, *(Plan(state, entries=(entry(n),)) for n in range(neighbours))]
    first, *others = await asyncio.gather(*(store.apply(plan) for plan in plans), return_exceptions=True)
    assert isinstance(first, IntegrityError)
    assert others == [None] * neighbours
    assert (await store.counts()).entries == neighbours


async def test_error_texts_hold_no_values(store):
    state = await declared(store)
    with pytest.raises(IntegrityError) as caught:
        await store.apply(Plan(state, matches=(match(1, entry_number=1234),)))
    assert f"{1234:032x}" not in str(caught.value)


async def test_a_cancelled_write_is_done_whole_or_not_at_all(store):
    state = await declared(store)
    plan = Plan(state, entries=tuple(entry(n) for n in range(200)), deliveries=(notice(1),))
    tasks = [asyncio.create_task(store.apply(plan)) for _ in range(3)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    counts = await store.counts()
    assert (counts.entries, sum(counts.deliveries.values())) in {(0, 0), (200, 1)}
    await store.apply(plan)
    assert (await store.counts()).entries == 200


async def test_a_write_that_is_cancelled_while_it_runs_harms_nobody(path):
    database = Database(make_engine(path, SOON), path)
    started, gate = threading.Event(), threading.Event()

    def slow(connection):
        connection.execute(host.insert().values(host="h", strikes=1))
        started.set()
        gate.wait()

    task = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(started.wait)
    task.cancel()
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await database.write(lambda connection: connection.scalar(select(host.c.strikes))) == 1
    await database.close()


async def test_a_fault_of_ours_is_not_called_a_passing_trouble(path):
    database = Database(make_engine(path, SOON), path)
    for run in (database.read, database.write):
        with pytest.raises(OperationalError, match="no such table"):
            await run(lambda connection: connection.exec_driver_sql("SELECT * FROM missing"))
    await database.close()


async def test_an_instant_without_a_zone_is_refused(store):
    await declared(store)
    with pytest.raises(Exception, match="must be aware"):
        await store.attempts_since(NOW.replace(tzinfo=None))


async def test_what_is_queued_is_written_before_the_store_closes(path):
    store = await Store.open(path, NOW)
    state = await declared(store)
    writes = [asyncio.create_task(store.apply(Plan(state, deliveries=(notice(n),)))) for n in range(50)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*writes)
    store = await Store.open(path, NOW)
    assert sum((await store.counts()).deliveries.values()) == 50
    await store.begin(attempt(notice(0)))
    assert await store.answer(Question(frozenset())) is not None
    await store.close()
