"""Read `where`: which items a rule looks at."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.marked import Node
from bot.rules.reading import Reading
from bot.rules.where import Where

WHERE_KEYS = ("languages", "sources", "not sources", "source tags", "fresh")

SPAN = re.compile(r"([1-9][0-9]{0,3}) ?(m|h|d|minutes?|hours?|days?)\Z")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def read_where(node: Node | None, reading: Reading) -> Where | None:
    """Return the conditions that a `where:` map holds, as far as they can be read; None without one."""
    if node is None:
        return None
    if node.kind != "map":
        reading.error(node, "`where` is not a map", "Write conditions under it, such as `languages: [en, fr]`.")
        return None
    reading.keys(node, WHERE_KEYS, "`where`")
    languages = _words(node.get("languages"), "a language", reading)
    for code in languages:
        reading.is_language(code, node.get("languages") or node)
    return Where(
        languages,
        _words(node.get("sources"), "a feed's id", reading),
        _words(node.get("not sources"), "a feed's id", reading),
        _words(node.get("source tags"), "a tag", reading),
        read_span(node.get("fresh"), "fresh", reading),
    )


def read_span(node: Node | None, key: str, reading: Reading) -> timedelta | None:
    """Return a span of time such as `24h`; None, and a problem, where it is none."""
    if node is None:
        return None
    found = SPAN.match(node.raw.strip()) if node.kind == "scalar" else None
    if found is None:
        reading.error(node, f"`{key}: {node.raw}` is not a span of time", f"Write a number and a unit: `{key}: 24h`.")
        return None
    return timedelta(**{_UNITS[found.group(2)[0]]: int(found.group(1))})


def _words(node: Node | None, what: str, reading: Reading) -> frozenset[str]:
    items = () if node is None else node.items() if node.kind == "list" else (node,)
    return frozenset(word for item in items if (word := reading.text(item, what)) is not None)
