"""Tie correlation rules to the rules that they count: which are there, and what those capture."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.errors import Problem
from bot.model import Correlation
from bot.rules.draft import Place, RuleDraft, TimedSequence, WhenDraft
from bot.rules.phrasing import joined
from bot.rules.read_rule import roles_in
from bot.rules.reading import nearest
from bot.rules.spans import spoken


@dataclass(frozen=True, slots=True)
class CorrelationRule:
    """A compiled rule with `when`. `paused` ones never fire; `says` changes with what it says.

    `places` are those where it names the rules that it counts.
    """

    what: Correlation
    paused: bool
    sequences: tuple[TimedSequence, ...]
    says: str
    places: tuple[tuple[str, Place], ...]

    def lacks(self, off: Collection[str]) -> list[Problem]:
        """Return an error for each rule that it counts and that is off."""
        return [_lack(self.what.rule.id, name, place) for name, place in self.places if name in off]

    def __str__(self) -> str:
        what, least = self.what, self.what.least
        counts = (("stories", least.stories), ("sources", least.sources), ("of its rules", least.rules))
        said = joined([f"{number} {noun}" for noun, number in counts if number > 1], "and") or "one story"
        named = joined(what.by, "or")
        text = f"within {spoken(what.within)} at least {said} name the same thing as {named}"
        if what.versus is None:
            return text
        return f"{text}, and that is {what.times:g} times the usual number of stories of the last {spoken(what.versus)}"


def correlate(
    rules: Sequence[RuleDraft], good: Collection[str], problems: list[Problem]
) -> tuple[CorrelationRule, ...]:
    """Return the correlation rules that can be used; `good` are the rules with a match that have no error."""
    first: dict[str, RuleDraft] = {}
    for rule in rules:
        first.setdefault(rule.head.id, rule)
    found: list[CorrelationRule] = []
    for rule in rules:
        if rule.when is None:
            continue
        wrong = list(_wrong(rule, rule.when, first, good))
        problems += wrong
        twice = first[rule.head.id] is not rule  # said where all rules are looked at
        if not (rule.broken or twice or any(problem.severity == "error" for problem in wrong)):
            found.append(_compiled(rule, rule.when))
    return tuple(found)


def _compiled(rule: RuleDraft, when: WhenDraft) -> CorrelationRule:
    what = Correlation(
        rule.head,
        frozenset(name for name, _ in when.rules),
        tuple(role for role, _ in when.by),
        when.within,
        when.least,
        rule.head.alert.again_after or when.within,
        when.versus,
        when.times,
    )
    says = hashlib.sha256(rule.content.encode("utf-8", "surrogatepass")).hexdigest()
    return CorrelationRule(what, rule.paused, when.sequences, says, when.rules)


def _lack(rule_id: str, name: str, place: Place) -> Problem:
    return place.problem(f"the rule `{rule_id}` is off: it needs `{name}`, which has an error", "Mend that rule.")


def _wrong(
    rule: RuleDraft, when: WhenDraft, first: Mapping[str, RuleDraft], good: Collection[str]
) -> Iterator[Problem]:
    """Yield what is wrong between a correlation rule and the rules that it names."""
    counted: list[RuleDraft] = []
    for name, place in when.rules:
        other = first.get(name)
        if other is None:
            known = [one.head.id for one in first.values() if one.when is None]
            yield place.problem(f"there is no rule `{name}`", nearest(name, known))
        elif other.when is not None:
            message = f"`{name}` counts other rules itself, and can't be counted"
            yield place.problem(message, "Name the rules that it counts.")
        elif name not in good:
            yield _lack(rule.head.id, name, place)
        else:
            counted.append(other)
            if other.paused:
                mend = "Make it `status: draft`, which is matched and never sent, or take it out."
                yield place.problem(f"`{name}` is paused, so it counts nothing here", mend, "warning")
    if counted and len(counted) == len(when.rules):
        yield from _roles(when, counted)


def _roles(when: WhenDraft, counted: Sequence[RuleDraft]) -> Iterator[Problem]:
    captured = {rule.head.id: roles_in(rule.match) for rule in counted}
    every = {role for roles in captured.values() for role in roles}
    for role, place in when.by:
        if role not in every:
            mend = nearest(role, every) if every else "Capture it in their matches: `<country as host>`."
            yield place.problem(f"none of these rules captures `{role}`", mend)
    by = {role for role, _ in when.by}
    for name, place in when.rules:
        if by <= every and by and not by & captured[name]:
            has = f"it captures {joined(sorted(f'`{r}`' for r in captured[name]), 'and')}" if captured[name] else ""
            message = f"`{name}` captures none of the roles in `by`, so it counts nothing here"
            mend = f"Add one of its roles to `by` ({has})." if has else "Capture a role in it, or take it out."
            yield place.problem(message, mend, "warning")
