"""From files to a RuleSet: all problems at once, and what is wrong with one rule leaves the others on."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Item
from bot.rules.compile import read_rules
from tests.rules.given import compiled, errors, hits

GOOD = "rule: good\nmatch: coup\n"


def test_all_problems_of_all_files_are_told_at_once_in_their_order():
    result = compiled({
        "b.yaml": "rule: b1\nmatch: coup ...\nlevl: x\n---\nrule: b2\nmatch: <army>\n",
        "a.yaml": "rule: a1\nmatch: [mil*, 7]\n---\nconcepts: {x: [y ...], unused: [z]}\n",
        "c.yaml": "rule: c\nmatch: [a\n",
        "d.yaml": GOOD,
    })  # fmt: skip
    places = [(problem.path, problem.line, problem.column) for problem in errors(result)]
    assert places == [
        ("a.yaml", 2, 9), ("a.yaml", 2, 15), ("a.yaml", 4, 16),
        ("b.yaml", 2, 8), ("b.yaml", 3, 1), ("b.yaml", 6, 8),
        ("c.yaml", 2, 8),
    ]  # fmt: skip
    assert result.problems == tuple(sorted(result.problems))
    assert result.off == ("a1", "b1", "b2")
    assert hits(result.ruleset, "A coup") == {"good": ["coup"]}


BROKEN = {
    "unknown key": "rule: bad\nmatch: army\nlevl: urgent\n",
    "bad level": "rule: bad\nmatch: army\nlevel: high\n",
    "bad language": "rule: bad\nmatch: army\nlanguage: English\n",
    "bad pattern": "rule: bad\nmatch: [army, mil*]\n",
    "bad exclusion": "rule: bad\nmatch: army\nunless: mil*\n",
    "unknown concept": "rule: bad\nmatch: [army, <forces>]\n",
    "unknown concept in an exclusion": "rule: bad\nmatch: army\nnot in sentence: <forces>\n",
    "broken concept": "concepts: {x: [army, mil*]}\n---\nrule: bad\nmatch: <x>\n",
    "concept of a broken concept": "concepts: {x: [army, <y>], y: [<z>], z: [mil*]}\n---\nrule: bad\nmatch: <x>\n",
    "circle": "concepts: {x: [army, <y>], y: [<x>]}\n---\nrule: bad\nmatch: <x>\n",
    "absence": "rule: bad\nmatch: [army, none: x]\n",
    "bad headline": "rule: bad\nmatch: army\ntests: {fires: [1]}\n",
    "bad id": "rule: Bad rule\nmatch: army\n",
    "no match": "rule: bad\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_with_an_error_is_off_and_the_others_run(name):
    result = compiled({"bad.yaml": BROKEN[name], "good.yaml": GOOD})
    assert errors(result)
    assert len(result.off) == 1
    assert hits(result.ruleset, "army coup") == {"good": ["coup"]}
    assert result.ruleset.fire(Item("army coup")) == result.ruleset.fire_all_rules(Item("army coup"))


def test_of_two_rules_with_one_name_the_first_is_on():
    result = compiled("rule: a\nmatch: coup\n---\nrule: a\nmatch: junta\n")
    assert result.off == ()
    assert hits(result.ruleset, "coup, junta") == {"a": ["coup"]}


def test_a_warning_switches_nothing_off():
    result = compiled("concepts: {unused: [x]}\n---\nrule: a\nmatch: [coup, coup, {near: [a, b], within: 40}]\n")
    assert {problem.severity for problem in result.problems} == {"warning"}
    assert len(result.problems) == 5
    assert result.off == ()


@pytest.mark.parametrize(
    "broken",
    ["rule: bad\nmatch: [coup\n", "rule: bad\nmatch: @coup\n", "rule: bad\nrule: worse\nmatch: x\n", "\tx: y\n"],
)
def test_a_document_that_is_no_yaml_leaves_the_others_of_its_file(broken):
    result = compiled(f"{GOOD}---\n{broken}---\nrule: last\nmatch: junta\n")
    (problem,) = errors(result)
    assert 4 <= problem.line <= 6
    assert {rule.head.id for rule in result.ruleset.rules} == {"good", "last"}
    assert read_rules({"a.yaml": f"{GOOD}---\n{broken}"}).unreadable == ()


def test_a_file_that_is_no_yaml_at_all_is_unreadable():
    assert read_rules({"a.yaml": "rule: [", "b.yaml": GOOD}).unreadable == ("a.yaml",)


def test_a_file_of_small_documents_may_not_be_too_big():
    draft = read_rules({"a.yaml": "".join(f"# {'x' * 400_000}\nrule: r{n}\nmatch: coup\n---\n" for n in range(3))})
    (problem,) = draft.problems
    assert (problem.line, problem.message) == (0, "the file is larger than 1,000,000 bytes")
    assert (draft.rules, draft.unreadable) == ((), ("a.yaml",))


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n---\n", "~\n", "concepts:\n---\n" + GOOD])
def test_a_file_may_be_empty_yet(text):
    assert not [problem for problem in compiled(text).problems if "empty" in problem.message]


SCALARS = st.one_of(
    st.text(max_size=12), st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from(["<x>", "a ... b", "a*"])
)
KEYS = st.sampled_from([
    "rule", "match", "unless", "not in sentence", "level", "tags", "tests", "fires", "silent", "title", "text", "any",
    "all", "none", "near", "within", "concepts", "language", "x", "en", "lang", "status", "about",
])  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=3), st.text(max_size=20))
@settings(deadline=None, max_examples=200)
def test_any_values_in_any_place_are_rules_or_problems(documents, title):
    result = compiled("\n---\n".join(map(json.dumps, documents)))
    named = {str(document["rule"]) for document in documents if "rule" in document}
    assert len(result.off) + len(result.ruleset.rules) <= len(documents)
    assert not result.off or errors(result)
    assert bool(named) >= bool(result.ruleset.rules)
    result.ruleset.fire(Item(title, title))


@given(st.text(max_size=80))
@settings(deadline=None)
def test_any_text_is_rules_or_problems(text):
    result = compiled({"a.yaml": text, "good.yaml": GOOD})
    assert hits(result.ruleset, "A coup")["good"] == ["coup"]
    for problem in result.problems:
        assert str(problem).startswith(("a.yaml", "good.yaml"))
