"""Try every rule on the headlines that its author has judged."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import Problem
from bot.model import Evidence
from bot.rules.compile import Compiled
from bot.rules.draft import Headline
from bot.rules.explain import Reason, explain


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one headline. `missed` names what would have had to be there too, or together."""

    rule_id: str
    headline: Headline
    passed: bool
    hit: tuple[Evidence, ...]
    missed: tuple[str, ...]
    dropped_by: str = ""

    def problem(self) -> Problem | None:
        """Return the failure as an error at the headline's place; None where the trial passed."""
        if self.passed:
            return None
        text = self.headline.item.title or self.headline.item.text
        wanted = "does not fire on" if self.headline.fires else "fires on"
        message = f"the rule `{self.rule_id}` is off: it {wanted} its test “{text}”"
        return self.headline.place.problem(f"{message} ({self.why()})", "Change the rule, or the test.")

    def why(self) -> str:
        """Return which words hit and which were missed, in one line."""
        hit = ", ".join(map(_shown, self.hit))
        if self.dropped_by:
            return f"`{self.dropped_by}` dropped it: {hit}"
        missed = "; ".join(self.missed)
        return f"hit: {hit or 'nothing'}" + (f"; missed: {missed}" if missed else "")


def _shown(word: Evidence) -> str:
    return word.words if word.words.lower() == word.term.lower() else f"{word.words} ({word.term})"


def run_trials(compiled: Compiled) -> tuple[Trial, ...]:
    """Return a trial for each headline of each compiled rule, in order of rule id and of the file."""
    ruleset = compiled.ruleset
    trials: list[Trial] = []
    for rule in ruleset.rules:
        for headline in rule.headlines:
            seen = ruleset.scan(headline.item)
            reason: Reason = explain(rule, seen)
            trials.append(
                Trial(
                    rule.head.id,
                    headline,
                    reason.fired == headline.fires,
                    ruleset.evidence(seen, reason.nearness.spans),
                    reason.nearness.missed,
                    reason.dropped_by,
                )
            )
    return tuple(trials)
