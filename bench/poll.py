"""CPU per feed of a whole poll cycle, beside a plain loop of httpx and feedparser in the same run. Linux.

    python -m bench.poll [--feeds 1000] [--items 25]

The feeds lie on 64 loopback addresses, served by a process of its own whose time is not counted. Cold: every feed is
new, all its entries are stored, none is matched, since a first poll is silent. Warm: every feed answers 304. Changed:
one feed in ten has one new entry. Matched: every entry of every feed is new, and the shipped rules run on all of them.
The plain loop keeps validators and parses what it gets; it stores and matches nothing. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import feedparser
import httpx

from bot.core.routing import Route
from bot.core.schedule import PollPolicy
from bot.core.tell import Telling
from bot.logs import set_up_logs
from bot.model import Feed, Target
from bot.poll import Desk, Poller, declared
from bot.rulebook import load_rulebook
from bot.sources.http import FetchLimits, HttpSource
from bot.store import Store

HOSTS = 64
AT_ONCE = 32
CYCLES = ("cold", "warm", "changed", "matched")
START = datetime(2026, 5, 1, 12, tzinfo=UTC)
FILLER = "The committee heard further statements and adjourned until the following week without a vote. " * 10


# --- the server, in its own process


def document(number: int, items: int, edition: int) -> bytes:
    """Return a feed of about 1.1 KB an item; a later edition has one more entry on top."""
    rows = "".join(
        f"<item><guid isPermaLink='false'>{number}-{n}</guid><title>Item {n} of feed {number}: council meets</title>"
        f"<link>https://e{number}.example/{n}</link><pubDate>Fri, 01 May 2026 08:{n % 60:02d}:00 GMT</pubDate>"
        f"<description>{FILLER}</description></item>"
        for n in range(items + edition - 1, edition - 1, -1)
    )
    head = f"<rss version='2.0'><channel><title>Feed {number}</title><link>https://e{number}.example</link>"
    return f"{head}{rows}</channel></rss>".encode()


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, items: int, editions: dict[int, int]
) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    number = int(head.split(" ", 2)[1].strip("/"))
    etag = f'"{number}-{editions.get(number, 0)}"'
    if etag in head:
        writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\nConnection: close\r\n\r\n".encode())
    else:
        body = document(number, items, editions.get(number, 0))
        start = f"HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(start.encode() + body)
    await writer.drain()
    writer.close()


def serve_feeds(pipe: Connection, items: int) -> None:
    async def serve() -> None:
        editions: dict[int, int] = {}
        handler = partial(answer, items=items, editions=editions)
        first = await asyncio.start_server(handler, "127.0.1.1", 0)
        port = first.sockets[0].getsockname()[1]
        for host in range(2, HOSTS + 1):
            await asyncio.start_server(handler, f"127.0.1.{host}", port)
        pipe.send(port)
        while (changed := await asyncio.to_thread(pipe.recv)) is not None:
            for number, entries in changed:
                editions[number] = editions.get(number, 0) + entries
            pipe.send("done")

    asyncio.run(serve())


# --- what is measured


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    at: datetime = START

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self.at


def cpu() -> float:
    """Return the CPU seconds of this process and its ended or waiting children."""
    used = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in used)


async def measured(cycle: Callable[[], Awaitable[None]], feeds: int) -> float:
    before = cpu()
    await cycle()
    return (cpu() - before) * 1000 / feeds


async def our_cycle(poller: Poller, clock: HandClock) -> None:
    """Poll every feed once. The tick is called as the scheduler would, as soon as slots are free."""
    while True:
        await poller.tick(clock.now())
        if not await poller.some():
            break
    clock.at += timedelta(hours=2)


async def plain_cycle(urls: list[str], etags: dict[str, str]) -> None:
    slots = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0), trust_env=False) as client:

        async def poll(url: str) -> None:
            async with slots:
                reply = await client.get(url, headers={"If-None-Match": etags[url]} if url in etags else {})
            if reply.status_code == 200:
                etags[url] = reply.headers["ETag"]
                assert feedparser.parse(reply.content, sanitize_html=False, resolve_relative_uris=False).entries

        await asyncio.gather(*(poll(url) for url in urls))


async def run(feeds: int, items: int, folder: Path) -> dict[str, float]:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve_feeds, args=(theirs, items), daemon=True)
    server.start()
    port = ours.recv()
    urls = [f"http://127.0.1.{n % HOSTS + 1}:{port}/{n}" for n in range(feeds)]
    declared_feeds = [Feed(f"f{n}", url, f"F{n}", f"O{n}", language="en") for n, url in enumerate(urls)]
    clock, store = HandClock(), await Store.open(folder / "poll.db", START)
    # One more feed first, so that the store is not empty: a first run would match the last day's entries.
    await store.declare_feeds(declared([Feed("first", urls[0], "First", "Nobody")]), START)
    await store.declare_feeds(declared(declared_feeds), START)
    source = HttpSource(FetchLimits(), user_agent="bench", allow_private=frozenset({"127.0.0.0/8"}))
    rules = load_rulebook(Path("rules")).ruleset
    policy = PollPolicy(host_gap=timedelta(0), at_once=AT_ONCE)
    telling = Telling((Route(Target("console")),))
    poller = Poller(
        Desk({f.id: f for f in declared_feeds}, source, store, lambda: rules, telling, policy, clock, lambda: None)
    )
    etags: dict[str, str] = {}
    figures: dict[str, float] = {}
    news = {"changed": [(n, 1) for n in range(0, feeds, 10)], "matched": [(n, items) for n in range(feeds)]}
    for name in CYCLES:
        ours.send(news.get(name, []))
        ours.recv()
        figures[f"plain_{name}_ms"] = round(await measured(lambda: plain_cycle(urls, etags), feeds), 3)
        figures[f"{name}_ms"] = round(await measured(lambda: our_cycle(poller, clock), feeds), 3)
        figures[f"{name}_ratio"] = round(figures[f"{name}_ms"] / figures[f"plain_{name}_ms"], 3)
    counts = await store.counts()
    await source.close()
    await store.close()
    ours.send(None)
    server.join(5)
    return {"feeds": feeds, "entries": counts.entries, "peak_mb": peak_mb()} | figures


def peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--items", type=int, default=25)
    options = parser.parse_args()
    set_up_logs("warning", "keyvalue", str)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="wirewatch-poll-") as folder:
        figures = asyncio.run(run(options.feeds, options.items, Path(folder)))
    for name in CYCLES:
        print(f"{name:8} {figures[f'{name}_ms']:8.2f} ms CPU a feed; plain loop {figures[f'plain_{name}_ms']:8.2f}")
    print(json.dumps(figures | {"seconds": round(time.perf_counter() - began, 1)}))


if __name__ == "__main__":
    main()
