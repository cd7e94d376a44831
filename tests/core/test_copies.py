"""Whom an entry is credited to, and which reports are copies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.copies import credit_of, told_once
from bot.model import Sighting, SourceKind
from tests.store.given import HOUR, MINUTE, NOW, entry
from tests.values import FEED

TITLE = "US deploys 3,000 troops to Poland"


@pytest.mark.parametrize(
    ("title", "summary", "source"),
    [
        pytest.param(TITLE, "", "Herald Ltd", id="the-feeds-owner"),
        pytest.param(f"{TITLE} (Reuters)", "", "Reuters", id="in-brackets"),
        pytest.param(f"{TITLE} - Reuters", "", "Reuters", id="at-the-end"),
        pytest.param(f"{TITLE} | AFP", "", "AFP", id="behind-a-bar"),
        pytest.param(TITLE, "<p>WARSAW (AFP) &#8211; The first of them landed.</p>", "AFP", id="at-the-head"),
        pytest.param(TITLE, "They landed at night. (Associated Press)", "AP", id="at-the-foot"),
        pytest.param(TITLE, "x" * 300 + " (Reuters) " + "y" * 300, "Herald Ltd", id="in-the-midst-it-is-quoted"),
        pytest.param("США перебросят войска в Польшу (ТАСС)", "", "TASS", id="in-its-own-letters"),
        pytest.param("美军增兵波兰（新华社）", "", "Xinhua", id="in-wide-brackets"),
        pytest.param("Reuters sends reporters to Poland", "", "Herald Ltd", id="a-name-is-no-credit"),
        pytest.param("Soldiers AP Poland", "", "Herald Ltd", id="nor-a-word"),
    ],
)
def test_an_agency_that_is_credited_is_the_source(title, summary, source):
    assert credit_of(entry(title=title, summary=summary), FEED) == source


@pytest.mark.parametrize(
    ("owner", "kind", "source"),
    [
        pytest.param("Agence France-Presse", SourceKind.WIRE, "AFP", id="an-agency-under-its-whole-name"),
        pytest.param("reuters", SourceKind.WIRE, "Reuters", id="an-agency-by-its-feeds-id"),
        pytest.param("Digest Inc", SourceKind.AGGREGATOR, None, id="an-aggregator-is-nobody"),
        pytest.param("Ministry", SourceKind.OFFICIAL, "Ministry", id="an-authority"),
    ],
)
def test_a_feed_without_a_credit_is_its_owner(owner, kind, source):
    assert credit_of(entry(title=TITLE), replace(FEED, owner=owner, kind=kind)) == source


def seen(number, title, *, captures=(), rule="troops", minutes=None):
    at, own = NOW + (number if minutes is None else minutes) * MINUTE, f"source-{number}"
    return Sighting(f"m{number}", rule, f"e{number}", own, f"s{number}", own, captures, title, None, at)


def made_of(*sightings):
    return [(one.story_id, one.source) for one in told_once(sightings)]


@pytest.mark.parametrize(
    ("first", "second", "story", "source"),
    [
        pytest.param(TITLE, TITLE, "s1", "source-1", id="the-same"),
        pytest.param(TITLE, f"{TITLE.upper()}!", "s1", "source-1", id="in-other-letters"),
        pytest.param(f"{TITLE} (Reuters)", f"{TITLE} - Reuters", "s1", "source-1", id="credited-otherwise"),
        pytest.param(f"{TITLE} - The Post", TITLE, "s1", "source-2", id="with-a-sites-name-it-is-the-same-story"),
        pytest.param(
            "Pentagon says US deploys 3,000 troops to Poland by May",
            "Pentagon says: US deploys 3,000 troops to Poland in May",
            "s1",
            "source-2",
            id="nearly-the-same",
        ),
        pytest.param(TITLE, "Three thousand soldiers land in Poland", "s2", "source-2", id="in-their-own-words"),
        pytest.param("Coup", "Riot", "s2", "source-2", id="short-and-different"),
        pytest.param("", "", "s2", "source-2", id="without-a-title"),
    ],
)
def test_copies_are_one_story_and_the_same_words_one_source(first, second, story, source):
    assert made_of(seen(1, first), seen(2, second)) == [("s1", "source-1"), (story, source)]


def test_the_first_to_tell_is_the_source_whatever_the_order_of_the_answer():
    late, early = seen(1, TITLE, minutes=9), seen(2, TITLE, minutes=3)
    assert made_of(late, early) == [("s2", "source-2"), ("s2", "source-2")]


def test_what_a_rule_captured_otherwise_is_another_story():
    title = "Ministry of defence announces: {} sends three more battalions of soldiers to Poland this week"
    pairs = [seen(n, title.format(who), captures=(("sender", who),)) for n, who in enumerate(("US", "France"))]
    assert made_of(*pairs) == [("s0", "source-0"), ("s1", "source-1")]
    assert made_of(*(replace(one, captures=()) for one in pairs)) == [("s0", "source-0"), ("s0", "source-1")]


def test_two_rules_on_one_report_are_one_story():
    one, other = seen(1, TITLE), replace(seen(2, TITLE, rule="pacts"), story_id="s1", source="source-1")
    assert made_of(one, other) == [("s1", "source-1"), ("s1", "source-1")]


def test_of_very_many_reports_the_newest_are_compared():
    crowd = [seen(n, f"Report number {n} on {'abcdefghij'[n % 10] * 5} and {n * 7}") for n in range(1, 400)]
    told = told_once([seen(0, TITLE), *crowd, seen(500, TITLE), seen(501, TITLE)])
    assert [one.story_id for one in told[-2:]] == ["s500", "s500"]
    assert told[-1].at - told[0].at > HOUR
