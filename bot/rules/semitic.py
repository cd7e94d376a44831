"""Arabic and Persian: prefixes and endings that are written as part of a word."""

from __future__ import annotations

import re

# And, so, with, as, for, will; the article alone or after one of them. What remains has three letters at least.
_BEFORE = re.compile("(?:[وف]?(?:ال|بال|كال|لل)|[وف]?[بكلس]|[وف])(?=\\w{3})")
_BEHIND = re.compile("(?<=\\w{3})(?:ها|هما|هم|نا|كم|ه)\\Z")
_VERB = re.compile(r"ا[^\Wة]{3,5}\Z|\wا[^\Wة]{2}\Z")

# Regular plurals, duals, feminine and accusative forms of a word with this ending.
ARABIC = {
    "ة": "ة ات تين تان تي",
    "ي": "ي ية يا يين يون يات يان",
    "": "ا ين ون ان ات ة ت وا",
}  # fmt: skip
PERSIAN = {
    "ه": "ه ها های هایی ای ات",
    "ا": "ا ها های هایی ی یی",
    "": "ها های هایی ی ان",
}  # fmt: skip


def conjugate(word: str) -> frozenset[str]:
    """Return the present forms of an Arabic word that looks like a verb, in the commonest shapes."""
    if word[:1] in ("أ", "ا") and 4 <= len(word) <= 6:
        root = word[1:]
    elif len(word) == 3 or (len(word) == 4 and word[1] == "ا"):
        root = word
    else:
        return frozenset()
    heads, tails = ("ي", "ت", "سي", "ست"), ("", "ون", "ان", "وا")
    return frozenset(head + root + tail for head in heads for tail in tails) if "ة" not in root else frozenset()


def is_verb(base: str, form: str) -> bool:
    """Tell whether a regular form is a verb's beyond doubt."""
    return bool(_VERB.match(base)) or (len(base) == 3 and form[:1] == "ي")


def has_article(base: str, form: str) -> bool:
    """Tell whether a form that the dictionary files under a base only adds the article, which items' words lose."""
    return form.startswith("ال") and not base.startswith("ال")


def stems(word: str) -> list[str]:
    """Return what an Arabic word may be without its article, clitics and pronouns; the word itself is left out."""
    found = [word]
    before = _BEFORE.match(word)
    if before:
        found.append(word[before.end() :])
        if len(before.group()) > 1 and word[0] in "وف":
            found.append(word[1:])
    for stem in tuple(found):
        behind = _BEHIND.search(stem)
        if behind:
            bare = stem[: behind.start()]
            found += [bare, bare[:-1] + "ة"] if bare[-1] == "ت" else [bare]
    return list(dict.fromkeys(found))[1:]
