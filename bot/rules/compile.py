"""From the texts of rule files to a RuleSet and every problem in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.errors import Problem
from bot.rules.concepts import Concepts
from bot.rules.draft import ConceptDraft, Draft, Place, RuleDraft
from bot.rules.forms import Forms
from bot.rules.lexicon import build
from bot.rules.read import read_document, read_documents
from bot.rules.reading import Reading
from bot.rules.ruleset import Rule, RuleSet
from bot.rules.terms import Form, Terms


@dataclass(frozen=True, slots=True)
class Compiled:
    """A RuleSet of the rules without an error, and what is wrong with the others.

    `off` names the rules that were left out; `problems` are those of all files, sorted.
    """

    ruleset: RuleSet
    problems: tuple[Problem, ...]
    off: tuple[str, ...]


def read_rules(files: Mapping[str, str]) -> Draft:
    """Read rule files, given as path -> text. Never raises: what is wrong is in `problems`."""
    terms = Terms()
    rules: list[RuleDraft] = []
    concepts: list[ConceptDraft] = []
    problems: list[Problem] = []
    unreadable: list[str] = []
    for path, text in sorted(files.items()):
        documents, wrong = read_documents(path, text)
        problems += wrong
        if wrong and not documents:
            unreadable.append(path)
        reading = Reading(path, tuple(text.splitlines()), terms, problems)
        for document in documents:
            rule, found = read_document(document, reading)
            rules += [rule] if rule else []
            concepts += found
    inflected = {
        (term.language, word.key)
        for term in terms.all
        for spelling in term.spellings
        for word in spelling
        if word.form is Form.INFLECTED
    }
    return Draft(
        tuple(rules), tuple(concepts), tuple(terms.all), tuple(problems), frozenset(inflected), tuple(unreadable)
    )


def compile_rules(draft: Draft, forms: Forms) -> Compiled:
    """Compile the rules of a draft that have no error; the problems of reading are among those returned."""
    concepts = Concepts(draft.concepts)
    problems = [*draft.problems, *concepts.problems, *concepts.unused(draft.rules)]
    first: dict[str, Place] = {}
    good: list[Rule] = []
    for rule in draft.rules:
        wrong = list(_wrong(rule, concepts, first.setdefault(rule.head.id, rule.place)))
        problems += wrong
        if not (wrong or rule.broken or rule.match is None):
            digest = _digest(rule, concepts, forms)
            good.append(Rule(rule.head, rule.match, rule.outside, rule.unless, rule.paused, digest, rule.headlines))
    ruleset = RuleSet(good, build(draft.terms, forms), concepts.parts(), draft.terms)
    off = {rule.head.id for rule in draft.rules} - {rule.head.id for rule in good}
    return Compiled(ruleset, tuple(sorted(set(problems))), tuple(sorted(off)))


def _wrong(rule: RuleDraft, concepts: Concepts, first: Place) -> Iterator[Problem]:
    """Yield what is wrong with a rule beyond what was seen when it was read."""
    if first is not rule.place:
        message = f"the rule `{rule.head.id}` is defined twice (first in {first.path}:{first.line})"
        yield rule.place.problem(message, "Give this one another name, or remove it.")
    yield from concepts.unknown(rule.refs, rule.place)
    for name in sorted({ref.name for ref in rule.refs} & concepts.bad):
        yield rule.place.problem(f"the rule `{rule.head.id}` needs `<{name}>`, which has an error", "Mend the concept.")


def _digest(rule: RuleDraft, concepts: Concepts, forms: Forms) -> str:
    needed = concepts.closure(rule.refs)
    says = [rule.content, *(concepts.table[name].content for name in needed), forms.key]
    return hashlib.sha256("\n".join(says).encode("utf-8", "surrogatepass")).hexdigest()
