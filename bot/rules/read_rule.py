"""Read one rule: its head, its match, its exclusions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.marked import Node
from bot.model import Level, RuleHead
from bot.rules.draft import RuleDraft
from bot.rules.operators import read_match
from bot.rules.parts import AllOf, Part, Ref, walk
from bot.rules.prefilter import needs_words
from bot.rules.read_alert import STORY, read_alert
from bot.rules.read_headlines import read_headlines
from bot.rules.read_score import read_score
from bot.rules.read_where import read_where
from bot.rules.reading import Reading, nearest

LEVELS = {level.name.lower(): level for level in Level}
STATUSES = ("draft", "live", "paused")
RULE_KEYS = (
    "rule", "about", "level", "tags", "owner", "status", "notes", "language", "match", "not in sentence", "unless",
    "tests", "concepts", "score", "needs", "different", "where", "alert", "filters", "when",
)  # fmt: skip

NOT_CONTENT = ("tests", "notes", "owner", "concepts")  # what a rule means doesn't depend on them
RULE_ID = re.compile(r"[^\W_A-Z][^\W_A-Z]*(?:-[^\W_A-Z]+)*\Z")


def read_rule(node: Node, reading: Reading) -> RuleDraft:
    """Return the rule that a document with `rule:` defines, as far as it can be read."""
    before, used = len(reading.problems), len(reading.refs)
    reading.keys(node, RULE_KEYS, "a rule")
    name = node.get("rule")
    assert name is not None  # noqa: S101 - the caller has seen it
    if node.get("match") is None and node.get("score") is None:
        reading.error(name, f"the rule `{name.raw}` has no `match`", "Say what it looks for: `match: [words, ...]`.")
    head, status = read_head(node, name, reading)
    match, outside, unless = (read_exclusion(node, key, reading) for key in ("match", "not in sentence", "unless"))
    score = read_score(node, reading)
    match = AllOf((match, score)) if match and score else match or score
    _check_alert(node.get("alert"), head, roles_in(match), reading)
    headlines = read_headlines(node, name, reading)
    different, where = _different(node.get("different"), match, reading), read_where(node.get("where"), reading)
    return RuleDraft(
        head, match, outside, unless, headlines, status == "paused", reading.place(name),
        reading.content(node, NOT_CONTENT), reading.broke(before), tuple(reading.refs[used:]), different, where,
    )  # fmt: skip


def read_head(node: Node, name: Node, reading: Reading) -> tuple[RuleHead, str]:
    """Return what the document of a rule says of itself, as far as it can be read, and its status."""
    rule_id = reading.text(name, "the name of a rule")
    if rule_id is not None and not RULE_ID.match(rule_id):
        mend = re.sub(r"[\W_]+", "-", rule_id.lower()).strip("-") or "a-name"
        reading.error(name, f"`{rule_id}` can't name a rule", f"Use small letters, digits and hyphens: `{mend}`.")
    status = read_choice(node.get("status"), STATUSES, "status", reading) or "live"
    for key in ("owner", "notes"):
        _prose(node, key, reading)
    head = RuleHead(
        rule_id or name.raw,
        _prose(node, "about", reading) or (rule_id or name.raw),
        LEVELS[read_choice(node.get("level"), LEVELS, "level", reading) or "notice"],
        frozenset(read_tags(node.get("tags"), reading)),
        status == "live",
        read_alert(node.get("alert"), reading),
    )
    return head, status


def read_exclusion(node: Node, key: str, reading: Reading) -> Part | None:
    """Return the match under a key; a problem where it could hold by absence alone."""
    value = node.get(key)
    part = None if value is None else read_match(value, reading)
    if value is not None and part is not None and not needs_words(part):
        reading.error(
            value,
            f"`{key}` can hold without a single word, by absence alone",
            "Add the words that must be there, in each alternative: `all: [words, none: others]`.",
        )
    return part


def roles_in(match: Part | None) -> set[str]:
    """Return the roles that a match captures."""
    return {inner.role for inner in walk(match) if isinstance(inner, Ref) and inner.role} if match else set()


def _check_alert(node: Node | None, head: RuleHead, roles: set[str], reading: Reading) -> None:
    """Note roles that the match never captures, and a `raise` that does not raise."""
    if node is None:
        return
    for role in head.alert.per:
        if role not in roles:
            mend = nearest(role, {*roles, STORY})
            reading.error(node.get("per") or node, f"`per: {role}` is no role of this rule", mend)
    for raised in head.alert.raises:
        if raised.level <= head.level:
            message = (
                f"`raise` to `{raised.level.name.lower()}` is not louder than the rule's `{head.level.name.lower()}`"
            )
            reading.error(node.get("raise") or node, message, "Raise upwards only: info < notice < urgent < flash.")


def _different(node: Node | None, match: Part | None, reading: Reading) -> tuple[str, ...]:
    """Return the roles that must have different values; each must be captured somewhere."""
    if node is None:
        return ()
    items = node.items() if node.kind == "list" else (node,)
    roles = [role for item in items if (role := reading.text(item, "a role")) is not None]
    known = roles_in(match)
    for item in items:
        if match and item.kind == "scalar" and item.raw.strip() not in known:
            mend = nearest(item.raw.strip(), known) if known else "Capture it in the match: `<country as sender>`."
            reading.error(item, f"`{item.raw.strip()}` is no role of this rule", mend)
    if len(roles) == 1:
        reading.error(node, "`different` needs two roles or more", "Name both: `different: [sender, host]`.")
    return tuple(roles)


def _prose(node: Node, key: str, reading: Reading) -> str | None:
    value = node.get(key)
    return None if value is None else reading.text(value, f"`{key}`")


def read_choice(node: Node | None, allowed: Iterable[str], key: str, reading: Reading) -> str | None:
    """Return one of the allowed words; None without one, and the word with a problem where it is another."""
    if node is None:
        return None
    word = node.raw if node.kind == "scalar" and node.value is not None else reading.text(node, f"`{key}`")
    if word is None or word in allowed:
        return word
    names = ", ".join(f"`{name}`" for name in allowed)
    reading.error(node, f"`{word}` is not a {key}", f"Use one of: {names}.")
    return None


def read_tags(node: Node | None, reading: Reading) -> list[str]:
    """Return a tag or a list of tags."""
    items = () if node is None else node.items() if node.kind == "list" else (node,)
    return [tag for item in items if (tag := reading.text(item, "a tag")) is not None]
