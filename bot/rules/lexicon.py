"""From an item's words to the rules' words, one look-up each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.rules.forms import Forms
from bot.rules.terms import MIN_PREFIX, Case, Form, Term, Word
from bot.rules.tokens import Field, fold

Hits = dict[int, int]  # word id -> its positions, as bits
Spelling = tuple[int, ...]
Group = tuple[int, ...] | frozenset[int]  # word ids, of which one is meant; a few lie closer together in a tuple
FEW = 24

_NO_LANGUAGE = ""


@dataclass(slots=True)
class Table:
    """What is looked up for items of one language. Prefixes stand under their first letters, each key of `cased` in
    `plain` too, so that most of an item's words take one look.

    `exact` are the words that no part of a token is, unless an apostrophe cuts it off.
    """

    plain: dict[str, tuple[int, ...]]
    cased: dict[str, tuple[tuple[int, Case], ...]]
    prefixes: dict[str, tuple[tuple[str, int, Case], ...]]
    exact: frozenset[int]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The rules' words with numbers. `links` holds each term's spellings as word ids, by term id; `names` are the
    ids of terms that are names; `starts` holds by word id the terms that can't stand without that word."""

    links: tuple[tuple[Spelling, ...], ...]
    names: frozenset[int]
    starts: tuple[tuple[int, ...], ...]
    words: tuple[Word, ...]
    tables: Mapping[str | None, Table]
    groups: dict[frozenset[int], Group] = field(default_factory=dict, repr=False, compare=False)

    def table(self, language: str | None) -> Table:
        """Return the table for an item's language; None means unknown, where every word counts."""
        return self.tables[primary(language)]

    def group(self, numbers: Iterable[int]) -> Group:
        """Return these word ids as a group, the same value each time."""
        group = frozenset(numbers)
        known = self.groups.get(group)
        if known is None:
            known = self.groups[group] = group if len(group) > FEW else tuple(sorted(group))
        return known


class _Tables(dict[str | None, Table]):
    """The tables by language, each made when the first item of its language comes: few feeds speak all of them."""

    def __init__(self, words: list[Word], keys: list[tuple[str, ...]]) -> None:
        super().__init__()
        self._words, self._keys = words, keys
        self._languages = {word.language for word in words}

    def __missing__(self, language: str | None) -> Table:
        known = language is None or language in self._languages
        spoken = language if known else _NO_LANGUAGE  # where names count, and nothing else
        if spoken not in self:
            self[spoken] = _table(self._words, self._keys, spoken, all_languages=spoken is None)
        return self[spoken]


def primary(language: str | None) -> str | None:
    """Return `en` for `en-US`; None where no language is given."""
    return language.replace("_", "-").split("-")[0].strip().lower() or None if language else None


def build(terms: Iterable[Term], forms: Forms) -> Lexicon:
    """Number the words of the terms and index every form of theirs."""
    ids: dict[tuple[tuple[str, ...], Word], int] = {}
    words: list[Word] = []
    keys: list[tuple[str, ...]] = []
    links: list[tuple[Spelling, ...]] = []

    def number(word: Word, language: str) -> int:
        spelled = tuple(sorted(keys_of(word, language, forms)))
        # Words with the same forms are one: `deploy` and `deploys` share a number.
        like = Word(word.key if word.form is Form.PREFIX else "", word.form, word.case, word.language)
        if (spelled, like) not in ids:
            ids[spelled, like] = len(words)
            words.append(word)
            keys.append(spelled)
        return ids[spelled, like]

    names: set[int] = set()
    for term in terms:
        names |= {term.id} if term.name else set()
        links.append(tuple(tuple(number(word, term.language) for word in words_) for words_ in term.spellings))
    starts: list[list[int]] = [[] for _ in words]
    for term_id, spellings in enumerate(links):
        for start in {max(spelling, key=lambda number: len(words[number].key)) for spelling in spellings}:
            starts[start].append(term_id)
    return Lexicon(tuple(links), frozenset(names), tuple(map(tuple, starts)), tuple(words), _Tables(words, keys))


def keys_of(word: Word, language: str, forms: Forms) -> Iterable[str]:
    """Return what the item's words that a word matches are compared with; `language` is its term's."""
    if word.form is Form.INFLECTED:
        return forms.of(language, word.key)
    if word.form is Form.ACRONYM:
        return (word.key, word.key + "s")
    return (word.key,)


def _table(
    words: list[Word], keys: list[tuple[str, ...]], language: str | None, *, all_languages: bool = False
) -> Table:
    plain: defaultdict[str, list[int]] = defaultdict(list)
    cased: defaultdict[str, list[tuple[int, Case]]] = defaultdict(list)
    prefixes: defaultdict[str, list[tuple[str, int, Case]]] = defaultdict(list)
    for number, word in enumerate(words):
        if not (all_languages or word.language is None or word.language == language):
            continue
        for key in keys[number]:
            if word.form is Form.PREFIX:
                prefixes[key[:MIN_PREFIX]].append((key, number, word.case))
            elif word.case is Case.ANY:
                plain[key].append(number)
            else:
                plural = word.form is Form.ACRONYM and key != word.key
                cased[key].append((number, Case.PLURAL if plural else word.case))
    return Table(
        dict.fromkeys(cased, ()) | {key: tuple(found) for key, found in plain.items()},
        {key: tuple(found) for key, found in cased.items()},
        {key: tuple(found) for key, found in prefixes.items()},
        frozenset(number for number, word in enumerate(words) if word.form is Form.EXACT),
    )


def look_up(table: Table, field: Field, base: int, hits: Hits) -> None:
    """Add to `hits` where the rules' words stand in a field whose first word is at position `base`."""
    known, cased, prefixes, before = table.plain.get, table.cased, table.prefixes, hits.get
    for at, key in enumerate(field.keys, base):
        numbers = known(key)
        if numbers is not None:
            bit = 1 << at
            for number in numbers:
                hits[number] = before(number, 0) | bit
            if key in cased:
                for number, case in cased[key]:
                    if _looks(case, field, field.words[at - base]):
                        hits[number] = before(number, 0) | bit
        if prefixes and key[:MIN_PREFIX] in prefixes:
            for prefix, number, case in prefixes[key[:MIN_PREFIX]]:
                if key.startswith(prefix) and _looks(case, field, field.words[at - base]):
                    hits[number] = before(number, 0) | 1 << at
    if not field.plain and field.stems:
        _look_up_stems(table, field, base, hits)


def _look_up_stems(table: Table, field: Field, base: int, hits: Hits) -> None:
    """Add where a part of a token is one of the rules' words; the whole token stands there."""
    for at, stems in field.stems.items():
        for stem in stems:
            key = fold(stem.word)
            found = [(number, Case.ANY) for number in table.plain.get(key, ())] + list(table.cased.get(key, ()))
            found += [hit[1:] for hit in table.prefixes.get(key[:MIN_PREFIX], ()) if key.startswith(hit[0])]
            for number, case in found:
                if (stem.exact or number not in table.exact) and _looks(case, field, stem.word):
                    hits[number] = hits.get(number, 0) | 1 << base + at


def _looks(case: Case, field: Field, word: str) -> bool:
    """Tell whether a word of the field has the case that is asked for."""
    if case is Case.ANY:
        return True
    if case is Case.NAME:
        return word[:1] != word[:1].lower() or field.whispers
    if case is Case.PLURAL:
        return not field.shouts and word[-1] == "s" and word[:-1].isupper()
    return not field.shouts and word.isupper()
