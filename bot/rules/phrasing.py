"""Numbers and lists in words, as messages say them."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun; the plural has an `s` more unless it is given."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def joined(words: Sequence[str], last: str) -> str:
    """Return words as `a, b and c`, where `last` is `and`; "" for none."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
