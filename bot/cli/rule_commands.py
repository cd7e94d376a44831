"""Commands that look into rules: `explain`, `missed`, `concepts` and `forms`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.text import Text

from bot.cli import rule_report
from bot.cli.counting_report import print_counting
from bot.cli.options import CONFIG, ConfigPath, RulesPath, read_config
from bot.errors import ConfigError
from bot.model import Item
from bot.rulebook import Rulebook, load_rulebook, read_folder
from bot.rules.compile import read_rules
from bot.rules.explain import Branch, explain, tree
from bot.rules.listing import list_forms, term_forms
from bot.rules.parts import Part, Ref, Words, walk
from bot.rules.reading import nearest
from bot.rules.ruleset import Rule
from bot.rules.scan import Scan
from bot.rules.tokens import fold
from bot.territories import country_names
from bot.wordforms import cache_folder, forms_for

SAMPLE = 6  # words of a concept that a list shows
WORDS = 60  # of a concept that is looked at alone, for each language

Headline = Annotated[str, typer.Argument(help="A headline, in quotes.")]
Summary = Annotated[str, typer.Option("--text", help="The feed's summary of it.")]
Language = Annotated[Optional[str], typer.Option("--lang", help="Its language, such as en.")]  # noqa: UP045


def explain_headline(
    rule: Annotated[str, typer.Argument(help="The rule's name.")],
    headline: Headline,
    text: Summary = "",
    language: Language = None,
    config: ConfigPath = CONFIG,
    rules: RulesPath = None,
) -> None:
    """Show why a rule fires on a headline or does not: each of its parts, and the words that it found."""
    book = load_rulebook(rules or read_config(config).rules)
    item, console = Item(headline, text, language), Console(highlight=False)
    counting = next((one for one in book.ruleset.counting if one.what.rule.id == rule), None)
    if counting is not None:
        print_counting(counting, book.ruleset.fire(item), console)
        return
    one = _rule(book, rule)
    seen = book.ruleset.scan(item)
    reason = explain(one, seen)
    verdict = f"{rule} fires" if reason.fired else f"{rule} does not fire"
    why = f": {_sentence(reason.dropped_by)}" if reason.dropped_by else ""
    console.print(Text(verdict + why, "bold green" if reason.fired else "bold red"), soft_wrap=True)
    for role, value in one.captures(reason.nearness.spans) if reason.fired else ():
        console.print(Text(f"  {role}: {value}"), soft_wrap=True)
    for words, part in (("match", one.match), ("not in sentence", one.outside), ("unless", one.unless)):
        if part is not None:
            console.print(Text(words, "bold"))
            _print_branch(tree(part, seen), book, seen, console, 1)


def missed(
    headline: Headline,
    text: Summary = "",
    language: Language = None,
    config: ConfigPath = CONFIG,
    rules: RulesPath = None,
) -> None:
    """Show which rules nearly fired on a headline, and which words were missing."""
    book = load_rulebook(rules or read_config(config).rules)
    item, console = Item(headline, text, language), Console(highlight=False)
    for firing in book.ruleset.fire(item):
        console.print(Text(f"{firing.rule.id} fires on it"), soft_wrap=True)
    lines = rule_report.near_misses(book, item, 5)
    for line in lines or ["No rule came near: none of them holds half of what it needs."]:
        console.print(Text(line), soft_wrap=True)


def concepts(
    word: Annotated[Optional[str], typer.Argument(help="Only concepts with this name or word.")] = None,  # noqa: UP045
    config: ConfigPath = CONFIG,
    rules: RulesPath = None,
) -> None:
    """List the concepts: their words, and the rules that use them."""
    book = load_rulebook(rules or read_config(config).rules)
    parts = book.ruleset.concepts
    chosen = [name for name in sorted(parts) if word is None or _about(name, parts[name], word)]
    if not chosen:
        raise ConfigError(f"no concept is called {word!r} or has that word; {nearest(str(word), parts)}")
    console = Console(highlight=False)
    for name in chosen:
        users = [rule.head.id for rule in book.ruleset.rules if name in _needs(rule, parts)]
        console.print(Text(name, "bold") + Text(f"  used by {', '.join(users) or 'no rule'}", "dim"), soft_wrap=True)
        for language, words in _by_language(parts[name]).items():
            limit = SAMPLE if word is None else WORDS
            more = f", and {len(words) - limit} more" if len(words) > limit else ""
            console.print(Text(f"  {language}: {', '.join(words[:limit])}{more}"), soft_wrap=True)
            if word is None:
                break


def forms(
    word: Annotated[str, typer.Argument(help="A concept's name, or any word.")],
    language: Annotated[str, typer.Option("--lang", help="The word's language; of a concept, only this one.")] = "",
    config: ConfigPath = CONFIG,
    rules: RulesPath = None,
) -> None:
    """Show every form that a concept's words, or a word, are found in: small letters, without accents."""
    files, cache = read_folder(rules or read_config(config).rules), cache_folder()
    draft = read_rules(files.texts, lambda: country_names(cache))
    parts = {concept.name: concept.part for concept in draft.concepts if concept.part is not None}
    if word in parts:
        listed = list_forms(parts[word], parts, forms_for(draft.vocabulary, cache))
        listed = tuple(term for term in listed if language in ("", term.language))
    else:
        alone = read_rules({"word": f'rule: word\nlanguage: {language or "en"}\nmatch: "{word}"\n'})
        if any(problem.severity == "error" for problem in alone.problems):
            raise ConfigError(*(p.message for p in alone.problems if p.severity == "error"))
        listed = tuple(term_forms(term, forms_for(alone.vocabulary, cache)) for term in alone.terms)
    console = Console(highlight=False)
    for term in listed:
        console.print(
            Text(f"{term.language}  ", "dim") + Text(f"{term.written}: ", "bold") + Text(str(term)), soft_wrap=True
        )
    if not listed:
        raise ConfigError(f"the concept {word} has no words in {language!r}")


def _rule(book: Rulebook, name: str) -> Rule:
    for rule in book.ruleset.rules:
        if rule.head.id == name:
            return rule
    if name in book.off:
        raise ConfigError(f"the rule {name} is off because of an error: `wirewatch check` shows it")
    raise ConfigError(f"no rule is called {name!r}; {nearest(name, [head.id for head in book.ruleset.heads])}")


def _sentence(dropped_by: str) -> str:
    return dropped_by if dropped_by.startswith("`") else f"`{dropped_by}` drops it"


def _print_branch(branch: Branch, book: Rulebook, seen: Scan, console: Console, depth: int) -> None:
    mark = Text("✓ ", "green") if branch.holds else Text("✗ ", "red")
    words = ", ".join(word.words for word in book.ruleset.evidence(seen, branch.spans))
    found = Text(f": {words}" if words else "", "bold")
    console.print(Text("  " * depth) + mark + Text(branch.text) + found, soft_wrap=True)
    for child in branch.children:
        _print_branch(child, book, seen, console, depth + 1)


def _about(name: str, part: Part, word: str) -> bool:
    return name == word or any(fold(inner.term.written) == fold(word) for inner in _words(part))


def _words(part: Part) -> Iterator[Words]:
    return (inner for inner in walk(part) if isinstance(inner, Words))


def _by_language(part: Part) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for inner in walk(part):
        if isinstance(inner, Words):
            found.setdefault(inner.term.language, []).append(inner.term.written)
        elif isinstance(inner, Ref):
            found.setdefault("concepts", []).append(str(inner))
    return found


def _needs(rule: Rule, parts: Mapping[str, Part]) -> set[str]:
    """Return the concepts that a rule names, directly or through others."""
    needed: set[str] = set()
    waiting: list[Iterable[Part]] = [walk(part) for part in (rule.match, rule.outside, rule.unless) if part is not None]
    while waiting:
        for inner in waiting.pop():
            if isinstance(inner, Ref) and inner.name not in needed:
                needed.add(inner.name)
                waiting.append(walk(parts[inner.name]))
    return needed
