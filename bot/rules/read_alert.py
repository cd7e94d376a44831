"""Read `alert`: how a rule speaks, once it has fired."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.marked import Node
from bot.model import AlertPolicy, Level, Raise
from bot.rules.read_where import read_span
from bot.rules.reading import Reading

ALERT_KEYS = ("per", "again after", "wait for", "raise")
STORY = "story"

_LEVELS = {level.name.lower(): level for level in Level}
SOURCES = re.compile(r"([1-9][0-9]?) sources?(?: in (.+))?\Z")
_LIKE = "Write it like `3 sources` or `8 sources in 2h`."


def read_alert(node: Node | None, reading: Reading) -> AlertPolicy:
    """Return how a rule's alerts speak, as far as that can be read; the defaults where nothing is said."""
    if node is None:
        return AlertPolicy()
    if node.kind != "map":
        reading.error(node, "`alert` is not a map", "Write `per`, `again after`, `wait for` or `raise` under it.")
        return AlertPolicy()
    reading.keys(node, ALERT_KEYS, "`alert`")
    wait = node.get("wait for")
    sources, span = _sources(wait, wait.raw if wait else "", reading) if wait else (1, None)
    if wait is not None and span is not None:
        reading.error(wait, "`wait for` takes no time", "Write it like `wait for: 2 sources`.")
    return AlertPolicy(
        _per(node.get("per"), reading),
        read_span(node.get("again after"), "again after", reading),
        sources,
        tuple(_raises(node.get("raise"), reading)),
    )


def _per(node: Node | None, reading: Reading) -> tuple[str, ...]:
    """Return the roles that tell alerts apart; () means the story."""
    items = () if node is None else node.items() if node.kind == "list" else (node,)
    words = tuple(word for item in items if (word := reading.text(item, "a role")) is not None)
    return () if words == (STORY,) else words


def _raises(node: Node | None, reading: Reading) -> list[Raise]:
    if node is None:
        return []
    if node.kind != "map":
        reading.error(node, "`raise` is not a map", "Write `raise: {3 sources: urgent}`.")
        return []
    found: list[Raise] = []
    for key, at, value in node.pairs():
        count, within = _sources(at, key, reading)
        level = _LEVELS.get(value.raw)
        if level is None:
            names = ", ".join(f"`{name}`" for name in _LEVELS)
            reading.error(value, f"`{value.raw}` is not a level", f"Use one of: {names}.")
        else:
            found.append(Raise(count, within, level))
    return found


def _sources(at: Node, text: str, reading: Reading) -> tuple[int, timedelta | None]:
    found = SOURCES.match(text.strip())
    if found is None:
        reading.error(at, f"`{text}` is not a number of sources", _LIKE)
        return 1, None
    if found.group(2) is None:
        return int(found.group(1)), None
    span = Node("scalar", found.group(2), at.line, at.column, found.group(2))
    return int(found.group(1)), read_span(span, "in", reading)
