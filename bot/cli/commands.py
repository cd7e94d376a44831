"""The commands, one function each; a ConfigError ends with exit code 2 and every problem on stderr."""

from __future__ import annotations

import asyncio
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from bot.app import Surroundings, serve, stopped_by_signals
from bot.cli import rule_commands, rule_json, rule_report
from bot.cli.counts import print_counts
from bot.cli.demo import DEMO_SECONDS, run_demo
from bot.cli.options import CONFIG, ConfigPath, RulesPath, read_config
from bot.cli.outbox import outbox
from bot.cli.replay import replay
from bot.cli.schema import schema
from bot.cli.search import search
from bot.clock import SystemClock
from bot.config import Config
from bot.errors import ConfigError, Problem
from bot.logs import set_up_logs
from bot.model import Item
from bot.redact import scrubber
from bot.rulebook import Rulebook, load_rulebook

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Turns news feeds into alerts: rules that read like headlines, one alert per event, nothing lost.",
)
app.add_typer(outbox, name="outbox")
app.add_typer(schema, name="schema")


@app.callback(invoke_without_command=True)
def _options(
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if show_version:
        typer.echo(f"wirewatch {version('wirewatch')}")
        raise typer.Exit


@app.command()
def run(config: ConfigPath = CONFIG) -> None:
    """Poll the feeds and send alerts, until SIGTERM or Ctrl-C."""
    settings = read_config(config)
    set_up_logs(settings.log.level, settings.log.format, scrubber(settings.secrets))
    book = load_rulebook(settings.rules)
    refuse_unusable(book, settings.rules)
    asyncio.run(_serve(settings, book))


async def _serve(settings: Config, book: Rulebook) -> None:
    stop = asyncio.Event()
    with stopped_by_signals(stop):
        await serve(settings, book, Surroundings(SystemClock(), sys.stdout), stop)


@app.command()
def demo(
    seconds: Annotated[float, typer.Option(help="How long the scripted day takes.", min=5, max=3600)] = DEMO_SECONDS,
) -> None:
    """Watch the service work on a scripted day of invented news; needs no network and no configuration."""
    set_up_logs("warning", "keyvalue", scrubber(()))
    run_demo(seconds, Console(stderr=True))


@app.command()
def check(config: ConfigPath = CONFIG, rules: RulesPath = None, as_json: rule_json.AsJson = False) -> None:
    """Say everything that is wrong with the configuration and the rules, and read each rule back."""
    problems: tuple[Problem | str, ...] = ()
    settings: Config | None = None
    if rules is None:
        try:
            settings = read_config(config)
            rules = settings.rules
        except ConfigError as error:
            problems, rules = tuple(error.problems), config.parent / "rules"
    if as_json:
        raise typer.Exit(rule_json.print_check(problems, rules))
    console = Console()
    rule_report.print_problems(problems, console)
    book = load_rulebook(rules)
    code = rule_report.print_check(book, console)
    if settings is not None:
        print_counts(settings, book, console, SystemClock().now())
    raise typer.Exit(rule_report.BROKEN if problems else code)


@app.command()
def test(
    rule: Annotated[Optional[str], typer.Argument(help="Only this rule.")] = None,  # noqa: UP045
    config: ConfigPath = CONFIG,
    rules: RulesPath = None,
    as_json: rule_json.AsJson = False,
) -> None:
    """Run the headlines that the rules carry; show the words that hit and missed where one fails."""
    book = load_rulebook(rules or read_config(config).rules)
    raise typer.Exit(rule_json.print_test(book, rule) if as_json else rule_report.print_test(book, Console(), rule))


@app.command(name="try")
def try_headline(
    headline: Annotated[str, typer.Argument(help="A headline, in quotes.")],
    text: Annotated[str, typer.Option(help="The feed's summary of it.")] = "",
    language: Annotated[Optional[str], typer.Option("--lang", help="Its language, such as en.")] = None,  # noqa: UP045
    config: ConfigPath = CONFIG,
    rules: RulesPath = None,
) -> None:
    """Show which rules fire on a headline, and on which of its words."""
    book = load_rulebook(rules or read_config(config).rules)
    raise typer.Exit(rule_report.print_try(book, Item(headline, text, language), Console()))


app.command(name="explain")(rule_commands.explain_headline)
app.command()(rule_commands.missed)
app.command()(rule_commands.concepts)
app.command()(rule_commands.forms)
app.command()(replay)
app.command()(search)


def refuse_unusable(book: Rulebook, folder: Path) -> None:
    """Raise ConfigError where a rule file can't be read at all, or no rule is left: nobody could say what is off."""
    if book.unreadable or not book.ruleset.heads:
        none_left = () if book.ruleset.heads else (f"{folder}: no rule is left to run",)
        raise ConfigError(*(p for p in book.problems if p.severity == "error"), *none_left)


def main() -> None:
    """Run the command line; exit code 2 for what a human must mend."""
    try:
        app()
    except ConfigError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)  # noqa: T201 - stderr is where a command says what is wrong
        sys.exit(2)
