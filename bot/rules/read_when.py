"""Read a correlation rule: `when` so much is told of one thing by other rules."""

from __future__ import annotations

from datetime import timedelta

from bot.marked import Node
from bot.model import AlertPolicy, Least, RuleHead
from bot.rules.draft import Place, RuleDraft, WhenDraft
from bot.rules.read_rule import NOT_CONTENT, RULE_KEYS, read_head
from bot.rules.read_sequences import read_sequences
from bot.rules.read_where import read_span
from bot.rules.reading import Reading
from bot.rules.spans import spoken

WHEN_KEYS = ("rules", "by", "in", "at least", "versus", "times")
LEAST_KEYS = ("rules", "stories", "sources")
MAX_IN = timedelta(days=30)
MAX_VERSUS = timedelta(days=90)  # with the span before it, well within the time that matches are kept
MAX_TIMES = 100
OF_A_MATCH = ("match", "score", "needs", "not in sentence", "unless", "different", "where")

_DAY = timedelta(days=1)
_NO_SPAN = timedelta(0)


def read_correlation(node: Node, reading: Reading) -> RuleDraft:
    """Return the rule that a document with `rule:` and `when:` defines, as far as it can be read."""
    before = len(reading.problems)
    reading.keys(node, RULE_KEYS, "a rule")
    name, when = node.get("rule"), node.get("when")
    assert name is not None  # noqa: S101 - the caller has seen both
    assert when is not None  # noqa: S101
    for key, at, _ in node.pairs():
        if key in OF_A_MATCH:
            message = f"`{key}` beside `when`: a rule with `when` counts what other rules find, and looks for no words"
            reading.error(at, message, "Put it into a rule of its own, and name that one under `rules:`.")
    head, status = read_head(node, name, reading)
    _check_alert(node.get("alert"), head, reading)
    counted = _when(when, node, name, reading)
    return RuleDraft(
        head, None, None, None, (), status == "paused", reading.place(name), reading.content(node, NOT_CONTENT),
        reading.broke(before), (), when=counted,
    )  # fmt: skip


def speaks_otherwise(policy: AlertPolicy) -> bool:
    """Tell whether `alert` asks for more than a correlation rule can do."""
    return bool(policy.per or policy.wait_for > 1 or policy.raises)


def _check_alert(node: Node | None, head: RuleHead, reading: Reading) -> None:
    if node is None or not speaks_otherwise(head.alert):
        return
    for key, at, _ in node.pairs():
        if key != "again after":
            mend = "Keep `again after`: it speaks once for each thing that `by` names, and `at least` says how late."
            reading.error(at, f"`{key}` beside `when`", mend)


def _when(node: Node, rule: Node, name: Node, reading: Reading) -> WhenDraft | None:
    """Return what is counted; None, and a problem, where that can't be said at all."""
    sequences = read_sequences(rule, name, reading)
    if node.kind != "map":
        reading.error(node, "`when` is not a map", "Write `rules`, `by`, `in` and `at least` under it.")
        return None
    reading.keys(node, WHEN_KEYS, "`when`")
    rules, by = (_names(node, key, reading) for key in ("rules", "by"))
    within = _span(node, "in", MAX_IN, reading)
    if node.get("in") is None:
        reading.error(node, "`when` without `in`", "Say within which time it counts: `in: 12h`.")
    versus = _versus(node, within, reading)
    least = _least(node, len(rules), reading)
    if least == Least() and versus is None:
        message = "`at least` asks for one of each: it would fire whenever one of its rules does"
        reading.error(node.get("at least") or node, message, "Ask for two of something, or compare `versus` usual.")
    return WhenDraft(rules, by, within or _NO_SPAN, least or Least(), versus, _times(node, reading), sequences)


def _names(node: Node, key: str, reading: Reading) -> tuple[tuple[str, Place], ...]:
    """Return the rules or roles under a key, each once, with their places."""
    what, like = ("the name of a rule", "[one-rule, another]") if key == "rules" else ("a role", "[host, actor]")
    value = node.get(key)
    if value is None:
        says = "which rules it counts" if key == "rules" else "which roles name the thing it counts for"
        reading.error(node, f"`when` without `{key}`", f"Say {says}: `{key}: {like}`.")
        return ()
    items = value.items() if value.kind == "list" else (value,)
    if not items:
        reading.error(value, f"`{key}` is empty", f"Write it like `{key}: {like}`.")
    found: dict[str, Place] = {}
    for item in items:
        word = reading.text(item, what)
        if word in found:
            reading.error(item, f"`{word}` stands twice in `{key}`", "Remove one.")
        elif word is not None:
            found[word] = reading.place(item)
    return tuple(found.items())


def _span(node: Node, key: str, most: timedelta, reading: Reading) -> timedelta | None:
    value = node.get(key)
    found = read_span(value, key, reading)
    if value is not None and found is not None and found > most:
        reading.error(value, f"`{key}: {value.raw}` is too long", f"Write {spoken(most)} at most.")
    return found


def _versus(node: Node, within: timedelta | None, reading: Reading) -> timedelta | None:
    value, times = node.get("versus"), node.get("times")
    versus = _span(node, "versus", MAX_VERSUS, reading)
    if times is not None and value is None:
        reading.error(times, "`times` without `versus`", "Say with which time it compares: `versus: 14 days`.")
    if value is None or versus is None:
        return None
    if times is None:
        reading.error(value, "`versus` without `times`", "Say how many times the usual count it takes: `times: 3`.")
    if within is not None and versus < within:
        message = f"`versus: {value.raw}` is shorter than `in`: there is no earlier span to compare with"
        reading.error(value, message, "Compare with several spans: `versus: 14 days`.")
    elif versus < _DAY:
        message = f"`versus: {value.raw}` is less than a day: the same hours of earlier days are compared"
        reading.error(value, message, "Compare with several days: `versus: 14 days`.")
    return versus


def _least(node: Node, listed: int, reading: Reading) -> Least | None:
    """Return how much of what it takes; None, and a problem, where that can't be read."""
    value = node.get("at least")
    like = "Write `at least: {stories: 3, sources: 2}`, or the number of stories alone."
    if value is None:
        reading.error(node, "`when` without `at least`", like)
        return None
    if value.kind == "scalar":
        stories = _number(value, "at least", reading)
        return None if stories is None else Least(stories=stories)
    if value.kind != "map" or not value.value:
        reading.error(value, "`at least` is neither a map nor a number", like)
        return None
    reading.keys(value, LEAST_KEYS, "`at least`")
    pairs = [(key, at, _number(at, key, reading)) for key, _, at in value.pairs() if key in LEAST_KEYS]
    numbers = {key: number for key, _, number in pairs if number is not None}
    if len(numbers) < len(value.value):
        return None
    for key, at, number in pairs:
        if key == "rules" and number is not None and listed and number > listed:
            said = f"{listed} {'is' if listed == 1 else 'are'} listed"
            reading.error(at, f"`at least` asks for {number} rules, and {said}", "Ask for fewer, or list more.")
    return Least(**numbers)


def _number(node: Node, key: str, reading: Reading) -> int | None:
    if isinstance(node.value, int) and not isinstance(node.value, bool) and node.value > 0:
        return node.value
    reading.error(node, f"`{key}: {node.raw}` is not a number of 1 or more", f"Write it like `{key}: 3`.")
    return None


def _times(node: Node, reading: Reading) -> float:
    value = node.get("times")
    if value is None:
        return 1
    number = value.value
    if isinstance(number, int | float) and not isinstance(number, bool) and 1 <= number <= MAX_TIMES:
        return number
    reading.error(value, f"`times: {value.raw}` is not a number from 1 to {MAX_TIMES}", "Write it like `times: 3`.")
    return 1
