"""What `check`, `test` and `try` print: problems, rules read back in plain words, headlines with their words marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from bot.cli.counting_report import counts_for, read_back, result_of
from bot.core.rehearse import Rehearsal
from bot.errors import ConfigError, Problem
from bot.model import Evidence, Firing, Item, Level, RuleHead
from bot.rulebook import Rulebook
from bot.rules.explain import Reason, explain
from bot.rules.parts import AnyOf, InField, Part
from bot.rules.phrasing import counted
from bot.rules.ruleset import Rule
from bot.rules.scan import Scan
from bot.rules.trial import Trial, shown

FAILED, BROKEN = 1, 2  # exit codes: a rule's headline fails; something that a human must mend

_LEVELS = {Level.FLASH: "bold white on red", Level.URGENT: "bold red", Level.NOTICE: "bold yellow", Level.INFO: "cyan"}
_MATCHED = "bold underline"
_NEAR = 0.5  # of what a rule needs must be there for `try` to name it as near


def print_check(book: Rulebook, console: Console) -> int:
    """Print every problem, then each rule in plain words; return 2 where a problem is an error, else 0."""
    print_problems(book.problems, console)
    for rule in book.ruleset.rules:
        _print_rule(rule, console)
    for counting in book.ruleset.counting:
        _print_title(counting.what.rule, counting.paused, console)
        for line in read_back(counting):
            _line(console, line, "dim" if line.startswith("  tested") else "")
    errors = sum(problem.severity == "error" for problem in book.problems)
    warnings = len(book.problems) - errors
    off = f", {len(book.off)} off ({', '.join(book.off)})" if book.off else ""
    found = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
    _line(console, f"{counted(len(book.ruleset.heads), 'rule')} on{off}; {found}", "red" if errors else "green")
    if not (book.ruleset.heads or book.off):
        _line(console, "There is no rule to run: put one into the folder of rules.", "red")
        return BROKEN
    return BROKEN if errors else 0


def print_problems(problems: Iterable[Problem | str], console: Console) -> None:
    """Print each problem on one line that an editor or a terminal can jump to."""
    for problem in problems:
        mild = isinstance(problem, Problem) and problem.severity != "error"
        _line(console, str(problem), "yellow" if mild else "red")


def print_test(book: Rulebook, console: Console, only: str | None) -> int:
    """Print the headlines that fail, with the words that hit and missed, and a line for each rule.

    Returns 1 where a headline fails, 2 where a rule could not be tried at all, else 0. Raises ConfigError where no rule
    has the name `only`.
    """
    rules = sorted({*book.off, *(head.id for head in book.ruleset.heads)})
    if only is not None and only not in rules:
        raise ConfigError(f"no rule is called {only!r}; there are: {', '.join(rules) or 'none'}")
    codes = [0]
    for rule_id in [only] if only else rules:
        trials = [trial for trial in book.trials if trial.rule_id == rule_id]
        rehearsals = [one for one in book.rehearsals if one.rule_id == rule_id]
        went = [*(trial.passed for trial in trials), *(one.passed for one in rehearsals)]
        if rule_id in book.off and all(went):
            codes.append(BROKEN)
            _line(console, f"{rule_id}: not tried, because it has an error (`wirewatch check` shows it)", "red")
            continue
        counting = rehearsals or any(one.what.rule.id == rule_id for one in book.ruleset.counting)
        printed = _print_rehearsals(rule_id, rehearsals, console) if counting else None
        codes.append(_print_trials(rule_id, trials, console) if printed is None else printed)
    if book.unreadable:
        codes.append(BROKEN)
        _line(console, f"not read: {', '.join(book.unreadable)} (`wirewatch check` says why)", "red")
    return max(codes)


def print_try(book: Rulebook, item: Item, console: Console) -> int:
    """Print each rule that fires on the item with the words that made it fire; where none does, which came nearest."""
    firings = book.ruleset.fire(item)
    for firing in firings:
        _print_firing(firing, item, console)
    if not firings:
        _line(console, "No rule fires.", "")
        for line in near_misses(book, item, 3):
            _line(console, line, "")
    for line in counts_for(book.ruleset.correlations, firings):
        _line(console, line, "dim")
    if book.off:
        _line(console, f"Not asked, because they are off: {', '.join(book.off)} (`wirewatch check` says why)", "red")
    return 0


def _print_title(head: RuleHead, paused: bool, console: Console) -> None:
    status = " · paused" if paused else "" if head.live else " · draft: counted, never sent"
    title = Text(head.id, "bold")
    title.append(f"  {head.level.name.lower()}", _LEVELS[head.level])
    title.append(f"{status}  {head.about}" if head.about != head.id else status)
    console.print(title, soft_wrap=True)


def _print_rule(rule: Rule, console: Console) -> None:
    _print_title(rule.head, rule.paused, console)
    for words, part in (("fires on", rule.match), ("not in a sentence with", rule.outside), ("unless", rule.unless)):
        if part is not None:
            _print_part(words, part, console)
    fires = sum(headline.fires for headline in rule.headlines)
    silent = len(rule.headlines) - fires
    _line(
        console, f"  tested on {counted(fires, 'headline')} that must fire and {silent} that must stay silent\n", "dim"
    )


def _print_part(words: str, part: Part, console: Console) -> None:
    where, inner = (f" in the {part.field}", part.child) if isinstance(part, InField) else ("", part)
    alternatives = list(_alternatives(inner))
    if len(alternatives) == 1:
        _line(console, f"  {words}{where}: {alternatives[0]}", "")
        return
    _line(console, f"  {words} any of these{where}:", "")
    for text in alternatives:
        _line(console, f"    - {text}", "")


def _alternatives(part: Part) -> Iterator[str]:
    if isinstance(part, AnyOf):
        for child in part.children:
            yield from _alternatives(child)
    elif isinstance(part, InField) and isinstance(part.child, AnyOf):
        yield from (f"{text} in the {part.field}" for text in _alternatives(part.child))
    else:
        yield str(part).removeprefix("(").removesuffix(")") if isinstance(part, InField) else str(part)


def _print_trials(rule_id: str, trials: list[Trial], console: Console) -> int:
    failed = [trial for trial in trials if not trial.passed]
    for trial in failed:
        problem = trial.problem()
        print_problems([problem] if problem else [], console)
        _line(console, f"  {trial.why()}", "")
    result = f"{len(failed)} of {counted(len(trials), 'headline')} fail{'s' * (len(failed) == 1)}"
    well = f"{counted(len(trials), 'headline')} as they should be" if trials else "no headlines"
    _line(console, f"{rule_id}: {result if failed else well}", "red" if failed else "green" if trials else "yellow")
    return FAILED if failed else 0


def _print_rehearsals(rule_id: str, rehearsals: list[Rehearsal], console: Console) -> int:
    print_problems((problem for one in rehearsals if (problem := one.problem())), console)
    result, well = result_of(rule_id, rehearsals)
    _line(console, result, ("green" if rehearsals else "yellow") if well else "red")
    return 0 if well else FAILED


def _print_firing(firing: Firing, item: Item, console: Console) -> None:
    head = firing.rule
    line = Text(f" {head.level.name} ", _LEVELS[head.level])
    line.append(f" {head.id}", "bold")
    line.append(f"  {head.about}" if head.about != head.id else "")
    line.append("" if head.live else "  (draft: counted, never sent)")
    console.print(line, soft_wrap=True)
    for field, raw in (("title", item.title), ("text", item.text)):
        words = [word for word in firing.evidence if word.field == field]
        if words:
            console.print(Text("  ") + _marked(raw, words, coloured=console.color_system is not None), soft_wrap=True)
    matched = ", ".join(dict.fromkeys(shown(word) for word in firing.evidence))
    _line(console, f"  because of: {matched}", "dim")


def _marked(raw: str, words: list[Evidence], *, coloured: bool) -> Text:
    """Return the text with the matched words underlined, or between asterisks where there is no colour."""
    text, at = Text(), 0
    for word in words:
        text.append(raw[at : word.start])
        text.append(word.words if coloured else f"*{word.words}*", _MATCHED)
        at = word.end
    text.append(raw[at:])
    return text


def near_misses(book: Rulebook, item: Item, most: int) -> list[str]:
    """Return a line for each rule that an exclusion dropped or that came near, the nearest first."""
    seen = book.ruleset.scan(item)
    reasons = [(rule, explain(rule, seen)) for rule in book.ruleset.rules if not rule.paused]
    near = [
        (rule, why) for rule, why in reasons if not why.fired and why.nearness.spans and why.nearness.share >= _NEAR
    ]
    near.sort(key=lambda pair: (-pair[1].nearness.share, pair[0].head.id))
    return [f"Near: {rule.head.id} — {_said(book, seen, why)}" for rule, why in near[:most]]


def _said(book: Rulebook, seen: Scan, reason: Reason) -> str:
    words = ", ".join(shown(word) for word in book.ruleset.evidence(seen, reason.nearness.spans))
    if reason.dropped_by:
        return f"it would fire, but `{reason.dropped_by}` drops it: {words}"
    return f"found: {words}; missed: {'; '.join(reason.nearness.missed)}"


def _line(console: Console, text: str, style: str) -> None:
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
