"""What commands print of correlation rules: what they count, how their sequences went, what a headline counts for."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from bot.core.rehearse import Rehearsal
from bot.core.watch import values
from bot.model import Correlation, Firing
from bot.rules.correlations import CorrelationRule
from bot.rules.phrasing import counted, joined
from bot.rules.spans import spoken


def read_back(rule: CorrelationRule) -> list[str]:
    """Return a correlation rule in plain words."""
    what = rule.what
    fires = sum(sequence.fires for sequence in rule.sequences)
    silent = len(rule.sequences) - fires
    return [
        f"  fires when {rule}",
        f"  counts what these rules find: {', '.join(sorted(what.rules))}",
        f"  speaks of the same thing again after {spoken(what.again_after)}",
        f"  tested on {counted(fires, 'sequence')} that must fire and {silent} that must stay silent\n",
    ]


def result_of(rule_id: str, rehearsals: Iterable[Rehearsal]) -> tuple[str, bool]:
    """Return how a rule fared on its sequences, in one line, and whether it did well."""
    tried = list(rehearsals)
    failed = sum(not one.passed for one in tried)
    if failed:
        return f"{rule_id}: {failed} of {counted(len(tried), 'sequence')} fail{'s' * (failed == 1)}", False
    well = f"{counted(len(tried), 'sequence')} as they should be" if tried else "no sequences"
    return f"{rule_id}: {well}", True


def counts_for(correlations: Iterable[Correlation], firings: Iterable[Firing]) -> list[str]:
    """Return, for each correlation rule that counts one of these firings, what it counts them for."""
    fired = list(firings)
    lines: list[str] = []
    for what in correlations:
        named = sorted({value for firing in fired for value in values(what, firing)})
        lines += [f"Counted by {what.rule.id} for {joined(named, 'and')}"] if named else []
    return lines


def print_counting(rule: CorrelationRule, firings: Iterable[Firing], console: Console) -> None:
    """Print whether a correlation rule counts a headline, by which of its rules, and when it fires."""
    what, found = rule.what, list(firings)
    named = [(firing, values(what, firing)) for firing in found]
    names = [(firing, said) for firing, said in named if said]
    verdict = "counts it" if names else "does not count it"
    console.print(Text(f"{what.rule.id} {verdict}", "bold green" if names else "bold red"), soft_wrap=True)
    for firing, said in names:
        roles = ", ".join(f"{role}: {value}" for role, value in firing.captures if role in what.by)
        console.print(Text(f"  by {firing.rule.id} ({roles}), for {joined(sorted(said), 'and')}"), soft_wrap=True)
    for firing, said in named:
        if not said and firing.rule.id in what.rules:
            console.print(Text(f"  {firing.rule.id} fires, and captures none of {joined(what.by, 'or')}"))
    if not any(firing.rule.id in what.rules for firing in found):
        console.print(Text(f"  none of its rules fires on it: {', '.join(sorted(what.rules))}"), soft_wrap=True)
    console.print(Text(f"It fires when {rule}."), soft_wrap=True)
