"""Polling: what a poll stores and owes, and that one feed's trouble stays its own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.routing import Route
from bot.core.schedule import PollPolicy
from bot.core.tell import Telling
from bot.errors import Conflict, PermanentError, TransientError
from bot.model import DeliveryState, RuleHead
from bot.poll import Desk, Poller, declared
from bot.store import Store
from tests.fakes import HandClock, ScriptedSource
from tests.values import CHAT, FEED, MINUTE, NOW, WordRules, document, entry_data

OTHER = replace(FEED, id="other", url="https://other.example/rss")
EMPTY = document()


class Newsdesk:
    """A poller on a real store, with a scripted source and a clock that a test moves."""

    def __init__(self, store, feeds=(FEED,), policy=None, rules=None, guess=None):
        self.store, self.clock, self.source = store, HandClock(), ScriptedSource()
        self.woken = 0
        self.poller = Poller(
            Desk(
                feeds={feed.id: feed for feed in feeds},
                source=self.source,
                store=store,
                rules=lambda: rules or WordRules(),
                telling=Telling((Route(CHAT),)),
                policy=policy or PollPolicy(),
                clock=self.clock,
                on_alerts=self.wake,
                **({"guess": guess} if guess else {}),
            )
        )

    def wake(self):
        self.woken += 1

    async def poll(self, after=timedelta(0)):
        self.clock.at += after
        await self.poller.tick(self.clock.now())
        await self.poller.idle()

    async def owed(self):
        return [d.alert.content.title for d in reversed(await self.store.deliveries(None, 100))]


@pytest.fixture
async def desk(store):
    await store.declare_feeds(declared([FEED]), NOW)
    return Newsdesk(store)


async def test_a_first_poll_seeds_silently_and_the_next_tells_what_is_new(desk):
    desk.source.answers["herald"] = [
        document(entry_data("Troops old", at=None)),
        document(entry_data("Troops old", at=None), entry_data("Troops new")),
    ]
    await desk.poll()
    assert await desk.owed() == []
    await desk.poll(15 * MINUTE)
    assert await desk.owed() == ["Troops new"]
    assert desk.woken == 1


async def test_nothing_is_told_twice_whatever_the_feed_repeats(desk):
    desk.source.answers["herald"] = [EMPTY, document(entry_data("Troops new"))]
    for _ in range(4):
        await desk.poll(15 * MINUTE)
    assert await desk.owed() == ["Troops new"]


async def test_a_feed_is_not_polled_before_it_is_due_nor_after_a_restart(desk, tmp_path):
    desk.source.answers["herald"] = [EMPTY]
    await desk.poll()
    await desk.poll(14 * MINUTE)
    await desk.store.close()
    again = await Store.open(tmp_path / "w.db", desk.clock.now())
    await again.declare_feeds(declared([FEED]), desk.clock.now())
    restarted = Newsdesk(again)
    restarted.source.answers["herald"] = [EMPTY]
    restarted.clock.at = desk.clock.now()
    await restarted.poll()
    assert desk.source.asked == ["herald"]
    assert restarted.source.asked == []
    await restarted.poll(MINUTE)
    assert restarted.source.asked == ["herald"]
    await again.close()


async def test_a_304_keeps_validators_and_seeds_nothing(desk):
    desk.source.answers["herald"] = [None]
    await desk.poll()
    await desk.poll(15 * MINUTE)
    assert desk.source.states[1].validators.etag == '"v"'
    assert (await desk.store.counts()).entries == 0


@pytest.mark.parametrize("error", [TransientError("timed out"), PermanentError("no host"), ValueError("surprise")])
async def test_one_feeds_trouble_is_its_own(store, error):
    await store.declare_feeds(declared([FEED, OTHER]), NOW)
    desk = Newsdesk(store, (FEED, OTHER))
    desk.source.answers = {"herald": [error], "other": [EMPTY, document(entry_data("Troops new"))]}
    for _ in range(3):
        await desk.poll(15 * MINUTE)
    assert await desk.owed() == ["Troops new"]
    failing = [state for state in desk.source.states if state.feed_id == "herald"][-1]
    assert failing.failures == desk.source.asked.count("herald") - 1
    assert desk.source.asked.count("herald") < desk.source.asked.count("other") + 1


async def test_a_failed_first_poll_floods_nobody_later(desk):
    desk.source.answers["herald"] = [TransientError("down"), document(entry_data("Troops old"))]
    await desk.poll()
    await desk.poll(20 * MINUTE)
    assert desk.source.asked == ["herald", "herald"]
    assert await desk.owed() == []


async def test_a_host_that_refuses_is_left_alone_as_a_whole(store):
    neighbour = replace(OTHER, url="https://herald.example/sport")
    await store.declare_feeds(declared([FEED, neighbour]), NOW)
    desk = Newsdesk(store, (FEED, neighbour))
    refusal = TransientError("429", retry_after=timedelta(hours=2), holds_host=True)
    desk.source.answers = {"herald": [refusal, EMPTY], "other": [refusal, EMPTY]}
    await desk.poll()
    await desk.poll(119 * MINUTE)
    assert len(desk.source.asked) == 1
    await desk.poll(2 * MINUTE)
    assert len(desk.source.asked) == 2


async def test_one_host_is_asked_one_feed_at_a_time_with_a_gap(store):
    neighbour = replace(OTHER, url="https://herald.example/sport")
    await store.declare_feeds(declared([FEED, neighbour]), NOW)
    desk = Newsdesk(store, (FEED, neighbour))
    desk.source.answers = {"herald": [EMPTY], "other": [EMPTY]}
    desk.source.gate = asyncio.Event()
    await desk.poller.tick(NOW)
    await asyncio.sleep(0)
    await desk.poller.tick(NOW)
    desk.source.gate.set()
    await desk.poller.idle()
    assert len(desk.source.asked) == 1
    await desk.poll(timedelta(seconds=1))
    assert len(desk.source.asked) == 1
    await desk.poll(timedelta(seconds=1))
    assert len(desk.source.asked) == 2


async def test_no_more_polls_run_at_once_than_there_are_slots(store):
    feeds = [replace(FEED, id=f"f{n}", url=f"https://h{n}.example/") for n in range(5)]
    await store.declare_feeds(declared(feeds), NOW)
    desk = Newsdesk(store, feeds, PollPolicy(at_once=2))
    desk.source.answers = {feed.id: [EMPTY] for feed in feeds}
    desk.source.gate = asyncio.Event()
    for _ in range(3):
        await desk.poller.tick(NOW)
        await asyncio.sleep(0)
    assert len(desk.source.asked) == 2
    desk.source.gate.set()
    await desk.poller.idle()
    for _ in range(3):
        await desk.poll()
    assert sorted(desk.source.asked) == sorted(feed.id for feed in feeds)


async def test_when_our_own_network_is_down_no_feed_is_blamed_and_all_come_back_soon(store):
    feeds = [replace(FEED, id=f"f{n}", url=f"https://h{n}.example/") for n in range(6)]
    await store.declare_feeds(declared(feeds), NOW)
    desk = Newsdesk(store, feeds)
    lost = TransientError("no route", unreachable=True)
    desk.source.answers = {feed.id: [lost, lost, EMPTY] for feed in feeds}
    for _ in range(3):
        await desk.poll(15 * MINUTE)
    blamed = [state.failures for state in desk.source.states[-6:]]
    assert max(blamed) <= 1
    assert len(desk.source.asked) == 18


class ContestedStore:
    """The real store, but another poll opens the same story just before each of the first plans is applied."""

    def __init__(self, store, contests):
        self._store, self.contests, self.applied = store, contests, 0

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def apply(self, plan):
        if plan.stories and self.applied < self.contests:
            self.applied += 1
            raise Conflict("moved on")
        await self._store.apply(plan)


async def test_a_conflict_is_decided_again(store):
    await store.declare_feeds(declared([FEED]), NOW)
    desk = Newsdesk(ContestedStore(store, 3))
    desk.source.answers["herald"] = [EMPTY, document(entry_data("Troops new"))]
    await desk.poll()
    await desk.poll(15 * MINUTE)
    assert await desk.owed() == ["Troops new"]


async def test_conflicts_without_end_leave_the_entry_for_the_next_poll(store):
    await store.declare_feeds(declared([FEED]), NOW)
    contested = ContestedStore(store, 8)
    desk = Newsdesk(contested)
    desk.source.answers["herald"] = [EMPTY, document(entry_data("Troops new"))]
    await desk.poll()
    await desk.poll(15 * MINUTE)
    assert await desk.owed() == []
    await desk.poll(15 * MINUTE)
    assert await desk.owed() == ["Troops new"]


class FullStore(ContestedStore):
    """The real store on a disk that is full for the first few plans."""

    async def apply(self, plan):
        if self.applied < self.contests:
            self.applied += 1
            raise TransientError("the disk is full")
        await self._store.apply(plan)


async def test_a_store_that_takes_nothing_loses_nothing(store):
    await store.declare_feeds(declared([FEED]), NOW)
    desk = Newsdesk(store)
    desk.source.answers["herald"] = [EMPTY, document(entry_data("Troops new"))]
    await desk.poll()
    full = Newsdesk(FullStore(store, 2))
    full.source, full.clock = desk.source, desk.clock
    full.poller._desk = replace(full.poller._desk, source=desk.source, clock=desk.clock)
    await full.poll(15 * MINUTE)
    assert await desk.owed() == []
    await full.poll(3 * MINUTE)
    assert await desk.owed() == ["Troops new"]


async def test_the_same_item_in_two_feeds_polled_at_once_is_told_once(store):
    await store.declare_feeds(declared([FEED, OTHER]), NOW)
    desk = Newsdesk(store, (FEED, OTHER), rules=WordRules(RuleHead("troops", "Troops")))
    one = document(entry_data("Troops new", link="https://h.example/1?utm_source=a"))
    two = document(entry_data("Troops new!", link="https://h.example/1?utm_source=b"))
    desk.source.answers = {"herald": [EMPTY, one], "other": [EMPTY, two]}
    await desk.poll()
    await desk.poll(15 * MINUTE)
    assert len(await desk.owed()) == 1
    assert (await desk.store.counts()).entries == 2


async def test_stopping_lets_polls_end_and_cancels_what_is_left(desk):
    desk.source.answers["herald"] = [EMPTY]
    desk.source.gate = asyncio.Event()
    await desk.poller.tick(NOW)
    await asyncio.sleep(0)
    await desk.poller.stop(timedelta(0))
    assert (await desk.store.counts()).entries == 0
    assert not await desk.store.deliveries(frozenset({DeliveryState.PENDING}), 10)


class SeenLanguages(WordRules):
    """Rules that keep the languages of the items they were run on."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def fire(self, item):
        self.seen.append(item.language)
        return super().fire(item)


@pytest.mark.parametrize(
    ("feed_language", "document_language", "own", "expected"),
    [
        pytest.param(None, None, None, "guessed", id="guessed"),
        pytest.param("pt", "de", "fr", "fr", id="its-own"),
        pytest.param("pt", "de", None, "pt", id="the-feeds-setting"),
        pytest.param(None, "de", None, "de", id="the-documents"),
    ],
)
async def test_an_entrys_language_is_its_own_then_the_feeds_then_a_guess(
    store, feed_language, document_language, own, expected
):
    rules, feed = SeenLanguages(), replace(FEED, language=feed_language)
    await store.declare_feeds(declared([feed]), NOW)
    desk = Newsdesk(store, [feed], rules=rules, guess=lambda title, text: "guessed")
    entry = replace(entry_data("Troops march"), language=own)
    desk.source.answers["herald"] = [document(), replace(document(entry), language=document_language)]
    await desk.poll()
    await desk.poll(15 * MINUTE)
    assert rules.seen == [expected]
    assert [archived.entry.language for archived in await store.archive_page(NOW, None, 10)] == [expected]
