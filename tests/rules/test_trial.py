"""Why a rule fired or not: the words that hit, those that missed, and what dropped it."""

from __future__ import annotations

import pytest

from bot.model import Item
from bot.rules.explain import explain
from bot.rules.trial import run_trials
from tests.rules.given import compiled, ruleset

CONCEPTS = "concepts: {land: [Mali, Chad], army: [troops]}\n---\n"


def reason(match, title, text="", more=""):
    rules = ruleset(f"{CONCEPTS}rule: a\nmatch: {match}\n{more}---\nrule: b\nmatch: [<land>, <army>]")
    rule, item = rules.rules[0], Item(title, text, "en")
    seen = rules.scan(item)
    found = explain(rule, seen)
    assert found.fired is (rule.head in [firing.rule for firing in rules.fire(item)])
    return found, [word.words for word in rules.evidence(seen, found.nearness.spans)]


@pytest.mark.parametrize(
    ("match", "title", "hit", "missed"),
    [
        pytest.param("coup", "Calm", [], ["coup"], id="a-word"),
        pytest.param("<land>", "Calm", [], ["<land>"], id="a-concept"),
        pytest.param("[coup, junta]", "Calm", [], ["coup or junta"], id="any"),
        pytest.param("[{all: [coup, army]}, junta]", "Calm", [], ["(coup and army) or junta"], id="any-of-all"),
        pytest.param("{all: [coup, none: film, Mali]}", "A coup", ["coup"], ["Mali"], id="what-is-absent-is-found"),
        pytest.param("{all: [coup, <land>]}", "A coup", ["coup"], ["<land>"], id="all"),
        pytest.param(
            "<land> ... coup",
            "Coup in Mali",
            ["Coup", "Mali"],
            ["together: <land>, then within 8 words coup"],
            id="order",
        ),
        pytest.param(
            "<land> ...2 coup",
            "Mali 1 2 3 coup",
            ["Mali", "coup"],
            ["together: <land>, then within 2 words coup"],
            id="distance",
        ),
        pytest.param(
            "<land> ...1 coup",
            "Mali 1 2 3 coup",
            ["Mali", "coup"],
            ["together: <land>, then within 1 word coup"],
            id="one-word",
        ),
        pytest.param("<land> coup", "Coup: Mali", ["Coup", "Mali"], ["together: <land> coup"], id="side-by-side"),
        pytest.param(
            "{near: [coup, Mali], within: 1}",
            "coup 1 2 Mali",
            ["coup", "Mali"],
            ["together: coup and Mali within 1 word"],
            id="near",
        ),
        pytest.param("{title: coup}", "Calm", [], ["coup"], id="title"),
        pytest.param(
            "{all: [coup, none: [film, play]]}", "A coup film", ["coup", "film"], ["no film or play"], id="none"
        ),
        pytest.param(
            "[{all: [coup, palace, army]}, {all: [junta, army]}]", "Junta", ["Junta"], ["army"], id="the-nearest-way"
        ),
        pytest.param(
            "{all: [[{all: [coup, army]}, junta], Mali]}", "Mali coup", ["Mali", "coup"], ["army"], id="partly"
        ),
    ],
)
def test_what_missed(match, title, hit, missed):
    found, words = reason(match, title)
    assert (found.fired, found.dropped_by) == (False, "")
    assert words == hit
    assert list(found.nearness.missed) == missed


def test_what_stands_in_the_wrong_field_is_missed():
    found, words = reason("{title: {all: [coup, Mali]}}", "A coup", "in Mali")
    assert (words, found.nearness.missed) == (["coup"], ("Mali",))


@pytest.mark.parametrize(
    ("more", "dropped_by", "hit"),
    [
        ("unless: [film]\n", "unless", ["film"]),
        ("not in sentence: <land> ... film\n", "not in sentence", ["Mali", "film"]),
    ],
)
def test_what_dropped_it(more, dropped_by, hit):
    found, words = reason("coup", "A coup in a Mali film", more=more)
    assert (found.fired, found.dropped_by, words) == (False, dropped_by, hit)


def test_why_it_fired():
    found, words = reason("coup ... <land>", "A coup in Mali")
    assert (found.fired, found.nearness.missed, found.nearness.share) == (True, (), 1)
    assert words == ["coup", "Mali"]


def test_a_nearer_way_has_a_greater_share():
    shares = [
        reason("{all: [coup, army, Mali, palace]}", title)[0].nearness.share for title in ("x", "Mali", "Mali coup")
    ]
    assert shares == [0, 0.25, 0.5]
    assert reason("<land> ... coup", "Coup in Mali")[0].nearness.share == 2 / 3  # all there, not in this order


TESTED = """
rule: coups
match: {all: [coup, Mali]}
unless: film
tests:
  fires:
    - Coup in Mali
    - {title: Calm, text: A coup in Mali, lang: en}
    - A coup
    - {text: A coup film in Mali}
  silent: [Calm, Mali calm, Mali coup]
"""


def test_every_headline_is_tried():
    trials = run_trials(compiled(TESTED))
    assert [(trial.headline.item.title, trial.passed) for trial in trials] == [
        ("Coup in Mali", True), ("Calm", True), ("A coup", False), ("", False),
        ("Calm", True), ("Mali calm", True), ("Mali coup", False),
    ]  # fmt: skip
    assert [trial.problem() is None for trial in trials] == [trial.passed for trial in trials]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (0, "hit: Coup, Mali"),
        (2, "hit: coup; missed: Mali"),
        (3, "`unless` dropped it: film"),
        (4, "hit: nothing; missed: coup; Mali"),
        (5, "hit: Mali; missed: coup"),
        (6, "hit: Mali, coup"),
    ],
)
def test_why_says_it_in_one_line(number, why):
    assert run_trials(compiled(TESTED))[number].why() == why


def test_a_failure_names_the_headline_and_its_place():
    failures = [problem for trial in run_trials(compiled(TESTED)) if (problem := trial.problem())]
    assert [(problem.line, problem.column) for problem in failures] == [(9, 7), (10, 7), (11, 29)]
    assert "does not fire on its test “A coup film in Mali”" in failures[1].message
    assert "it fires on its test “Mali coup”" in failures[2].message


def test_a_word_is_shown_with_its_term_where_they_differ():
    result = compiled("rule: a\nmatch: [deploy*, Brasília]\ntests: {fires: [A deployment in BRASILIA]}")
    assert run_trials(result)[0].why() == "hit: deployment (deploy*), BRASILIA (Brasília)"


def test_a_draft_and_a_paused_rule_are_tried_too():
    text = "rule: {0}\nstatus: {0}\nmatch: coup\ntests: {{fires: Coup, silent: A coup}}\n"
    result = compiled(text.format("draft") + "---\n" + text.format("paused"))
    assert [(trial.rule_id, trial.passed) for trial in run_trials(result)] == [
        ("draft", True), ("draft", False), ("paused", True), ("paused", False),
    ]  # fmt: skip
