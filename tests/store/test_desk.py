from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import ConfigError
from bot.model import ChannelState, DeliveryState, Detail, Meaning, Plan, TargetState
from tests.store.given import (
    CHAT,
    DAY,
    HOUR,
    NOW,
    OTHER_CHAT,
    SECOND,
    attempt,
    declared,
    delivery,
    ended,
    enqueued,
    entry,
    heads,
    notice,
    sent,
)


async def brought_to(store, one, state, **changes):
    """Bring a waiting delivery into a state by the way that leads there."""
    begun = attempt(one)
    if state is DeliveryState.PENDING:
        return
    await store.begin(begun)
    if state is not DeliveryState.SENDING:
        await store.settle(ended(one, begun, Meaning.REJECTED, state, changes=changes))


async def test_deliveries_are_listed_newest_first_by_state_and_up_to_a_limit(store):
    await enqueued(store, *(notice(n, created_at=NOW + n * SECOND) for n in range(1, 5)))
    await store.drop(notice(2).id, NOW)
    assert [one.id[-1] for one in await store.deliveries()] == ["4", "3", "2", "1"]
    assert [one.id[-1] for one in await store.deliveries(limit=2)] == ["4", "3"]
    dead = await store.deliveries(frozenset({DeliveryState.DEAD}), 10)
    assert [(one.id, one.reason) for one in dead] == [(notice(2).id, "dropped by the operator")]
    assert await store.deliveries(frozenset(), 10) == []


async def test_a_delivery_is_found_by_the_beginning_of_its_id_and_by_its_alerts_reference(store):
    one = replace(delivery(1), id="ab%c" + "0" * 12)
    await enqueued(store, one, replace(notice(2), id="abxc" + "0" * 12))
    assert await store.delivery("ab%") == one
    assert await store.delivery(one.alert.ref) == one


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param("zz", "no delivery begins with 'zz'", id="unknown"),
        pytest.param("", "no delivery begins with ''", id="empty"),
        pytest.param("0000", "0000000000000001  pending  telegram -100", id="several by prefix"),
        pytest.param("000001", "0000000000000002  pending  telegram -200", id="several by reference"),
    ],
)
async def test_a_name_that_means_none_or_several_is_refused_with_what_there_is(store, key, said):
    twin = replace(delivery(1, OTHER_CHAT), id=f"{2:016x}", dedup_key="twin")
    await enqueued(store, delivery(1), twin)
    with pytest.raises(ConfigError, match=said):
        await store.delivery(key)


@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.TARGET_GONE, DeliveryState.UNCERTAIN])
async def test_a_replayed_delivery_goes_at_once_as_if_never_tried(store, state):
    await enqueued(store, notice(1), notice(2))
    tried = {"tries": 4, "detail": Detail.LINK, "due_at": NOW + DAY, "reason": "no", "without_thread": True}
    await brought_to(store, notice(1), state, possible_dup=True, **tried)
    replayed = await store.replay(notice(1).id, NOW + HOUR)
    assert replayed == replace(notice(1), due_at=NOW + HOUR, possible_dup=True)
    assert await heads(store, NOW + HOUR) == [notice(1).id]


async def test_a_replay_takes_its_target_for_there_and_its_channel_for_up(store):
    await enqueued(store, notice(1))
    begun = attempt(notice(1))
    await store.begin(begun)
    gone = TargetState(CHAT, NOW + HOUR, NOW, None, 3)
    down = ChannelState("telegram", down_until=NOW + DAY, slowed_until=NOW + DAY, reason="bad token")
    await store.settle(
        ended(notice(1), begun, Meaning.TARGET_GONE, DeliveryState.TARGET_GONE, target=gone, channel=down)
    )
    await store.replay(notice(1).id, NOW)
    assert await heads(store) == []  # the wait that the other side asked for still holds
    (lane,) = await store.lanes(frozenset(), NOW + HOUR)
    assert lane.target == TargetState(CHAT, hold_until=NOW + HOUR)
    assert lane.channel == ChannelState("telegram", slowed_until=NOW + DAY)


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.SENT])
async def test_what_is_on_its_way_or_sent_cannot_be_replayed(store, state):
    await enqueued(store, notice(1))
    await brought_to(store, notice(1), state)
    with pytest.raises(ConfigError, match=f"is {state}: only dead, pending, target_gone, uncertain can be replayed"):
        await store.replay(notice(1).id, NOW)


@pytest.mark.parametrize(
    "state", [DeliveryState.PENDING, DeliveryState.UNCERTAIN, DeliveryState.TARGET_GONE, DeliveryState.DEAD]
)
async def test_a_dropped_delivery_is_a_dead_letter_in_sight_and_lets_the_next_one_go(store, state):
    await enqueued(store, notice(1), notice(2))
    await brought_to(store, notice(1), state)
    dropped = await store.drop(notice(1).id, NOW)
    assert (dropped.state, dropped.reason) == (DeliveryState.DEAD, "dropped by the operator")
    assert await heads(store) == [notice(2).id]
    await store.replay(notice(1).id, NOW)
    assert await heads(store) == [notice(1).id]


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.SENT])
async def test_what_is_on_its_way_or_sent_cannot_be_dropped(store, state):
    await enqueued(store, notice(1))
    await brought_to(store, notice(1), state)
    with pytest.raises(ConfigError, match=f"is {state}: only"):
        await store.drop(notice(1).id, NOW)


async def test_an_unknown_id_can_be_neither_replayed_nor_dropped(store):
    for act in (store.replay, store.drop):
        with pytest.raises(ConfigError, match="no delivery has the id nothing"):
            await act("nothing", NOW)


async def test_counts_name_every_state(store):
    await enqueued(store, delivery(1), notice(2), notice(3))
    await sent(store, delivery(1))
    await store.drop(notice(2).id, NOW)
    await store.apply(Plan(await declared(store, "wire"), entries=(entry(1, "wire"), entry(2, "wire"))))
    counts = await store.counts()
    assert (counts.feeds, counts.entries, counts.alerts) == (2, 2, 1)
    assert counts.deliveries == {
        DeliveryState.PENDING: 1,
        DeliveryState.SENDING: 0,
        DeliveryState.SENT: 1,
        DeliveryState.UNCERTAIN: 0,
        DeliveryState.TARGET_GONE: 0,
        DeliveryState.DEAD: 1,
    }


async def test_next_due_is_the_earliest_poll_or_unfinished_delivery(store):
    assert await store.next_due_at() is None
    state = await declared(store, "herald", "removed")
    await store.apply(Plan(replace(state, next_poll_at=NOW + DAY), deliveries=(notice(1, due_at=NOW + HOUR),)))
    assert await store.next_due_at() == NOW  # a feed that is no longer configured
    assert await store.next_due_at({"herald"}) == NOW + HOUR
    await store.drop(notice(1).id, NOW)
    assert await store.next_due_at({"herald"}) == NOW + DAY
