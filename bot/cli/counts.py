"""What `check` says of the store: on how many items each rule fired of late."""

from __future__ import annotations

from datetime import datetime, timedelta

from rich.console import Console

from bot.cli.options import with_store
from bot.config import Config
from bot.errors import ConfigError, TransientError
from bot.rulebook import Rulebook

DAYS = 30


def print_counts(settings: Config, book: Rulebook, console: Console, now: datetime) -> None:
    """Print each rule's count of what it matched live; nothing where no store of this version is there to be read."""
    since = now - timedelta(days=DAYS)
    try:
        counts = with_store(settings, lambda store: store.matched_since(since), migrate=False)
    except (ConfigError, TransientError):  # the store is not what is checked
        return
    names = sorted(head.id for head in book.ruleset.heads)
    found = [f"{name} {counts[name]:,} item{'s' * (counts[name] != 1)}" for name in names if name in counts]
    silent = [name for name in names if name not in counts]
    parts = [", ".join(found), f"nothing by {', '.join(silent)}" if silent else ""]
    text = f"found live in {DAYS} days: {'; '.join(filter(None, parts))}"
    console.print(text, markup=False, highlight=False, soft_wrap=True)
