"""Delivering: nothing lost, nothing told twice without a flag, nobody waits for another."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.outcomes import DeliveryPolicy
from bot.deliver import Deliverer, PostRoom
from bot.errors import TransientError
from bot.model import Attempt, DeliveryState, FeedState, Meaning, Outcome, Pace, Plan, Story, Target
from bot.poll import declared
from tests.fakes import HandClock, RecordingChannel
from tests.values import CHAT, CONSOLE, FEED, NOW, alert, delivery

S = timedelta(seconds=1)


class Post:
    """A deliverer on a real store, with recording channels and a clock that a test moves."""

    def __init__(self, store, pace=None, operator=CONSOLE):
        self.store, self.clock = store, HandClock()
        self.chat, self.console = RecordingChannel(), RecordingChannel()
        self.freed = 0
        self.deliverer = Deliverer(
            PostRoom(
                channels={"desk": self.chat, "console": self.console},
                paces={"desk": pace or Pace("bot"), "console": Pace("console")},
                outbox=store,
                policy=DeliveryPolicy(),
                clock=self.clock,
                operator=operator,
                fallback=CONSOLE,
                on_free=self.free,
            )
        )

    def free(self):
        self.freed += 1

    async def owe(self, count, target=CHAT, first=0):
        numbers = range(first, first + count)
        name = target.address or target.channel_id
        alerts = [replace(alert(), id=f"{name}-{n}", story_id=f"s{name}{n}", rule_id=name) for n in numbers]
        rows = [
            replace(delivery(1, target, alert=a), id=f"row-{a.id}", dedup_key=a.id, created_at=NOW + n * S / 1000)
            for n, a in zip(numbers, alerts, strict=True)
        ]
        stories = tuple(Story(a.story_id, 0, frozenset({a.id}), NOW) for a in alerts)
        state = FeedState("herald", NOW, NOW)
        await self.store.apply(Plan(state, stories=stories, alerts=tuple(alerts), deliveries=tuple(rows)))

    async def tick(self, after=timedelta(0)):
        self.clock.at += after
        begun = await self.deliverer.tick(self.clock.now())
        await self.deliverer.idle()
        return begun

    async def states(self):
        return [d.state for d in reversed(await self.store.deliveries(None, 100)) if d.alert]


@pytest.fixture
async def store(store):
    await store.declare_feeds(declared([FEED]), NOW)
    return store


@pytest.fixture
def post(store):
    return Post(store)


async def test_what_is_owed_is_sent_once_in_order_one_at_a_time(post):
    await post.owe(3)
    for _ in range(5):
        await post.tick()
    assert [d.alert.id for d in post.chat.sent] == ["-100-0", "-100-1", "-100-2"]
    assert await post.states() == [DeliveryState.SENT] * 3
    assert post.freed == 3
    assert not await post.tick()


async def test_an_ambiguous_send_is_repeated_once_flagged_then_a_dead_letter_that_the_operator_is_told_of(post):
    await post.owe(1)
    post.chat.outcomes = deque([Outcome(Meaning.AMBIGUOUS, "read timed out")] * 2)
    await post.tick()
    await post.tick(59 * S)
    assert len(post.chat.sent) == 1
    await post.tick(S)
    assert [d.possible_dup for d in post.chat.sent] == [False, True]
    assert await post.states() == [DeliveryState.DEAD]
    await post.tick()
    assert "delivery unknown: read timed out" in post.console.sent[0].notice


async def test_one_target_that_waits_or_fails_costs_the_others_nothing(post):
    other = Target("desk", "-200")
    await post.owe(2)
    await post.owe(2, other)
    post.chat.outcomes = deque([Outcome(Meaning.WAIT, "429", wait=600 * S)])
    for _ in range(4):
        await post.tick(S)
    assert [d.target.address for d in post.chat.sent] == ["-100", "-200", "-200"]
    await post.tick(600 * S)
    await post.tick(S)
    assert [d.target.address for d in post.chat.sent][3:] == ["-100", "-100"]


async def test_a_wait_survives_a_restart(post, store):
    await post.owe(1)
    post.chat.outcomes = deque([Outcome(Meaning.WAIT, "429", wait=600 * S)])
    await post.tick()
    again = Post(store)
    await again.deliverer.recover(NOW)
    await again.tick(599 * S)
    assert again.chat.sent == []
    await again.tick(2 * S)
    assert len(again.chat.sent) == 1


async def test_the_pace_holds_and_survives_a_restart(store):
    post = Post(store, Pace("bot", per_minute=3))
    await post.owe(5)
    for _ in range(10):
        await post.tick(S)
    assert len(post.chat.sent) == 3
    again = Post(store, Pace("bot", per_minute=3))
    again.clock.at = post.clock.at
    await again.deliverer.recover(again.clock.at)
    await again.tick()
    assert again.chat.sent == []
    await again.tick(60 * S)
    assert len(again.chat.sent) == 1


async def test_what_a_crash_left_in_sending_is_held_flagged_and_sent_once_more(post, store):
    await post.owe(1)
    (row,) = await store.deliveries(None, 1)
    await store.begin(Attempt("a", row.id, CHAT, NOW))
    again = Post(store)
    assert await again.deliverer.recover(NOW) == 1
    await again.tick(59 * S)
    assert again.chat.sent == []
    await again.tick(S)
    assert [d.possible_dup for d in again.chat.sent] == [True]
    assert await again.deliverer.recover(again.clock.now()) == 0


async def test_a_gone_target_keeps_its_alerts_and_gets_them_when_it_is_back(post):
    await post.owe(3)
    post.chat.outcomes = deque([Outcome(Meaning.TARGET_GONE, "bot was kicked")] * 2)
    await post.tick()
    await post.tick(S)
    assert "is gone: bot was kicked" in post.console.sent[0].notice
    await post.tick(timedelta(minutes=59))
    assert len(post.chat.sent) == 1
    await post.tick(timedelta(minutes=1))
    assert len(post.chat.sent) == 2
    await post.tick(timedelta(hours=6))
    for _ in range(4):
        await post.tick(S)
    assert await post.states() == [DeliveryState.SENT] * 3
    assert [d.notice for d in post.console.sent if "takes messages again" in (d.notice or "")]


async def test_a_moved_chat_gets_its_queue_under_its_new_id(post):
    await post.owe(2)
    post.chat.outcomes = deque([Outcome(Meaning.MOVED, "migrated", moved_to="-300")])
    for _ in range(4):
        await post.tick(S)
    assert [d.target.address for d in post.chat.sent] == ["-100", "-300", "-300"]


async def test_a_channel_that_is_down_keeps_its_rows_and_the_operator_hears_it_elsewhere(store):
    post = Post(store, operator=CHAT)
    await post.owe(1)
    post.chat.outcomes = deque([Outcome(Meaning.CHANNEL_DOWN, "the token is not valid")])
    await post.tick()
    await post.tick(S)
    assert "Channel desk is down: the token is not valid" in str(post.console.sent[0].notice)
    await post.tick(timedelta(minutes=9))
    assert len(post.chat.sent) == 1
    await post.tick(timedelta(minutes=1))
    assert await post.states() == [DeliveryState.SENT]


async def test_a_rejected_message_steps_down_to_the_bare_link(post):
    await post.owe(1)
    post.chat.outcomes = deque([Outcome(Meaning.REJECTED, "can't parse entities")] * 2)
    for _ in range(3):
        await post.tick(S)
    assert [int(d.detail) for d in post.chat.sent] == [0, 1, 2]
    assert await post.states() == [DeliveryState.SENT]


async def test_a_channels_surprise_is_ambiguous_and_stops_nothing(post):
    await post.owe(1)
    await post.owe(1, Target("desk", "-200"))
    post.chat.outcomes = deque([RuntimeError("surprise")])
    await post.tick()
    await post.tick()
    assert sorted(await post.states()) == ["sent", "uncertain"]


class ForgetfulOutbox:
    """The real store, which refuses the first few outcomes."""

    def __init__(self, store, refusals):
        self._store, self.refusals = store, refusals

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def settle(self, settlement):
        if self.refusals:
            self.refusals -= 1
            raise TransientError("the disk is full")
        await self._store.settle(settlement)


async def test_an_outcome_that_the_store_refuses_is_kept_and_nothing_is_sent_twice(store):
    post = Post(ForgetfulOutbox(store, 3))
    await post.owe(1)
    for _ in range(6):
        await post.tick(S)
    assert len(post.chat.sent) == 1
    assert await post.states() == [DeliveryState.SENT]


async def test_stopping_waits_for_requests_and_leaves_the_rest_ambiguous(post, store):
    await post.owe(1)
    post.chat.gate = asyncio.Event()
    await post.deliverer.tick(NOW)
    await asyncio.sleep(0)
    await post.deliverer.stop(timedelta(0))
    assert [d.state for d, _ in await store.unfinished()] == [DeliveryState.SENDING]
