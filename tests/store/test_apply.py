from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Conflict, PermanentError
from bot.model import Answer, EntryEdit, FeedState, HostState, Identity, Memory, Plan, Question
from bot.ports import Outbox, PollStore
from bot.store import Store
from tests.store.given import (
    CHAT,
    HOUR,
    NOW,
    OTHER_CHAT,
    SECOND,
    alert,
    declared,
    delivery,
    entry,
    heads,
    match,
    notice,
    story,
)


def identity(number, link=None, title_day=None):
    return Identity(f"{number:032x}", link, title_day)


def contents(path):
    """Return every row of every table, as another process sees them."""
    with sqlite3.connect(path) as connection:
        tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        names = [name for name, sql in tables if not sql.upper().startswith("CREATE VIRTUAL")]  # it can't be read whole
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def full_plan(state):
    return Plan(
        replace(state, next_poll_at=NOW + HOUR, seeded_at=NOW, listed=(entry(1).id, entry(2).id)),
        HostState("herald.example", NOW + SECOND, 0),
        entries=(entry(1), entry(2)),
        edits=(EntryEdit(entry(1).id, "Troops halt", "They do.", "text-1b", 1),),
        matches=(match(1, 1),),
        stories=(story(1, entry_ids=(entry(1).id,)),),
        alerts=(alert(1),),
        deliveries=(delivery(1, CHAT), replace(delivery(1, OTHER_CHAT), id="2" * 16, dedup_key="key-2")),
    )


def test_the_store_has_the_shape_that_its_consumers_ask_for():
    def poller(store: PollStore) -> None: ...
    def deliverer(store: Outbox) -> None: ...

    def app(store: Store) -> None:  # mypy reads this
        poller(store)
        deliverer(store)

    assert callable(app)


# --- memory ---


async def test_an_empty_store_knows_nothing(store):
    await declared(store)
    assert await store.recall("herald", [identity(1, "x", "y")]) == Memory({}, frozenset(), frozenset())
    assert await store.recall("herald", []) == Memory({}, frozenset(), frozenset())
    assert await store.answer(Question(frozenset({"key-1"}))) == Answer()
    assert await store.answer(Question(frozenset())) == Answer()


async def test_entries_are_known_by_id_by_link_and_by_title_and_day(store):
    await store.apply(Plan(await declared(store), entries=(entry(1), entry(2, canonical_link=None, title_day=None))))
    asked = [identity(1), identity(2), identity(3, "herald.example/1", "day-1"), identity(4, "other", "day-9")]
    assert await store.recall("herald", asked) == Memory(
        {entry(1).id: ("text-1", 0), entry(2).id: ("text-2", 0)},
        frozenset({"herald.example/1"}),
        frozenset({"day-1"}),
    )


async def test_links_and_titles_of_another_feed_are_not_known_in_this_one(store):
    state = await declared(store, "wire", "herald")
    await store.apply(Plan(state, entries=(entry(1, "wire", canonical_link="same", title_day="same"),)))
    memory = await store.recall("herald", [identity(9, "same", "same")])
    assert memory == Memory({}, frozenset(), frozenset())


async def test_a_document_of_thousands_of_items_is_recalled_whole(store):
    many = tuple(entry(n) for n in range(2500))
    await store.apply(Plan(await declared(store), entries=many))
    memory = await store.recall("herald", [Identity(e.id, e.canonical_link, e.title_day) for e in many])
    assert len(memory.entries) == len(memory.links) == len(memory.title_days) == 2500


async def test_an_edit_replaces_the_text_and_an_older_one_changes_nothing(store, path):
    state = await declared(store)
    await store.apply(Plan(state, entries=(entry(1),)))
    second = EntryEdit(entry(1).id, "Second", "two", "text-b", 2)
    await store.apply(Plan(state, edits=(second,)))
    await store.apply(Plan(state, edits=(EntryEdit(entry(1).id, "First", "one", "text-a", 1),)))
    assert (await store.recall("herald", [identity(1)])).entries == {entry(1).id: ("text-b", 2)}
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT title, summary FROM entry").fetchall() == [("Second", "two")]


# --- one transaction ---


async def test_a_plan_for_a_feed_that_was_never_declared_is_refused_whole(store, path):
    before = contents(path)
    with pytest.raises(PermanentError, match="declare it first"):
        await store.apply(Plan(FeedState("unheard-of", NOW, NOW), HostState("h"), entries=(entry(1),)))
    assert contents(path) == before


async def test_applying_a_plan_twice_changes_nothing_more(store, path):
    plan = full_plan(await declared(store))
    await store.apply(plan)
    once = contents(path)
    await store.apply(plan)
    assert contents(path) == once


async def test_a_poll_that_found_nothing_new_touches_its_feed_and_host_alone(store, path):
    state = await declared(store)
    await store.apply(full_plan(state))
    before = contents(path)
    unchanged = replace(full_plan(state).feed, next_poll_at=NOW + 2 * HOUR, polled_at=NOW + HOUR)
    await store.apply(Plan(unchanged, HostState("herald.example", NOW + 2 * SECOND, 0)))
    after = contents(path)
    assert {name for name in after if after[name] != before[name]} == {"feed", "host"}


async def test_an_alert_is_stored_once_for_all_its_targets_and_comes_back_whole(store, path):
    await store.apply(full_plan(await declared(store)))
    assert len(contents(path)["alert"]) == 1
    assert [lane.delivery.alert for lane in await store.lanes(frozenset(), NOW)] == [alert(1), alert(1)]


async def test_a_known_dedup_key_enqueues_nothing(store):
    state = await declared(store)
    await store.apply(Plan(state, deliveries=(notice(1),)))
    await store.apply(Plan(state, deliveries=(replace(notice(1), id="9" * 16), notice(2))))
    assert [one.id for one in await store.deliveries()] == [notice(2).id, notice(1).id]


# --- stories ---


async def test_a_new_story_comes_back_with_version_one_and_what_was_told_of_it(store):
    await store.apply(full_plan(await declared(store)))
    assert await store.answer(Question(frozenset({"key-1", "key-unknown"}))) == Answer(
        (story(1, version=1, entry_ids=(entry(1).id,)),), frozenset({("troops", "story-1")})
    )


async def test_a_story_grows_and_keeps_the_order_of_its_entries(store):
    state = await declared(store)
    await store.apply(Plan(state, stories=(story(1, entry_ids=("b", "a")),)))
    await store.apply(Plan(state, stories=(story(1, 1, {"key-1", "key-x"}, ("b", "a", "c")),)))
    (found,) = (await store.answer(Question(frozenset({"key-x"})))).stories
    assert found == story(1, 2, {"key-1", "key-x"}, ("b", "a", "c"))


async def test_many_stories_are_answered_at_once(store):
    stories = tuple(story(n, entry_ids=(f"e{n}",)) for n in range(700))
    await store.apply(Plan(await declared(store), stories=stories))
    answer = await store.answer(Question(frozenset(key for one in stories for key in one.keys)))
    assert {one.id: one.entry_ids for one in answer.stories} == {one.id: one.entry_ids for one in stories}


@pytest.mark.parametrize(
    "late",
    [
        pytest.param(story(1, 0, entry_ids=("mine",)), id="opened meanwhile under the same id"),
        pytest.param(story(2, 0, {"key-1"}, ("mine",)), id="another story took the key"),
        pytest.param(story(1, 1, entry_ids=("first", "second", "mine")), id="grown meanwhile"),
        pytest.param(story(3, 4, entry_ids=("mine",)), id="gone meanwhile"),
    ],
)
async def test_a_plan_based_on_a_story_that_moved_on_is_refused_whole(store, path, late):
    state = await declared(store, "herald", "wire")
    await store.apply(Plan(state, stories=(story(1, entry_ids=("first",)),)))
    await store.apply(Plan(state, stories=(story(1, 1, entry_ids=("first", "second")),)))
    before = contents(path)
    plan = Plan(replace(state, polled_at=NOW), entries=(entry(7),), stories=(late,), deliveries=(notice(7),))
    with pytest.raises(Conflict):
        await store.apply(plan)
    assert contents(path) == before


async def test_after_a_conflict_the_same_poll_asks_again_and_goes_through(store):
    state = await declared(store)
    mine = story(1, entry_ids=("mine",))
    await store.apply(Plan(state, stories=(story(1, entry_ids=("theirs",)),)))
    with pytest.raises(Conflict):
        await store.apply(Plan(state, stories=(mine,)))
    (read,) = (await store.answer(Question(mine.keys))).stories
    await store.apply(Plan(state, stories=(replace(read, entry_ids=(*read.entry_ids, "mine")),)))
    (found,) = (await store.answer(Question(mine.keys))).stories
    assert (found.version, found.entry_ids) == (2, ("theirs", "mine"))


async def test_of_two_polls_that_open_one_story_at_the_same_time_exactly_one_must_ask_again(store):
    state = await declared(store)
    plans = [Plan(state, stories=(story(1, entry_ids=(name,)),)) for name in ("mine", "theirs")]
    outcomes = await asyncio.gather(*(store.apply(plan) for plan in plans), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "NoneType"]


async def test_a_rule_that_told_of_a_story_meanwhile_under_another_id_is_a_conflict(store):
    state = await declared(store)
    await store.apply(Plan(state, stories=(story(1),), alerts=(alert(1),)))
    with pytest.raises(Conflict, match="raised meanwhile"):
        await store.apply(Plan(state, alerts=(replace(alert(1), id="other"),), deliveries=(notice(1),)))
    assert await heads(store) == []


_plans = st.lists(
    st.tuples(
        st.lists(st.integers(0, 5), max_size=4, unique=True),
        st.lists(st.integers(0, 5), max_size=3, unique=True),
        st.text("abc <&é", max_size=9),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_plans)
async def test_any_run_of_plans_leaves_the_same_store_when_every_plan_is_applied_twice(store, path, plans):
    state = await declared(store)

    def plan(numbers, told, title):
        entries = tuple(entry(n, title=title) for n in numbers)
        return Plan(state, entries=entries, deliveries=tuple(notice(n) for n in told))

    for parts in plans:
        await store.apply(plan(*parts))
    once = contents(path)
    for parts in plans:
        await store.apply(plan(*parts))
    assert contents(path) == once
