"""`wirewatch search`: which stored entries hold these words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Optional
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.options import CONFIG, ConfigPath, read_config, with_store
from bot.clock import SystemClock
from bot.core.search import Query, marks, read_query
from bot.errors import ConfigError
from bot.rules.reading import nearest
from bot.store import Archived, Found


def search(
    words: Annotated[list[str], typer.Argument(help='Words, "a phrase", begin* or -without.')],
    days: Annotated[int, typer.Option(help="How far to look back.", min=1, max=3650)] = 30,
    feed: Annotated[Optional[str], typer.Option(help="Only this feed's entries.", metavar="ID")] = None,  # noqa: UP045
    limit: Annotated[int, typer.Option(help="At most so many, newest first.", min=1)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: ConfigPath = CONFIG,
) -> None:
    """Find stored entries by their words, newest first, with the rules that fired on them."""
    query = read_query(" ".join(words))
    settings = read_config(config)
    ids = {one.id for one in settings.feeds}
    if feed is not None and feed not in ids:
        raise ConfigError(f"no feed has the id {feed!r}; {nearest(feed, ids)}".rstrip("; "))
    since = SystemClock().now() - timedelta(days=days)
    found = with_store(settings, lambda store: store.search(query, since, feed, limit), migrate=False)
    if as_json:
        typer.echo(json.dumps(_plain(found), ensure_ascii=False))
    else:
        _print(found, query, settings.timezone, days)


def _plain(found: Found) -> dict[str, Any]:
    return {
        "count": found.count,
        "entries": [
            {
                "id": one.entry.id,
                "feed": one.entry.feed_id,
                "title": one.entry.title,
                "summary": one.entry.summary,
                "link": one.entry.link,
                "language": one.entry.language,
                "first_seen_at": one.entry.first_seen_at.isoformat(),
                "fired": sorted(one.fired),
            }
            for one in found.entries
        ],
    }


def _print(found: Found, query: Query, timezone: ZoneInfo, days: int) -> None:
    console = Console(highlight=False)
    for one in found.entries:
        at = one.entry.first_seen_at.astimezone(timezone)
        line = Text(f"{at:%Y-%m-%d %H:%M}  {one.entry.feed_id}  ")
        console.print(line.append_text(_marked(one.entry.title, query)), soft_wrap=True)
        for detail in _details(one, query):
            console.print(Text("  ").append_text(detail), soft_wrap=True)
    shown = f", the newest {len(found.entries)} are shown" if found.count > len(found.entries) else ""
    entries = "entry" if found.count == 1 else "entries"
    console.print(f"{found.count:,} {entries} in {days} days{shown}", markup=False)


def _details(one: Archived, query: Query) -> Sequence[Text]:
    """Return the summary where a hit stands in it, the link, and the rules that fired."""
    details = [_marked(one.entry.summary, query)] if marks(query, one.entry.summary) else []
    details += [Text(one.entry.link, "dim")] if one.entry.link else []
    return [*details, Text(f"fired: {', '.join(sorted(one.fired))}")] if one.fired else details


def _marked(raw: str, query: Query) -> Text:
    """Return a title or summary with the words that were searched for in bold; its line breaks are spaces."""
    text = Text(raw)
    for start, end in marks(query, raw):
        text.stylize("bold", start, end)
    return Text(" ").join(text.split("\n"))
