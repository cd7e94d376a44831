"""What `check --json` and `test --json` print: the same as the words for people, as one JSON object for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.rule_report import BROKEN, FAILED
from bot.core.rehearse import Rehearsal
from bot.errors import ConfigError, Problem
from bot.model import RuleHead
from bot.rulebook import Rulebook, load_rulebook
from bot.rules.correlations import CorrelationRule
from bot.rules.ruleset import Rule
from bot.rules.trial import Trial

Json = dict[str, Any]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]


def print_check(problems: Iterable[Problem | str], folder: Path) -> int:
    """Print every problem and rule; return 2 where a problem is an error, else 0.

    `problems` are those of the configuration. A folder of rules that can't be read is a problem as well.
    """
    found, rules, off = list(problems), list[Json](), list[str]()
    try:
        book = load_rulebook(folder)
        found, off = [*found, *book.problems], list(book.off)
        rules = [*map(_rule, book.ruleset.rules), *map(_counting, book.ruleset.counting)]
    except ConfigError as error:
        found += error.problems
    shown = [_problem(problem) for problem in found]
    _print({"problems": shown, "rules": sorted(rules, key=lambda rule: rule["id"]), "off": off})
    return BROKEN if any(problem["severity"] == "error" for problem in shown) else 0


def print_test(book: Rulebook, only: str | None) -> int:
    """Print how each rule fared on its headlines; return 1 where one fails, 2 where something could not be tried, or 0.

    Raises ConfigError where no rule has the name `only`.
    """
    names = sorted({*book.off, *(head.id for head in book.ruleset.heads)})
    if only is not None and only not in names:
        raise ConfigError(f"no rule is called {only!r}; there are: {', '.join(names) or 'none'}")
    rules = [_tested(name, book) for name in names if only in (None, name)]
    _print({"rules": rules, "unreadable": list(book.unreadable)})
    if book.unreadable or any(not rule["passed"] and not rule["failed"] for rule in rules):
        return BROKEN
    return FAILED if any(rule["failed"] for rule in rules) else 0


def _print(said: Json) -> None:
    typer.echo(json.dumps(said, ensure_ascii=False))


def _problem(problem: Problem | str) -> Json:
    known = problem if isinstance(problem, Problem) else Problem("", 0, 0, problem)
    return {
        "path": known.path,
        "line": known.line,
        "column": known.column,
        "severity": known.severity,
        "message": known.message,
        "mend": known.mend,
    }


def _rule(rule: Rule) -> Json:
    return _known(rule.head, rule.paused, [headline.fires for headline in rule.headlines])


def _counting(rule: CorrelationRule) -> Json:
    return _known(rule.what.rule, rule.paused, [sequence.fires for sequence in rule.sequences])


def _known(head: RuleHead, paused: bool, tests: list[bool]) -> Json:
    status = "paused" if paused else "live" if head.live else "draft"
    return {
        "id": head.id,
        "level": head.level.name.lower(),
        "status": status,
        "fires": sum(tests),
        "silent": len(tests) - sum(tests),
    }


def _tested(name: str, book: Rulebook) -> Json:
    """Return how a rule fared; one that could not be tried has neither passed nor a headline that failed."""
    failed = [_failure(trial) for trial in book.trials if trial.rule_id == name and not trial.passed]
    failed += [_sequence(one) for one in book.rehearsals if one.rule_id == name and not one.passed]
    return {"id": name, "passed": name not in book.off, "failed": failed}


def _failure(trial: Trial) -> Json:
    headline = trial.headline
    captured = [f"{role}: {value}" for role, value in headline.captures if (role, value) not in trial.captured]
    return {
        "headline": headline.item.title or headline.item.text,
        "expected": "fires" if headline.fires else "silent",
        "hit": [word.words for word in trial.hit],
        "missed": [*trial.missed, *captured],
        "path": headline.place.path,
        "line": headline.place.line,
    }


def _sequence(one: Rehearsal) -> Json:
    """Return a sequence that failed: its headlines in one line, and what was counted or was not."""
    titles = [step.item.title or step.item.text for step in one.sequence.steps]
    return {
        "headline": " → ".join(titles),
        "expected": "fires" if one.sequence.fires else "silent",
        "hit": list(one.fired),
        "missed": [*([one.nearest] if one.nearest and not one.fired else []), *one.uncounted],
        "path": one.sequence.place.path,
        "line": one.sequence.place.line,
    }
