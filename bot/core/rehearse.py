"""Try correlation rules on the timed sequences that their author has judged: real rules, stories and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from bot.core.correlate import Verdict, judge
from bot.core.identity import digest
from bot.core.rerun import Rerun
from bot.core.watch import BY, lookout, tally, values
from bot.errors import Problem
from bot.model import Correlation, Entry, Firing, Item, Watch
from bot.rules.correlations import CorrelationRule
from bot.rules.draft import Step, TimedSequence
from bot.rules.ruleset import RuleSet
from bot.rules.spans import spoken

BEGIN = datetime(2001, 1, 1, tzinfo=UTC)  # of every sequence; the days before it were watched, and quiet


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of one sequence.

    `fired` says when and for what it fired; `nearest` how near it came where it did not; `uncounted` are the headlines
    that none of its rules fired on, or that name nothing in its roles.
    """

    rule_id: str
    sequence: TimedSequence
    passed: bool
    fired: tuple[str, ...]
    nearest: str
    uncounted: tuple[str, ...]

    def problem(self) -> Problem | None:
        """Return the failure as an error at the sequence's place; None where it passed."""
        if self.passed:
            return None
        verb = "does not fire on" if self.sequence.fires else "fires on"
        for_value = f" for {self.sequence.value}" if self.sequence.value else ""
        message = f"the rule `{self.rule_id}` is off: it {verb} its sequence{for_value} ({self.why()})"
        return self.sequence.place.problem(message, "Change the rule, or the test.")

    def why(self) -> str:
        """Return what was counted, in one line."""
        said = "; ".join(self.fired) or self.nearest or "nothing was counted"
        uncounted = ", ".join(f"“{title}”" for title in self.uncounted)
        return f"{said}; not counted: {uncounted}" if uncounted else said


def rehearse(ruleset: RuleSet) -> tuple[Rehearsal, ...]:
    """Return a rehearsal for each sequence of each correlation rule, in order of rule id and of the file."""
    return tuple(_rehearsal(ruleset, one, sequence) for one in ruleset.counting for sequence in one.sequences)


@dataclass(frozen=True, slots=True)
class _Alone:
    """The rules of a set, of which one alone counts what the others find; a paused one too."""

    ruleset: RuleSet
    correlations: tuple[Correlation, ...]

    @property
    def hash(self) -> str:
        return self.ruleset.hash

    def fire(self, item: Item) -> tuple[Firing, ...]:
        return self.ruleset.fire(item)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted for a value at some time in a sequence, and whether the rule fired then."""

    after: timedelta
    value: str
    verdict: Verdict
    fired: bool

    def told(self, what: Correlation) -> str:
        return f"fired for {self.value} after {spoken(self.after)}: {tally(what, self.verdict)}"


def _rehearsal(ruleset: RuleSet, rule: CorrelationRule, sequence: TimedSequence) -> Rehearsal:
    what = rule.what
    rerun = Rerun(_Alone(ruleset, (what,)), {step.feed.id: step.feed for step in sequence.steps})
    said: list[_Counted] = []
    uncounted: list[str] = []
    numbered = enumerate(sequence.steps)
    for after, some in groupby(numbered, key=lambda pair: pair[1].after):
        entries = [_entry(number, step) for number, step in some]
        matches = rerun.run(entries)
        counted = {match.entry_id for match in matches if values(what, match.firing)}
        uncounted += [entry.title or entry.summary for entry in entries if entry.id not in counted]
        fired = {dict(m.firing.captures)[BY] for m in matches if m.firing.rule.id == what.rule.id}
        named = sorted({value for match in matches for value in values(what, match.firing)})
        said += [_Counted(after, value, _judged(rerun, what, value, after), value in fired) for value in named]
    told = [one for one in said if one.fired]
    passed = any(sequence.value in ("", one.value) for one in told) == sequence.fires
    return Rehearsal(
        what.rule.id, sequence, passed, tuple(one.told(what) for one in told), _nearest(said), tuple(uncounted)
    )


def _judged(rerun: Rerun, what: Correlation, value: str, after: timedelta) -> Verdict:
    """Return what is made of a value, whether or not it was told already."""
    now = BEGIN + after
    past = rerun.past(lookout(what, value, now))
    return judge(what, replace(past, watch=Watch(what.rule.id, value)), now, None)


def _nearest(said: Sequence[_Counted]) -> str:
    """Return what was missing where most was counted."""
    if not said:
        return ""
    best = max(said, key=lambda one: (one.verdict.counts.stories, one.verdict.counts.sources, one.verdict.counts.rules))
    return f"{best.value}: {best.verdict.reason}"


def _entry(number: int, step: Step) -> Entry:
    at, item = BEGIN + step.after, step.item
    entry_id = digest("step", f"{number:05}", step.feed.id)
    return Entry(entry_id, step.feed.id, None, None, item.title, item.text, item.language, at, at, entry_id)
