"""Runs a tick whenever it is due or woken, never twice at once, and survives whatever it meets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.errors import TransientError
from bot.ports import Clock

log = structlog.get_logger("beat")


class Beat:
    """One recurring tick.

    The scheduler calls `pulse`; `wake` runs it at once, so that nothing waits for the next beat.
    """

    def __init__(self, name: str, tick: Callable[[datetime], Awaitable[object]], clock: Clock) -> None:
        self._name, self._tick, self._clock = name, tick, clock
        self._running = self._again = self._stopped = False
        self._trouble = ""
        self._woken: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Tick now; a call while a tick runs makes that one tick once more and returns. Never raises an Exception."""
        self._again = True
        if self._running:
            return
        self._running = True
        try:
            while self._again and not self._stopped:
                self._again = False
                await self._guarded()
        finally:
            self._running = False

    def wake(self) -> None:
        """Tick as soon as the loop is free."""
        if not self._stopped and not self._again:
            task = asyncio.get_running_loop().create_task(self.run())
            self._woken.add(task)
            task.add_done_callback(self._woken.discard)

    async def pulse(self) -> None:
        """Do as `wake` does: a tick in a task of ours, since a scheduler that stops cancels the coroutines it runs."""
        self.wake()

    async def stop(self, within: timedelta) -> None:
        """Start no tick any more; let the one under way end, and cancel it after `within`."""
        self._stopped = True
        if self._woken:
            _, late = await asyncio.wait(set(self._woken), timeout=within.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _guarded(self) -> None:
        try:
            await self._tick(self._clock.now())
        except TransientError as error:
            self._say(error.reason)
        except Exception:  # the loop outlives any single tick
            log.exception("a tick broke; the next one runs as planned", tick=self._name)
        else:
            self._say("")

    def _say(self, trouble: str) -> None:
        """Report trouble once when it begins or changes, and once when it ends."""
        if trouble and trouble != self._trouble:
            log.error("tick failed; it is tried again", tick=self._name, reason=trouble)
        elif self._trouble and not trouble:
            log.info("tick works again", tick=self._name)
        self._trouble = trouble
