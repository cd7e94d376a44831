"""From the texts of rule files to a RuleSet and every problem in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.errors import Problem
from bot.rules.changes import adjusted, filtered
from bot.rules.concepts import Concepts
from bot.rules.correlations import correlate
from bot.rules.draft import AdjustDraft, ConceptDraft, Draft, FilterDraft, Headline, Place, RuleDraft
from bot.rules.forms import Forms
from bot.rules.lexicon import build
from bot.rules.outline import outlines
from bot.rules.read import read_document, read_documents
from bot.rules.reading import CountryNames, Reading
from bot.rules.ruleset import Rule, RuleSet
from bot.rules.scan import Meanings, scan
from bot.rules.terms import Form, Terms

_Change = TypeVar("_Change", AdjustDraft, FilterDraft)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A RuleSet of the rules without an error, and what is wrong with the others.

    `off` names the rules that were left out; `problems` are those of all files, sorted.
    """

    ruleset: RuleSet
    problems: tuple[Problem, ...]
    off: tuple[str, ...]


def read_rules(files: Mapping[str, str], countries: Callable[[], CountryNames] = dict) -> Draft:
    """Read rule files, given as path -> text. Never raises: what is wrong is in `problems`.

    `countries` gives the names of countries; it is asked only where a concept says `names: countries`.
    """
    terms = Terms()
    rules: list[RuleDraft] = []
    concepts: list[ConceptDraft] = []
    adjusts: list[AdjustDraft] = []
    filters: list[FilterDraft] = []
    problems: list[Problem] = []
    unreadable: list[str] = []
    for path, text in sorted(files.items()):
        documents, wrong = read_documents(path, text)
        problems += wrong
        if wrong and not documents:
            unreadable.append(path)
        reading = Reading(path, tuple(text.splitlines()), terms, problems, countries=countries)
        for document in documents:
            found = read_document(document, reading)
            rules += [found.rule] if found.rule else []
            concepts += found.concepts
            adjusts += [found.adjust] if found.adjust else []
            filters += found.filters
    inflected = {
        (term.language, word.key)
        for term in terms.all
        for spelling in term.spellings
        for word in spelling
        if word.form is Form.INFLECTED
    }
    return Draft(
        tuple(rules), tuple(concepts), tuple(terms.all), tuple(problems), frozenset(inflected), tuple(unreadable),
        tuple(adjusts), tuple(filters),
    )  # fmt: skip


def compile_rules(draft: Draft, forms: Forms) -> Compiled:
    """Compile the rules of a draft that have no error; the problems of reading are among those returned."""
    concepts = Concepts(draft.concepts)
    lexicon, parts = build(draft.terms, forms), concepts.parts()
    meanings = Meanings(lexicon, parts, concepts.values(), outlines(parts, lexicon))
    problems = [*draft.problems, *concepts.problems]
    rules = adjusted(draft.rules, _usable(draft.adjusts, concepts, problems), problems)
    rules = filtered(rules, _tried(_usable(draft.filters, concepts, problems), meanings, problems), problems)
    problems += concepts.unused(rules)
    first: dict[str, Place] = {}
    good: list[Rule] = []
    for rule in rules:
        wrong = list(_wrong(rule, concepts, first.setdefault(rule.head.id, rule.place)))
        problems += wrong
        if not (wrong or rule.broken or rule.match is None):
            says = _digest(rule, concepts)
            digest = hashlib.sha256(f"{says}\n{forms.key}".encode()).hexdigest()
            good.append(
                Rule(
                    rule.head, rule.match, rule.outside, rule.unless, rule.paused, digest, rule.headlines,
                    rule.different, rule.where, says,
                )
            )  # fmt: skip
    correlations = correlate(rules, {rule.head.id for rule in good}, problems)
    ruleset = RuleSet(good, meanings, draft.terms, correlations)
    off = {rule.head.id for rule in rules} - {head.id for head in ruleset.heads}
    return Compiled(ruleset, tuple(sorted(set(problems))), tuple(sorted(off)))


def _usable(drafts: Sequence[_Change], concepts: Concepts, problems: list[Problem]) -> list[_Change]:
    """Return the adjustments or filters that can be applied; what the others need and lack is a problem."""
    usable: list[_Change] = []
    for change in drafts:
        wrong = list(concepts.unknown(change.refs, change.place))
        for name in sorted({ref.name for ref in change.refs} & concepts.bad):
            wrong.append(change.place.problem(f"this needs `<{name}>`, which has an error", "Mend the concept."))
        problems += wrong
        usable += [] if wrong else [change]
    return usable


def _tried(filters: Sequence[FilterDraft], meanings: Meanings, problems: list[Problem]) -> list[FilterDraft]:
    """Return the filters that do what their own headlines say; one that doesn't is off, and that is a problem."""
    good: list[FilterDraft] = []
    for one in filters:
        failed = [headline for headline in one.headlines if _drops(one, headline, meanings) != headline.fires]
        for headline in failed:
            verb = "does not drop" if headline.fires else "drops"
            message = f"the filter `{one.name}` is off: it {verb} its headline “{headline.item.title}”"
            problems.append(headline.place.problem(message, "Change the filter, or the headline."))
        good += [] if failed or one.broken else [one]
    return good


def _drops(one: FilterDraft, headline: Headline, meanings: Meanings) -> bool:
    seen = scan(headline.item, meanings)
    return any(part is not None and part.find(seen) is not None for part in (one.outside, one.unless))


def _wrong(rule: RuleDraft, concepts: Concepts, first: Place) -> Iterator[Problem]:
    """Yield what is wrong with a rule beyond what was seen when it was read."""
    if first is not rule.place:
        message = f"the rule `{rule.head.id}` is defined twice (first in {first.path}:{first.line})"
        yield rule.place.problem(message, "Give this one another name, or remove it.")
    yield from concepts.unknown(rule.refs, rule.place)
    for name in sorted({ref.name for ref in rule.refs} & concepts.bad):
        yield rule.place.problem(f"the rule `{rule.head.id}` needs `<{name}>`, which has an error", "Mend the concept.")


def _digest(rule: RuleDraft, concepts: Concepts) -> str:
    needed = concepts.closure(rule.refs)
    says = [rule.content, *(concepts.table[name].content for name in needed)]
    return hashlib.sha256("\n".join(says).encode("utf-8", "surrogatepass")).hexdigest()
