"""Scores, counts, conditions on the feed, and regular expressions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Item
from tests.rules.given import fires, hits, only, ruleset

SCORE = """rule: launch
score:
  - +3: {near: [missile, launch], within: 4}
  - +2: [ballistic, ICBM]
  - +1: [seismic, /sea of (japan|okhotsk)/]
  - -3: [anniversary, museum]
needs: 5
"""


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("Missile launch, ballistic", True, id="just-enough"),
        pytest.param("Missile launch", False, id="one-line"),
        pytest.param("ballistic ICBM, ballistic and seismic", False, id="a-line-counts-once"),
        pytest.param("Missile launch: ballistic, on the anniversary", False, id="minus"),
        pytest.param("missile launch, seismic, sea of japan", False, id="one-point-short"),
        pytest.param("Calm", False, id="nothing"),
    ],
)
def test_a_score(title, expected):
    rules, item = ruleset(SCORE), Item(title, language="en")
    assert bool(rules.fire(item)) is expected
    assert rules.fire(item) == rules.fire_all_rules(item)


def test_a_score_shows_the_words_that_gave_points_and_no_others():
    assert hits(
        ruleset(SCORE.replace("needs: 5", "needs: 2")), "Ballistic test near a museum? ICBM missile launch"
    ) == {"launch": ["Ballistic", "ICBM", "missile", "launch"]}


def test_match_and_score_are_both_needed():
    rules = ruleset(SCORE + "match: Korea\n")
    assert rules.fire(Item("Korea: missile launch, ballistic", language="en"))
    assert not rules.fire(Item("Missile launch, ballistic", language="en"))


@pytest.mark.parametrize(
    ("match", "title", "expected"),
    [
        pytest.param("/T-?(72|90)/", "A T-72 burns", True, id="found"),
        pytest.param("/T-?(72|90)/", "A t-72 burns", False, id="case-counts"),
        pytest.param("/(?i)t-?(72|90)/", "A T90 burns", True, id="unless-told-otherwise"),
        pytest.param("['/x{3}/', coup]", "A coup", True, id="beside-words"),
    ],
)
def test_a_regular_expression(match, title, expected):
    assert fires(match, title) is expected


def test_what_a_regular_expression_finds_is_shown_in_whole_words():
    assert hits(only("/[Ff]lotill.*? sail/"), "The Black flotilla sails east") == {"the-rule": ["flotilla sails"]}


def test_a_regular_expression_in_a_field_or_a_left_out_sentence_counts_only_there():
    assert not fires("{text: /T-72/}", "A T-72 burns")
    rules = ruleset("rule: r\nmatch: /T-72/\nnot in sentence: film\n")
    assert not rules.fire(Item("Film of a T-72", language="en"))
    assert rules.fire(Item("Film of a T-72. Another T-72 burns", language="en"))


@given(st.text(max_size=60))
def test_no_regular_expression_is_slow_or_breaks(text):
    rules = only("/(a+)+b/")
    assert rules.fire(Item("a" * 5_000 + text, language="en")) == rules.fire_all_rules(
        Item("a" * 5_000 + text, language="en")
    )


ITEM = Item("A coup", "", "en", "bbc", frozenset({"world"}), None, timedelta(hours=5))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        pytest.param("languages: [en, fr]", True, id="language"),
        pytest.param("languages: fr", False, id="another-language"),
        pytest.param("sources: bbc", True, id="source"),
        pytest.param("sources: [tass]", False, id="another-source"),
        pytest.param("not sources: [tass]", True, id="not-another-source"),
        pytest.param("not sources: [bbc]", False, id="not-this-source"),
        pytest.param("source tags: [world, europe]", True, id="tag"),
        pytest.param("source tags: europe", False, id="another-tag"),
        pytest.param("fresh: 6h", True, id="fresh"),
        pytest.param("fresh: 30 minutes", False, id="stale"),
        pytest.param("fresh: 1d, sources: tass", False, id="all-must-hold"),
    ],
)
def test_where(where, expected):
    rules = ruleset(f"rule: r\nmatch: coup\nwhere: {{{where}}}\n")
    assert bool(rules.fire(ITEM)) is expected


def test_where_lets_pass_what_nothing_is_known_of():
    rules = ruleset("rule: r\nmatch: coup\nwhere: {languages: fr, fresh: 1h}\n")
    assert rules.fire(Item("A coup"))
