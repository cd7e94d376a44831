"""The archive is read whole in pages, with what fired live, and without what has lost its text."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Plan
from bot.store import Archived, Keep
from tests.store.given import DAY, HOUR, MINUTE, NOW, declared, entry, match


async def filled(store, *entries, matches=()):
    await store.apply(Plan(await declared(store), entries=entries, matches=matches))


async def pages(store, since, limit):
    found: list[Archived] = []
    while page := await store.archive_page(since, found[-1].entry if found else None, limit):
        assert len(page) <= limit
        found += page
    return found


async def test_every_entry_is_read_once_oldest_first_whatever_the_page_and_as_it_was_stored(store):
    entries = [entry(n, first_seen_at=NOW + (n // 4) * MINUTE, seeded=n < 4, edits=n % 2) for n in range(10)]
    await filled(store, *reversed(entries))
    for limit in (1, 3, 4, 10, 50):
        found = await pages(store, NOW, limit)
        assert [one.entry for one in found] == entries
        assert {one.fired for one in found} == {frozenset()}


async def test_what_came_before_and_what_has_lost_its_text_is_left_out(store):
    await filled(store, *(entry(n, first_seen_at=NOW - n * DAY) for n in range(5)))
    assert [one.entry.id for one in await pages(store, NOW - 3 * DAY, 2)] == [entry(n).id for n in (3, 2, 1, 0)]
    assert await store.archive_size(NOW - 3 * DAY) == 4
    await store.prune(NOW, Keep(text=2 * DAY + HOUR))
    assert [one.entry.id for one in await pages(store, NOW - 3 * DAY, 2)] == [entry(n).id for n in (2, 1, 0)]
    assert await store.archive_size(NOW - 3 * DAY) == 3


async def test_an_entry_comes_with_the_rules_that_fired_on_it(store):
    other = match(3, 1)
    other = replace(other, firing=replace(other.firing, rule=replace(other.firing.rule, id="coups")))
    await filled(store, entry(1), entry(2), entry(3), matches=(match(1, 1), match(2, 2), other))
    fired = [sorted(one.fired) for one in await store.archive_page(NOW)]
    assert fired == [["coups", "troops"], ["troops"], []]


async def test_matches_are_counted_for_each_rule_and_an_entry_once(store):
    again = replace(match(2, 1), ruleset_hash="rules-2")
    await filled(store, entry(1), entry(2), matches=(match(1, 1), again, match(3, 2), match(4, 2, NOW - DAY)))
    assert await store.matched_since(NOW) == {"troops": 2}
    assert await store.matched_since(NOW + HOUR) == {}
