"""Search the archive: what a person's words ask for, and where they stand in an entry, compared as rules compare."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.core.excerpt import Span, merge
from bot.errors import ConfigError
from bot.rules.scripts import is_unspaced
from bot.rules.text import clean_term
from bot.rules.tokens import Field, cut, fold

MAX_WORDS = 32  # of one search
MIN_PREFIX = 2  # letters before a `*`
_PIECE = re.compile(r'(-?)(?:"([^"]*)"?(\*?)|([^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_HANGUL = re.compile("[\uac00-\ud7a3]")
# One of each that cleaning, cutting and folding change: what the index holds of it tells two ways of indexing apart.
_SAMPLE = "<p>U.S.&nbsp;‘Troops’</p> Kim's 3,000 Ёлка Žižek Łódź الولايات المتحدة ﬁn 北朝鮮が รัฐ 한국에서 İstanbul'da"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word or phrase as it is compared; where `prefix`, its last word is a beginning."""

    keys: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: an entry must hold everything in `wanted`, and nothing in `unwanted`."""

    wanted: tuple[Wanted, ...]
    unwanted: tuple[Wanted, ...] = ()


def indexed(raw: str) -> str:
    """Return a title or summary as the index keeps it: its words as rules compare them, in their order.

    Of scripts without spaces every sign is a word, so that a word of any length is a phrase and is found.
    """
    return " ".join(Field("", raw).keys)


def way_of_indexing() -> str:
    """Return what changes when texts are indexed in another way, so that an index made in the old way is made anew."""
    return hashlib.blake2b(indexed(_SAMPLE).encode(), digest_size=8).hexdigest()


def read_query(written: str) -> Query:
    """Return what a person asks for: `words "a phrase" begin* -without`. Raises ConfigError, saying what to write."""
    text = written.translate(_QUOTES)
    if text.count('"') % 2:
        raise ConfigError(f"a quote is not closed in {written!r}: put one on both sides of the phrase")
    wanted: list[Wanted] = []
    unwanted: list[Wanted] = []
    for found in _PIECE.finditer(text):
        sign, phrase, star, word = found.groups()
        (unwanted if sign else wanted).append(_wanted(phrase + star if word is None else word, quoted=word is None))
    if not wanted:
        only = "words that must not be there" if unwanted else "nothing"
        raise ConfigError(f"{only} to search for in {written!r}: give a word that entries hold")
    if len(wanted) + len(unwanted) > MAX_WORDS:
        raise ConfigError(f"more than {MAX_WORDS} words and phrases: leave some out")
    return Query(tuple(wanted), tuple(unwanted))


def _wanted(written: str, *, quoted: bool) -> Wanted:
    if not quoted and written in ("AND", "OR", "NOT"):
        mend = f"entries must hold all words, `-word` leaves one out; search for the word itself as '\"{written}\"'"
        raise ConfigError(f"`{written}` is no operator here: {mend}")
    text = clean_term(written)
    stem = text.rstrip().removesuffix("*")
    if "*" in stem:
        raise ConfigError(f"`{written}`: a `*` may only end a word, as in troop*")
    keys = tuple(fold(word) for word in cut(stem))
    if not keys:
        raise ConfigError(f"`{written}` holds no word: give letters or digits")
    prefix = stem != text.rstrip() and not is_unspaced(keys[-1])
    if prefix and len(keys[-1]) < MIN_PREFIX:
        raise ConfigError(f"`{written}` is too short: give at least {MIN_PREFIX} letters before the `*`")
    # Korean words carry their particles.
    return Wanted(keys, prefix or bool(_HANGUL.search(keys[-1])))


def marks(query: Query, raw: str) -> tuple[Span, ...]:
    """Return where the words of a search stand in a title or summary as given, merged, in order."""
    field = Field("", raw)
    places = [place for one in query.wanted for place in _places(one, field.keys)]
    return merge(field.origin(first, last) for first, last in places)


def _places(one: Wanted, keys: Sequence[str]) -> Iterator[Span]:
    """Yield the first and last word of each place where a word or phrase stands."""
    size = len(one.keys)
    *first, last = one.keys
    for at in range(len(keys) - size + 1):
        end = keys[at + size - 1]
        if (end == last or (one.prefix and end.startswith(last))) and list(islice(keys, at, at + size - 1)) == first:
            yield at, at + size - 1
