"""Read one rule: its head, its match, its exclusions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from bot.marked import Node
from bot.model import Level, RuleHead
from bot.rules.draft import RuleDraft
from bot.rules.operators import read_match
from bot.rules.parts import Part
from bot.rules.prefilter import needs_words
from bot.rules.read_headlines import read_headlines
from bot.rules.reading import Reading

LEVELS = {level.name.lower(): level for level in Level}
STATUSES = ("draft", "live", "paused")
RULE_KEYS = (
    "rule", "about", "level", "tags", "owner", "status", "notes", "language", "match", "not in sentence", "unless",
    "tests", "concepts",
)  # fmt: skip

_SLUG = re.compile(r"[^\W_A-Z][^\W_A-Z]*(?:-[^\W_A-Z]+)*\Z")


def read_rule(node: Node, reading: Reading) -> RuleDraft:
    """Return the rule that a document with `rule:` defines, as far as it can be read."""
    before, used = len(reading.problems), len(reading.refs)
    reading.keys(node, RULE_KEYS, "a rule")
    name = node.get("rule")
    assert name is not None  # noqa: S101 - the caller has seen it
    rule_id = reading.text(name, "the name of a rule")
    if rule_id is not None and not _SLUG.match(rule_id):
        mend = re.sub(r"[\W_]+", "-", rule_id.lower()).strip("-") or "a-name"
        reading.error(name, f"`{rule_id}` can't name a rule", f"Use small letters, digits and hyphens: `{mend}`.")
    status = _choice(node.get("status"), STATUSES, "status", reading) or "live"
    if node.get("match") is None:
        reading.error(name, f"the rule `{name.raw}` has no `match`", "Say what it looks for: `match: [words, ...]`.")
    match, outside, unless = (_match(node, key, reading) for key in ("match", "not in sentence", "unless"))
    head = RuleHead(
        rule_id or name.raw,
        _prose(node, "about", reading) or (rule_id or name.raw),
        LEVELS[_choice(node.get("level"), LEVELS, "level", reading) or "notice"],
        frozenset(_tags(node.get("tags"), reading)),
        status == "live",
    )
    for key in ("owner", "notes"):
        _prose(node, key, reading)
    headlines = read_headlines(node, name, reading)
    return RuleDraft(
        head, match, outside, unless, headlines, status == "paused", reading.place(name), _content(node, reading),
        any(problem.severity == "error" for problem in reading.problems[before:]), tuple(reading.refs[used:]),
    )  # fmt: skip


def _match(node: Node, key: str, reading: Reading) -> Part | None:
    value = node.get(key)
    part = None if value is None else read_match(value, reading)
    if value is not None and part is not None and not needs_words(part):
        reading.error(
            value,
            f"`{key}` can hold without a single word, by absence alone",
            "Add the words that must be there, in each alternative: `all: [words, none: others]`.",
        )
    return part


def _content(node: Node, reading: Reading) -> str:
    """Return what decides whether the rule fires, and how it speaks, as one line."""
    said = {key: value.plain() for key, _, value in node.pairs() if key not in ("tests", "notes", "owner", "concepts")}
    return json.dumps([reading.language, said], ensure_ascii=True, sort_keys=True)


def _prose(node: Node, key: str, reading: Reading) -> str | None:
    value = node.get(key)
    return None if value is None else reading.text(value, f"`{key}`")


def _choice(node: Node | None, allowed: Iterable[str], key: str, reading: Reading) -> str | None:
    if node is None:
        return None
    word = node.raw if node.kind == "scalar" and node.value is not None else reading.text(node, f"`{key}`")
    if word is None or word in allowed:
        return word
    names = ", ".join(f"`{name}`" for name in allowed)
    reading.error(node, f"`{word}` is not a {key}", f"Use one of: {names}.")
    return None


def _tags(node: Node | None, reading: Reading) -> list[str]:
    items = () if node is None else node.items() if node.kind == "list" else (node,)
    return [tag for item in items if (tag := reading.text(item, "a tag")) is not None]
