"""Find words that mix the letters of two alphabets: they look right, and match nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.marked import Node
from bot.rules.reading import Reading

_WORD = re.compile(r"[^\W\d_]+")
_ALPHABETS = {
    "Latin": re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]"),
    "Cyrillic": re.compile("[\u0400-\u052f]"),
}


def warn_mixed(node: Node, text: str, reading: Reading) -> None:
    """Note each word that has Latin and Cyrillic letters, and which of them are the odd ones."""
    for word, alphabet, odd in mixed(text):
        verb = "are" if len(odd) > 1 else "is"
        letters = ", ".join(f"`{letter}`" for letter in odd)
        message = f"`{word}` has letters of two alphabets, of which {letters} {verb} {alphabet}"
        reading.warn(node, message, "Type the word anew in one alphabet: as it is, it finds only what is mixed alike.")


def mixed(text: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each mixed word with the alphabet of its odd letters, and these; parts joined by a hyphen are words.

    Odd are the fewer ones; of as many, those that the word does not begin with.
    """
    for word in () if text.isascii() else _WORD.findall(text):
        found = {name: letters.findall(word) for name, letters in _ALPHABETS.items()}
        if all(found.values()):
            odd = min(found, key=lambda name: (len(found[name]), word[0] in found[name]))
            yield word, odd, tuple(dict.fromkeys(found[odd]))
