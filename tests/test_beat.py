"""Beats: never twice at once, never stopped by trouble, and jobs that no blocked loop can lose."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from structlog.testing import capture_logs

from bot.app import schedule
from bot.beat import Beat
from bot.errors import TransientError
from tests.fakes import HandClock
from tests.values import NOW


class Tick:
    """Counts its calls; raises what it was given, in turn; may be held."""

    def __init__(self, *errors):
        self.calls, self.errors, self.gate = [], list(errors), None
        self.begun = asyncio.Event()

    async def __call__(self, now):
        self.calls.append(now)
        self.begun.set()
        if self.gate:
            await self.gate.wait()
        if self.errors and (error := self.errors.pop(0)):
            raise error


async def test_a_tick_gets_the_clocks_now():
    tick = Tick()
    await Beat("poll", tick, HandClock()).run()
    assert tick.calls == [NOW]


async def test_calls_during_a_tick_make_one_more_tick_together():
    tick = Tick()
    tick.gate = asyncio.Event()
    beat = Beat("poll", tick, HandClock())
    first = asyncio.create_task(beat.run())
    await asyncio.sleep(0)
    await beat.run()
    beat.wake()
    await beat.run()
    assert len(tick.calls) == 1
    tick.gate.set()
    await first
    await asyncio.sleep(0)
    assert len(tick.calls) == 2


async def test_waking_ticks_without_the_scheduler():
    tick = Tick()
    beat = Beat("deliver", tick, HandClock())
    beat.wake()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(tick.calls) == 1


async def test_trouble_is_said_once_and_its_end_too():
    locked = TransientError("the store is locked")
    beat = Beat("poll", Tick(locked, locked, TransientError("the disk is full"), None, None), HandClock())
    with capture_logs() as logs:
        for _ in range(5):
            await beat.run()
    assert [(line["event"], line.get("reason")) for line in logs] == [
        ("tick failed; it is tried again", "the store is locked"),
        ("tick failed; it is tried again", "the disk is full"),
        ("tick works again", None),
    ]


async def test_a_surprise_is_logged_and_the_next_tick_runs():
    tick = Tick(ValueError("surprise"))
    beat = Beat("poll", tick, HandClock())
    with capture_logs() as logs:
        await beat.run()
        await beat.run()
    assert len(tick.calls) == 2
    assert logs[0]["log_level"] == "error"


async def test_a_stopped_beat_ticks_no_more():
    tick = Tick()
    beat = Beat("poll", tick, HandClock())
    beat.wake()
    await beat.stop(timedelta(seconds=5))
    beat.wake()
    await beat.run()
    assert tick.calls == []


async def test_a_scheduler_that_stops_leaves_the_tick_under_way_alone():
    tick = Tick()
    tick.gate = asyncio.Event()
    beat = Beat("poll", tick, HandClock())
    scheduler = schedule({"poll": beat}, timedelta(milliseconds=10))
    scheduler.start()
    await tick.begun.wait()
    with capture_logs() as logs:
        scheduler.shutdown(wait=False)
        stopping = asyncio.create_task(beat.stop(timedelta(seconds=5)))
        await asyncio.sleep(0)
        assert not stopping.done()
        tick.gate.set()
        await stopping
    assert logs == []


async def test_a_tick_that_does_not_end_is_cancelled_in_the_end():
    tick = Tick()
    tick.gate = asyncio.Event()
    beat = Beat("maintain", tick, HandClock())
    beat.wake()
    await asyncio.sleep(0)
    await beat.stop(timedelta(milliseconds=10))
    assert len(tick.calls) == 1


async def test_jobs_survive_a_blocked_loop():
    """With the scheduler's defaults a loop blocked for over a second loses every beat that fell due meanwhile."""
    beats = {name: Beat(name, Tick(), HandClock()) for name in ("poll", "deliver", "maintain")}
    scheduler = schedule(beats, timedelta(seconds=1))
    scheduler.start(paused=True)
    jobs = scheduler.get_jobs()
    assert {job.id for job in jobs} == set(beats)
    assert all((job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1) for job in jobs)
    scheduler.shutdown(wait=False)
