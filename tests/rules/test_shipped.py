"""The rules that are shipped, and the case that the project grew from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.model import Item
from bot.rulebook import load_rulebook

FOLDER = Path(__file__).parent.parent.parent / "rules"
ENOUGH, SEQUENCES = 8, 4
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
    wanted = {(rule.head.id, fires) for rule in book.ruleset.rules for fires in (True, False)}
    assert {key: numbers[key] for key in wanted if numbers[key] < ENOUGH} == {}


def test_each_correlation_rule_has_sequences_enough(book):
    numbers = Counter((one.rule_id, one.sequence.fires) for one in book.rehearsals)
    assert {one.what.rule.id for one in book.ruleset.counting} == {"one-country-many-alarms", "unrest-spreading"}
    assert min(numbers.values()) >= SEQUENCES
    assert len(numbers) == 2 * len(book.ruleset.counting)
    assert [one.why() for one in book.rehearsals if not one.passed] == []


@pytest.mark.parametrize(
    ("title", "language", "named"),
    [
        ("Germany sends a second armoured brigade to Lithuania", "en", {"sender": "DE", "host": "LT"}),
        ("Turkish marines bound for Libya after parliament votes", "en", {"host": "LY"}),
        ("Poland and Britain sign mutual defence pact", "en", {"party": "PL", "partner": "GB"}),
        ("Pyongyang tests hypersonic weapon", "en", {"actor": "KP"}),
        ("Armenia and Azerbaijan agree ceasefire", "en", {"party": "AM", "partner": "AZ"}),
        ("Truce in Sudan collapses within hours of its start", "en", {"party": "SD"}),
        ("Twelve killed in Kenya as police shoot at tax protesters", "en", {"place": "KE"}),
        ("Militärputsch in Niger", "de", {"place": "NE"}),
        ("Frankreich zieht letzte Soldaten aus dem Tschad ab", "de", {"place": "FR"}),
        ("조지아 경찰, 시위대에 물대포 발사", "ko", {"place": "GE"}),
        ("Farmers storm parliament", "en", {}),
    ],
)
def test_what_is_counted_names_countries(title, language, named, book):
    (firing,) = book.ruleset.fire(Item(title, language=language))
    assert dict(firing.captures) == named


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
