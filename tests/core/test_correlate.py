"""Correlation: what is counted in which span, what is usual, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.correlate import judge
from bot.model import Correlation, Least, RuleHead, Sighting, Watch, Watched
from tests.values import NOW

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
HEAD = RuleHead("alarms", "alarms")
WHAT = Correlation(HEAD, frozenset({"troops", "pacts"}), ("host",), 12 * HOUR, Least(2, 3, 2), 12 * HOUR)
USUAL = replace(WHAT, least=Least(stories=1), versus=14 * DAY, times=3)


def seen(number, ago, rule="troops", source="a", *, story=None, title=None):
    name = f"m{number}"
    return Sighting(
        name, rule, f"e{number}", "feed", story or f"s{number}", source, (("host", "PL"),),
        f"story {number} {chr(97 + number % 26) * 3} of its own" if title is None else title, None, NOW - ago,
    )  # fmt: skip


def verdict(*sightings, what=WHAT, fired_ago=None, since=None):
    fired_at = None if fired_ago is None else NOW - fired_ago
    watched = Watched(Watch("alarms", "PL", fired_at=fired_at), sightings)
    return judge(what, watched, NOW, NOW - since if since is not None else None)


THREE = (seen(1, 11 * HOUR), seen(2, HOUR, "pacts", "b"), seen(3, 0 * HOUR, source="c"))


@pytest.mark.parametrize(
    ("sightings", "reason"),
    [
        pytest.param(THREE, "", id="enough"),
        pytest.param(THREE[:2], "2 of 3 stories", id="stories"),
        pytest.param([replace(one, source="a") for one in THREE], "1 of 2 sources", id="sources"),
        pytest.param([replace(one, source=None) for one in THREE], "0 of 2 sources", id="nobody-who-counts"),
        pytest.param([replace(one, rule_id="troops") for one in THREE], "1 of 2 rules", id="rules"),
        pytest.param([replace(one, story_id="s") for one in THREE], "1 of 3 stories", id="one-story"),
        pytest.param([*THREE[:2], replace(THREE[2], source="A")], "", id="two-sources-are-enough"),
        pytest.param((), "0 of 3 stories, 0 of 2 sources, 0 of 2 rules", id="nothing"),
    ],
)
def test_it_takes_rules_and_stories_and_sources_all_three(sightings, reason):
    found = verdict(*sightings)
    assert (found.fires, found.reason) == (not reason, reason)


@pytest.mark.parametrize(
    ("ago", "fires"),
    [
        pytest.param(12 * HOUR - MINUTE, True, id="within"),
        pytest.param(12 * HOUR, False, id="the-beginning-is-not-in-it"),
        pytest.param(-MINUTE, False, id="what-comes-later"),
        pytest.param(0 * HOUR, True, id="the-end-is"),
    ],
)
def test_a_span_ends_now_and_begins_later_than_so_long_ago(ago, fires):
    assert verdict(replace(THREE[0], at=NOW - ago), *THREE[1:]).fires is fires


def test_sources_are_told_apart_in_any_case():
    same = [replace(THREE[0], source="BBC"), replace(THREE[1], source="bbc"), replace(THREE[2], source="Bbc")]
    assert verdict(*same).counts == Least(2, 3, 1)


@pytest.mark.parametrize(
    ("ago", "reason"),
    [
        pytest.param(12 * HOUR, "", id="long-enough-ago"),
        pytest.param(12 * HOUR - MINUTE, "told already", id="too-soon"),
    ],
)
def test_it_speaks_of_the_same_thing_again_after_a_while(ago, reason):
    assert verdict(*THREE, fired_ago=ago).reason == reason


# --- what is usual -------------------------------------------------------------------------------


def daily(number, days, at=HOUR):
    """Return so many stories on each of these days before today, at the same hour."""
    return [
        seen(100 * day + n, day * DAY + at, title=f"{day} {n} {'xyz'[n % 3] * (n + 2)} {'abc'[day % 3] * (day + 3)}")
        for day in days
        for n in range(number)
    ]


def today(number):
    return [
        seen(90 + n, n * MINUTE, title=f"today {n} {'pqr'[n % 3] * (n + 2)} {'q' * (2 * n + 1)}") for n in range(number)
    ]


@pytest.mark.parametrize(
    ("number", "history", "takes", "fires"),
    [
        pytest.param(3, [], 3, True, id="three-where-nothing-was"),
        pytest.param(2, [], 3, False, id="two-are-within-chance"),
        pytest.param(3, daily(1, [2]), 3.07, False, id="three-where-one-was"),
        pytest.param(4, daily(1, range(1, 15)), 4, True, id="one-a-day-and-four"),
        pytest.param(3, daily(1, range(1, 15)), 4, False, id="one-a-day-and-three"),
        pytest.param(12, daily(4, range(1, 15)), 12, True, id="four-a-day-and-three-times-as-many"),
        pytest.param(11, daily(4, range(1, 15)), 12, False, id="four-a-day-and-a-little-less"),
        pytest.param(6, daily(4, [1, 2, 3, 4]), 6.56, False, id="a-restless-week-raises-the-bar"),
        pytest.param(7, daily(4, [1, 2, 3, 4]), 6.56, True, id="more-than-three-deviations"),
        pytest.param(3, daily(4, range(1, 15), at=13 * HOUR), 3, True, id="another-hour-of-the-day-does-not-count"),
        pytest.param(3, daily(4, [16, 20]), 3, True, id="what-was-long-before-does-not-count"),
    ],
)
def test_what_is_unusual_stands_out_from_the_same_hours_of_earlier_days(number, history, takes, fires):
    found = verdict(*today(number), *history, what=USUAL)
    assert found.usual is not None
    assert (round(found.usual.takes, 2), found.fires) == (takes, fires)


def test_the_reason_names_how_many_it_takes():
    assert verdict(*today(3), *daily(1, range(1, 15)), what=USUAL).reason == "not unusual: 3 of 4 stories"


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        pytest.param(3 * DAY + 12 * HOUR, "", id="three-earlier-spans"),
        pytest.param(3 * DAY + 11 * HOUR, "nobody knows yet what is usual", id="two-and-a-part"),
        pytest.param(timedelta(0), "nobody knows yet what is usual", id="none"),
    ],
)
def test_with_too_little_history_nothing_is_unusual(known, reason):
    assert verdict(*today(5), what=USUAL, since=known).reason == reason


def test_the_days_before_anybody_watched_are_not_quiet_days():
    busy = daily(4, [1, 2, 3])
    assert verdict(*today(6), *busy, what=USUAL).fires is True
    assert verdict(*today(6), *busy, what=USUAL, since=4 * DAY).fires is False


def test_a_short_versus_needs_no_more_spans_than_it_has():
    what = replace(USUAL, versus=2 * DAY)
    assert verdict(*today(3), what=what, since=3 * DAY).fires is True
    assert verdict(*today(3), what=what, since=2 * DAY).fires is False


def test_spans_longer_than_a_day_follow_one_another():
    what = replace(USUAL, within=3 * DAY, versus=15 * DAY)
    found = verdict(*today(4), seen(1, 4 * DAY), seen(2, 8 * DAY, title="eight days ago"), what=what)
    assert found.usual is not None
    assert found.usual.mean == 0.4  # two in five spans


@given(
    st.lists(st.tuples(st.integers(0, 20 * 24 * 60), st.integers(0, 5), st.integers(0, 3), st.integers(0, 1))),
    st.randoms(use_true_random=False),
)
def test_the_order_of_an_answer_makes_no_difference(made, chance):
    found = [
        seen(n, ago * MINUTE, ["troops", "pacts"][rule], f"src{source}", story=f"s{story}")
        for n, (ago, story, source, rule) in enumerate(made)
    ]
    shuffled = chance.sample(found, len(found))
    assert verdict(*found, what=USUAL) == verdict(*shuffled, what=USUAL)
