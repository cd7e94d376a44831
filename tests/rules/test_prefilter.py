"""The prefilter drops only rules that can't fire: compared with every rule, over rules and items made at random."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Item
from bot.rules.compile import compile_rules, read_rules
from bot.rules.forms import Forms
from bot.rules.prefilter import MAX_GROUPS
from tests.rules.given import compiled, only, ruleset

FORMS = Forms("few", {("en", "send"): ("send", "sends", "sent"), ("en", "coup"): ("coup", "coups")})
WORDS = [
    "send",
    "sent",
    "coup",
    "coups",
    "Mali",
    "US",
    "us",
    "=the",
    "junt*",
    "cease-fire",
    "a b",
    "b a the",
    "New Mali",
    "北京",
]
PATTERNS = [
    *WORDS,
    "<x>",
    "<y>",
    "<x> ...1 <y>",
    "a ... b",
    "send ...2 <x>",
    "<y> coup",
    "Mali ... 北京",
    "=the ...0 coup",
]
TITLE_WORDS = [
    "send", "sends", "sent", "coup", "coups", "Mali", "New", "US", "us", "the", "The", "junta", "juntas", "cease-fire",
    "ceasefire", "cease", "fire", "a", "b", "a b", "北京", "U.S.", "film", ". ", ",", "<p>",
]  # fmt: skip
CONCEPTS = {"concepts": {"x": ["Mali", "New Mali", "a ...1 b"], "y": {"en": ["<x>", "junt*"], "fr": ["coup", "北京"]}}}


def grow(inner):
    several = st.lists(inner, min_size=1, max_size=3)
    near = st.lists(st.sampled_from(PATTERNS), min_size=2, max_size=3)
    return st.one_of(
        several,
        several.map(lambda items: {"any": items}),
        several.map(lambda items: {"all": items}),
        several.map(lambda items: {"none": items}),
        st.builds(lambda items, width: {"near": items, "within": f"{width} words"}, near, st.integers(0, 4)),
        inner.map(lambda item: {"title": item}),
        inner.map(lambda item: {"text": item}),
        st.builds(lambda one, none: {"all": [one, {"none": none}]}, inner, inner),
    )  # fmt: skip


MATCHES = st.recursive(st.sampled_from(PATTERNS), grow, max_leaves=6)
RULES = st.fixed_dictionaries({"match": MATCHES}, optional={"unless": MATCHES, "not in sentence": MATCHES})
FIELDS = st.lists(st.sampled_from(TITLE_WORDS), max_size=9).map(" ".join)
ITEMS = st.builds(Item, FIELDS, FIELDS, st.sampled_from(["en", "fr", None]))


def rules_of(bodies):
    documents = [CONCEPTS, *({"rule": f"r{number}", **body} for number, body in enumerate(bodies))]
    draft = read_rules({"rules.yaml": "\n---\n".join(map(json.dumps, documents))})
    return compile_rules(draft, FORMS).ruleset  # rules that could hold by absence alone are left out here


def test_it_finds_what_every_rule_finds():
    seen: Counter[str] = Counter()

    @settings(max_examples=150, deadline=None)
    @given(st.lists(RULES, min_size=3, max_size=6), st.lists(ITEMS, min_size=6, max_size=10))
    def check(bodies, items):
        rules = rules_of(bodies)
        for item in items:
            found = rules.fire(item)
            assert found == rules.fire_all_rules(item)
            tried = len(rules.candidates(rules.scan(item)))
            seen.update(fired=len(found), tried=tried, all=len(rules.rules))

    check()
    # It must have been asked about all three: rules that fire, that come close, and that it leaves out.
    assert seen["fired"] > 100
    assert seen["tried"] - seen["fired"] > 100
    assert seen["all"] - seen["tried"] > 1000


def tried(rules, title):
    return [rules.rules[index].head.id for index in rules.candidates(rules.scan(Item(title, language="en")))]


def test_a_rule_is_not_tried_without_a_word_of_each_of_its_parts():
    rules = only("<x> ... <y>".replace("<x>", "send").replace("<y>", "troops"))
    assert tried(rules, "send troops") == ["the-rule"]
    assert tried(rules, "troops, then send") == ["the-rule"]
    assert tried(rules, "send them") == tried(rules, "troops leave") == tried(rules, "") == []


def test_every_alternative_counts():
    rules = only("[{all: [send, troops]}, junta, {all: [coup, none: film]}]")
    assert [bool(tried(rules, title)) for title in ("send troops", "junta", "coup", "film", "Mali")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_what_all_alternatives_share_is_needed_too():
    rules = only("[send troops, send ships]")
    assert tried(rules, "send ships") == ["the-rule"]
    assert tried(rules, "ships leave") == []


def test_more_parts_than_it_looks_at_still_fire():
    words = "abcdefgh"[: MAX_GROUPS + 3]
    rules = only(f"{{all: [{', '.join(words)}]}}")
    assert rules.fire(Item(" ".join(words)))
    assert not rules.fire(Item(" ".join(words[1:])))


def test_each_of_the_parts_it_looks_at_is_needed():
    words = "abcdefgh"[:MAX_GROUPS]
    rules = only(f"{{all: [{', '.join(words)}]}}")
    assert tried(rules, " ".join(words)) == ["the-rule"]
    assert not any(tried(rules, " ".join(words.replace(word, ""))) for word in words)


def test_a_concept_is_tried_by_its_words():
    rules = ruleset("concepts: {c: [Mali, New Guinea]}\n---\nrule: a\nmatch: <c>\n---\nrule: b\nmatch: to <c>")
    assert tried(rules, "to Mali") == ["a", "b"]
    assert tried(rules, "In Mali") == ["a"]
    assert tried(rules, "to Chad") == []


def test_without_rules_nothing_fires():
    assert compiled("").ruleset.fire(Item("A coup")) == ()
