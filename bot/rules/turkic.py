"""Turkish case endings, by vowel harmony, and which of the dictionary's derived words are no forms."""

from __future__ import annotations

import re

_VOWELS = "aıoueiöüâî"
_HIGH = {"a": "ı", "ı": "ı", "â": "ı", "o": "u", "u": "u", "e": "i", "i": "i", "î": "i", "ö": "ü", "ü": "ü"}
_SOFT = {"k": "ğ", "p": "b", "ç": "c", "t": "d"}
_HARD = frozenset("fstkçşhp")
# What may follow a noun and a verb. Makers, holders, lacks and qualities are other words, and so are verbs of nouns.
_ENDINGS = re.compile(
    r"(?:l[ae]r)?(?:[ıiuü]|s[ıiuü]|[ıiuü]?m[ıiuü]z)?(?:n?[dt][ae]n?|y?[aeıiuü]|n[aeıiuü]|n?[ıiuü]n|yl[ae]|l[ae])?"
    r"|(?:m[ae])?(?:(?:[iıuü]yor|[dt][ıiuü]|m[ıiuü]ş|y?[ae]c[ae]k|[aeıiuü]?r|m[ae]z|m[ae]l[ıi])(?:l[ae]r|t[ıiuü]r)?"
    r"|m[ae]k|m[ae](?:s[ıiuü]n?[ıiae]?)?|y?[ae]n|[dt][ıiuü]ğ[ıiuü]|y?[ae]c[ae]ğ[ıi]|y?[iıuü]p|y?[ae]r[ae]k)"
)


def is_derived(base: str, form: str) -> bool:
    """Tell whether a form that the dictionary files under a base is another word, or is written with an apostrophe."""
    soft = base[:-1] + _SOFT.get(base[-1:], base[-1:])
    if form.startswith(soft):
        return not _ENDINGS.fullmatch(form, len(soft))
    return not (form.startswith(base) and _ENDINGS.fullmatch(form, len(base)))


def inflect(word: str) -> frozenset[str]:
    """Return a noun's or name's cases, in both numbers."""
    vowels = [letter for letter in word.lower() if letter in _VOWELS]
    if not vowels or len(word) < 3:
        return frozenset()
    low = "a" if vowels[-1] in "aıouâ" else "e"
    plural = f"{word}l{low}r"
    return frozenset({plural, *_cases(word, low, _HIGH[vowels[-1]]), *_cases(plural, low, _HIGH[low])} - {word})


def _cases(stem: str, low: str, high: str) -> set[str]:
    last = stem[-1].lower()
    hard = "t" if last in _HARD else "d"
    forms = {f"{stem}{hard}{low}", f"{stem}{hard}{low}n"}
    if last in _VOWELS:
        open_ = {f"y{low}", f"y{high}", f"n{high}n", f"yl{low}", f"s{high}", f"s{high}n{high}", f"s{high}n{low}"}
        return forms | {stem + ending for ending in open_ | {f"s{high}n{high}n", f"s{high}nd{low}"}}
    soft = stem[:-1] + _SOFT[last] if last in _SOFT and len(stem) > 4 else stem
    closed = {low, high, f"{high}n", f"{high}n{high}", f"{high}n{low}", f"{high}nd{low}", f"{high}nd{low}n"}
    return forms | {f"{stem}l{low}"} | {part + ending for part in {stem, soft} for ending in closed}
