"""Apply what changes rules from outside: adjustments, and filters that many rules share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.errors import Problem
from bot.model import AlertPolicy
from bot.rules.draft import AdjustDraft, FilterDraft, RuleDraft
from bot.rules.parts import AnyOf, Part
from bot.rules.read_changes import ALL
from bot.rules.read_when import speaks_otherwise
from bot.rules.reading import nearest


def adjusted(
    rules: Sequence[RuleDraft], adjusts: Sequence[AdjustDraft], problems: list[Problem]
) -> tuple[RuleDraft, ...]:
    """Return the rules as adjusted; an adjustment that can't be read leaves its rule as it was."""
    known = {rule.head.id: rule for rule in rules}
    good: list[AdjustDraft] = []
    for adjust in adjusts:
        rule = known.get(adjust.rule_id)
        if adjust.broken:
            continue
        if rule is None:
            problems.append(
                adjust.place.problem(f"there is no rule `{adjust.rule_id}` to adjust", nearest(adjust.rule_id, known))
            )
        elif rule.when is not None and (adjust.outside or adjust.unless or speaks_otherwise(adjust.alert)):
            message = f"`{adjust.rule_id}` counts what other rules find: it has neither words nor a story of its own"
            mend = "Change its `level`, `tags`, `status` or `again after`, or the rules that it counts."
            problems.append(adjust.place.problem(message, mend))
        else:
            good.append(adjust)
    return tuple(_adjust(rule, [adjust for adjust in good if adjust.rule_id == rule.head.id]) for rule in rules)


def filtered(
    rules: Sequence[RuleDraft], filters: Sequence[FilterDraft], problems: list[Problem]
) -> tuple[RuleDraft, ...]:
    """Return the rules with the exclusions of the filters that are for them."""
    problems += _unknown(rules, filters)
    for one in filters:
        rules = [
            _exclude(rule, one) if {rule.head.id, ALL} & one.rules and rule.when is None else rule for rule in rules
        ]
    return tuple(rules)


def _unknown(rules: Sequence[RuleDraft], filters: Sequence[FilterDraft]) -> Iterator[Problem]:
    counting = {rule.head.id for rule in rules if rule.when is not None}
    known = {rule.head.id for rule in rules} - counting
    for one in filters:
        for rule_id in sorted(one.rules - known - {ALL}):
            if rule_id in counting:
                message = f"the filter `{one.name}` is for `{rule_id}`, which counts what other rules find"
                yield one.place.problem(message, "Name the rules that it counts.")
                continue
            message = f"the filter `{one.name}` is for `{rule_id}`, and there is no such rule"
            yield one.place.problem(message, nearest(rule_id, {*known, ALL}))


def _adjust(rule: RuleDraft, adjusts: Sequence[AdjustDraft]) -> RuleDraft:
    for one in adjusts:
        head = replace(
            rule.head,
            level=one.level or rule.head.level,
            tags=rule.head.tags | one.tags,
            live=rule.head.live if one.status is None else one.status == "live",
            alert=rule.head.alert if one.alert == AlertPolicy() else one.alert,
        )
        paused = rule.paused if one.status is None else one.status == "paused"
        rule = _exclude(replace(rule, head=head, paused=paused), one)
    return rule


def _exclude(rule: RuleDraft, by: AdjustDraft | FilterDraft) -> RuleDraft:
    return replace(
        rule,
        outside=_either(rule.outside, by.outside),
        unless=_either(rule.unless, by.unless),
        content=f"{rule.content}\n{by.content}",
        refs=(*rule.refs, *by.refs),
    )


def _either(first: Part | None, second: Part | None) -> Part | None:
    return AnyOf((first, second)) if first and second else first or second
