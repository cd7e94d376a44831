"""The rules that are shipped, and the case that the project grew from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.model import Item
from bot.rulebook import load_rulebook

FOLDER = Path(__file__).parent.parent.parent / "rules"
ENOUGH = 8
TROOPS, PACT = {"troops-abroad"}, {"defence-pact-signed"}
WARNING = "US warns that thousands of North Korean troops could enter combat within days"
SIGNED = "North Korea and Russia signed a mutual assistance pact in the summer."
BRIEF = "North Korea's foreign minister vows in Moscow to stand by Russia until it wins in Ukraine"
SUMMARY = (
    "Choe Son Hui spoke on Friday as the United States warned that thousands of North Korean troops could enter combat "
    "within days. " + SIGNED
)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return load_rulebook(FOLDER, tmp_path_factory.mktemp("cache"))


def test_they_load_without_any_problem(book):
    assert [str(problem) for problem in book.problems] == []
    assert (book.off, book.unreadable) == ((), ())
    assert len(book.ruleset.rules) >= 6


def test_they_pass_their_own_tests(book):
    assert [trial.headline.item.title for trial in book.trials if not trial.passed] == []


def test_each_has_headlines_enough(book):
    numbers = Counter((trial.rule_id, trial.headline.fires) for trial in book.trials)
    wanted = {(head.id, fires) for head in book.ruleset.heads for fires in (True, False)}
    assert {key: numbers[key] for key in wanted if numbers[key] < ENOUGH} == {}


def test_each_says_what_it_is_about(book):
    assert [head.id for head in book.ruleset.heads if head.about == head.id or not head.tags] == []


@pytest.mark.parametrize(
    ("item", "fired"),
    [
        pytest.param(Item(WARNING), TROOPS, id="headline"),
        pytest.param(Item(BRIEF, SUMMARY), TROOPS, id="summary"),
        pytest.param(Item(BRIEF, SUMMARY, "en"), TROOPS, id="summary-in-english"),
        pytest.param(Item(BRIEF), set(), id="without-the-summary"),
        pytest.param(Item(BRIEF, SIGNED), set(), id="background"),
        pytest.param(Item("North Korea and Russia sign mutual assistance pact"), PACT, id="signing"),
        pytest.param(Item("Putin signs defence treaty with North Korea’s Kim"), PACT, id="signing-again"),
    ],
)  # fmt: skip
def test_the_case_that_the_project_grew_from(item, fired, book):
    firings = book.ruleset.fire(item)
    assert {firing.rule.id for firing in firings} == fired
    assert firings == book.ruleset.fire_all_rules(item)


def test_the_words_that_made_it_fire_are_shown(book):
    (firing,) = book.ruleset.fire(Item(BRIEF, SUMMARY, "en"))
    assert [(word.field, word.words) for word in firing.evidence] == [
        ("text", "North Korean"), ("text", "troops"), ("text", "enter combat"),
    ]  # fmt: skip


def test_the_prefilter_loses_none_of_their_headlines(book):
    for trial in book.trials:
        assert book.ruleset.fire(trial.headline.item) == book.ruleset.fire_all_rules(trial.headline.item)
