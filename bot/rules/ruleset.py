"""The compiled rules as one immutable value: ask it what fires on an item."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from bot.model import Correlation, Evidence, Firing, Item, RuleHead
from bot.rules.captures import Captures, can_differ, captured, differing
from bot.rules.correlations import CorrelationRule
from bot.rules.draft import Headline
from bot.rules.parts import Part
from bot.rules.prefilter import Prefilter
from bot.rules.scan import FIELDS, NOWHERE, TEXT_BASE, Leaf, Meanings, Scan, Span, placed, scan
from bot.rules.terms import Term
from bot.rules.where import Where

MAX_EVIDENCE = 24  # words are named for one firing


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule. `paused` rules never fire; `digest` changes with what it means, `says` with its words alone."""

    head: RuleHead
    match: Part
    outside: Part | None = None  # not in sentence
    unless: Part | None = None
    paused: bool = False
    digest: str = ""
    headlines: tuple[Headline, ...] = ()
    different: tuple[str, ...] = ()  # roles that must not have one value
    where: Where | None = None
    says: str = ""

    def judge(self, item: Scan) -> tuple[list[Span] | None, str]:
        """Return what made the rule fire, or None and the reason."""
        if self.where is not None and (why := self.where.refusal(item.item)):
            return None, why
        spans = self.match.find(item)
        if spans is None:
            return None, "the match does not hold"
        if self.different and not self._differs(spans):
            return None, "different"
        if self.unless is not None and self.unless.find(item) is not None:
            return None, "unless"
        excluded = self.outside.find(item) if self.outside is not None else None
        if excluded:
            sentences = frozenset(item.sentence(leaf[0]) for span in placed(excluded) for leaf in span[2])
            spans = self.match.find(item.without(sentences))
            if spans is None or not self._differs(spans):
                return None, "not in sentence"
        return (differing(spans, self.different) if self.different else spans), ""

    def captures(self, spans: Sequence[Span]) -> Captures:
        """Return the roles captured by the spans that made the rule fire."""
        return captured(spans, self.different)

    def _differs(self, spans: Sequence[Span]) -> bool:
        return not spans or (bool(differing(spans, self.different)) and can_differ(spans, self.different))


class RuleSet:
    """All rules that are on, immutable. `hash` is the same for the same rules, in every run.

    `rules` look at items, `counting` are those that count what the others find; `heads` are those of both.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        meanings: Meanings,
        terms: tuple[Term, ...],
        counting: Iterable[CorrelationRule] = (),
    ) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.head.id))
        self.counting = tuple(sorted(counting, key=lambda rule: rule.what.rule.id))
        self.correlations: tuple[Correlation, ...] = tuple(one.what for one in self.counting if not one.paused)
        every = [(rule.head, rule.digest) for rule in self.rules] + [(one.what.rule, one.says) for one in self.counting]
        every.sort(key=lambda pair: pair[0].id)
        self.heads = tuple(head for head, _ in every)
        self.hash = _digest(f"{head.id}:{digest}" for head, digest in every)
        self._meanings = meanings
        self._terms = terms
        on = ((index, rule.match) for index, rule in enumerate(self.rules) if not rule.paused)
        self._prefilter = Prefilter(meanings.lexicon, self.concepts, on)

    def fire(self, item: Item) -> tuple[Firing, ...]:
        """Return the rules that fire on an item with their words, in order of rule id."""
        seen = self.scan(item)
        return self._firings(seen, (self.rules[index] for index in self._prefilter.likely(seen)))

    def fire_all_rules(self, item: Item) -> tuple[Firing, ...]:
        """Return what `fire` returns, without the prefilter: slow, and the measure of it."""
        return self._firings(self.scan(item), (rule for rule in self.rules if not rule.paused))

    def scan(self, item: Item) -> Scan:
        """Clean, cut and look up an item."""
        return scan(item, self._meanings)

    @property
    def concepts(self) -> Mapping[str, Part]:
        """Return what each concept stands for."""
        return cast("Mapping[str, Part]", self._meanings.concepts)

    def candidates(self, seen: Scan) -> list[int]:
        """Return the indexes of the rules that may fire, ascending: an item holds a word of all that they need."""
        return self._prefilter.candidates(seen)

    def evidence(self, seen: Scan, spans: Iterable[Span]) -> tuple[Evidence, ...]:
        """Return the item's own words under the spans, in order of field and position."""
        every = sorted({leaf for span in spans for leaf in span[2] if leaf[0] != NOWHERE}, reverse=True)
        leaves = sorted({leaf[:2]: leaf for leaf in every}.values())
        return tuple(self._word(seen, leaf) for leaf in leaves[:MAX_EVIDENCE])

    def without(self, rule_ids: frozenset[str]) -> RuleSet:
        """Return the set without these rules."""
        kept = (rule for rule in self.rules if rule.head.id not in rule_ids)
        counting = (one for one in self.counting if one.what.rule.id not in rule_ids)
        return RuleSet(kept, self._meanings, self._terms, counting)

    def _firings(self, seen: Scan, rules: Iterable[Rule]) -> tuple[Firing, ...]:
        return tuple(
            Firing(rule.head, self.evidence(seen, spans), rule.captures(spans))
            for rule in rules
            if (spans := rule.judge(seen)[0]) is not None
        )

    def _word(self, seen: Scan, leaf: Leaf) -> Evidence:
        first, last, term = leaf[0], leaf[1] - 1, self._terms[leaf[2]]
        which = int(first >= TEXT_BASE)
        field, base = seen.fields[which], TEXT_BASE * which
        start, end = field.origin(first - base, last - base)
        return Evidence(FIELDS[which], start, end, field.raw[start:end], term.written)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]
