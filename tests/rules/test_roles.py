"""Roles: who does what to whom, captured from the tightest reading of a headline."""

from __future__ import annotations

import pytest

from bot.model import Item
from bot.rules.trial import run_trials
from tests.rules.given import compiled, ruleset

LANDS = """concepts:
  country:
    entries:
      US: [US, American, Washington]
      PL: {en: [Poland, Polish, Warsaw], de: [polnisch]}
      KP: [North Korea, Pyongyang]
      KR: [South Korea, Seoul]
      GN: [Guinea]
      PG: [Papua New Guinea]
  region: [Balkans, Sahel]
  land: [<country>, <region>]
  troops: [troops, soldiers]
---
"""


def captures(rule: str, title: str, text: str = "", language: str | None = "en", country: str | None = None):
    """Return what each firing captured; both ways of asking must agree."""
    rules, item = ruleset(LANDS + rule), Item(title, text, language, country=country)
    found = rules.fire(item)
    assert found == rules.fire_all_rules(item)
    return [dict(firing.captures) for firing in found]


SENT = "rule: sent\nmatch: <country as sender> ... <troops> ... <country as host>\n"


@pytest.mark.parametrize(
    ("rule", "title", "expected"),
    [
        pytest.param(SENT, "US sends troops to Poland", [{"sender": "US", "host": "PL"}], id="sender-and-host"),
        pytest.param(SENT, "Warsaw sends troops to Seoul", [{"sender": "PL", "host": "KR"}], id="capitals"),
        pytest.param(SENT, "American and Polish troops in Guinea", [{"sender": "PL", "host": "GN"}], id="tightest"),
        pytest.param(SENT, "US troops land in Papua New Guinea", [{"sender": "US", "host": "PG"}], id="longest-name"),
        pytest.param(SENT, "US sends troops abroad", [], id="no-host"),
        pytest.param(
            SENT + "different: [sender, host]\n", "Polish troops return to Poland", [], id="no-two-values"
        ),
        pytest.param(
            SENT + "different: [sender, host]\n",
            "US and Polish troops exercise in Poland",
            [{"sender": "US", "host": "PL"}],
            id="a-wider-reading-where-the-tightest-is-not-allowed",
        ),
        pytest.param(
            "rule: quake\nmatch: quake in <land as place>\n", "quake in Sahel", [{"place": "Sahel"}], id="as-written"
        ),
        pytest.param(
            "rule: quake\nmatch: quake in <land as place>\n", "quake in Warsaw", [{"place": "PL"}], id="inner-id"
        ),
        pytest.param(
            "rule: home\nmatch: {near: [quake, <country:PL as place>], within: 5}\n",
            "quake in Warsaw, not in Guinea",
            [{"place": "PL"}],
            id="pinned",
        ),
        pytest.param(
            "rule: home\nmatch: {near: [quake, <country:PL>], within: 5}\n", "quake in Guinea", [], id="elsewhere"
        ),
        pytest.param(
            "rule: both\nmatch: {all: [<country as sender> sends <troops>, in <country as host>]}\n",
            "US sends troops. They arrive in Poland, soon in Guinea",
            [{"sender": "US", "host": "PL"}],
            id="of-an-all",
        ),
    ],
)  # fmt: skip
def test_what_is_captured(rule, title, expected):
    assert captures(rule, title) == expected


HOME = "rule: resigns\nmatch: {all: [minister, resigns, <country:PL as place>]}\n"


@pytest.mark.parametrize(
    ("title", "country", "expected"),
    [
        pytest.param("Minister resigns", "PL", [{"place": "PL"}], id="in-a-home-paper"),
        pytest.param("Minister resigns", "US", [], id="in-anothers"),
        pytest.param("Minister resigns", None, [], id="in-nobodys"),
        pytest.param("Minister resigns in Guinea", "PL", [], id="another-country-is-named"),
        pytest.param("Polish minister resigns", None, [{"place": "PL"}], id="named"),
        pytest.param("Film about Poland", "PL", [], id="without-its-words"),
    ],
)
def test_a_feeds_country_is_the_place_where_none_is_named(title, country, expected):
    assert captures(HOME, title, country=country) == expected


def test_words_of_an_entry_belong_to_their_language():
    rule = "rule: p\nmatch: <country as place> ... wahl\nlanguage: de\n"
    assert captures(rule, "polnisch wahl", language="de") == [{"place": "PL"}]
    assert captures(rule, "polnisch wahl", language="fr") == []


def test_evidence_holds_no_words_for_a_country_that_is_not_named():
    rules = ruleset(LANDS + HOME)
    (firing,) = rules.fire(Item("Minister resigns", language="en", country="PL"))
    assert [word.words for word in firing.evidence] == ["Minister", "resigns"]


def test_the_same_role_in_two_alternatives_is_one_role():
    rule = "rule: r\nmatch: [<country as who> ... troops, troops ... <country as who>]\n"
    assert captures(rule, "troops leave Poland") == [{"who": "PL"}]
    assert captures(rule, "Poland and US troops") == [{"who": "US"}]


def test_a_feeds_country_is_no_place_where_the_other_field_names_another():
    rule = "rule: r\nmatch: {title: {all: [minister, resigns, <country:PL as place>]}}\n"
    assert captures(rule, "Minister resigns", country="PL") == [{"place": "PL"}]
    assert captures(rule, "Minister resigns", "It happened in Guinea.", country="PL") == []


def test_any_but_one_entry():
    rule = "rule: r\nmatch: <country:!US as who> burns\n"
    assert captures(rule, "Poland burns") == [{"who": "PL"}]
    assert captures(rule, "Washington burns") == []


def test_different_holds_across_the_parts_of_an_all():
    rule = "rule: r\nmatch: {all: [<country as a> sends, <country as b> hosts]}\ndifferent: [a, b]\n"
    assert captures(rule, "Poland sends and Poland hosts") == []
    assert captures(rule, "Poland sends and Guinea hosts") == [{"a": "PL", "b": "GN"}]


def test_a_regular_expression_in_a_concept_is_captured_as_written():
    rule = "rule: r\nmatch: <gun as what> sold\nconcepts: {gun: [tank, '/T-?72/']}\n"
    assert captures(rule, "T-72 sold") == [{"what": "/T-?72/"}]


def test_a_headline_is_tried_whatever_where_asks_of_its_source():
    result = compiled("rule: r\nmatch: army\nwhere: {sources: bbc}\ntests: {fires: [Army], silent: [Navy]}\n")
    assert [trial.passed for trial in run_trials(result)] == [True, True]


def test_a_feeds_country_that_the_concept_does_not_have_is_no_place():
    rule = "rule: r\nmatch: {all: [minister, resigns, <country as place>]}\n"
    assert captures(rule, "Minister resigns", country="PL") == [{"place": "PL"}]
    assert captures(rule, "Minister resigns", country="FR") == []
