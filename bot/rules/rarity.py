"""How often an item is guessed to hold a word."""

from __future__ import annotations

from bot.rules.terms import Form, Word


def chance(word: Word) -> float:
    """Return a word's chance, to be compared with other words'; without a corpus at hand, by its length."""
    length = max(1, 12 - len(word.key))
    return length * (40.0 if word.form is Form.EXACT and word.key in _COMMON else 1.0)


_COMMON = frozenset({
    "a", "an", "the", "of", "in", "on", "at", "by", "for", "from", "to", "with", "and", "or", "as", "is", "are",
    "was", "be", "it", "its", "not", "over", "after", "up", "out", "off", "into", "new", "say", "says", "said",
    "will", "more",
})  # fmt: skip
