"""Try every rule on the headlines that its author has judged."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    captured: tuple[tuple[str, str], ...] = ()

    def problem(self) -> Problem | None:
        """Return the failure as an error at the headline's place; None where the trial passed."""
        if self.passed:
            return None
        text = self.headline.item.title or self.headline.item.text
        fired = bool(self.captured) or not (self.missed or self.dropped_by)
        wanted = "does not fire on" if self.headline.fires else "fires on"
        if self.headline.fires and fired:
            wanted = "captures otherwise on"
        message = f"the rule `{self.rule_id}` is off: it {wanted} its test “{text}”"
        return self.headline.place.problem(f"{message} ({self.why()})", "Change the rule, or the test.")

    def why(self) -> str:
        """Return which words hit and which were missed, in one line."""
        hit = ", ".join(map(shown, self.hit))
        if self.headline.captures and self.captured != self.headline.captures and not self.missed:
            said = ", ".join(f"{role}: {value}" for role, value in self.captured)
            return f"captured: {said or 'nothing'}; hit: {hit}"
        if self.dropped_by:
            return f"`{self.dropped_by}` dropped it: {hit}" if hit else self.dropped_by
        missed = "; ".join(self.missed)
        return f"hit: {hit or 'nothing'}" + (f"; missed: {missed}" if missed else "")


def shown(word: Evidence) -> str:
    """Return an item's word, with the rule's term that it matched where that is written otherwise."""
    return word.words if word.words.lower() == word.term.lower() else f"{word.words} ({word.term})"


def run_trials(compiled: Compiled) -> tuple[Trial, ...]:
    """Return a trial for each headline of each compiled rule, in order of rule id and of the file."""
    ruleset = compiled.ruleset
    trials: list[Trial] = []
    for rule in ruleset.rules:
        for headline in rule.headlines:
            seen = ruleset.scan(headline.item)
            # A headline has no source: what `where` asks of the feed is not tried.
            reason: Reason = explain(replace(rule, where=None), seen)
            captured = dict(rule.captures(reason.nearness.spans)) if reason.fired else {}
            as_said = all(captured.get(role) == value for role, value in headline.captures)
            trials.append(
                Trial(
                    rule.head.id,
                    headline,
                    reason.fired == headline.fires and as_said,
                    ruleset.evidence(seen, reason.nearness.spans),
                    reason.nearness.missed,
                    reason.dropped_by,
                    tuple(sorted(captured.items())),
                )
            )
    return tuple(trials)
