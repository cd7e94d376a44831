"""No item and no rule can make the rules slow: what is looked at is bounded, counted here in steps."""

from __future__ import annotations

import sys

import pytest

from bot.model import Item
from tests.rules.given import only

RULES = {
    "any": "[a, b, a b]",
    "near": "{near: [a, b, c], within: 25}",
    "near-of-lists": "{near: [[a, b], [b, a], [a, b, c], [x, a], [x, y]], within: 100}",
    "near-of-templates": "{near: [a ... b, b ... a, c ... d], within: 100}",
    "near-of-phrases": "{near: [a a a a, a a a a, a a a a, a a a a, a a a a], within: 11}",
    "template": "a ...100 b ...100 a ...100 b ...100 c",
    "template-of-one-word": "a ... a ... a ... a ... a ... a ... z",
    "phrase": "a a a a a a a z",
    "all": "{all: [a, b, {near: [a, b], within: 100}, {none: z}]}",
}
ITEMS = {
    "one-word": "a " * 100_000,
    "two-words": "a b " * 100_000,
    "three-words": "a b c " * 50_000,
    "no-spaces": "a" * 500_000,
    "sentences": "A b. " * 50_000,
    "markup": "<b>a</b><p>b" * 50_000,
    "half-markup": "<a <b" * 50_000,
}
MAX_CALLS = 500_000  # of Python functions: a few per word and pattern, and not their product


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("item", ITEMS)
def test_an_endless_item_costs_a_bounded_number_of_steps(rule, item):
    rules, calls = only(RULES[rule]), 0

    def count(_, event, __):
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        for endless in (Item(ITEMS[item], ITEMS[item], "en"), Item("x", ITEMS[item], "en")):
            rules.fire(endless)
    finally:
        sys.setprofile(before)
    assert calls < MAX_CALLS


def test_words_behind_the_bound_are_not_seen():
    rules = only("coup")
    assert rules.fire(Item("x " * 999 + "coup"))
    assert not rules.fire(Item("x " * 1_000 + "coup"))
    assert not rules.fire(Item("", "x" * 30_000 + " coup"))
