"""Counting a replay: matches, stories and days, and the difference from what fired live."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.replay import Tally, days_of
from bot.core.rerun import Rerun
from bot.rules.compile import compile_rules, read_rules
from bot.rules.forms import expand
from tests.store.given import DAY, HOUR, NOW, entry
from tests.values import FEED

DAYS = days_of(NOW - 2 * DAY, NOW, UTC)


def test_an_item_in_several_feeds_is_several_matches_and_one_story():
    tally = Tally(UTC)
    wire = entry(1)
    for one in (wire, replace(entry(2), canonical_link=wire.canonical_link), entry(3)):
        tally.add(one, {"a"}, {"a"})
    tally.add(entry(4, canonical_link=None), {"a"}, {"a"})
    tally.add(entry(5), (), ())
    counted = tally.of("a", DAYS)
    assert (counted.matches, counted.stories, counted.live, tally.entries) == (4, 3, 4, 5)
    assert (counted.new, counted.lost) == ((), ())


def test_the_difference_from_live_is_newest_first():
    tally = Tally(UTC)
    entries = [entry(n, seeded=n == 1) for n in range(6)]
    for one, now, live in zip(entries, ("a", "a", "", "", "ab", "a"), ("", "", "a", "a", "a", "ab"), strict=True):
        tally.add(one, set(now), set(live))
    counted = tally.of("a", DAYS)
    assert (counted.matches, counted.live) == (4, 4)
    assert counted.new == (entries[1], entries[0])
    assert counted.lost == (entries[3], entries[2])
    assert (tally.of("b", DAYS).new, tally.of("b", DAYS).lost) == ((entries[4],), (entries[5],))
    assert (sorted(tally.rule_ids), tally.seeded) == (["a", "b"], 1)


def test_a_rule_that_never_fired_counts_nothing():
    counted = Tally(UTC).of("a", DAYS)
    assert (counted.matches, counted.stories, counted.live, counted.per_day) == (0, 0, 0, (0, 0, 0))


@pytest.mark.parametrize(
    ("zone", "per_day"),
    [pytest.param("UTC", (1, 0, 2), id="utc"), pytest.param("Asia/Tokyo", (0, 1, 1), id="east-of-it")],
)
def test_days_are_those_of_the_readers_zone(zone, per_day):
    tally = Tally(ZoneInfo(zone))
    late = NOW.replace(hour=23)
    for n, at in enumerate((late - 2 * DAY, NOW, late)):
        tally.add(entry(n, first_seen_at=at), {"a"}, {"a"})
    assert tally.of("a", DAYS).per_day == per_day


def test_a_span_has_every_day_with_both_ends():
    assert days_of(NOW - HOUR, NOW, UTC) == (date(2026, 5, 1),)
    assert [day.day for day in DAYS] == [29, 30, 1]
    assert days_of(NOW - DAY, NOW, ZoneInfo("Asia/Tokyo"))[-1] == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("where", "feeds", "fires"),
    [
        pytest.param("sources: [herald]", {"herald": FEED}, True, id="its-feed"),
        pytest.param("sources: [other]", {"herald": FEED}, False, id="another-feed"),
        pytest.param("source tags: [wire]", {"herald": replace(FEED, tags=frozenset({"wire"}))}, True, id="its-tags"),
        pytest.param("source tags: [wire]", {}, False, id="a-feed-that-is-gone-has-no-tags"),
        pytest.param("sources: [herald]", {}, True, id="a-feed-that-is-gone-has-its-name"),
        pytest.param("fresh: 2h", {}, True, id="as-fresh-as-it-was-then"),
        pytest.param("fresh: 30m", {}, False, id="as-old-as-it-was-then"),
    ],
)
def test_an_entry_is_what_it_was_when_it_came(where, feeds, fires):
    draft = read_rules({"a": f"rule: troops\nmatch: troops\nwhere:\n  {where}\n"})
    ruleset = compile_rules(draft, expand(draft.vocabulary)).ruleset
    one = entry(first_seen_at=NOW - 20 * DAY, published_at=NOW - 20 * DAY - timedelta(hours=1))
    assert [match.firing.rule.id for match in Rerun(ruleset, feeds).run([one])] == (["troops"] if fires else [])
