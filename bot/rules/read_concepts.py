"""Read concepts: names for lists of words, in one language or several."""

from __future__ import annotations

import json

from bot.marked import Node
from bot.rules.draft import ConceptDraft
from bot.rules.parts import AnyOf, Part, Words, walk
from bot.rules.patterns import CONCEPT_NAME, read_pattern
from bot.rules.reading import LANGUAGE_CODE, Reading, warn_repeats

COUNTRIES = "countries"  # what `names` may ask for
Values = tuple[tuple[int, str], ...]  # term id, the id of the entry that it stands for


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
        part, values = _concept(value, name, reading)
        broken = any(problem.severity == "error" for problem in reading.problems[before:])
        content = json.dumps([name, reading.language, value.plain()], ensure_ascii=True)
        refs = tuple(reading.refs[used:])
        found.append(ConceptDraft(name, part, reading.place(key), content, broken, refs, values))
    return found


ENTRY_KEYS = ("entries", "names")
EXTEND_KEYS = ("extend", "words", "entries", "language")


def read_extension(node: Node, reading: Reading) -> list[ConceptDraft]:
    """Return what a document with `extend:` adds to a concept, as far as it can be read."""
    before, used = len(reading.problems), len(reading.refs)
    reading.keys(node, EXTEND_KEYS, "`extend`")
    key = node.get("extend") or node
    name = reading.text(key, "the name of a concept")
    given = node if node.get("entries") is not None else node.get("words")
    if given is None:
        reading.error(key, f"nothing is added to `{key.raw}`", "Add `words: [...]`, or `entries`.")
    if name is None or given is None:
        return []
    part, values = _entries(node, name, reading) if given is node else (_words(given, name, reading), ())
    refs, content = tuple(reading.refs[used:]), reading.content(node, ())
    return [ConceptDraft(name, part, reading.place(key), content, reading.broke(before), refs, values, extends=True)]


def _concept(node: Node, name: str, reading: Reading) -> tuple[Part | None, Values]:
    if node.kind != "map" or node.get("entries") is None:
        return _words(node, name, reading), ()
    reading.keys(node, ENTRY_KEYS, f"the concept `{name}` with `entries`")
    return _entries(node, name, reading)


def _entries(node: Node, name: str, reading: Reading) -> tuple[Part | None, Values]:
    entries = node.get("entries")
    if entries is None or entries.kind != "map":
        reading.error(entries or node, f"`entries` of `{name}` is not a map", "Write `ID: [words, ...]` under it.")
        return None, ()
    parts: list[Part] = []
    values: dict[int, str] = {}
    for entry_id, key, value in entries.pairs():
        part = _words(value, f"{name}:{entry_id}", reading)
        parts += [part] if part else []
        for inner in walk(part) if part else ():
            _note_value(inner, entry_id, key, values, reading)
    parts += _names(node.get("names"), [entry_id for entry_id, _, _ in entries.pairs()], values, reading)
    return (AnyOf(tuple(parts)) if parts else None), tuple(values.items())


def _note_value(part: Part, entry_id: str, key: Node, values: dict[int, str], reading: Reading) -> None:
    """Note what a word of an entry stands for; it can be the word of one entry alone."""
    if isinstance(part, Words):
        if (other := values.setdefault(part.term.id, entry_id)) != entry_id:
            message = f"`{part.term.written}` stands for `{other}` and for `{entry_id}`"
            reading.error(key, message, "Keep it in one of them.")
    elif not isinstance(part, AnyOf):
        reading.error(key, f"`{part}` in the entry `{entry_id}` is no plain word", "Entries hold words alone.")


def _names(node: Node | None, codes: list[str], values: dict[int, str], reading: Reading) -> list[Part]:
    """Return the names of countries by their codes; the file's own words win where a name is two countries'.

    Names are bound to their language, since Irã, without its accent, is an English IRA. English ones are everybody's.
    """
    if node is None:
        return []
    if node.raw != COUNTRIES:
        reading.error(node, f"`{node.raw}` is no list of names", f"Write `names: {COUNTRIES}`.")
        return []
    known = reading.countries()
    found: list[Part] = []
    for code in codes:
        english = known.get(code, {}).get("en", ())
        for language, names in known.get(code, {}).items():
            for name in names if language == "en" else (name for name in names if name not in english):
                term = reading.terms.read(name, language, bound=language != "en")
                if values.setdefault(term.id, code) == code:
                    found.append(Words(term))
    return [AnyOf(tuple(found))] if found else []


def _words(node: Node, name: str, reading: Reading) -> Part | None:
    """Return the words of a list, or of lists by language."""
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
