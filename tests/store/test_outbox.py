from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.errors import Conflict
from bot.model import (
    ChannelState,
    DeliveryState,
    Detail,
    Lane,
    Meaning,
    Plan,
    Target,
    TargetState,
)
from bot.store import Store
from bot.store.database import Database, make_engine
from tests.store.given import (
    CHAT,
    CONSOLE,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    OTHER_CHAT,
    SECOND,
    attempt,
    declared,
    delivery,
    ended,
    enqueued,
    heads,
    notice,
    sent,
)


def ids(*numbers):
    return [f"{number:016x}" for number in numbers]


async def settle(store, one, meaning, state, number=1, *, at=NOW, **more):
    begun = attempt(one, number, at)
    await store.begin(begun)
    await store.settle(ended(one, begun, meaning, state, at, **more))


# --- lanes ---


async def test_an_empty_outbox_has_no_lanes(store):
    assert await heads(store) == []


async def test_a_lane_carries_the_delivery_as_it_was_enqueued_and_the_state_of_target_and_channel(store):
    one = delivery(1)
    await enqueued(store, one)
    assert await store.lanes(frozenset(), NOW) == [Lane(one, TargetState(CHAT), ChannelState("telegram"))]


async def test_each_target_shows_its_oldest_and_the_oldest_target_comes_first(store):
    await enqueued(
        store,
        notice(1, CHAT, created_at=NOW + 2 * SECOND, due_at=NOW),
        notice(2, OTHER_CHAT, created_at=NOW + SECOND, due_at=NOW),
        notice(3, CHAT, created_at=NOW, due_at=NOW),
        notice(4, CONSOLE, created_at=NOW + 3 * SECOND, due_at=NOW),
    )
    assert await heads(store) == ids(3, 2, 4)


async def test_deliveries_of_one_instant_go_in_the_order_in_which_they_were_enqueued(store):
    await enqueued(store, notice(9), notice(1), notice(5))
    for number in (9, 1, 5):
        (lane,) = await store.lanes(frozenset(), NOW)
        assert lane.delivery.id == f"{number:016x}"
        await sent(store, lane.delivery, number)
    assert await heads(store) == []


async def test_a_busy_target_is_left_out_and_the_others_are_not(store):
    await enqueued(store, notice(1, CHAT), notice(2, OTHER_CHAT))
    assert await heads(store, busy=frozenset({CHAT})) == ids(2)


async def test_a_head_that_is_not_due_holds_its_own_queue_only(store):
    await enqueued(store, notice(1, CHAT, due_at=NOW + MINUTE), notice(2, CHAT), notice(3, OTHER_CHAT))
    assert await heads(store) == ids(3)
    assert await heads(store, NOW + MINUTE) == ids(1, 3)


async def test_a_delivery_being_sent_holds_its_queue(store):
    await enqueued(store, notice(1), notice(2))
    await store.begin(attempt(notice(1)))
    assert await heads(store) == []


async def test_an_uncertain_delivery_is_a_head_again_when_its_hold_has_passed(store):
    await enqueued(store, notice(1), notice(2))
    held = {"due_at": NOW + MINUTE, "possible_dup": True, "tries": 1}
    await settle(store, notice(1), Meaning.AMBIGUOUS, DeliveryState.UNCERTAIN, changes=held)
    assert await heads(store, NOW + MINUTE - SECOND) == []
    (lane,) = await store.lanes(frozenset(), NOW + MINUTE)
    assert lane.delivery == replace(notice(1), state=DeliveryState.UNCERTAIN, **held)


async def test_a_held_target_waits_and_keeps_its_hold_over_a_restart(path):
    store = await Store.open(path, NOW)
    await enqueued(store, notice(1), notice(2, OTHER_CHAT))
    hold = TargetState(CHAT, hold_until=NOW + timedelta(seconds=43837))
    await settle(store, notice(1), Meaning.WAIT, DeliveryState.PENDING, target=hold, wait=timedelta(seconds=43837))
    await store.close()
    store = await Store.open(path, NOW)
    assert await heads(store, NOW + HOUR) == ids(2)
    (lane, _) = await store.lanes(frozenset(), NOW + DAY)
    assert lane.target == hold
    await store.close()


async def test_a_gone_target_is_tried_again_at_its_recheck_and_new_deliveries_wait_behind(store):
    await enqueued(store, notice(1))
    gone = TargetState(CHAT, gone_since=NOW, recheck_at=NOW + HOUR, rechecks=1)
    await settle(store, notice(1), Meaning.TARGET_GONE, DeliveryState.TARGET_GONE, target=gone)
    await store.apply(Plan(await declared(store, "wire"), deliveries=(notice(2),)))
    assert await heads(store, NOW + HOUR - SECOND) == []
    (lane,) = await store.lanes(frozenset(), NOW + HOUR)
    assert (lane.delivery.id, lane.delivery.state, lane.target) == (*ids(1), DeliveryState.TARGET_GONE, gone)
    assert [one.state for one in await store.deliveries()] == [DeliveryState.PENDING, DeliveryState.TARGET_GONE]


async def test_a_gone_target_without_a_recheck_is_never_tried(store):
    await enqueued(store, notice(1))
    gone = TargetState(CHAT, gone_since=NOW, rechecks=4)
    await settle(store, notice(1), Meaning.TARGET_GONE, DeliveryState.TARGET_GONE, target=gone)
    assert await heads(store, NOW + 400 * DAY) == []


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(ChannelState("telegram", down_until=NOW + HOUR, reason="bad token"), id="down"),
        pytest.param(ChannelState("telegram", paused_until=NOW + HOUR), id="paused"),
    ],
)
async def test_a_channel_that_is_down_or_paused_waits_with_all_its_targets(store, state):
    await enqueued(store, notice(1, CHAT), notice(2, OTHER_CHAT), notice(3, CONSOLE))
    await settle(store, notice(1), Meaning.CHANNEL_DOWN, DeliveryState.PENDING, channel=state)
    assert await heads(store, NOW + HOUR - SECOND) == ids(3)
    lanes = await store.lanes(frozenset({CONSOLE}), NOW + HOUR)
    assert [lane.channel for lane in lanes] == [state, state]


async def test_a_channels_whole_state_comes_back(store):
    await enqueued(store, notice(1, CHAT), notice(2, OTHER_CHAT))
    state = ChannelState("telegram", slowed_until=NOW + HOUR, limited_at=NOW, limited_target=OTHER_CHAT)
    await settle(store, notice(1), Meaning.WAIT, DeliveryState.PENDING, channel=state)
    assert {lane.channel for lane in await store.lanes(frozenset(), NOW)} == {state}


async def test_a_look_at_the_queues_costs_as_much_with_ten_thousand_waiting_rows_as_with_four(path):
    steps = 0

    def count():
        nonlocal steps
        steps += 1

    engine = make_engine(path, SECOND)
    event.listen(engine, "connect", lambda connection, _: connection.set_progress_handler(count, 10))
    store = Store(Database(engine, path))

    async def cost(rows):
        nonlocal steps
        await enqueued(store, *rows)
        steps = 0
        assert await heads(store) == ids(0, 1, 2, 3)
        return steps

    rows = [notice(n, Target("telegram", str(n % 4)), created_at=NOW + n * SECOND, due_at=NOW) for n in range(10_000)]
    few = await cost(rows[:4])
    assert 0 < await cost(rows) < 2 * few
    await store.close()


# --- attempts ---


async def test_sending_and_the_attempt_are_committed_before_the_request(path):
    store = await Store.open(path, NOW)
    await enqueued(store, delivery(1))
    await store.begin(attempt(delivery(1)))
    await store.close()  # here the process dies
    store = await Store.open(path, NOW)
    sending = replace(delivery(1), state=DeliveryState.SENDING)
    assert await store.unfinished() == [(sending, attempt(delivery(1)))]
    await store.close()


async def test_the_newest_attempt_is_the_unfinished_one(store):
    await enqueued(store, notice(1))
    await settle(store, notice(1), Meaning.NOT_SENT, DeliveryState.PENDING)
    await store.begin(attempt(notice(1), 2, NOW))
    ((_, newest),) = await store.unfinished()
    assert newest.id == "attempt-2"


async def test_nothing_is_unfinished_once_it_is_settled(store):
    await enqueued(store, notice(1), notice(2))
    await sent(store, notice(1))
    assert await store.unfinished() == []
    assert await heads(store) == ids(2)


async def test_a_delivery_is_begun_once(store):
    await enqueued(store, notice(1))
    await store.begin(attempt(notice(1), 1))
    with pytest.raises(Conflict, match="no longer waits"):
        await store.begin(attempt(notice(1), 2))
    assert [one.id for one in await store.attempts(notice(1).id)] == ["attempt-1"]


async def test_a_delivery_that_was_dropped_is_not_begun(store):
    await enqueued(store, notice(1))
    await store.drop(notice(1).id, NOW)
    with pytest.raises(Conflict):
        await store.begin(attempt(notice(1)))


async def test_a_settled_delivery_and_its_attempt_come_back_whole(store):
    await enqueued(store, delivery(1))
    begun = attempt(delivery(1))
    await store.begin(begun)
    done = ended(
        delivery(1),
        begun,
        Meaning.WAIT,
        DeliveryState.PENDING,
        NOW + SECOND,
        reason="slow down",
        message_id="77",
        wait=timedelta(seconds=2.5),
        moved_to="-9",
        changes={
            "due_at": NOW + HOUR,
            "tries": 3,
            "detail": Detail.LINK,
            "possible_dup": True,
            "without_thread": True,
            "message_id": "77",
            "reason": "slow down",
        },
    )
    await store.settle(done)
    assert await store.delivery(delivery(1).id) == done.delivery
    assert await store.attempts(delivery(1).id) == [done.attempt]


async def test_settling_twice_changes_nothing_more(store):
    await enqueued(store, notice(1))
    begun = attempt(notice(1))
    await store.begin(begun)
    done = ended(notice(1), begun, Meaning.SENT, DeliveryState.SENT, message_id="5", notices=(notice(8, CONSOLE),))
    await store.settle(done)
    before = (await store.deliveries(), await store.attempts(notice(1).id), await store.counts())
    await store.settle(done)
    assert (await store.deliveries(), await store.attempts(notice(1).id), await store.counts()) == before


async def test_a_settlement_without_a_begun_attempt_notes_the_attempt_too(store):
    await enqueued(store, notice(1))
    done = ended(notice(1), attempt(notice(1)), Meaning.REJECTED, DeliveryState.DEAD, reason="unknown channel")
    await store.settle(done)
    assert await store.attempts(notice(1).id) == [done.attempt]


async def test_a_notice_whose_dedup_key_is_known_adds_nothing(store):
    await enqueued(store, notice(1), notice(2))
    told = notice(9, CONSOLE)
    await settle(store, notice(1), Meaning.TARGET_GONE, DeliveryState.PENDING, 1, notices=(told,))
    await settle(store, notice(1), Meaning.TARGET_GONE, DeliveryState.PENDING, 2, notices=(replace(told, id="f" * 16),))
    assert [one.id for one in await store.deliveries()].count(told.id) == 1
    assert (await store.counts()).deliveries[DeliveryState.PENDING] == 3


async def test_attempts_of_the_last_minute_are_known_oldest_first(store):
    await enqueued(store, notice(1, CHAT), notice(2, OTHER_CHAT), notice(3, CONSOLE))
    for number, seconds in ((2, 70), (1, 60), (3, 10)):
        target = {1: CHAT, 2: OTHER_CHAT, 3: CONSOLE}[number]
        await sent(store, notice(number, target), number, NOW - seconds * SECOND)
    assert [(one.id, one.target) for one in await store.attempts_since(NOW - MINUTE)] == [("attempt-3", CONSOLE)]
    assert [one.id for one in await store.attempts_since(NOW - MINUTE - SECOND)] == ["attempt-1", "attempt-3"]


# --- a chat that moved ---


async def moved(store, old, new, number=1):
    one = (await store.lanes(frozenset(), NOW))[0].delivery
    await settle(store, one, Meaning.MOVED, DeliveryState.PENDING, number, moved=(old, new), moved_to=new.address)


async def test_everything_that_waits_for_a_moved_chat_goes_to_the_new_one_in_order(store):
    await enqueued(store, notice(1), notice(2), notice(3, OTHER_CHAT))
    new = Target("telegram", "-100999")
    await moved(store, CHAT, new)
    lanes = await store.lanes(frozenset(), NOW)
    assert [(lane.delivery.id, lane.target.target) for lane in lanes] == [(*ids(1), new), (*ids(3), OTHER_CHAT)]
    await sent(store, lanes[0].delivery, 2)
    assert (await store.lanes(frozenset({OTHER_CHAT}), NOW))[0].delivery == replace(notice(2), target=new)


async def test_what_was_sent_to_the_old_chat_stays_there_in_the_history(store):
    await enqueued(store, notice(1), notice(2))
    await sent(store, notice(1), 1)
    await moved(store, CHAT, Target("telegram", "-9"), 2)
    assert (await store.delivery(notice(1).id)).target == CHAT


async def test_what_is_enqueued_for_the_old_address_later_follows(store):
    await enqueued(store, notice(1))
    new = Target("telegram", "-9")
    await moved(store, CHAT, new)
    await store.apply(Plan(await declared(store, "wire"), deliveries=(notice(2, CHAT),)))
    assert (await store.delivery(notice(2).id)).target == new


async def test_a_chat_that_moves_twice_and_back_is_followed_all_the_way(store):
    second, third = Target("telegram", "-2"), Target("telegram", "-3")
    await enqueued(store, notice(1))
    for number, (old, new) in enumerate([(CHAT, second), (second, third), (third, CHAT), (CHAT, CHAT)]):
        await moved(store, old, new, number)
    (lane,) = await store.lanes(frozenset(), NOW)
    assert lane.target == TargetState(CHAT)
    await store.apply(Plan(await declared(store, "wire"), deliveries=(notice(2, second), notice(3, third))))
    assert {one.target for one in await store.deliveries()} == {CHAT}


async def test_a_chat_that_moved_into_a_known_one_shares_its_queue(store):
    await enqueued(store, notice(1, CHAT), notice(2, OTHER_CHAT))
    await moved(store, CHAT, OTHER_CHAT)
    lanes = await store.lanes(frozenset(), NOW)
    assert [(lane.delivery.id, lane.delivery.target) for lane in lanes] == [(*ids(1), OTHER_CHAT)]
