"""Terms: the words of a rule as an editor wrote them, and what they match."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from bot.rules.english import FIXED
from bot.rules.scripts import LATIN_NAMES, declines, is_foreign, is_unspaced
from bot.rules.text import clean_term
from bot.rules.tokens import cut, fold

MIN_PREFIX = 4
MAX_ACRONYM = 6  # letters: a longer word in capitals among others is a word

_SIGNS = re.compile(r"[\w*]+", re.UNICODE)
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_HANGUL = re.compile("[\uac00-\ud7a3]")


class Case(Enum):
    """What an item's word must look like."""

    ANY = "any"
    NAME = "name"  # begins with a capital
    CAPITALS = "capitals"  # all of it, in a field that is not all capitals
    PLURAL = "plural"  # capitals and a small s


class Form(Enum):
    """Which forms of a word match."""

    INFLECTED = "inflected"
    EXACT = "exact"
    PREFIX = "prefix"
    ACRONYM = "acronym"  # itself and its plural: ICBM, ICBMs


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a term; `language` None matches in items of every language.

    `key` is what an item's word is compared with; of an inflected word it is the word as written, in small letters if
    it is no name, since the dictionaries know it so.
    """

    key: str
    form: Form
    case: Case
    language: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase. `spellings` are alternatives, each a sequence of words; `id` is unique in one draft."""

    id: int
    written: str
    language: str
    spellings: tuple[tuple[Word, ...], ...]
    name: bool


class TermError(ValueError):
    """Says what is wrong with a term and how to mend it."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


class Terms:
    """Makes terms and gives the same text in the same language the same term."""

    def __init__(self) -> None:
        self.all: list[Term] = []
        self._known: dict[tuple[str, str, bool], Term] = {}

    def read(self, written: str, language: str, *, bound: bool = False) -> Term:
        """Return the term that `written` stands for. Raises TermError.

        A name matches in items of every language, unless it is bound to its own.
        """
        known = self._known.get((written, language, bound))
        if known is None:
            spellings, name = _spellings(written, language, bound=bound)
            known = Term(len(self.all), written, language, spellings, name)
            self.all.append(known)
            self._known[written, language, bound] = known
        return known

    def mark(self, written: str, language: str) -> Term:
        """Return a term without words, which names what is found in another way."""
        known = self._known.get((written, language, False))
        if known is None:
            known = self._known[written, language, False] = Term(len(self.all), written, language, (), name=False)
            self.all.append(known)
        return known


def _spellings(written: str, language: str, *, bound: bool) -> tuple[tuple[tuple[Word, ...], ...], bool]:
    exact = written.startswith("=")
    text = clean_term(written.removeprefix("=").strip())
    _check(text, written)
    name = text != text.lower() and any(word[:1] != word[:1].lower() for word in cut(text))
    everywhere = not bound and (name or is_foreign(text, language))
    shape = _Shape(exact, text.isupper(), language, None if everywhere else language)
    spelled = [_words(text, shape)]
    if _HYPHEN.search(text):  # cease-fire: "cease-fire", "cease fire" and "ceasefire"
        spelled.append(_words(_HYPHEN.sub("", text), shape))
    if _HANGUL.search(text) and " " in text:  # the spaces of Korean compounds are a matter of taste
        spelled.append(_words(text.replace(" ", ""), shape))
    if (
        name and language in LATIN_NAMES and not (exact or bound)
    ):  # as it is in every language, with its cases in its own
        spelled.append(_words(text, replace(shape, only_in=language, cases=True)))
    return tuple(dict.fromkeys(spelled)), name


def _check(text: str, written: str) -> None:
    if not cut(text.replace("*", "")):
        raise TermError(f"`{written}` holds no word", "Write the words that a headline would use.")
    for sign in _SIGNS.findall(text):
        stem = sign.removesuffix("*")
        if "*" in stem or not (stem or sign != "*"):
            raise TermError(f"`{sign}`: a `*` may only end a word", "Write a prefix such as `deploy*`.")
        if stem != sign and sum(letter.isalpha() for letter in stem) < MIN_PREFIX:
            raise TermError(
                f"`{sign}` is too short a prefix",
                f"Give at least {MIN_PREFIX} letters before the `*`, or list the words.",
            )


@dataclass(frozen=True, slots=True)
class _Shape:
    exact: bool
    capitals: bool
    language: str
    only_in: str | None
    cases: bool = False  # names have them


def _words(text: str, shape: _Shape) -> tuple[Word, ...]:
    words: list[Word] = []
    for piece in re.split(r"(?<=\*)", text):  # a `*` ends a word, so the last word before it is the prefix
        found = cut(piece)
        words += (_word(word, shape, piece.endswith("*") and at == len(found)) for at, word in enumerate(found, 1))
    return tuple(words)


def _word(word: str, shape: _Shape, prefix: bool) -> Word:
    key, capital = fold(word), word[:1] != word[:1].lower()
    case = (Case.CAPITALS if shape.capitals and word.isupper() else Case.NAME) if capital else Case.ANY
    if prefix:
        return Word(key, Form.PREFIX, case, shape.only_in)
    if shape.exact or is_unspaced(word):
        return Word(key, Form.EXACT, case, shape.only_in)
    if shape.capitals:
        return Word(key, Form.ACRONYM if len(word) > 1 else Form.EXACT, case, shape.only_in)
    if capital:
        inflects = (shape.cases or declines(word)) and not (word.isupper() and len(word) <= MAX_ACRONYM)
        return Word(word if inflects else key, Form.INFLECTED if inflects else Form.EXACT, case, shape.only_in)
    if shape.language == "en" and word.isascii():
        inflects = word.isalpha() and key not in FIXED
    else:
        inflects = word.replace("'", "").isalpha()
    return Word(word.lower() if inflects else key, Form.INFLECTED if inflects else Form.EXACT, case, shape.only_in)
