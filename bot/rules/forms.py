"""The word forms of a vocabulary: looked up once, kept as a small table, so that no dictionary stays in memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version

from bot.rules.english import FIXED, IRREGULAR, inflect, strip
from bot.rules.expansion import expand_language
from bot.rules.lemmas import pairs
from bot.rules.scripts import languages_of
from bot.rules.tokens import fold

Vocabulary = frozenset[tuple[str, str]]  # (language, word as it is written; names have their capital)
UNINFLECTED = frozenset({"ko", "zh", "ja", "th"})  # Korean endings are cut off where items are cut into words
_METHOD = 2  # raise it when this module, or one with a language's rules, comes to other forms


@dataclass(frozen=True, slots=True)
class Forms:
    """A frozen table of word forms. `key` names what it was made from."""

    key: str
    table: Mapping[tuple[str, str], tuple[str, ...]]

    def of(self, language: str, word: str) -> tuple[str, ...]:
        """Return a word's forms, itself among them; only itself where the language has no forms here."""
        return self.table.get((language, word)) or (fold(word),)

    def to_json(self) -> str:
        """Return the table as text that `from_json` reads."""
        rows = [[language, word, list(forms)] for (language, word), forms in sorted(self.table.items())]
        return json.dumps({"key": self.key, "forms": rows}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Forms:
        """Read a table back. Raises ValueError where the text is not one."""
        try:
            content = json.loads(text)
            table = {(str(row[0]), str(row[1])): tuple(map(str, row[2])) for row in content["forms"]}
            return cls(str(content["key"]), table)
        except (KeyError, IndexError, TypeError) as error:
            raise ValueError("not a table of forms") from error


def forms_key(vocabulary: Vocabulary) -> str:
    """Return the key of a vocabulary's table: it changes with the words, the dictionary and the method."""
    words = json.dumps([_METHOD, version("simplemma"), sorted(vocabulary)], ensure_ascii=False)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def by_language(vocabulary: Vocabulary) -> dict[str, Vocabulary]:
    """Return the parts of a vocabulary that need one dictionary each, by language; words without forms are in none."""
    parts: dict[str, set[tuple[str, str]]] = {}
    for tag, word in vocabulary:
        for language in languages_of(tag, word):
            if language not in UNINFLECTED:
                parts.setdefault(language, set()).add((tag, word))
    return {language: frozenset(parts[language]) for language in sorted(parts)}


def expand_part(language: str, part: Vocabulary) -> Forms:
    """Look up the forms of one part of a vocabulary; reads the dictionary, so cache what it returns."""
    words = {word for _, word in part}
    if language == "en":
        plain = {word: fold(word) for word in words if fold(word) not in FIXED}
        lemmas = _Lemmas(plain.values()).table()
        found = {word: lemmas[key] for word, key in plain.items()}
    else:
        found = expand_language(language, words)
    return Forms(forms_key(part), {(tag, word): found[word] for tag, word in part if word in found})


def union(vocabulary: Vocabulary, parts: Iterable[Forms]) -> Forms:
    """Put the parts of a vocabulary together; what two languages say of one word adds up."""
    table: dict[tuple[str, str], set[str]] = {}
    for part in parts:
        for key, forms in part.table.items():
            table.setdefault(key, set()).update(forms)
    return Forms(forms_key(vocabulary), {key: tuple(sorted(forms)) for key, forms in table.items()})


def expand(vocabulary: Vocabulary) -> Forms:
    """Look up the forms of every word of the vocabulary; reads dictionaries, so cache what it returns."""
    return union(vocabulary, (expand_part(language, part) for language, part in by_language(vocabulary).items()))


class _Lemmas:
    """Word forms over an inverted part of the lemma dictionary.

    Two words are forms of each other if they share a base: the word itself, its lemma, or a word of which it is a
    regular form that the dictionary doesn't know better. So the relation is symmetric whatever the dictionary says.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        self.lemmas: Mapping[str, str] = dict(pairs("en"))
        wanted = {base for word in self.words for base in self.bases(word)}
        self.members: dict[str, set[str]] = {base: {base} for base in wanted}
        for form, lemma in self.lemmas.items():
            if lemma in wanted and _is_word(form):
                self.members[lemma].add(form)
        for form, lemma in IRREGULAR.items():
            if lemma in wanted:
                self.members[lemma].add(form)

    def table(self) -> dict[str, tuple[str, ...]]:
        return {word: tuple(sorted(self._forms(word))) for word in self.words}

    def _forms(self, word: str) -> set[str]:
        bases = self.bases(word)
        regular = {form for base in bases for form in inflect(base) if base in self.bases(form)}
        return regular.union(*(self.members[base] for base in bases))

    def bases(self, word: str) -> set[str]:
        lemma = self.lemmas.get(word)
        bases = {word, lemma if lemma and _is_word(lemma) else word}
        if word in IRREGULAR:
            bases.add(IRREGULAR[word])
        if lemma is None:
            return bases | {base for base in strip(word) if self.lemmas.get(base, base) == base}
        if lemma == word and word.endswith("ing"):  # "building" the noun is a form of "build" too
            bases |= {base for base in strip(word) if self.lemmas.get(base) == base}
        return bases


def _is_word(form: str) -> bool:
    return form.isascii() and form.isalpha() and form.islower()
