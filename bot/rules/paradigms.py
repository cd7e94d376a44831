"""Inflection by tables of endings, for words and forms that a dictionary lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

# From the ending of a base to the endings that stand in its place in the base's forms, `-` for none at all.
# After a `+` they follow the whole base. The ending "" stands for any other base.
Paradigms = Mapping[str, str]

MIN_STEM = 3
_LONGEST = 4


def inflect(paradigms: Paradigms, base: str) -> frozenset[str]:
    """Return the forms of a base after the paradigm with the longest ending that it has; not the base itself."""
    for size in range(min(_LONGEST, len(base) - MIN_STEM + 1), -1, -1):
        kept = base[: len(base) - size]
        if base[len(kept) :] in paradigms:
            return frozenset(kept + new for new in _endings(base[len(kept) :], paradigms)) - {base}
    return frozenset()


def _endings(ending: str, paradigms: Paradigms) -> Iterator[str]:
    """Yield what may stand in the place of a base's ending."""
    forms = paradigms[ending].split()
    follow = ending if forms[0] == "+" else ""
    yield from (follow + ("" if new == "-" else new) for new in forms if new != "+")
