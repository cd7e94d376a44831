"""Read a correlation rule's tests: what comes in when, and whether the rule must fire on it."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.marked import Node
from bot.model import Feed, Item, SourceKind
from bot.rules.draft import Step, TimedSequence
from bot.rules.read_headlines import read_kinds
from bot.rules.reading import Reading, nearest

SEQUENCE_KEYS = ("sequence", "value")
STEP_KEYS = ("at", "source", "title", "text", "lang", "owner", "kind")
AT = re.compile(r"(0|[1-9][0-9]{0,3}) ?(m|h|d|minutes?|hours?|days?)\Z")

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_LIKE = "Write it like `- sequence:` with `{at: 0m, source: a-feed, title: ...}` below."


def read_sequences(rule: Node, name: Node, reading: Reading) -> tuple[TimedSequence, ...]:
    """Return a rule's timed sequences; warns where there are too few."""
    found: list[TimedSequence] = []
    for key, _, items in read_kinds(rule, name, "sequence", reading):
        found += [one for item in items if (one := _sequence(item, key == "fires", reading))]
    return tuple(found)


def _sequence(node: Node, fires: bool, reading: Reading) -> TimedSequence | None:
    listed = node.get("sequence")
    if listed is None:
        reading.error(node, "a rule with `when` is tested with timed sequences, and this is none", _LIKE)
        return None
    reading.keys(node, SEQUENCE_KEYS, "a sequence")
    if listed.kind != "list" or not listed.items():
        reading.error(listed, "`sequence` is not a list of what comes in", _LIKE)
        return None
    value = node.get("value")
    wanted = "" if value is None else reading.text(value, "the value it fires for") or ""
    steps = [step for item in listed.items() if (step := _step(item, reading))]
    return TimedSequence(tuple(sorted(steps, key=_when)), fires, wanted, reading.place(node))


def _when(step: Step) -> timedelta:
    return step.after


def _step(node: Node, reading: Reading) -> Step | None:
    """Return what a feed brings at a time; None, and a problem, where that can't be read."""
    before = len(reading.problems)
    if node.kind != "map":
        reading.error(node, "an item of a sequence is a map", _LIKE)
        return None
    reading.keys(node, STEP_KEYS, "an item of a sequence")
    texts = {key: reading.text(at, f"`{key}`") for key, _, at in node.pairs() if key in STEP_KEYS and key != "at"}
    after, kind = _at(node, reading), _kind(node, reading)
    if node.get("source") is None:
        reading.error(node, "an item without a source", "Name the feed that brings it: `source: a-feed`.")
    if not (texts.get("title") or texts.get("text")) and len(reading.problems) == before:
        reading.error(node, "an item without words", "Give it a `title`, a `text`, or both.")
    language = texts.get("lang") or reading.language
    reading.is_language(language, node.get("lang") or node)
    source = texts.get("source")
    if after is None or source is None or len(reading.problems) > before:
        return None
    feed = Feed(source, "", source, texts.get("owner") or source, kind)
    return Step(after, feed, Item(texts.get("title") or "", texts.get("text") or "", language, source))


def _at(node: Node, reading: Reading) -> timedelta | None:
    value = node.get("at")
    if value is None:
        reading.error(node, "an item without a time", "Say how long after the first it comes: `at: 50m`.")
        return None
    found = AT.match(value.raw.strip()) if value.kind == "scalar" else None
    if found is None:
        mend = "Write a number and a unit, counted from the beginning: `at: 50m`."
        reading.error(value, f"`at: {value.raw}` is not a span of time", mend)
        return None
    return timedelta(**{_UNITS[found.group(2)[0]]: int(found.group(1))})


def _kind(node: Node, reading: Reading) -> SourceKind:
    value = node.get("kind")
    word = value.raw.strip() if value is not None else SourceKind.OUTLET
    if value is not None and word not in list(SourceKind):
        reading.error(value, f"`{word}` is no kind of feed", nearest(word, map(str, SourceKind)))
        return SourceKind.OUTLET
    return SourceKind(word)
