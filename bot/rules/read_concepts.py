"""Read concepts: names for lists of words, in one language or several."""

from __future__ import annotations

import json

from bot.marked import Node
from bot.rules.draft import ConceptDraft
from bot.rules.parts import AnyOf, Part
from bot.rules.patterns import CONCEPT_NAME, read_pattern
from bot.rules.reading import LANGUAGE_CODE, Reading, warn_repeats


def read_concepts(node: Node | None, reading: Reading) -> list[ConceptDraft]:
    """Return the concepts of a `concepts:` map, as far as they can be read."""
    if node is None:
        return []
    if node.kind != "map":
        reading.error(node, "`concepts` is not a map", "Write `name: [words, ...]` under it.")
        return []
    found: list[ConceptDraft] = []
    for name, key, value in node.pairs():
        before, used = len(reading.problems), len(reading.refs)
        if not CONCEPT_NAME.match(name):
            reading.error(key, f"`{name}` can't name a concept", "Use small letters, digits and hyphens.")
        part = _concept(value, name, reading)
        broken = any(problem.severity == "error" for problem in reading.problems[before:])
        content = json.dumps([name, reading.language, value.plain()], ensure_ascii=True)
        found.append(ConceptDraft(name, part, reading.place(key), content, broken, tuple(reading.refs[used:])))
    return found


def _concept(node: Node, name: str, reading: Reading) -> Part | None:
    if node.kind != "map":
        return _members(node, name, reading)
    parts: list[Part | None] = []
    spoken = reading.language
    for code, key, value in node.pairs():
        if not LANGUAGE_CODE.match(code):
            reading.error(key, f"`{code}` is not a language code", "Write words, or lists under codes such as `en`.")
            continue
        reading.language = code
        parts.append(_members(value, name, reading))
    reading.language = spoken
    good = tuple(part for part in parts if part is not None)
    if not node.value:
        reading.error(node, f"the concept `{name}` is empty", "List its words.")
    return AnyOf(good) if good else None


def _members(node: Node, name: str, reading: Reading) -> Part | None:
    items = node.items() if node.kind == "list" else (node,)
    if not items or (node.kind == "scalar" and node.value is None):
        reading.error(node, f"the concept `{name}` is empty", "List its words.")
        return None
    warn_repeats(items, reading)
    parts = [read_pattern(item, reading) for item in items]
    good = tuple(part for part in parts if part is not None)
    return AnyOf(good) if good else None
