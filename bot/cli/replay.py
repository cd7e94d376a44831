"""`wirewatch replay`: what the rules on disk would have fired on the archive, and what differs from what fired live."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Any, Optional
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from bot.cli.options import CONFIG, ConfigPath, RulesPath, read_config, with_store
from bot.clock import SystemClock
from bot.config import Config
from bot.core.plaintext import clean, isolate
from bot.core.replay import Replayed, Tally, days_of, fired_on, lead_of
from bot.core.rerun import Rerun
from bot.errors import ConfigError
from bot.model import Entry
from bot.rulebook import Rulebook, load_rulebook
from bot.rules.reading import nearest
from bot.rules.ruleset import RuleSet
from bot.store import Archived, Store

SHOWN = 10  # entries of each difference, where not all are asked for
GONE = "gone"
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Report:
    """A replay of some rules over some days; `statuses` gives each rule's: live, draft, paused, or gone."""

    since: datetime
    until: datetime
    days: tuple[date, ...]
    entries: int
    seeded: int
    rules: tuple[Replayed, ...]
    statuses: dict[str, str]
    off: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is replayed; `only` None is every rule."""

    rules: RuleSet
    only: str | None
    since: datetime
    until: datetime

    def wanted(self, fired: frozenset[str]) -> frozenset[str]:
        return fired if self.only is None else fired & {self.only}


def replay(
    rule: Annotated[Optional[str], typer.Argument(help="Only this rule.")] = None,  # noqa: UP045
    days: Annotated[int, typer.Option(help="How far to look back.", min=1, max=3650)] = 30,
    everything: Annotated[bool, typer.Option("--all", help="Every entry that makes a difference.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: ConfigPath = CONFIG,
    rules: RulesPath = None,
) -> None:
    """Show what the rules would have fired on in the last days, and what differs from what fired live."""
    settings = read_config(config)
    until = SystemClock().now()
    report = replayed(settings, load_rulebook(rules or settings.rules), rule, until - timedelta(days=days), until)
    if as_json:
        typer.echo(json.dumps(plain(report), ensure_ascii=False))
    else:
        print_report(report, settings.timezone, Console(), None if everything else SHOWN)


def replayed(settings: Config, book: Rulebook, rule: str | None, since: datetime, until: datetime) -> Report:
    """Run a rule, or all of them, on what the store holds. Raises ConfigError where there is no store or rule."""
    ruleset = _chosen(book, rule)
    asked = _Asked(ruleset, rule, since, until)
    tally = with_store(settings, lambda store: _run(store, settings, asked), migrate=False)
    return _report(tally, book, rule, days_of(since, until, settings.timezone), (since, until))


def _chosen(book: Rulebook, rule: str | None) -> RuleSet:
    """Return the rules to run: one, and those that it counts. ConfigError where there is none, or it is off."""
    names = {head.id for head in book.ruleset.heads}
    if rule is None:
        return book.ruleset
    if rule in book.off:
        raise ConfigError(f"the rule {rule!r} is off, because it has an error (`wirewatch check` shows it)")
    if rule not in names:
        raise ConfigError(f"no rule is called {rule!r}; {nearest(rule, {*names, *book.off})}".rstrip("; "))
    counted = frozenset[str]().union(*(one.rules for one in book.ruleset.correlations if one.rule.id == rule))
    return book.ruleset.without(frozenset(names - {rule} - counted))


async def _run(store: Store, settings: Config, asked: _Asked) -> Tally:
    feeds = {feed.id: feed for feed in settings.feeds}
    tally = Tally(settings.timezone)
    # Correlation rules need the past, which is known as far back as texts are kept.
    begin = asked.since - lead_of(asked.rules.correlations)
    kept = asked.until - settings.retention.text
    rerun = Rerun(asked.rules, feeds, max(await store.watched_since() or kept, kept))
    shown = Console(stderr=True)
    with Progress(console=shown, transient=True, disable=not shown.is_terminal) as progress:
        task = progress.add_task("Replaying", total=await store.archive_size(begin))
        async for some in _instants(store, begin):
            fired = fired_on(rerun.run([one.entry for one in some]), [one.entry for one in some])
            for one in some if some[0].entry.first_seen_at >= asked.since else ():
                tally.add(one.entry, asked.wanted(fired[one.entry.id]), asked.wanted(one.fired))
            progress.advance(task, len(some))
    return tally


async def _instants(store: Store, since: datetime) -> AsyncIterator[list[Archived]]:
    """Yield the archive's entries, oldest first, those of one instant together."""
    after: Entry | None = None
    waiting: list[Archived] = []
    while page := await store.archive_page(since, after):
        waiting += page
        after = page[-1].entry
        groups = [list(some) for _, some in groupby(waiting, key=lambda one: one.entry.first_seen_at)]
        waiting = groups.pop()  # more of this instant may be on the next page
        for some in groups:
            yield some
    if waiting:
        yield waiting


def _report(
    tally: Tally, book: Rulebook, rule: str | None, days: tuple[date, ...], span: tuple[datetime, datetime]
) -> Report:
    statuses = {one.head.id: _status(paused=one.paused, live=one.head.live) for one in book.ruleset.rules}
    statuses |= {one.what.rule.id: _status(paused=one.paused, live=one.what.rule.live) for one in book.ruleset.counting}
    statuses |= {name: GONE for name in tally.rule_ids if name not in statuses and name not in book.off}
    names = [rule] if rule else sorted(statuses)
    rules = tuple(tally.of(name, days) for name in names)
    return Report(*span, days, tally.entries, tally.seeded, rules, statuses, () if rule else book.off)


def _status(*, paused: bool, live: bool) -> str:
    return "paused" if paused else "live" if live else "draft"


def plain(report: Report) -> dict[str, Any]:
    """Return a report as JSON has it; every difference is in it."""
    return {
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "entries": report.entries,
        "first_poll": report.seeded,
        "off": list(report.off),
        "rules": [
            {
                "rule": one.rule_id,
                "status": report.statuses[one.rule_id],
                "matches": one.matches,
                "stories": one.stories,
                "live": one.live,
                "per_day": {day.isoformat(): n for day, n in zip(report.days, one.per_day, strict=True)},
                "new": [_plain_entry(entry) for entry in one.new],
                "lost": [_plain_entry(entry) for entry in one.lost],
            }
            for one in report.rules
        ],
    }


def _plain_entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "seen_at": entry.first_seen_at.isoformat(),
        "feed": entry.feed_id,
        "title": clean(entry.title),
        "link": entry.link,
        "first_poll": entry.seeded,
    }


def print_report(report: Report, zone: ZoneInfo, console: Console, most: int | None) -> None:
    """Print a report with at most so many entries of each difference; None is all."""
    first = f", {report.seeded:,} of them from a feed's first poll" if report.seeded else ""
    span = f"{report.days[0]} to {report.days[-1]}"
    _line(console, f"{_count(report.entries, 'entry', 'entries')}{first}, {span}\n")
    silent = [one.rule_id for one in report.rules if not (one.matches or one.lost)]
    for one in report.rules:
        if one.rule_id not in silent:
            _print_rule(one, report.statuses[one.rule_id], console)
            for sign, entries in (("+", one.new), ("−", one.lost)):
                for row in _rows(sign, entries, zone, most):
                    console.print(row, soft_wrap=True)
            _line(console, "")
    if silent:
        _line(console, f"Nothing: {', '.join(silent)}")
    if report.off:
        _line(console, f"Not replayed, because they are off: {', '.join(report.off)} (`wirewatch check` says why)")


def _print_rule(one: Replayed, status: str, console: Console) -> None:
    title = Text(one.rule_id, "bold")
    title.append("" if status == "live" else f"  {status}", "dim")
    if one.matches:
        matches = _count(one.matches, "match", "matches")
        title.append(f"  {matches}, {_count(one.stories, 'story', 'stories')}", "not bold")
    console.print(title, soft_wrap=True)
    if one.matches:
        _line(console, f"  {sparkline(one.per_day)}  at most {max(one.per_day)} a day")
    seeded = sum(entry.seeded for entry in one.new)
    polled = f" ({seeded} from a first poll, when no rule runs)" if seeded else ""
    parts = [f"{len(one.new)} new{polled}" if one.new else "", f"{len(one.lost)} lost" if one.lost else ""]
    differs = ", ".join(filter(None, parts)) or "the same"
    _line(console, f"  live: {_count(one.live, 'match', 'matches')}; {differs}")


def sparkline(numbers: Sequence[int]) -> str:
    """Return one bar a number, the highest as high as can be; a dot is 0."""
    top = max(numbers, default=0)
    return "".join(_BARS[(n * len(_BARS) - 1) // top] if n else "·" for n in numbers)


def _rows(sign: str, entries: Sequence[Entry], zone: ZoneInfo, most: int | None) -> Iterator[Text]:
    for entry in entries[:most]:
        row = Text(f"  {sign} ", "green" if sign == "+" else "red")
        row.append(f"{entry.first_seen_at.astimezone(zone):%m-%d %H:%M}  ", "dim")
        row.append(isolate(clean(entry.title or entry.summary)), "default")
        row.append(f"  ({entry.feed_id}{', first poll' if entry.seeded else ''})", "dim")
        yield row
    if most is not None and len(entries) > most:
        yield Text(f"  {sign} ... and {len(entries) - most} more (--all)", "dim")


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
