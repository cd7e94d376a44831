"""List every form that words of rules match, with their languages, for people to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.rules.forms import Forms
from bot.rules.lexicon import keys_of
from bot.rules.parts import Part, Ref, Words
from bot.rules.terms import Form, Term


@dataclass(frozen=True, slots=True)
class TermForms:
    """A term and its forms.

    `language` is the term's tag; `words` holds, for each spelling, each word's forms as items' words are compared
    (small letters, no accents), `*` after a prefix.
    """

    written: str
    language: str
    words: tuple[tuple[tuple[str, ...], ...], ...]

    def __str__(self) -> str:
        return "; ".join(" ".join("/".join(forms) for forms in spelling) for spelling in self.words)


def list_forms(part: Part, concepts: Mapping[str, Part], forms: Forms) -> tuple[TermForms, ...]:
    """Return the forms of every term under a part, each once, in their order; concepts are looked into."""
    return tuple(term_forms(term, forms) for term in dict.fromkeys(_terms(part, concepts, set())))


def term_forms(term: Term, forms: Forms) -> TermForms:
    """Return the forms of one term."""
    words = tuple(
        tuple(
            tuple(sorted(key + "*" * (word.form is Form.PREFIX) for key in keys_of(word, term.language, forms)))
            for word in spelling
        )
        for spelling in term.spellings
    )
    return TermForms(term.written, term.language, words)


def _terms(part: Part, concepts: Mapping[str, Part], seen: set[str]) -> Iterator[Term]:
    if isinstance(part, Words):
        yield part.term
    elif isinstance(part, Ref) and part.name in concepts and part.name not in seen:
        seen.add(part.name)
        yield from _terms(concepts[part.name], concepts, seen)
    for child in part.children:
        yield from _terms(child, concepts, seen)
