"""Find headlines that YAML has cut in two at a comma, as it does between brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.marked import Node
from bot.rules.reading import Reading

LONG = 3  # words of a headline that a single word behind it may belong to

# "PM says", "officials said": what stands behind a comma, and is no headline.
_SAYS = re.compile(r"(?:\S+ ){0,2}(?:say|says|said|report|reports|reported)\Z")


def warn_split(node: Node, reading: Reading) -> None:
    """Note the items of a list in brackets that are probably the rest of the headline before them.

    Quotes say that an item is meant as it is, and so does a line of its own.
    """
    items = node.items()
    line = reading.lines[node.line - 1] if 0 < node.line <= len(reading.lines) else ""
    if not items or line[node.column - 1 : node.column] != "[":
        return
    for number in range(1, len(items)):
        if _is_rest(items, number):
            before, rest = items[number - 1].raw, items[number].raw
            message = f"`{rest}` may be the rest of `{before}`: between brackets a comma ends a headline"
            reading.warn(
                items[number], message, f'Quote all of it, "{before}, {rest}"; or quote both, if they are two.'
            )


def _is_rest(items: Sequence[Node], number: int) -> bool:
    """Tell whether an item goes on where the one before it ends.

    It does in small letters behind a capital, as a lone word behind several, and where it tells who says so. Scripts
    without small letters, which may do without spaces too, tell nothing.
    """
    before, item = items[number - 1], items[number]
    if any(one.kind != "scalar" or one.quoted for one in (before, item)) or item.raw.upper() == item.raw.lower():
        return False
    alone = len(item.raw.split()) == 1 and len(before.raw.split()) >= LONG
    return alone or (item.raw[:1].islower() and before.raw[:1].isupper()) or _SAYS.match(item.raw) is not None
