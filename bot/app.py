"""The composition root: the only place that picks real adapters, and the life of the service from start to drain."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.beat import Beat
from bot.channels import CHANNELS, OpenContext
from bot.config import Config
from bot.core.alerts import notice
from bot.core.identity import digest
from bot.core.routing import Route
from bot.core.tell import Telling
from bot.deliver import Deliverer, PostRoom
from bot.model import Delivery, Pace, Target
from bot.poll import Desk, Poller, declared
from bot.ports import Channel, Clock
from bot.reload import Reloaded, Reloader
from bot.rulebook import Rulebook
from bot.sources.http import FetchLimits, HttpSource, widen_resolver
from bot.sources.language import detect
from bot.store import Keep, Store, service_lock

log = structlog.get_logger("service")

USER_AGENT = f"wirewatch/{version('wirewatch')} (+https://pypi.org/project/wirewatch/)"
_MAINTENANCE = timedelta(hours=6)
_AT_ONCE = timedelta(0)
_ANY_TEXT = "What the headlines say of the day"
_SHOWN = 5  # errors, or files, in one notice
_LONGEST = 300  # characters of an error in it, so that a list of every concept hides no other error
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the service stands in: its clock, how often it looks for work (real time), and where the console prints."""

    clock: Clock
    out: TextIO
    beat: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Wiring:
    """The open channels, and which targets they give: routes with addresses, the operator's, the console's."""

    channels: Mapping[str, Channel]
    paces: Mapping[str, Pace]
    routes: tuple[Route, ...]
    earlier: tuple[Target, ...]
    operator: Target
    console: Target
    unconnected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """What the service holds open while it runs."""

    store: Store
    source: HttpSource
    wiring: Wiring


async def serve(config: Config, book: Rulebook, around: Surroundings, stop: asyncio.Event) -> None:
    """Run the service until `stop` is set, then drain within config.drain.

    Raises ConfigError where another service holds the store, or the store can't be used.
    """
    widen_resolver(asyncio.get_running_loop())
    with service_lock(config.store):
        async with opened(config, around) as things:
            await _run(config, book, around, things, stop)


@contextlib.asynccontextmanager
async def opened(config: Config, around: Surroundings) -> AsyncIterator[Opened]:
    """Open the store, the source and every connected channel; close them again in reverse order."""
    async with contextlib.AsyncExitStack() as stack:
        store = await Store.open(config.store, around.clock.now())
        stack.push_async_callback(store.close)
        user_agent = config.user_agent or USER_AGENT
        source = HttpSource(FetchLimits(), user_agent=user_agent, allow_private=frozenset(config.allow_private))
        stack.push_async_callback(source.close)
        wiring = wire(config, around)
        for channel in wiring.channels.values():
            stack.push_async_callback(channel.close)
        yield Opened(store, source, wiring)


async def _run(config: Config, book: Rulebook, around: Surroundings, things: Opened, stop: asyncio.Event) -> None:
    clock, store = around.clock, things.store
    keep = Keep(text=config.retention.text, ids=config.retention.ids)
    # The beat comes before what it beats, because the poller and the deliverer wake it.
    delivery = Beat("deliver", lambda now: deliverer.tick(now), clock)  # noqa: PLW0108
    deliverer = Deliverer(_post_room(config, clock, things, delivery.wake))
    reloader = Reloader(book, lambda what, now: store.enqueue(notices_of_reload(what, things.wiring.operator, now)))
    poller = Poller(_desk(config, reloader, clock, things, delivery.wake))
    beats = {
        "poll": Beat("poll", poller.tick, clock),
        "deliver": delivery,
        "maintain": Beat("maintain", lambda now: store.prune(now, keep), clock),
        "rules": Beat("rules", reloader.tick, clock),
    }
    await store.declare_feeds(declared(config.feeds), clock.now())
    await store.reopen(clock.now())
    await _say_what_waits(store, things.wiring)
    if left := await deliverer.recover(clock.now()):
        log.warning("deliveries were under way when the service last stopped; they may arrive twice", count=left)
    _greet(config, book, things.wiring)
    await store.enqueue(notices_of(book, things.wiring.operator, clock.now()))
    scheduler = schedule(beats, around.beat)
    scheduler.start()
    if any(feed.language is None for feed in config.feeds):
        # The model takes half a second to load: not when the first entry waits for it.
        asyncio.get_running_loop().run_in_executor(None, detect, _ANY_TEXT, "")
    beats["poll"].wake()
    try:
        await stop.wait()
    finally:
        scheduler.pause()  # shut down last: it cancels, loudly, a job that was due just now
        log.info("stopping; requests under way may end", seconds=config.drain.total_seconds())
        await beats.pop("rules").stop(_AT_ONCE)  # a compilation under way is nobody's loss
        await drain(beats, poller, deliverer, config.drain)
        scheduler.shutdown(wait=False)


def _post_room(config: Config, clock: Clock, things: Opened, wake: Callable[[], None]) -> PostRoom:
    return PostRoom(
        channels=things.wiring.channels,
        paces=things.wiring.paces,
        outbox=things.store,
        policy=config.delivery,
        clock=clock,
        operator=things.wiring.operator,
        fallback=things.wiring.console,
        on_free=wake,
    )


def _desk(config: Config, reloader: Reloader, clock: Clock, things: Opened, wake: Callable[[], None]) -> Desk:
    return Desk(
        feeds={feed.id: feed for feed in config.feeds},
        source=things.source,
        store=things.store,
        rules=lambda: reloader.book.ruleset,
        telling=Telling(things.wiring.routes, things.wiring.earlier, config.poll.earlier),
        policy=config.poll,
        clock=clock,
        on_alerts=wake,
        guess=detect,
    )


async def drain(beats: Mapping[str, Beat], poller: Poller, deliverer: Deliverer, within: timedelta) -> None:
    """Begin nothing new and let what is under way end, all of it within `within`."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await asyncio.gather(*(beat.stop(within) for beat in beats.values()))
    left = max(timedelta(0), within - timedelta(seconds=loop.time() - begun))
    await asyncio.gather(poller.stop(left), deliverer.stop(left))


def schedule(beats: Mapping[str, Beat], beat: timedelta) -> AsyncIOScheduler:
    """Return the scheduler with one job per beat; their bodies are ticks that return at once."""
    every = {"poll": beat, "deliver": beat / 4, "maintain": _MAINTENANCE, "rules": beat}
    # Without these three a loop that was blocked for over a second loses every beat that fell due meanwhile, or runs
    # them all in a row: the default grace is 1 s.
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for name, one in beats.items():
        scheduler.add_job(one.pulse, "interval", seconds=every[name].total_seconds(), id=name)
    return scheduler


def wire(config: Config, around: Surroundings) -> Wiring:
    """Open every channel that is connected; what is routed to another goes to the console."""
    context = OpenContext(
        clock=around.clock,
        console=around.out,
        environ=os.environ,
        telegram_base_url=config.telegram.base_url,
        timezone=config.timezone,
    )
    channels: dict[str, Channel] = {}
    paces: dict[str, Pace] = {}
    targets: dict[str, Target] = {}
    for name, kind in CHANNELS.items():
        here = {c.id: c.options for c in config.channels if c.kind == name and kind.connected(c.options)}
        channels |= kind.open(here, context)
        paces |= {channel_id: kind.pace(options) for channel_id, options in here.items()}
        targets |= {channel_id: Target(channel_id, kind.address(options)) for channel_id, options in here.items()}
    console = next(targets[c.id] for c in config.channels if c.kind == "console")
    earlier = tuple(targets[c.id] for c in config.channels if CHANNELS[c.kind].prints_earlier)
    return Wiring(
        channels=channels,
        paces=paces,
        routes=tuple(replace(r, target=targets.get(r.target.channel_id, console)) for r in config.routes),
        earlier=earlier,
        operator=targets.get(config.operator, console),
        console=console,
        unconnected=tuple(c.id for c in config.channels if c.id not in targets),
    )


def _greet(config: Config, book: Rulebook, wiring: Wiring) -> None:
    log.info(
        "wirewatch runs",
        feeds=len(config.feeds),
        rules=len(book.ruleset.heads),
        channels=",".join(sorted(wiring.channels)),
        store=str(config.store),
        pid=os.getpid(),
    )
    for channel_id in wiring.unconnected:
        kind = next(c.kind for c in config.channels if c.id == channel_id)
        log.warning(f"{channel_id} is not connected, its alerts are printed here. {CHANNELS[kind].how_to_connect}")
    for problem in book.problems:
        log.log(40 if problem.severity == "error" else 30, str(problem))


async def _say_what_waits(store: Store, wiring: Wiring) -> None:
    """Name the deliveries for channels that are no longer there: nothing else would ever speak of them."""
    for channel_id, count in sorted((await store.waiting()).items()):
        if channel_id not in wiring.channels:
            log.warning(
                "messages wait for a channel that isn't connected; connect it, or use `wirewatch outbox drop`",
                channel=channel_id,
                count=count,
            )


def notices_of(book: Rulebook, operator: Target, now: datetime) -> tuple[Delivery, ...]:
    """Return what the operator's channel is told of broken rules: which are off, and the first errors."""
    errors = [str(problem) for problem in book.errors]
    if not errors:
        return ()
    return (notice(operator, digest("rules", *errors), _told(_off(book), errors), now),)


def notices_of_reload(reloaded: Reloaded, operator: Target, now: datetime) -> tuple[Delivery, ...]:
    """Return what the operator's channel is told of rule files that were saved with errors; `now` tells twice alike."""
    errors = [str(problem) for problem in reloaded.errors]
    names = [Path(path).name for path in reloaded.kept]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    kept = f"Changed rule files that are not used: {', '.join(names[:_SHOWN])}{more}. What ran before runs on."
    text = _told(kept if names else _off(reloaded.book), errors)
    return (notice(operator, digest("rules", now.isoformat(), *errors), text, now),)


def _off(book: Rulebook) -> str:
    return f"Rules that are off: {', '.join(book.off)}." if book.off else "The rules have errors."


def _told(first: str, errors: Sequence[str]) -> str:
    more = f"... and {len(errors) - _SHOWN} more" if len(errors) > _SHOWN else ""
    shown = [error if len(error) <= _LONGEST else f"{error[:_LONGEST].rstrip()} …" for error in errors[:_SHOWN]]
    return "\n".join(filter(None, [first, *shown, more, "`wirewatch check` shows everything."]))


@contextlib.contextmanager
def stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """Set `stop` on SIGTERM and SIGINT while the block runs."""
    loop = asyncio.get_running_loop()
    for name in _SIGNALS:
        loop.add_signal_handler(name, stop.set)
    try:
        yield
    finally:
        for name in _SIGNALS:
            loop.remove_signal_handler(name)
