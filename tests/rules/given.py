"""Rule sets from YAML text, and what they find in a headline."""

from __future__ import annotations

from functools import cache

from bot.errors import Problem
from bot.model import Item
from bot.rules.compile import Compiled, compile_rules, read_rules
from bot.rules.forms import Forms, expand

NO_FORMS = Forms("none", {})
english = cache(expand)  # the same few vocabularies, looked up once


def compiled(files: str | dict[str, str], *, inflect: bool = False) -> Compiled:
    """Compile rule files; without `inflect` a word is its own only form, which spares the dictionary."""
    draft = read_rules({"rules.yaml": files} if isinstance(files, str) else files)
    return compile_rules(draft, english(draft.vocabulary) if inflect else NO_FORMS)


def errors(result: Compiled) -> list[Problem]:
    return [problem for problem in result.problems if problem.severity == "error"]


def ruleset(files: str | dict[str, str], *, inflect: bool = False):
    result = compiled(files, inflect=inflect)
    assert errors(result) == []
    return result.ruleset


def only(match: str, *, inflect: bool = False):
    """Return the rule set of one rule whose match is written as in a file, and indented as here."""
    head = "rule: the-rule\nmatch: " if "\n" not in match else "rule: the-rule\nmatch:\n"
    return ruleset(head + match, inflect=inflect)


def fires(match: str, title: str, text: str = "", language: str | None = "en", *, inflect: bool = False) -> bool:
    """Tell whether a rule with this match fires; both ways of asking must agree."""
    rules, item = only(match, inflect=inflect), Item(title, text, language)
    found = rules.fire(item)
    assert found == rules.fire_all_rules(item)
    return bool(found)


def hits(rules, title: str, text: str = "", language: str | None = "en") -> dict[str, list[str]]:
    """Return the words that each rule found, by rule id, in the item's own spelling."""
    item = Item(title, text, language)
    for firing in rules.fire(item):
        for word in firing.evidence:
            assert word.words == getattr(item, word.field)[word.start : word.end]
    return {firing.rule.id: [word.words for word in firing.evidence] for firing in rules.fire(item)}
