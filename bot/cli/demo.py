"""`wirewatch demo`: the same service on a local newsroom's scripted day, with a clock that runs fast."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import yaml
from rich.console import Console

from bot.app import Surroundings, serve, stopped_by_signals
from bot.channels import CHANNELS
from bot.cli.newsroom import Day, open_newsroom, read_day
from bot.clock import ScaledClock
from bot.config import Config, load_config
from bot.rulebook import Rulebook, load_rulebook

DEMO_SECONDS = 30.0
_BEAT = timedelta(milliseconds=50)
_EPILOGUE = 1.0  # real seconds for the last alerts to come through


def run_demo(seconds: float, console: Console) -> None:
    """Publish the scripted day in `seconds` and run the service on it; alerts go to stdout, the frame to `console`."""
    # Before the clock starts: it costs half an hour of the day. Not watched: a day has the rules that it began with.
    book = replace(load_rulebook(shipped("rules")), folder=None)
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    day = read_day(yaml.safe_load((files("bot.cli") / "newsday.yaml").read_text("utf-8")), midnight)
    clock = ScaledClock(day.start, (day.ends_at - day.start).total_seconds() / seconds)
    console.print(
        f"A newsroom of {len(day.stands)} invented feeds publishes {len(day.pieces)} headlines of one day in "
        f"{seconds:g} seconds. Rules fire on some; the others pass by. Ctrl-C stops.\n",
        highlight=False,
    )
    with tempfile.TemporaryDirectory(prefix="wirewatch-demo-") as folder, open_newsroom(day, clock.now) as address:
        config = _config(day, address, Path(folder))
        asyncio.run(_serve(config, book, clock, seconds + _EPILOGUE))
    console.print("\nThe day is over. `wirewatch run` does the same with real feeds.", highlight=False)


async def _serve(config: Config, book: Rulebook, clock: ScaledClock, seconds: float) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    with stopped_by_signals(stop):
        await serve(config, book, Surroundings(clock, sys.stdout, _BEAT), stop)


def _config(day: Day, address: str, folder: Path) -> Config:
    """Write the demo's config.yaml as an operator would, and read it."""
    settings = {
        "store": str(folder / "demo.db"),
        "poll": {"every": "20m", "host_gap": "1s", "allow_private": ["127.0.0.1"]},
        "feeds": [
            {
                "id": stand.id,
                "name": stand.name,
                "url": f"{address}/{stand.id}",
                "owner": stand.owner,
                "kind": stand.kind,
                "language": stand.language,
            }
            for stand in day.stands
        ],
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")
    return load_config(path, {}, {name: kind.options for name, kind in CHANNELS.items()})


def shipped(name: str) -> Path:
    """Return the program's own copy of `rules` or `config.yaml`: in the package, or beside it in a checkout."""
    package = Path(str(files("bot")))
    packed = package / "shipped" / name
    return packed if packed.exists() else package.parent / name
