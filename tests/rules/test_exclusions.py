"""What silences a rule: `not in sentence`, `unless`, its status."""

from __future__ import annotations

import pytest

from bot.model import Item, Level, RuleHead
from bot.rules.compile import compile_rules, read_rules
from bot.rules.forms import Forms
from tests.rules.given import compiled, hits, ruleset

SENTENCE = "rule: a\nmatch: {}\nnot in sentence: {}\n"


@pytest.mark.parametrize(
    ("match", "outside", "item", "words"),
    [
        pytest.param("coup", "film", ("A coup", ""), "coup", id="not-there"),
        pytest.param("coup", "film", ("A coup film", ""), None, id="same-sentence"),
        pytest.param("coup", "film", ("A coup. New film", ""), "coup", id="other-sentence"),
        pytest.param("coup", "film", ("A coup", "A film"), "coup", id="other-field"),
        pytest.param("coup", "film", ("A coup film", "The coup is real"), "coup", id="only-what-is-clean-is-left"),
        pytest.param("coup", "[film, play]", ("A coup play", ""), None, id="any-of-a-list"),
        pytest.param("coup", "film ... coup", ("A film on a coup", ""), None, id="template"),
        pytest.param("coup", "film ... coup", ("A coup in film", ""), "coup", id="template-does-not-hold"),
        pytest.param("{all: [coup, Mali]}", "film", ("A coup. Mali film", ""), None, id="what-is-needed-was-dropped"),
        pytest.param("{all: [coup, none: calm]}", "film", ("A calm film. Coup", ""), None, id="none-sees-the-whole"),
        pytest.param("{title: {all: [coup, none: calm]}}", "film", ("A coup. Calm film", ""), None, id="none-in-field"),
        pytest.param("{title: {all: [coup, none: calm]}}", "film", ("Film. Coup", "Calm"), "Coup", id="none-of-field"),
        pytest.param(
            "[{all: [coup, none: calm]}, army]", "film", ("Coup. Calm army film", ""), None, id="other-way"
        ),
        pytest.param(
            "[{title: {all: [coup, none: calm]}}, army]", "film", ("Coup. Calm army film", ""), None, id="in-a-field"
        ),
        pytest.param("coup", "{title: film}", ("A film", "A coup film"), "coup", id="only-in-the-title"),
        pytest.param("coup", "{all: [a, b]}", ("One a. One b. One coup", ""), "coup", id="words-of-two-sentences"),
        pytest.param("coup", "{all: [a, b]}", ("One a coup. One b", ""), None, id="both-sentences-are-dropped"),
    ],
)  # fmt: skip
def test_not_in_sentence(match, outside, item, words):
    rules = ruleset(SENTENCE.format(match, outside))
    assert hits(rules, *item) == ({} if words is None else {"a": [words]})
    seen = Item(item[0], item[1], "en")
    assert rules.fire(seen) == rules.fire_all_rules(seen)


@pytest.mark.parametrize(
    ("unless", "item", "expected"),
    [
        pytest.param("film", ("A coup", ""), True, id="not-there"),
        pytest.param("film", ("A coup. Film news", ""), False, id="any-sentence"),
        pytest.param("film", ("A coup", "A film"), False, id="any-field"),
        pytest.param("{title: film}", ("A coup", "A film"), True, id="of-one-field"),
        pytest.param("{all: [film, star]}", ("A coup film", ""), True, id="all-are-needed"),
    ],
)
def test_unless(unless, item, expected):
    assert bool(hits(ruleset(f"rule: a\nmatch: coup\nunless: {unless}"), *item)) is expected


def test_a_draft_is_matched_and_not_live():
    (firing,) = ruleset("rule: a\nmatch: coup\nstatus: draft").fire(Item("A coup"))
    assert not firing.rule.live


def test_a_paused_rule_is_silent_and_still_tried_on_its_headlines():
    rules = ruleset("rule: a\nmatch: coup\nstatus: paused\n---\nrule: b\nmatch: coup\nstatus: live")
    assert [rule.head.id for rule in rules.rules] == ["a", "b"]
    assert set(hits(rules, "A coup")) == {"b"}
    assert {firing.rule.id for firing in rules.fire_all_rules(Item("A coup"))} == {"b"}


def test_the_head_of_a_rule_says_what_the_file_says():
    rules = ruleset(
        "rule: coups\nabout: Power taken by force\nlevel: flash\ntags: [security, africa]\nowner: desk\n"
        "notes: since May\nmatch: coup\n---\nrule: a2-b\nmatch: b"
    )
    assert rules.heads == (
        RuleHead("a2-b", "a2-b"),
        RuleHead("coups", "Power taken by force", Level.FLASH, frozenset({"security", "africa"})),
    )


@pytest.mark.parametrize(
    ("change", "same"),
    [
        pytest.param(("notes: one", "notes: two"), True, id="notes"),
        pytest.param(("film", "films"), False, id="exclusion"),
        pytest.param(("level: urgent", "level: flash"), False, id="level"),
        pytest.param(("[Mali]", "[Mali, Chad]"), False, id="its-concept"),
        pytest.param(("[Rome]", "[Rome, Oslo]"), True, id="another-concept"),
        pytest.param(("fires: coup Mali", "fires: Mali coup"), True, id="headline"),
    ],
)
def test_the_hash_changes_with_what_the_rules_say(change, same):
    text = (
        "concepts: {land: [Mali], town: [Rome]}\n---\nrule: a\nnotes: one\nlevel: urgent\nmatch: coup ... <land>\n"
        "unless: film\ntests: {fires: coup Mali}\n"
    )
    assert change[0] in text
    before, after = compiled(text).ruleset, compiled(text.replace(*change)).ruleset
    assert (before.hash == after.hash) is same


def test_the_hash_changes_with_the_word_forms():
    draft = read_rules({"a.yaml": "rule: a\nmatch: coup"})
    hashes = [compile_rules(draft, Forms(key, {})).ruleset.hash for key in ("one", "one", "two")]
    assert hashes[0] == hashes[1] != hashes[2]


def test_the_order_of_files_and_rules_does_not_matter():
    one = ruleset({"a.yaml": "rule: a\nmatch: coup", "b.yaml": "rule: b\nmatch: junta"})
    other = ruleset({"x.yaml": "rule: b\nmatch: junta\n---\nrule: a\nmatch: coup"})
    assert one.hash == other.hash
    assert one.without(frozenset({"b"})).hash == ruleset("rule: a\nmatch: coup").hash
