"""A correlation rule in `tell`: what it asks, what it remembers, and the alert that lists what it counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.read import News, read
from bot.core.routing import Route
from bot.core.tell import Polled, Telling, tell
from bot.core.watch import LISTED
from bot.model import (
    Answer,
    Correlation,
    Counted,
    FeedState,
    Firing,
    HostState,
    Least,
    Level,
    RuleHead,
    Sighting,
    Target,
    Watch,
    Watched,
)
from tests.store.given import entry
from tests.values import CHAT, FEED, NOW, seeded

HOUR = timedelta(hours=1)
TROOPS, PACTS = RuleHead("troops", "Troops"), RuleHead("pacts", "Pacts")
ALARMS = RuleHead("many-alarms", "Many alarms", Level.FLASH, frozenset({"security"}))
WHAT = Correlation(ALARMS, frozenset({"troops", "pacts"}), ("host", "party"), 12 * HOUR, Least(2, 3, 3), 12 * HOUR)
NIGHT = Target("night")
TELLING = Telling((Route(NIGHT, level=Level.FLASH, also=True), Route(CHAT)))


class Rules:
    """Rules whose word is their name; they capture the capitals that stand beside it."""

    hash = "rules-1"

    def __init__(self, *correlations, troops=TROOPS):
        self.correlations = correlations
        self.heads = ((PACTS, "party"), (troops, "host"))

    def fire(self, item):
        words = item.title.split()
        return tuple(
            Firing(head, (), ((role, words[words.index(head.id) + 1]),))
            for head, role in self.heads
            if head.id in words
        )


def sighting(number, ago=HOUR, **changes):
    facts = {
        "rule_id": "pacts",
        "source": f"Source {number}",
        "title": f"Old pact {number} " + "abc"[number % 3] * (number + 1),
        "link": f"https://old.example/{number}",
    }
    fixed = {"entry_id": f"old-{number}", "feed_id": f"feed-{number}", "story_id": f"story-{number}", "captures": ()}
    return Sighting(**{"match_id": f"old-{number}", "at": NOW - ago, **fixed, **facts, **changes})


def told(*titles, past=(), what=WHAT, watch=None, troops=TROOPS, **changes):
    entries = [entry(n, title=title, summary="", **changes) for n, title in enumerate(titles, 1)]
    reading = read(FEED, entries, Rules(what, troops=troops), NOW)
    watched = tuple(
        Watched(watch or Watch("many-alarms", one.value, 4), tuple(past)) for one in reading.question.lookouts
    )
    polled = Polled(FEED, seeded(), HostState("h"), News(tuple(entries), (), ()))
    return reading, tell(polled, reading, Answer(watched=watched), TELLING, NOW)


PAST = (sighting(1), sighting(2, 2 * HOUR))


def test_it_asks_for_the_past_of_what_the_matches_name():
    what = replace(WHAT, versus=timedelta(days=14), times=3)
    reading, _ = told("troops PL pacts US", "troops PL again", "nothing", what=what)
    asked = reading.question.lookouts
    assert [(one.correlation, one.value) for one in asked] == [(what, "PL"), (what, "US")]
    assert {one.since for one in asked} == {NOW - 14 * timedelta(days=1) - 12 * HOUR}


@pytest.mark.parametrize(
    "what",
    [
        pytest.param(replace(WHAT, rules=frozenset({"coups"})), id="other-rules"),
        pytest.param(replace(WHAT, by=("place",)), id="other-roles"),
    ],
)
def test_it_asks_nothing_where_it_counts_nothing(what):
    reading, plan = told("troops PL", what=what)
    assert (reading.question.lookouts, plan.watches) == ((), ())


def test_it_remembers_what_it_saw_and_says_nothing_yet():
    _, plan = told("troops PL", past=PAST[:1])
    (moved,) = plan.watches
    assert (moved.version, moved.value, moved.moved_at, moved.fired_at) == (4, "PL", NOW, None)
    assert moved.seen == plan.matches[0].id
    assert [match.firing.rule.id for match in plan.matches] == ["troops"]


def test_the_alert_lists_what_it_counted():
    _, plan = told("troops PL", past=PAST)
    alert = plan.alerts[-1]
    assert (alert.rule_id, alert.level, alert.content.topic) == ("many-alarms", Level.FLASH, "Many alarms: PL")
    assert (alert.content.title, alert.content.source) == ("troops PL", "The Herald")
    assert alert.content.tally == "3 stories, 3 sources, 2 rules in 12 hours"
    assert alert.content.counted == (
        Counted(PAST[1].title, "https://old.example/2", ("Source 2",), ("pacts",), NOW - 2 * HOUR),
        Counted(PAST[0].title, "https://old.example/1", ("Source 1",), ("pacts",), NOW - HOUR),
    )
    assert plan.watches[0].fired_at == NOW


def test_the_alert_goes_its_own_way_beside_that_of_the_entry():
    _, plan = told("troops PL", past=PAST)
    assert [(one.alert.rule_id, one.target) for one in plan.deliveries] == [
        ("troops", CHAT), ("many-alarms", NIGHT), ("many-alarms", CHAT),
    ]  # fmt: skip


def test_it_is_matched_on_the_entry_that_made_it_fire_and_has_a_story_of_its_own():
    _, plan = told("troops PL", past=PAST)
    component, own = plan.matches
    assert (own.firing.rule, own.firing.captures, own.entry_id) == (ALARMS, (("by", "PL"),), component.entry_id)
    assert [story.id for story in plan.stories] == [component.story_id, own.story_id]
    assert (plan.stories[1].entry_ids, plan.alerts[-1].story_id) == ((), own.story_id)


def test_a_draft_is_counted_and_never_told():
    _, plan = told("troops PL", past=PAST, what=replace(WHAT, rule=replace(ALARMS, live=False)))
    assert [match.firing.rule.id for match in plan.matches] == ["troops", "many-alarms"]
    assert {one.alert.rule_id for one in plan.deliveries} == {"troops"}
    assert plan.watches[0].fired_at == NOW


def test_a_draft_that_it_counts_is_counted():
    _, plan = told("troops PL", past=PAST, troops=replace(TROOPS, live=False))
    assert [one.alert.rule_id for one in plan.deliveries] == ["many-alarms", "many-alarms"]


def test_one_entry_may_make_it_fire_for_several_things():
    _, plan = told("troops PL pacts US", past=PAST, what=replace(WHAT, least=Least(stories=3)))
    assert [one.content.topic for one in plan.alerts if one.rule_id == "many-alarms"] == [
        "Many alarms: PL", "Many alarms: US",
    ]  # fmt: skip
    assert len({alert.id for alert in plan.alerts}) == len(plan.alerts) == 4


def test_it_speaks_once_until_its_time_has_come_again():
    spoke = Watch("many-alarms", "PL", 4, fired_at=NOW - 11 * HOUR)
    _, plan = told("troops PL", past=PAST, watch=spoke)
    assert [alert.rule_id for alert in plan.alerts] == ["troops"]
    assert plan.watches[0].fired_at == spoke.fired_at
    _, plan = told("troops PL", past=PAST, watch=replace(spoke, fired_at=NOW - 12 * HOUR))
    assert plan.watches[0].fired_at == NOW


def test_a_match_that_the_store_knows_already_is_counted_once():
    _, plan = told("troops PL", past=PAST[:1])
    known = sighting(3, 0 * HOUR, match_id=plan.matches[0].id, title="troops PL", rule_id="troops")
    _, again = told("troops PL", past=(PAST[0], known))
    assert [alert.rule_id for alert in again.alerts] == ["troops"]


def test_what_a_first_poll_brings_counts_nowhere():
    reading, plan = told("troops PL", past=PAST, seeded=True)
    assert (reading.question.lookouts, plan.watches) == ((), ())


def test_the_order_of_a_document_makes_no_difference():
    entries = [entry(n, title=f"troops PL {'abc'[n] * 9} {n}", summary="") for n in range(3)]
    plans = []
    for some in (entries, entries[::-1]):
        reading = read(FEED, some, Rules(replace(WHAT, least=Least(stories=3))), NOW)
        state = FeedState("herald", NOW, NOW, NOW)
        polled = Polled(FEED, state, HostState("h"), News(tuple(some), (), ()))
        plans.append(tell(polled, reading, Answer(), TELLING, NOW))
    first, second = ([m for m in plan.matches if m.firing.rule is ALARMS] for plan in plans)
    assert first == second != []


def test_a_long_list_is_cut_to_the_newest():
    many = [sighting(n, (20 - n) * timedelta(minutes=9)) for n in range(1, 20)]
    _, plan = told("troops PL", past=many)
    counted = plan.alerts[-1].content.counted
    assert [one.title for one in counted] == [one.title for one in many[-LISTED:]]
    assert plan.alerts[-1].content.tally.startswith("20 stories")


def test_copies_stand_as_one_story_with_everyone_who_told_it():
    copies = [sighting(n, n * HOUR, title="Pact signed at dawn in the old town", source=None) for n in (1, 2)]
    other = sighting(3, 3 * HOUR, source="Other")
    third = sighting(4, 4 * HOUR, source="Third")
    _, plan = told("troops PL", past=(*copies, other, third))
    assert [one.sources for one in plan.alerts[-1].content.counted] == [("Third",), ("Other",), ("feed-2", "feed-1")]
