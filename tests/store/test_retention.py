from __future__ import annotations

import sqlite3
from dataclasses import replace

from bot.model import DeliveryState, Identity, Plan, Question
from bot.store import Keep, Pruned, Store
from tests.store.given import (
    DAY,
    NOW,
    OTHER_CHAT,
    alert,
    attempt,
    declared,
    delivery,
    enqueued,
    entry,
    match,
    notice,
    sent,
    story,
)

FEW = Keep(least_ids=2)


async def known(store, *numbers):
    memory = await store.recall("herald", [Identity(f"{n:032x}", None, None) for n in numbers])
    return sorted(int(entry_id, 16) for entry_id in memory.entries)


def texts(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT title, summary FROM entry ORDER BY id").fetchall()


async def test_texts_are_emptied_after_thirty_days_and_their_ids_stay_known(store, path):
    old = entry(1, first_seen_at=NOW - 31 * DAY)
    await store.apply(Plan(await declared(store), entries=(old, entry(2, first_seen_at=NOW - 29 * DAY))))
    assert await store.prune(NOW) == Pruned(texts=1, entries=0, matches=0, deliveries=0, alerts=0, stories=0)
    assert texts(path) == [("", ""), (entry(2).title, entry(2).summary)]
    assert await known(store, 1, 2) == [1, 2]
    assert (await store.prune(NOW)).texts == 0


async def test_an_old_id_goes_unless_it_is_listed_or_among_the_newest(store):
    state = await declared(store)
    old = tuple(entry(n, first_seen_at=NOW - (181 + n) * DAY) for n in range(1, 7))
    await store.apply(Plan(replace(state, listed=(entry(6).id,)), entries=(*old, entry(9))))
    # Two ids are the least that stay: 9 and 1; 6 is listed.
    assert (await store.prune(NOW, FEW)).entries == 4
    assert await known(store, *range(1, 10)) == [1, 6, 9]


async def test_twice_as_many_ids_stay_as_the_feed_lists(store):
    state = await declared(store)
    old = tuple(entry(n, first_seen_at=NOW - (181 + n) * DAY) for n in range(1, 9))
    await store.apply(Plan(replace(state, listed=(entry(1).id, entry(2).id, entry(3).id)), entries=old))
    assert (await store.prune(NOW, FEW)).entries == 2
    assert await known(store, *range(1, 9)) == [1, 2, 3, 4, 5, 6]


async def test_by_default_the_five_hundred_newest_ids_of_a_feed_stay(store):
    old = tuple(entry(n, first_seen_at=NOW - (181 + n) * DAY) for n in range(1, 503))
    await store.apply(Plan(await declared(store), entries=old))
    assert (await store.prune(NOW)).entries == 2
    assert await known(store, 500, 501, 502) == [500]


async def test_thousands_of_rows_are_pruned_piece_by_piece(store):
    old = tuple(entry(n, first_seen_at=NOW - 200 * DAY) for n in range(1300))
    matches = tuple(match(n, n, NOW - 200 * DAY) for n in range(600))
    await store.apply(Plan(await declared(store), entries=old, matches=matches))
    pruned = await store.prune(NOW, FEW)
    assert (pruned.texts, pruned.entries, pruned.matches) == (1300, 1298, 600)


async def told(store, number, at, *, finish=True, target=OTHER_CHAT):
    """Let a story, its alert and a delivery come about at an instant."""
    one = delivery(number, target, at, alert=alert(number, number, raised_at=at))
    state = await declared(store, f"feed-{number}", at=at)
    stories = (story(number, opened_at=at, entry_ids=(f"{number:032x}",)),)
    await store.apply(Plan(state, stories=stories, alerts=(one.alert,), deliveries=(one,)))
    if finish:
        await sent(store, one, number, at)
    return one


async def test_what_was_told_and_finished_long_ago_goes_with_its_story_and_attempts(store):
    one = await told(store, 1, NOW - 181 * DAY)
    kept = await told(store, 2, NOW - 179 * DAY)
    assert await store.prune(NOW) == Pruned(texts=0, entries=0, matches=0, deliveries=1, alerts=1, stories=1)
    assert await store.deliveries() == [replace(kept, state=DeliveryState.SENT)]
    assert await store.attempts(one.id) == []
    answer = await store.answer(Question(frozenset({"key-1", "key-2"})))
    assert [found.id for found in answer.stories] == ["story-2"]


async def test_a_delivery_that_is_not_finished_stays_with_its_alert_its_story_and_its_attempts(store):
    waiting = await told(store, 1, NOW - 400 * DAY, finish=False)
    sending = await told(store, 2, NOW - 400 * DAY, finish=False)
    begun = attempt(sending, 2, NOW - 400 * DAY)
    await store.begin(begun)
    assert await store.prune(NOW) == Pruned(0, 0, 0, 0, 0, 0)
    assert await store.delivery(waiting.id) == waiting
    assert await store.unfinished() == [(replace(sending, state=DeliveryState.SENDING), begun)]
    assert len((await store.answer(Question(frozenset({"key-1", "key-2"})))).stories) == 2


async def test_a_dead_letter_is_in_sight_for_half_a_year_after_it_died(store):
    await enqueued(store, notice(1, created_at=NOW - 400 * DAY), notice(2, created_at=NOW - 400 * DAY))
    await store.drop(notice(1).id, NOW - 179 * DAY)
    await store.drop(notice(2).id, NOW - 181 * DAY)
    assert (await store.prune(NOW)).deliveries == 1
    assert [one.id for one in await store.deliveries()] == [notice(1).id]


async def test_an_old_story_that_still_takes_entries_stays(store):
    state = await declared(store)
    old = story(1, opened_at=NOW - 300 * DAY, entry_ids=(entry(1).id,))
    over = story(2, opened_at=NOW - 300 * DAY)
    await store.apply(Plan(state, entries=(entry(1, first_seen_at=NOW - DAY),), stories=(old, over)))
    assert (await store.prune(NOW)).stories == 1
    assert len((await store.answer(Question(old.keys))).stories) == 1


async def test_the_file_gives_its_free_pages_back(path):
    store = await Store.open(path, NOW)
    old = tuple(entry(n, first_seen_at=NOW - 200 * DAY, summary="x" * 2000) for n in range(3000))
    await store.apply(Plan(await declared(store), entries=old))
    await store.close()
    full = path.stat().st_size
    store = await Store.open(path, NOW)
    await store.prune(NOW, FEW)
    await store.close()
    assert path.stat().st_size < full / 5
