"""The index of words holds what the archive holds: after new entries, edits, what retention forgets, and an update."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.search import marks, read_query
from bot.model import EntryEdit, Plan
from bot.store import Keep, Store
from tests.store.given import DAY, HOUR, NOW, declared, entry, match

EVER = NOW - 4000 * DAY


async def found(store, words, **options):
    hits = await store.search(read_query(words), **{"since": EVER, **options})
    return [int(one.entry.id, 16) for one in hits.entries]


async def fill(store, **titles):
    """Store an entry for each title; the first is the oldest."""
    entries = tuple(
        entry(n, title=title, summary="", first_seen_at=NOW + n * HOUR) for n, title in enumerate(titles.values(), 1)
    )
    await store.apply(Plan(await declared(store), entries=entries))


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        pytest.param("troops", [4, 2, 1], id="word-newest-first"),
        pytest.param("troops poland", [2, 1], id="all-words"),
        pytest.param('"troops to poland"', [1], id="phrase"),
        pytest.param("deploy*", [3, 2], id="beginning"),
        pytest.param("troops -parade", [2, 1], id="without"),
        pytest.param("部队", [5], id="chinese"),
        pytest.param("朝鲜军", [5], id="chinese-across-words"),
        pytest.param("ทหาร", [6], id="thai"),
        pytest.param("한국", [7], id="korean-with-a-particle"),
        pytest.param("елка lodz", [8], id="folded"),
        pytest.param("US", [9], id="dotted"),
        pytest.param("NEAR", [10], id="a-word-of-the-index-language"),
        pytest.param("3,000", [11], id="number"),
        pytest.param("nowhere", [], id="nothing"),
    ],
)
async def test_entries_are_found_by_their_words(store, words, numbers):
    await fill(
        store,
        a="EU sends troops to Poland", b="Poland: troops deployed", c="Deployment of ships", d="Troops on parade",
        e="朝鲜军队部队抵达俄罗斯", f="ส่งทหารไปเกาหลี", g="한국에서 훈련", h="Ёлка в Łódź", i="U.S. says",
        j="Near & far", k="3,000 men",
    )  # fmt: skip
    assert await found(store, words) == numbers


async def test_the_newest_are_given_all_are_counted_and_feeds_and_days_narrow(store):
    await fill(store, **{f"t{n}": "Troops" for n in range(9)})
    state = await declared(store, "wire")
    await store.apply(Plan(state, entries=(entry(20, "wire", title="Troops", first_seen_at=NOW - 9 * DAY),)))
    hits = await store.search(read_query("troops"), EVER, limit=3)
    assert (hits.count, [int(one.entry.id, 16) for one in hits.entries]) == (10, [9, 8, 7])
    assert await found(store, "troops", feed_id="wire") == [20]
    assert len(await found(store, "troops", since=NOW - DAY)) == 9


async def test_a_hit_is_the_entry_as_stored_with_the_rules_that_fired_on_it(store):
    await store.apply(Plan(await declared(store), entries=(entry(1), entry(2)), matches=(match(1, 1),)))
    hits = (await store.search(read_query("troops"), EVER)).entries
    assert [(one.entry, set(one.fired)) for one in hits] == [(entry(1), {"troops"}), (entry(2), set())]


async def test_summaries_are_searched_and_a_phrase_does_not_reach_into_them(store):
    await store.apply(
        Plan(await declared(store), entries=(entry(1, title="North", summary="<p>Korea <i>says</i></p>"),))
    )
    assert await found(store, "north korea says") == [1]
    assert await found(store, '"north korea"') == []
    assert await found(store, "p") == []


async def test_an_edit_is_found_by_its_new_words_alone_and_an_older_edit_changes_nothing(store):
    state = await declared(store)
    await fill(store, a="Troops march", b="Rain")
    newer, older = (EntryEdit(entry(1).id, title, "", title, n) for title, n in (("Ships sail", 2), ("Planes fly", 1)))
    for edit in (newer, older, newer):
        await store.apply(Plan(state, edits=(edit,)))
        assert [await found(store, word) for word in ("troops", "ships", "planes")] == [[], [1], []]
    await store.apply(Plan(state, edits=(EntryEdit(entry(1).id, "", "", "", 3),)))
    assert await found(store, "ships") == []
    await store.apply(Plan(state, edits=(EntryEdit(entry(1).id, "Ships back", "", "", 4),)))
    assert await found(store, "ships") == [1]


async def test_an_entry_that_is_new_and_edited_in_one_plan_is_found_by_the_edit(store):
    plan = Plan(await declared(store), entries=(entry(1),), edits=(EntryEdit(entry(1).id, "Ships", "", "x", 1),))
    for _ in range(2):  # applying twice changes nothing
        await store.apply(plan)
        assert (await found(store, "troops"), await found(store, "ships")) == ([], [1])


async def test_what_retention_forgets_is_found_no_more_and_what_comes_later_is(store):
    await store.apply(
        Plan(await declared(store), entries=tuple(entry(n, first_seen_at=NOW - n * 10 * DAY) for n in range(1, 30)))
    )
    await store.prune(NOW, Keep(text=25 * DAY))
    assert await found(store, "troops") == [1, 2]
    await store.prune(NOW, Keep(text=900 * DAY, ids=15 * DAY, least_ids=0, listings=0))
    assert await found(store, "troops") == [1]
    await store.prune(NOW + 900 * DAY, Keep(text=900 * DAY, ids=HOUR, least_ids=0, listings=0))
    await fill(store, **{f"t{n}": "Ships" for n in range(3)})
    assert (await found(store, "ships"), await found(store, "troops")) == ([3, 2, 1], [])


async def test_a_spoilt_index_costs_no_poll_and_is_made_anew_at_the_next_start(store, path):
    await fill(store, a="Troops", b="Ships")
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM entry_search_data")
    edit = EntryEdit(entry(1).id, "Planes", "", "changed", 1)
    await store.apply(Plan(await declared(store), edits=(edit,)))
    await store.close()
    store = await Store.open(path, NOW)
    assert [await found(store, word) for word in ("troops", "ships", "planes")] == [[], [2], [1]]
    await store.close()


async def test_a_vacuum_by_hand_loses_nothing(store, path):
    await fill(store, a="Troops", b="Ships", c="Planes")
    await store.prune(NOW + 2 * HOUR, Keep(text=HOUR / 2))
    await store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("VACUUM")
    store = await Store.open(path, NOW)
    assert [await found(store, word) for word in ("troops", "ships", "planes")] == [[], [2], [3]]
    await store.close()


async def test_a_store_of_the_version_before_is_filled_when_it_is_opened(store, path, tmp_path):
    await fill(store, a="Troops", b="Ships")
    await store.apply(Plan(await declared(store), entries=(entry(3, title="", summary=""),)))
    await store.close()
    old = tmp_path / "old.db"
    shutil.copy(path, old)
    with sqlite3.connect(old) as connection:
        for statement in (
            "DROP TABLE entry_search", "DROP INDEX ix_entry_seq", "ALTER TABLE entry DROP COLUMN seq",
            "DROP TABLE capture", "DROP TABLE watch", "ALTER TABLE match DROP COLUMN story_id",
            "ALTER TABLE match DROP COLUMN source",
            "DELETE FROM meta WHERE key IN ('indexed_as', 'watched_since')",
            "UPDATE alembic_version SET version_num = '0001'",
        ):  # fmt: skip
            connection.execute(statement)
    store = await Store.open(old, NOW)
    assert [await found(store, word) for word in ("troops", "ships")] == [[1], [2]]
    await store.prune(NOW + 40 * DAY)
    assert await found(store, "ships") == []
    await store.close()


async def test_an_index_made_in_another_way_is_made_anew_by_the_service_and_used_as_it_is_by_commands(store, path):
    await fill(store, a="Troops", b="Ships")
    await store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = 'otherwise' WHERE key = 'indexed_as'")
        connection.execute("INSERT INTO entry_search(entry_search) VALUES ('delete-all')")
    store = await Store.open(path, NOW, migrate=False)
    assert await found(store, "troops") == []
    await store.close()
    store = await Store.open(path, NOW)
    assert await found(store, "troops") == [1]
    await store.close()


texts = st.lists(st.sampled_from(["a", "b", "á", "c.d.", "部", "队", "é", "a'b", "<i>", "한국에"]), max_size=6)


@given(st.lists(st.tuples(st.integers(1, 5), texts.map(" ".join), st.booleans()), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_index_finds_what_reading_every_entry_finds(empty_file, tmp_path, moves):
    path = tmp_path / "any.db"
    for old in tmp_path.glob("any.db*"):
        old.unlink()
    shutil.copy(empty_file, path)
    store = await Store.open(path, NOW)
    state = await declared(store)
    for count, (number, title, forgets) in enumerate(moves, 1):
        new = entry(number, title=title, summary="", first_seen_at=NOW + number * HOUR)
        edit = EntryEdit(new.id, title, "", "", count)
        await store.apply(Plan(state, entries=(new,), edits=(edit,)))
        if forgets:
            await store.prune(NOW + number * HOUR + HOUR / 2, Keep(text=HOUR))
    kept = [one.entry for one in await store.archive_page(EVER)]
    for words in ("a", "b", "a b", '"a b"', "cd", "部", "部队", "한국", "e", "ab*"):
        query = read_query(words)
        read = [
            int(e.id, 16) for e in kept if all(marks(replace(query, wanted=(one,)), e.title) for one in query.wanted)
        ]
        assert sorted(read) == sorted(int(one.entry.id, 16) for one in (await store.search(query, EVER)).entries)
    await store.close()
