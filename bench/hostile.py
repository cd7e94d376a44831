"""Peak memory, time and loop lag per hostile document, each in a service process of its own. Linux.

    python -m bench.hostile [name ...]

"over idle" is the peak of the fetching process above what it used after one ordinary fetch; "parser" is the peak of
the process that the document was parsed in, 0 where none was needed; "lag" is the longest that the event loop stood
still. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import multiprocessing
import resource
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import PermanentError, TransientError
from bot.model import Feed, FeedState
from bot.sources.http import FetchLimits, HttpSource
from tests import hostile
from tests.feedserver import FeedServer, Reply, rss, zipped

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
STATE = FeedState("x", NOW, NOW)
BOUND_MB = 60
BOMB = 400 * hostile.MB
# As in the service, but for the exchanges that only the clock ends.
LIMITS = FetchLimits(read=timedelta(seconds=2), total=timedelta(seconds=4))

DOCUMENTS: dict[str, Callable[[], bytes]] = {
    **hostile.DOCUMENTS,
    "billion laughs": hostile.laughs,
    "billion laughs in an attribute": hostile.laughs_in_attribute,
    "quadratic entity": hostile.quadratic_entity,
    "60,000 attributes": hostile.many_attributes,
    "50,000 items": hostile.many_items,
}


@dataclass(frozen=True)
class Measured:
    """What one hostile document cost."""

    name: str
    over_idle_mb: float
    parser_mb: float
    seconds: float
    lag_ms: float
    outcome: str


def measure(name: str) -> Measured:
    """Serve one document and fetch it, in the two processes that this one starts."""
    context = multiprocessing.get_context("spawn")
    ready, answer = context.SimpleQueue(), context.SimpleQueue()
    server = context.Process(target=_serve, args=(name, ready), daemon=True)
    server.start()
    client = context.Process(target=_fetch, args=(name, ready.get(), answer))
    client.start()
    measured: Measured = answer.get()
    client.join()
    server.kill()
    server.join()
    return measured


def _serve(name: str, ready: multiprocessing.SimpleQueue[int]) -> None:
    async def run() -> None:
        async with FeedServer() as server:
            server.routes["/plain"] = Reply(rss(*(f"Item {n}" for n in range(30))))
            server.routes["/hostile"] = zipped(DOCUMENTS[name]()) if name in DOCUMENTS else hostile.REPLIES[name](BOMB)
            ready.put(server.port)
            await asyncio.Event().wait()

    asyncio.run(run())


def _fetch(name: str, port: int, answer: multiprocessing.SimpleQueue[Measured]) -> None:
    answer.put(asyncio.run(_measured(name, f"http://127.0.0.1:{port}")))


async def _measured(name: str, address: str) -> Measured:
    source = HttpSource(LIMITS, user_agent="wirewatch-bench/1", allow_private=frozenset({"127.0.0.1"}))
    await source.fetch(Feed("x", f"{address}/plain", "x", "x"), STATE, NOW)
    gc.collect()
    idle = _reset_peak()
    started = time.perf_counter()
    lag, outcome = await _with_lag(lambda: _outcome(source, f"{address}/hostile"))
    seconds = time.perf_counter() - started
    peak = _status("VmHWM")
    await source.close()
    parser = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Measured(name, round(peak - idle, 1), round(parser, 1), round(seconds, 2), round(lag * 1000, 1), outcome)


async def _outcome(source: HttpSource, url: str) -> str:
    try:
        fetched = await source.fetch(Feed("x", url, "x", "x"), STATE, NOW)
    except (TransientError, PermanentError) as error:
        return error.reason
    assert fetched.document is not None
    return f"{len(fetched.document.entries)} entries by {fetched.document.parser}"


async def _with_lag(work: Callable[[], Awaitable[str]]) -> tuple[float, str]:
    """Return the longest time between two turns of the loop while the work ran, less the turn's own millisecond."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before - 0.001)

    watcher = asyncio.create_task(watch())
    try:
        outcome = await work()
        return longest, outcome
    finally:
        watcher.cancel()


def _reset_peak() -> float:
    """Begin a new peak and return what is in use now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="documents to measure; all by default")
    names = parser.parse_args().names or [*hostile.REPLIES, *DOCUMENTS]
    print(f"{'document':50} {'over idle':>10} {'parser':>8} {'time':>7} {'lag':>8}  outcome")
    rows = []
    for name in names:
        row = measure(name)
        rows.append(row)
        print(
            f"{name:50} {row.over_idle_mb:7.1f} MB {row.parser_mb:5.0f} MB {row.seconds:5.2f} s {row.lag_ms:5.0f} ms"
            f"  {row.outcome}",
            flush=True,
        )
    worst = max(row.over_idle_mb for row in rows)
    print(
        json.dumps(
            {"bench": "hostile", "bound_mb": BOUND_MB, "worst_over_idle_mb": worst, "rows": [asdict(r) for r in rows]}
        )
    )


if __name__ == "__main__":
    main()
