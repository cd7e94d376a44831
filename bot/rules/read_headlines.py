"""Read a rule's tests: headlines that must fire, and headlines that must stay silent."""

from __future__ import annotations

from collections.abc import Iterator

from bot.marked import Node
from bot.model import Item
from bot.rules.codes import LANGUAGES
from bot.rules.commas import warn_split
from bot.rules.draft import Headline
from bot.rules.reading import Reading

TEST_KEYS = ("fires", "silent")
HEADLINE_KEYS = ("title", "text", "lang", "captures")
ENOUGH = 3  # headlines of each kind that a rule should carry


def read_headlines(rule: Node, name: Node, reading: Reading) -> tuple[Headline, ...]:
    """Return a rule's headlines; warns where there are too few."""
    found: list[Headline] = []
    for key, node, items in read_kinds(rule, name, "headline", reading):
        if node is not None:
            warn_split(node, reading)
        for item in items:
            read = read_item(item, reading)
            found += [Headline(read, key == "fires", reading.place(item), _captures(item, reading))] if read else []
    return tuple(found)


def read_kinds(
    rule: Node, name: Node, what: str, reading: Reading
) -> Iterator[tuple[str, Node | None, tuple[Node, ...]]]:
    """Yield each kind of a rule's tests with its node and its items; warns where there are too few of them."""
    tests = rule.get("tests")
    if tests is not None and tests.kind != "map":
        reading.error(tests, "`tests` is not a map", f"Write `fires:` and `silent:` under it, each with {what}s.")
        return
    if tests is not None:
        reading.keys(tests, TEST_KEYS, "tests")
    for key in TEST_KEYS:
        node = tests.get(key) if tests is not None else None
        items = () if node is None else node.items() if node.kind == "list" else (node,)
        if len(items) < ENOUGH:
            message = f"the rule `{name.raw}` has {len(items) or 'no'} `{key}` {what}{'s' * (len(items) != 1)}"
            reading.warn(node or tests or name, message, f"Give at least {ENOUGH} under `tests:`, `{key}:`.")
        yield key, node, items


def _captures(node: Node, reading: Reading) -> tuple[tuple[str, str], ...]:
    captures = node.get("captures")
    if captures is None:
        return ()
    if captures.kind != "map":
        reading.error(captures, "`captures` is not a map", "Write `{role: ID}`, such as `{sender: US}`.")
        return ()
    pairs = [(role, reading.text(value, "what a role captures")) for role, _, value in captures.pairs()]
    return tuple((role, value) for role, value in pairs if value is not None)


def read_item(node: Node, reading: Reading) -> Item | None:
    """Return the item that a headline stands for: a text, `ru: text`, or a map; None, and a problem, for others."""
    pairs = list(node.pairs())
    if len(pairs) == 1 and pairs[0][0] in LANGUAGES:
        title = reading.text(pairs[0][2], "a headline")
        return None if title is None else Item(title, language=pairs[0][0])
    if (sequence := node.get("sequence")) is not None:
        reading.error(sequence, "a sequence tests a rule with `when`", "Write a headline, or several.")
        return None
    if not (node.kind == "map" and any(node.get(key) for key in HEADLINE_KEYS)):
        title = reading.text(node, "a headline")
        return None if title is None else Item(title, language=reading.language)
    before = len(reading.problems)
    reading.keys(node, HEADLINE_KEYS, "a headline")
    texts = [(key, value) for key, _, value in node.pairs() if key in HEADLINE_KEYS and key != "captures"]
    values = {key: reading.text(value, f"`{key}`") for key, value in texts}
    language = values.get("lang") or reading.language
    reading.is_language(language, node)
    if not (values.get("title") or values.get("text")) and len(reading.problems) == before:
        reading.error(node, "a headline without words", "Give it a `title`, a `text`, or both.")
    return (
        None if len(reading.problems) > before else Item(values.get("title") or "", values.get("text") or "", language)
    )
