"""Read a match: a pattern, a list (any of them), or a map of operators (all of them).

To add an operator: one function here, one line in OPERATORS, one row in its table test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from bot.marked import Node
from bot.rules.codes import LANGUAGES
from bot.rules.order import Near
from bot.rules.parts import AllOf, AnyOf, InField, NoneOf, Part, Ref, walk
from bot.rules.patterns import MAX_GAP, read_pattern
from bot.rules.reading import Reading, warn_repeats
from bot.rules.special import InLanguage
from bot.rules.weights import AtLeast

WIDE = 25  # a `near` wider than this says little

AT_LEAST_KEY = re.compile(r"at least [0-9]{1,2}\Z")
WITHIN = re.compile(r"([0-9]{1,4})(?:\s+words?)?\Z")


def read_match(node: Node, reading: Reading) -> Part | None:
    """Return the part that a node stands for; None, and problems, where it can't be read."""
    if node.kind == "list":
        warn_repeats(node.items(), reading)
        parts = _items(node, reading, "this list")
        return None if parts is None else _single(AnyOf, parts)
    if node.kind == "map":
        return _read_map(node, reading)
    return read_pattern(node, reading)


def _read_map(node: Node, reading: Reading) -> Part | None:
    known = {**OPERATORS, **dict.fromkeys(COMPANIONS)}
    keys = [_operator(key) for key, _, _ in node.pairs()]
    if len(keys) == 1 and node.value[0][1].kind == "scalar" and not get_close_matches(keys[0], known, cutoff=0.6):
        reading.colon(node, "a pattern")
        return None
    before = len(reading.problems)
    reading.keys(node, {*known, *(key for key, _, _ in node.pairs() if _operator(key) in known)}, "a match")
    _check_companions(node, reading)
    parts = [
        OPERATORS[operator](Operand(key, value, node), reading)
        for key, _, value in node.pairs()
        if (operator := _operator(key)) in OPERATORS
    ]
    if not keys:
        reading.error(node, "an empty match", "Write what to look for.")
    if not parts or None in parts or reading.broke(before):
        return None
    return _single(AllOf, tuple(part for part in parts if part is not None))


def _operator(key: str) -> str:
    """Return the operator that a key of a match stands for: `at least 2` and `ko` are written in many ways."""
    if AT_LEAST_KEY.match(key):
        return AT_LEAST
    return LANGUAGE if key in LANGUAGES else key


def _check_companions(node: Node, reading: Reading) -> None:
    for key, at, _ in node.pairs():
        owner = COMPANIONS.get(key)
        if owner and node.get(owner) is None:
            reading.error(at, f"`{key}` without `{owner}`", f"Put it beside the `{owner}` that it belongs to.")


def _items(node: Node, reading: Reading, what: str) -> tuple[Part, ...] | None:
    """Return the parts of a list, or of a single item; None where one of them can't be read."""
    if node.kind == "list" and not node.items():
        reading.error(node, f"{what} is empty", "Write at least one item, or remove it.")
        return None
    parts = [read_match(item, reading) for item in (node.items() if node.kind == "list" else (node,))]
    good = tuple(part for part in parts if part is not None)
    return good if len(good) == len(parts) else None


def _single(kind: Callable[[tuple[Part, ...]], Part], parts: tuple[Part, ...]) -> Part:
    return parts[0] if len(parts) == 1 else kind(parts)


def _any(given: Operand, reading: Reading) -> Part | None:
    warn_repeats(given.value.items(), reading)
    parts = _items(given.value, reading, "`any`")
    return None if parts is None else _single(AnyOf, parts)


def _all(given: Operand, reading: Reading) -> Part | None:
    parts = _items(given.value, reading, "`all`")
    return None if parts is None else _single(AllOf, parts)


def _none(given: Operand, reading: Reading) -> Part | None:
    parts = _items(given.value, reading, "`none`")
    return None if parts is None else NoneOf(parts)


def _at_least(given: Operand, reading: Reading) -> Part | None:
    parts = _items(given.value, reading, f"`{given.key}`")
    needs = int(given.key.split()[-1])
    if parts is not None and not 1 <= needs <= len(parts):
        mend = f"Write a number from 1 to {len(parts)}, or list more."
        reading.error(given.value, f"`{given.key}` of {len(parts)} can never be so", mend)
        return None
    return None if parts is None else AtLeast(needs, parts)


def _title(given: Operand, reading: Reading) -> Part | None:
    return _in_field("title", "text", given, reading)


def _text(given: Operand, reading: Reading) -> Part | None:
    return _in_field("text", "title", given, reading)


def _in_field(name: str, other: str, given: Operand, reading: Reading) -> Part | None:
    part, wrong = read_match(given.value, reading), list(_keys_below(given.value, other))
    for key in wrong:
        message = f"`{other}` inside of `{name}` can never hold: no word stands in both"
        reading.error(key, message, f"Put `{other}` beside `{name}`, under `all` or `any`.")
    return None if part is None or wrong else InField(name, part)


def _keys_below(node: Node, name: str) -> Iterator[Node]:
    """Yield the keys of this name anywhere in a match."""
    for key, at, value in node.pairs():
        if key == name:
            yield at
        yield from _keys_below(value, name)
    for item in node.items():
        yield from _keys_below(item, name)


def _language(given: Operand, reading: Reading) -> Part | None:
    spoken, reading.language = reading.language, given.key
    part = read_match(given.value, reading)
    reading.language = spoken
    return None if part is None else InLanguage(given.key, part)


def _near(given: Operand, reading: Reading) -> Part | None:
    value, before = given.value, len(reading.problems)
    parts = _items(value, reading, "`near`")
    width = given.whole.get("within")
    if width is None:
        reading.error(value, "`near` without `within`", "Add how near: `within: 8 words`.")
        return None
    within = _width(width, reading)
    if parts is None or within is None:
        return None
    if value.kind != "list" or len(parts) < 2:
        reading.error(value, "`near` needs at least two items", "List what must stand near each other.")
        return None
    odd = next((part for part in parts for inner in walk(part) if inner.joins == "none" or _scattered(inner)), None)
    if odd is not None:
        reading.error(
            value, f"`near` can't hold `{odd}`", "Give `near` words, concepts and lists; put the rest beside it."
        )
    for name, roles in sorted(_roles(parts).items()):
        if len(roles) > 1:
            message = f"`near` has no order, so nobody knows which `<{name}>` is {' and which is '.join(sorted(roles))}"
            reading.error(value, message, "Use a template: `<a as x> ... <b as y>`.")
    return None if reading.broke(before) else Near(parts, within)


def _roles(parts: tuple[Part, ...]) -> dict[str, set[str]]:
    """Return the roles that each concept is captured as, by its name."""
    found: dict[str, set[str]] = {}
    for part in parts:
        for inner in walk(part):
            if isinstance(inner, Ref) and inner.role:
                found.setdefault(inner.name, set()).add(inner.role)
    return found


def _scattered(part: Part) -> bool:
    return isinstance(part, AllOf | InField | AtLeast)


def _width(node: Node, reading: Reading) -> int | None:
    found = WITHIN.match(node.raw.strip()) if node.kind == "scalar" else None
    if found is None or int(found.group(1)) > MAX_GAP:
        shown = node.raw or "this"
        reading.error(
            node, f"`within: {shown}` is not a distance", f"Write a number of words up to {MAX_GAP}: `within: 8 words`."
        )
        return None
    if int(found.group(1)) > WIDE:
        reading.warn(
            node,
            f"`within: {found.group()}` is wide: the words may have nothing to do with each other",
            f"Use at most {WIDE} words, or `all` if the distance does not matter.",
        )
    return int(found.group(1))


@dataclass(frozen=True, slots=True)
class Operand:
    """What an operator is given: its key as written, its value, and the map that both stand in."""

    key: str
    value: Node
    whole: Node


Operator = Callable[[Operand, Reading], Part | None]
AT_LEAST, LANGUAGE = "at least N", "a language code"

OPERATORS: dict[str, Operator] = {
    "any": _any,
    "all": _all,
    "none": _none,
    AT_LEAST: _at_least,
    "near": _near,
    "title": _title,
    "text": _text,
    LANGUAGE: _language,
}
COMPANIONS = {"within": "near"}  # keys that say more of an operator beside them
