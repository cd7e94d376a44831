"""What correlation rules watch, in the store: found by value, moved by one version, and the same as in memory."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from bot.core.ledger import Ledger
from bot.errors import Conflict
from bot.model import (
    Answer,
    Correlation,
    Counted,
    Firing,
    Least,
    Lookout,
    Match,
    Plan,
    Question,
    RuleHead,
    Watch,
    Watched,
)
from bot.store import Keep, Store
from tests.store.given import CHAT, DAY, HOUR, NOW, alert, declared, delivery, entry, heads, match, story
from tests.store.test_open import MIGRATIONS

ALARMS = RuleHead("alarms", "Alarms")
WHAT = Correlation(ALARMS, frozenset({"troops", "pacts"}), ("host", "party"), 12 * HOUR, Least(stories=3), 12 * HOUR)


def found(number, *captures, rule="troops", ago=HOUR, **changes):
    """Return an entry with a match that captured these."""
    at = NOW - ago
    one = entry(number, first_seen_at=at, **changes)
    firing = Firing(RuleHead(rule, rule), (), captures)
    return one, Match(f"match-{number}", one.id, "rules", firing, at, f"story-{number}", "Herald Ltd")


def lookout(value="PL", what=WHAT, ago=12 * HOUR):
    return Lookout(what, value, NOW - ago)


MADE = [
    found(1, ("host", "PL")),
    found(2, ("host", "US"), ("sender", "PL")),
    found(3, ("host", "PL"), ("party", "PL")),
    found(4, ("party", "PL"), rule="pacts"),
    found(5, ("party", "PL"), rule="coups"),
    found(6, ("host", "PL"), ago=12 * HOUR),
    found(7, ("host", "PL"), ago=0 * HOUR, seeded=True),
    found(8),
]


async def stored(store, made=MADE):
    state = await declared(store)
    await store.apply(Plan(state, entries=tuple(e for e, _ in made), matches=tuple(m for _, m in made)))
    return state


async def asked(store, *lookouts):
    return (await store.answer(Question(frozenset(), lookouts))).watched


async def test_it_finds_what_its_rules_captured_in_its_roles_within_the_time(store):
    await stored(store)
    (watched,) = await asked(store, lookout())
    assert watched.watch == Watch("alarms", "PL")
    assert {one.match_id for one in watched.sightings} == {"match-1", "match-3", "match-4"}
    one = next(one for one in watched.sightings if one.match_id == "match-1")
    assert (one.rule_id, one.story_id, one.source, one.captures) == (
        "troops", "story-1", "Herald Ltd", (("host", "PL"),),
    )  # fmt: skip
    assert (one.title, one.link, one.feed_id, one.at) == (
        "Troops march 1", "https://herald.example/1", "herald", NOW - HOUR,
    )  # fmt: skip


async def test_the_memory_of_tests_and_replays_answers_as_the_store_does(store):
    ledger = Ledger(NOW)
    state = await declared(store)
    in_time = sorted(MADE, key=lambda pair: pair[1].matched_at)
    plan = Plan(
        state,
        entries=tuple(one for one, _ in in_time),
        matches=tuple(one for _, one in in_time),
        stories=(story(1), story(2)),
        alerts=(alert(1),),
        watches=(Watch("alarms", "PL", 0, "match-4", NOW, NOW),),
    )
    ledger.apply(plan)
    await store.apply(plan)
    question = Question(frozenset({"key-1", "key-9"}), (lookout(), lookout("US"), lookout("FR"), lookout(ago=DAY)))

    def plain(answer):
        watched = [
            (one.watch.value, one.watch.fired_at, {seen.match_id: seen for seen in one.sightings})
            for one in answer.watched
        ]
        return [one.id for one in answer.stories], answer.told, answer.watched_since, watched

    assert plain(ledger.answer(question)) == plain(await store.answer(question))


async def test_nothing_is_asked_of_the_past_without_a_lookout(store):
    await stored(store)
    assert await store.answer(Question(frozenset())) == Answer()


async def test_a_watch_moves_by_one_version_and_keeps_when_it_fired(store):
    state = await stored(store)
    await store.apply(Plan(state, watches=(Watch("alarms", "PL", 0, "match-1", NOW - HOUR, NOW - HOUR),)))
    await store.apply(Plan(state, watches=(Watch("alarms", "PL", 1, "match-3", NOW, NOW - HOUR),)))
    watched, other = await asked(store, lookout(), lookout("US"))
    assert watched.watch == Watch("alarms", "PL", 2, "match-3", NOW, NOW - HOUR)
    assert other.watch == Watch("alarms", "US")


@pytest.mark.parametrize("version", [0, 2], ids=["moved-meanwhile", "gone-meanwhile"])
async def test_a_plan_based_on_a_watch_that_moved_on_is_refused_whole(store, version):
    state = await stored(store)
    await store.apply(Plan(state, watches=(Watch("alarms", "PL", 0, "theirs", NOW),)))
    with pytest.raises(Conflict, match="alarms has seen more of PL meanwhile"):
        await store.apply(Plan(state, entries=(entry(99),), watches=(Watch("alarms", "PL", version, "mine", NOW),)))
    assert (await store.counts()).entries == len(MADE)


async def test_of_two_polls_that_see_one_thing_at_the_same_time_exactly_one_must_look_again(store):
    state = await stored(store)
    plans = [Plan(state, watches=(Watch("alarms", "PL", 0, name, NOW),)) for name in ("mine", "theirs")]
    outcomes = await asyncio.gather(*(store.apply(plan) for plan in plans), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "NoneType"]


async def test_applying_a_plan_twice_moves_a_watch_once(store):
    state = await stored(store)
    plan = Plan(state, watches=(Watch("alarms", "PL", 0, "match-1", NOW, NOW),))
    await store.apply(plan)
    await store.apply(plan)
    (watched,) = await asked(store, lookout())
    assert watched.watch.version == 1


async def test_an_alert_keeps_what_it_counted(store):
    counted = (
        Counted("Old", "https://old.example/1", ("A", "B"), ("troops",), NOW - HOUR),
        Counted("X", None, (), (), NOW),
    )
    one = alert(1, counted=counted, tally="3 stories in 12 hours")
    state = await declared(store)
    await store.apply(
        Plan(state, stories=(story(1),), alerts=(one,), deliveries=(replace(delivery(1, CHAT), alert=one),))
    )
    assert len(await heads(store)) == 1
    (lane,) = await store.lanes(frozenset(), NOW)
    assert lane.delivery.alert == one


async def test_what_was_captured_goes_with_its_match_and_a_watch_when_nothing_moves_it(store, path):
    state = await stored(store)
    watches = (Watch("alarms", "PL", 0, "a", NOW - 200 * DAY), Watch("alarms", "US", 0, "b", NOW - DAY))
    old, old_match = found(50, ("host", "PL"), ago=200 * DAY)
    await store.apply(Plan(state, entries=(old,), matches=(old_match,), watches=watches))
    await store.prune(NOW, Keep())
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT value FROM watch").fetchall() == [("US",)]
        assert connection.execute("SELECT count(*) FROM capture WHERE match_id = 'match-50'").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM capture").fetchone() == (9,)


async def test_the_past_is_known_since_the_store_was_made(store):
    assert await store.watched_since() == NOW
    answer = await store.answer(Question(frozenset(), (lookout(),)))
    assert answer.watched_since == NOW


async def test_a_store_without_the_tables_gets_them_and_knows_nothing_of_the_time_before(tmp_path):
    path = tmp_path / "old.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO meta (key, value) VALUES ('created_at', '2026-01-01T00:00:00+00:00')")
    engine.dispose()
    later = NOW + timedelta(days=1)
    store = await Store.open(path, later)
    await stored(store, MADE[:1])
    answer = await store.answer(Question(frozenset(), (lookout(),)))
    assert answer.watched_since == later
    assert [len(one.sightings) for one in answer.watched] == [1]
    await store.close()


async def test_a_match_that_was_never_placed_is_a_story_of_its_own(store):
    state = await declared(store)
    captured = replace(match(1, 1).firing, captures=(("host", "PL"),))
    one = replace(match(1, 1), firing=captured)
    await store.apply(Plan(state, entries=(entry(1),), matches=(one,)))
    (watched,) = await asked(store, lookout(ago=DAY))
    assert isinstance(watched, Watched)
    assert [(seen.story_id, seen.source) for seen in watched.sightings] == [(entry(1).id, None)]
