"""Sends what is due: begin, send, settle. A target that must wait costs the others nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from bot.core.outcomes import DeliveryPolicy, Ended, settle
from bot.core.pacing import PaceBook
from bot.errors import Conflict, TransientError
from bot.model import (
    Attempt,
    ChannelState,
    Delivery,
    DeliveryState,
    Lane,
    Meaning,
    Outcome,
    Pace,
    Settlement,
    Target,
    TargetState,
)
from bot.ports import Channel, Clock, Outbox

log = structlog.get_logger("deliver")

_AT_ONCE = 64  # requests under way over all targets
_LOOK_BACK = timedelta(seconds=60)  # as far as any pace looks


@dataclass(frozen=True, slots=True)
class PostRoom:
    """What the deliverer works with.

    Notices go to `operator`, or to `fallback` where they tell of the operator's own channel; `on_free` is called after
    every request, since its target may take the next one.
    """

    channels: Mapping[str, Channel]
    paces: Mapping[str, Pace]
    outbox: Outbox
    policy: DeliveryPolicy
    clock: Clock
    operator: Target
    fallback: Target
    on_free: Callable[[], None]


class Deliverer:
    """Sends the head of each target's queue, one at a time a target, at the channel's pace."""

    def __init__(self, room: PostRoom) -> None:
        self._room = room
        self._pace = PaceBook(room.paces)
        self._running: dict[asyncio.Task[None], Target] = {}
        self._unsettled: list[Settlement] = []
        self._settling = asyncio.Lock()
        self._channels: dict[str, ChannelState] = {}  # newer than what a lane was read with

    async def recover(self, now: datetime) -> int:
        """Settle what a crash left in `sending`, and take up the pace of the last minute; return how many there were.

        Call once, before the first tick.
        """
        self._pace = PaceBook(self._room.paces, await self._room.outbox.attempts_since(now - _LOOK_BACK))
        left = await self._room.outbox.unfinished()
        outcome = Outcome(Meaning.AMBIGUOUS, "the service stopped while sending")
        for delivery, attempt in left:
            lane = Lane(delivery, TargetState(delivery.target), ChannelState(delivery.target.channel_id))
            await self._room.outbox.settle(self._settlement(lane, attempt, outcome, now))
        return len(left)

    async def tick(self, now: datetime) -> bool:
        """Begin every delivery that may go now and return; True where any was begun. Raises TransientError."""
        await self._settle_late()
        self._pace.forget(now)
        busy = frozenset(self._running.values()) | {s.delivery.target for s in self._unsettled}
        begun = False
        for lane in await self._room.outbox.lanes(busy, now):
            if len(self._running) >= _AT_ONCE:
                break
            if lane.delivery.target in busy or self._pace.refusal(lane, now):
                continue
            begun |= await self._begin(lane, now)
        return begun

    async def idle(self) -> None:
        """Wait until every request under way has ended."""
        while self._running:
            await asyncio.wait(self._running)

    async def stop(self, within: timedelta) -> None:
        """Let the requests under way end; what is left after `within` is cancelled and counts as ambiguous."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=within.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._settle_late()

    async def _begin(self, lane: Lane, now: datetime) -> bool:
        target = lane.delivery.target
        attempt = Attempt(uuid4().hex, lane.delivery.id, target, started_at=now)
        try:
            await self._room.outbox.begin(attempt)
        except Conflict:  # the operator dropped it just now
            return False
        self._pace.note(target, now)
        task = asyncio.create_task(self._send(lane, attempt))
        self._running[task] = target
        task.add_done_callback(self._free)
        return True

    def _free(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._room.on_free()

    async def _send(self, lane: Lane, attempt: Attempt) -> None:
        try:
            outcome = await self._room.channels[lane.delivery.target.channel_id].send(lane.delivery)
        except Exception as error:  # a channel's surprise: nobody knows whether it arrived
            log.exception("a channel broke", channel=lane.delivery.target.channel_id)
            outcome = Outcome(Meaning.AMBIGUOUS, f"internal error: {type(error).__name__}")
        newest = self._channels.get(lane.channel.channel_id, lane.channel)
        settlement = self._settlement(replace(lane, channel=newest), attempt, outcome, self._room.clock.now())
        if settlement.channel:
            self._channels[settlement.channel.channel_id] = settlement.channel
        self._unsettled.append(settlement)
        await self._settle_late()

    def _settlement(self, lane: Lane, attempt: Attempt, outcome: Outcome, now: datetime) -> Settlement:
        own = self._room.operator.channel_id == lane.delivery.target.channel_id
        operator = self._room.fallback if own else self._room.operator
        settlement = settle(Ended(lane, attempt, outcome, operator), self._room.policy, now)
        _report(settlement.delivery, outcome)
        return settlement

    async def _settle_late(self) -> None:
        """Record what was sent; what the store refuses now is kept, and its target waits, until the store takes it."""
        async with self._settling:
            while self._unsettled:
                try:
                    await self._room.outbox.settle(self._unsettled[0])
                except TransientError as error:
                    log.error("store refused an outcome; it is kept and tried again", reason=str(error))
                    return
                del self._unsettled[0]


def _report(delivery: Delivery, outcome: Outcome) -> None:
    facts = {
        "delivery": delivery.id,
        "channel": delivery.target.channel_id,
        "state": str(delivery.state),
        "reason": outcome.reason,
    }
    if delivery.state is DeliveryState.DEAD:
        log.error("delivery is a dead letter", **facts)
    elif outcome.meaning is Meaning.SENT:
        log.debug("sent", **facts)
    else:
        log.warning("not sent", meaning=str(outcome.meaning), **facts)
