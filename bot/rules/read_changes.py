"""Read what changes other definitions: `extend` a concept, `adjust` a rule, `filters` for many rules."""

from __future__ import annotations

from bot.marked import Node
from bot.rules.commas import warn_split
from bot.rules.draft import AdjustDraft, FilterDraft, Headline
from bot.rules.read_alert import read_alert
from bot.rules.read_headlines import read_item
from bot.rules.read_rule import LEVELS, STATUSES, read_choice, read_exclusion, read_tags
from bot.rules.reading import Reading

ADJUST_KEYS = ("adjust", "level", "tags", "status", "not in sentence", "unless", "alert", "notes", "language")
FILTER_KEYS = ("filter", "rules", "not in sentence", "unless", "drops", "keeps")
ALL = "all"  # in `rules:`, every rule


def read_adjust(node: Node, reading: Reading) -> AdjustDraft:
    """Return what a document with `adjust:` changes of a rule, as far as it can be read."""
    before, used = len(reading.problems), len(reading.refs)
    reading.keys(node, ADJUST_KEYS, "`adjust`")
    name = node.get("adjust") or node
    level = read_choice(node.get("level"), LEVELS, "level", reading)
    status = read_choice(node.get("status"), STATUSES, "status", reading)
    return AdjustDraft(
        reading.text(name, "the name of a rule") or "",
        LEVELS.get(level or ""),
        frozenset(read_tags(node.get("tags"), reading)),
        status,
        read_exclusion(node, "not in sentence", reading),
        read_exclusion(node, "unless", reading),
        read_alert(node.get("alert"), reading),
        reading.place(name),
        reading.content(node, ("notes",)),
        reading.broke(before),
        tuple(reading.refs[used:]),
    )


def read_filters(node: Node | None, reading: Reading) -> list[FilterDraft]:
    """Return the exclusions that a list of `filters:` holds, as far as they can be read."""
    if node is None:
        return []
    if node.kind != "list":
        reading.error(
            node, "`filters` is not a list", "Write `- filter: its-name` under it, with `rules` and `unless`."
        )
        return []
    return [found for item in node.items() if (found := _filter(item, reading))]


def _filter(node: Node, reading: Reading) -> FilterDraft | None:
    before, used = len(reading.problems), len(reading.refs)
    name = node.get("filter")
    if name is None:
        reading.error(node, "a filter without a name", "Begin it with `filter: its-name`.")
        return None
    reading.keys(node, FILTER_KEYS, "a filter")
    outside, unless = (read_exclusion(node, key, reading) for key in ("not in sentence", "unless"))
    if node.get("not in sentence") is None and node.get("unless") is None:
        reading.error(name, f"the filter `{name.raw}` drops nothing", "Add `unless` or `not in sentence`.")
    rules = node.get("rules")
    if rules is None:
        reading.error(name, f"the filter `{name.raw}` is for no rule", "Add `rules: all`, or a list of rules.")
    for given in (node.get(key) for key in ("drops", "keeps")):
        if given is not None:
            warn_split(given, reading)
    headlines = tuple(
        Headline(item, key == "drops", reading.place(at))
        for key in ("drops", "keeps")
        for at in _items(node.get(key))
        if (item := read_item(at, reading)) is not None
    )
    return FilterDraft(
        reading.text(name, "the name of a filter") or "",
        frozenset(word for at in _items(rules) if (word := reading.text(at, "the name of a rule"))),
        outside,
        unless,
        headlines,
        reading.place(name),
        reading.content(node, ("drops", "keeps")),
        reading.broke(before),
        tuple(reading.refs[used:]),
    )


def _items(node: Node | None) -> tuple[Node, ...]:
    return () if node is None else node.items() if node.kind == "list" else (node,)
