"""The forms of a language's words: from its dictionary, and by rule where the dictionary has none or another's."""

from __future__ import annotations

from collections.abc import Collection

from bot.rules.lemmas import has_dictionary, lemmas_of, read_forms
from bot.rules.scripts import declines
from bot.rules.speech import PLAIN, SPEECHES, Speech
from bot.rules.tokens import fold

MIN_TAIL = 4  # letters of the known word that an unknown one ends in
MIN_HEAD = 3
ENOUGH = 4  # forms of a Cyrillic or Greek name: the dictionary knows better than the endings then


def expand_language(language: str, words: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the forms of each word of a language as items' words are compared; capitals mark names."""
    speech = SPEECHES.get(language, PLAIN)
    if language not in SPEECHES and not has_dictionary(language):
        return {}
    expansion = _Expansion(language, speech, words)
    return {word: tuple(sorted(expansion.forms(word))) for word in words}


class _Expansion:
    def __init__(self, language: str, speech: Speech, words: Collection[str]) -> None:
        self.speech = speech
        self._normal = speech.normal or str
        asked = {spelling for word in words for spelling in self._spellings(word)}
        asked |= {tail for word in words for _, tail in self._tails(word)}
        self._known = lemmas_of(language, asked, speech.normal)
        self._found = {word: self._bases(word) for word in words}
        bases = {base for word in words for base in self._found[word][1]}
        regular = {form for word in words for base in self._found[word][1] for form in self._regular(word, base)}
        self._members, known = read_forms(language, bases, regular, speech.normal)
        self._known |= known

    def forms(self, word: str) -> set[str]:
        """Return the forms of a word, itself among them."""
        head, bases = self._found[word]
        found = {form for base in bases for form in self._members[base] if not self.speech.other(base, form)}
        if not (word[:1].isupper() and declines(word) and len(found) >= ENOUGH):
            for base in bases:
                regular = self._regular(word, base)
                own = bases | {form for form in regular if self.speech.verbs(base, form)}
                found.update(form for form in regular if word[:1].isupper() or self._lemma_in(form, base, own))
        return {fold(word)} | {fold(head + form) for form in found if form.replace("'", "").isalpha()}

    def _lemma_in(self, form: str, base: str, own: Collection[str]) -> bool:
        """Tell whether a regular form is no other word's, as far as the dictionary knows; миро looks like мир."""
        lemma = self._known.get(form, base)
        return lemma in own or (lemma.startswith(base) and lemma != form)

    def _bases(self, word: str) -> tuple[str, frozenset[str]]:
        """Return what of a word is not inflected, and the bases of the rest."""
        for spelling in self._spellings(word):
            lemma = self._known.get(spelling)
            if lemma is not None:
                return "", frozenset({spelling} | self._lemma(word, spelling, lemma))
        for head, tail in self._tails(word):
            if tail in self._known:
                return head, frozenset({tail, self._known[tail]})
        return "", frozenset({self._normal(word)})

    def _lemma(self, word: str, spelling: str, lemma: str) -> set[str]:
        if word[:1].isupper() and lemma[:1].islower() and lemma != word.lower():
            return set()  # a name's lemma is a name
        if self.speech.capital and spelling == lemma + "en":
            return set()  # schicken is no form of schick
        return {lemma}

    def _spellings(self, word: str) -> tuple[str, ...]:
        plain = self._normal(word)
        return (plain, word.capitalize()) if self.speech.capital and word.islower() else (plain,)

    def _tails(self, word: str) -> list[tuple[str, str]]:
        """Return the ways to cut a compound in two, the longest end first."""
        name = word[:1].isupper()
        if not self.speech.joins or (name and not self.speech.capital):
            return []
        tails = [(word[:cut], word[cut:]) for cut in range(MIN_HEAD, len(word) - MIN_TAIL + 1)]
        return [(head, tail.capitalize() if name else tail) for head, tail in tails]

    def _regular(self, word: str, base: str) -> frozenset[str]:
        if self._known.get(base, base) != base:
            return frozenset()  # a form itself
        return self.speech.regular(base, name=word[:1].isupper())
