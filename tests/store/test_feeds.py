from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from bot.model import FeedState, HostState, Plan, Validators
from bot.store import Store
from tests.store.given import DAY, HOUR, MINUTE, NOW, SECOND, declared, feed


async def claim(store, *names, busy=frozenset(), limit=10, now=NOW):
    return [state.feed_id for state, _ in await store.claim_feeds(names, frozenset(busy), limit, now)]


def commits(path):
    """Count what other connections committed, as SQLite itself does."""
    with sqlite3.connect(path) as connection:
        yield connection.execute("PRAGMA data_version").fetchone()[0]
        while True:
            yield connection.execute("PRAGMA data_version").fetchone()[0]


async def test_feeds_of_an_empty_store_show_earlier_alerts_and_those_added_later_do_not(store):
    await store.declare_feeds([feed("herald"), feed("wire")], NOW)
    await store.declare_feeds([feed("herald"), feed("wire"), feed("late")], NOW + DAY)
    claimed = await store.claim_feeds(["herald", "wire", "late"], frozenset(), 10, NOW + DAY)
    assert {state.feed_id: state.shows_earlier for state, _ in claimed} == {
        "herald": True,
        "wire": True,
        "late": False,
    }
    assert {state.feed_id: state.added_at for state, _ in claimed}["late"] == NOW + DAY


async def test_a_new_feed_is_due_at_once_with_nothing_known(store):
    await store.declare_feeds([feed("herald")], NOW)
    assert await store.claim_feeds(["herald"], frozenset(), 1, NOW) == [
        (FeedState("herald", NOW, NOW, shows_earlier=True), HostState("herald.example"))
    ]


async def test_declaring_the_same_feeds_again_writes_nothing(store, path):
    await store.declare_feeds([feed("herald"), feed("wire")], NOW)
    seen = commits(path)
    before = next(seen)
    await store.declare_feeds([feed("herald"), feed("wire")], NOW + HOUR)
    assert next(seen) == before


async def test_claiming_writes_nothing_where_nothing_is_due(store, path):
    await store.declare_feeds([feed("herald")], NOW)
    seen = commits(path)
    before = next(seen)
    assert await claim(store, "herald", now=NOW - SECOND) == []
    assert await claim(store, now=NOW) == []
    assert next(seen) == before


async def test_a_feed_whose_address_changed_forgets_what_the_old_one_said_and_keeps_its_time(store):
    state = await declared(store, "herald")
    known = replace(
        state,
        next_poll_at=NOW + HOUR,
        validators=Validators('"e"', "Mon", NOW),
        final_url="https://x.example",
        body_hash="b",
        listed=("1", "2"),
        seeded_at=NOW,
    )
    await store.apply(Plan(known))
    await store.declare_feeds([feed("herald", url="https://new.example/rss", host="new.example")], NOW + MINUTE)
    ((found, host),) = await store.claim_feeds(["herald"], frozenset(), 1, NOW + HOUR)
    assert found == replace(known, validators=Validators(), final_url=None, body_hash=None)
    assert host == HostState("new.example")
    assert await claim(store, "herald", now=NOW + MINUTE) == []


async def test_leases_of_a_dead_process_end_when_feeds_are_declared_again(path):
    store = await Store.open(path, NOW)
    await declared(store, "herald")
    await store.close()
    store = await Store.open(path, NOW)
    await store.declare_feeds([feed("herald")], NOW + SECOND)
    assert await claim(store, "herald", now=NOW + SECOND) == ["herald"]
    await store.close()


async def test_a_claimed_feed_is_not_claimed_again_before_its_lease_ends(store):
    await store.declare_feeds([feed("herald")], NOW)
    assert await claim(store, "herald") == ["herald"]
    assert await claim(store, "herald", now=NOW + 119 * SECOND) == []
    assert await claim(store, "herald", now=NOW + 120 * SECOND) == ["herald"]


async def test_apply_ends_the_lease(store):
    state = await declared(store, "herald")
    await store.apply(Plan(replace(state, next_poll_at=NOW + SECOND)))
    assert await claim(store, "herald", now=NOW + SECOND) == ["herald"]


async def test_one_feed_a_host_is_claimed_and_none_of_a_busy_or_held_host(store):
    feeds = [feed(n, host=h) for n, h in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("c1", "c"))]
    await store.declare_feeds(feeds, NOW)
    names = [one.id for one, _ in feeds]
    ((state, _),) = await store.claim_feeds(["c1"], frozenset(), 1, NOW)
    await store.apply(Plan(state, HostState("c", NOW + HOUR, 2)))
    assert await claim(store, *names, busy={"b"}) == ["a1"]
    assert await claim(store, *names, busy={"a", "b"}, now=NOW + HOUR - SECOND) == []
    ((state, host),) = await store.claim_feeds(names, frozenset({"a", "b"}), 9, NOW + HOUR)
    assert (state.feed_id, host) == ("c1", HostState("c", NOW + HOUR, 2))


async def test_the_longest_due_come_first_and_no_more_than_asked_for(store):
    states = {}
    await store.declare_feeds([feed(name) for name in "abc"], NOW)
    for state, _ in await store.claim_feeds("abc", frozenset(), 3, NOW):
        states[state.feed_id] = state
    for name, minutes in (("a", 3), ("b", 1), ("c", 2)):
        await store.apply(Plan(replace(states[name], next_poll_at=NOW + minutes * MINUTE)))
    assert await claim(store, "a", "b", "c", limit=2, now=NOW + HOUR) == ["b", "c"]
    assert await claim(store, "a", "b", "c", limit=0, now=NOW + HOUR) == []


async def test_feeds_that_are_not_asked_for_are_never_claimed(store):
    await store.declare_feeds([feed("kept"), feed("removed")], NOW)
    assert await claim(store, "kept", "unheard-of") == ["kept"]


async def test_thousands_of_due_feeds_are_claimed_exactly_once_each(store):
    feeds = [feed(f"f{n:05d}", host=f"h{n % 1200}") for n in range(3_000)]
    await store.declare_feeds(feeds, NOW)
    names = [one.id for one, _ in feeds]
    first = await claim(store, *names, limit=2000)
    assert len(first) == 1200
    assert len({int(name[1:]) % 1200 for name in first}) == 1200
    second = await claim(store, *names, limit=2000)
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(FeedState("herald", NOW, NOW, shows_earlier=True), id="fresh"),
        pytest.param(
            FeedState(
                "herald",
                NOW,
                NOW,
                NOW - DAY,
                False,
                Validators('W/"é"', "Thu, 01 Jan 1970", NOW - HOUR),
                "https://user:pass@herald.example/",
                "hash",
                ("a", "b"),
                3,
                NOW - HOUR,
                "HTTP 503",
                NOW - MINUTE,
                NOW - DAY,
            ),
            id="full",
        ),
    ],
)
async def test_a_feed_comes_back_as_it_was_applied(store, state):
    await declared(store, "herald")
    await store.apply(Plan(state))
    ((found, _),) = await store.claim_feeds(["herald"], frozenset(), 1, NOW)
    assert found == state
