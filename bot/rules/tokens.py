"""Cut a cleaned field into words with their places, sentences and case."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property
from itertools import islice

from bot.rules.stems import Stem, has_stems, stems
from bot.rules.text import PARAGRAPH, Cleaned, clean

MAX_WORDS = 1_000  # of a field are considered, so that no item can be made slow

# Scripts without spaces: one character is one word, so that a phrase is a substring.
_SINGLE = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def _words(letter: str, single: str, flags: re.RegexFlag) -> re.Pattern[str]:
    number = rf"[0-9]+(?:[.,][0-9]+)++{letter}*"
    possessive = f"'[sS](?!{letter})"
    return re.compile(rf"({number}|{single}{letter}++(?:(?!{possessive})'{letter}++)*)(?:{possessive})?", flags)


_WORD = _words(rf"[^\W_{_SINGLE}]", f"[{_SINGLE}]|", re.UNICODE)
_ASCII_WORD = _words("[A-Za-z0-9]", "", re.ASCII)  # finds the same in ASCII, in two thirds of the time
_ACCENTS = re.compile("(?<=[a-zα-ω])[\u0300-\u036f]+")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е"}
    | {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ۀ": "ه", "ە": "ه"}
)
_STOP = re.compile(rf"[.!?]++[\"')\]]*\s+|[。{PARAGRAPH}]|\n\s*\n|(?<=[{_SINGLE}])[!?]")
_ASCII_STOP = re.compile(r"[.!?]++[\"')\]]*\s+|\n\s*\n")  # finds the same in ASCII, in half of the time
_LAST_WORD = re.compile(r"\w+\Z")
_OPENING = "\"'([ \n\t-"
_ABBREVIATIONS = frozenset({
    "adm", "brig", "capt", "cmdr", "co", "col", "corp", "dr", "gen", "gov", "inc", "jr", "lt", "ltd", "maj", "mr",
    "mrs", "ms", "mt", "no", "pres", "prof", "rep", "rev", "sen", "sgt", "sr", "st", "vs", "jan", "feb", "mar",
    "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
})  # fmt: skip


def fold(word: str) -> str:
    """Return the key under which a word is compared: any case, accents folded."""
    if word.isascii():
        return word.lower()
    folded = _ACCENTS.sub("", unicodedata.normalize("NFD", word.casefold()))
    return unicodedata.normalize("NFC", folded).translate(_LETTERS)  # composed, as the letters of the table are


def cut(text: str) -> list[str]:
    """Return the words of a cleaned text; `'s` is not part of a word."""
    return _pattern(text).findall(text)[:MAX_WORDS]


def _pattern(text: str) -> re.Pattern[str]:
    return _ASCII_WORD if text.isascii() else _WORD


class Field:
    """A title or a text, cut into words; what only a rule that comes close needs is worked out on demand."""

    def __init__(self, name: str, raw: str) -> None:
        self.name = name
        self.raw = raw
        self.cleaned: Cleaned = clean(raw)
        text = self.cleaned.text
        ascii_ = text.isascii()
        self.keys = cut(text.lower()) if ascii_ else [fold(word) for word in self.words]
        self.plain = ascii_ and "'" not in text  # so that there are no stems

    @cached_property
    def words(self) -> list[str]:
        """Return the words as they are written."""
        return cut(self.cleaned.text)

    @cached_property
    def stems(self) -> dict[int, tuple[Stem, ...]]:
        """Return, by position, what words may be besides themselves; most fields have none."""
        if not has_stems(self.cleaned.text):
            return {}
        return {at: found for at, word in enumerate(self.words) if (found := stems(word))}

    @cached_property
    def shouts(self) -> bool:
        """Tell whether all is in capitals, so that capitals mean nothing; among letters without case they do."""
        text = self.cleaned.text
        return text.isupper() and (text.isascii() or not any(a.isalpha() and a.lower() == a.upper() for a in text))

    @cached_property
    def whispers(self) -> bool:
        """Tell whether nothing is in capitals, so that their absence means nothing."""
        return self.cleaned.text.islower()

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        if self.plain:
            return []  # until they are asked for
        text = self.cleaned.text
        return [found.span(1) for found in islice(_pattern(text).finditer(text), MAX_WORDS)]

    def span(self, at: int) -> tuple[int, int]:
        """Return a word's place in the cleaned text."""
        spans = self._spans
        if at >= len(spans):
            # Every letter of a plain field is in a word, so that its words are found one behind the other.
            text, end = self.cleaned.text.lower(), spans[-1][1] if spans else 0
            for key in self.keys[len(spans) : at + 1]:
                start = text.find(key, end)
                end = start + len(key)
                spans.append((start, end))
        return spans[at]

    @cached_property
    def stops(self) -> list[int]:
        """Return the places in the cleaned text at which one sentence ends and the next begins."""
        text = self.cleaned.text
        stops = (_ASCII_STOP if text.isascii() else _STOP).finditer(text)
        return [found.end() for found in stops if _ends_sentence(text, found)]

    def sentence(self, at: int) -> int:
        """Return the sentence of a word, counted from 0; an empty one counts."""
        return bisect_right(self.stops, self.span(at)[0]) if self.stops else 0

    def origin(self, first: int, last: int) -> tuple[int, int]:
        """Return where the words from `first` to `last` stand in the field as given."""
        return self.cleaned.origin(self.span(first)[0], self.span(last)[1])


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    mark = stop.group()
    if mark[0] not in ".!?" or not mark[-1].isspace():
        return True
    following = text[stop.end() : stop.end() + 4].lstrip(_OPENING)[:1]
    if following.islower():
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    before = _LAST_WORD.search(text[max(0, stop.start() - 12) : stop.start()])
    word = before.group() if before else ""
    return not (word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper()))
