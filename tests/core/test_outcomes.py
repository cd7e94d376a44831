"""What follows from an attempt: every meaning, as a table; pacing; our own network."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.network import NetworkWatch
from bot.core.outcomes import DeliveryPolicy, Ended, settle
from bot.core.pacing import PaceBook
from bot.model import (
    Attempt,
    ChannelState,
    DeliveryKind,
    DeliveryState,
    Detail,
    Lane,
    Meaning,
    Outcome,
    Pace,
    Target,
    TargetState,
)
from tests.values import CHAT, CONSOLE, NOW, delivery

POLICY = DeliveryPolicy()
S = timedelta(seconds=1)
OPERATOR = Target("ops", "1")


def end(meaning, row=None, target=None, channel=None, now=NOW, **outcome):
    row = row or delivery()
    lane = Lane(row, target or TargetState(row.target), channel or ChannelState(row.target.channel_id))
    attempt = Attempt("a1", row.id, row.target, now)
    return settle(Ended(lane, attempt, Outcome(meaning, "why", **outcome), OPERATOR), POLICY, now)


@pytest.mark.parametrize(
    ("meaning", "row", "state", "detail", "possible_dup"),
    [
        (Meaning.SENT, {}, DeliveryState.SENT, Detail.RICH, False),
        (Meaning.NOT_SENT, {}, DeliveryState.PENDING, Detail.RICH, False),
        (Meaning.AMBIGUOUS, {}, DeliveryState.UNCERTAIN, Detail.RICH, True),
        (Meaning.AMBIGUOUS, {"possible_dup": True}, DeliveryState.DEAD, Detail.RICH, True),
        (Meaning.WAIT, {}, DeliveryState.PENDING, Detail.RICH, False),
        (Meaning.REJECTED, {}, DeliveryState.PENDING, Detail.PLAIN, False),
        (Meaning.REJECTED, {"detail": Detail.PLAIN}, DeliveryState.PENDING, Detail.LINK, False),
        (Meaning.REJECTED, {"detail": Detail.LINK}, DeliveryState.DEAD, Detail.LINK, False),
        (Meaning.TARGET_GONE, {}, DeliveryState.TARGET_GONE, Detail.RICH, False),
        (Meaning.MOVED, {}, DeliveryState.TARGET_GONE, Detail.RICH, False),
        (Meaning.TOPIC_GONE, {}, DeliveryState.PENDING, Detail.RICH, False),
        (Meaning.TOPIC_GONE, {"without_thread": True}, DeliveryState.PENDING, Detail.PLAIN, False),
        (Meaning.CHANNEL_DOWN, {}, DeliveryState.PENDING, Detail.RICH, False),
        (Meaning.CONFLICT, {}, DeliveryState.PENDING, Detail.RICH, False),
    ],
)
def test_every_meaning_has_its_consequence(meaning, row, state, detail, possible_dup):
    after = end(meaning, delivery(**row)).delivery
    assert (after.state, after.detail, after.possible_dup) == (state, detail, possible_dup)


def test_the_table_covers_every_meaning():
    for meaning in Meaning:
        assert end(meaning).attempt.outcome.meaning is meaning


@pytest.mark.parametrize(("tries", "least", "most"), [(0, 1, 1.25), (1, 2, 2.5), (3, 8, 10), (6, 60, 75), (99, 60, 75)])
def test_what_was_not_sent_is_tried_again_with_growing_waits(tries, least, most):
    after = end(Meaning.NOT_SENT, delivery(tries=tries)).delivery
    assert least <= (after.due_at - NOW) / S <= most
    assert after.tries == tries + 1


def test_an_ambiguous_send_is_held_a_minute_then_sent_once_more_at_most():
    held = end(Meaning.AMBIGUOUS).delivery
    assert held.due_at == NOW + 60 * S
    second = end(Meaning.AMBIGUOUS, held)
    assert second.delivery.reason == "delivery unknown: why"
    assert second.notices[0].notice.endswith(f"see `wirewatch outbox show {held.id}`.")


def test_a_wait_is_stored_on_the_target_and_is_no_try():
    change = end(Meaning.WAIT, wait=43_837 * S)
    assert change.target.hold_until == change.delivery.due_at == NOW + 43_837 * S
    assert change.delivery.tries == 0
    assert end(Meaning.WAIT).target.hold_until == NOW + 30 * S


def test_two_targets_limited_within_ten_seconds_pause_the_channel_and_halve_its_rate():
    first = end(Meaning.WAIT, wait=5 * S).channel
    assert first.paused_until is None
    other = delivery(2, replace(CHAT, address="-200"))
    second = end(Meaning.WAIT, other, channel=first, now=NOW + 9 * S, wait=5 * S).channel
    assert (second.paused_until, second.slowed_until) == (NOW + 14 * S, NOW + 14 * S + POLICY.slow)
    assert end(Meaning.WAIT, channel=first, now=NOW + 9 * S).channel.paused_until is None  # the same target again
    assert end(Meaning.WAIT, other, channel=first, now=NOW + 10 * S).channel.paused_until is None  # too late


def test_a_gone_target_is_looked_at_after_1_6_and_24_hours_and_then_left():
    state, waits = TargetState(CHAT), []
    for _ in range(4):
        change = end(Meaning.TARGET_GONE, target=state)
        state = change.target
        waits.append(state.recheck_at and (state.recheck_at - NOW) / timedelta(hours=1))
        assert len(change.notices) == 1
    assert waits == [1, 6, 24, None]
    assert state.gone_since == NOW


def test_a_target_that_takes_a_message_is_back():
    gone = TargetState(CHAT, gone_since=NOW, recheck_at=NOW, rechecks=2)
    change = end(Meaning.SENT, target=gone)
    assert change.target == TargetState(CHAT)
    assert "takes messages again" in change.notices[0].notice


def test_a_moved_chat_is_rewritten_and_told():
    change = end(Meaning.MOVED, moved_to="-300")
    assert change.moved == (CHAT, replace(CHAT, address="-300"))
    assert change.delivery.state is DeliveryState.PENDING
    assert "-300" in change.notices[0].notice


def test_a_channel_that_refuses_the_token_is_left_alone_and_keeps_its_rows():
    change = end(Meaning.CHANNEL_DOWN)
    assert change.channel.down_until == change.delivery.due_at == NOW + POLICY.circuit
    assert change.notices[0].target == OPERATOR
    assert end(Meaning.SENT, channel=change.channel).channel.down_until is None


def test_a_notice_that_dies_raises_no_notice():
    row = delivery(kind=DeliveryKind.NOTICE, alert=None, notice="x", detail=Detail.LINK)
    assert end(Meaning.REJECTED, row).notices == ()


def test_the_same_trouble_is_told_once_a_day():
    keys = {end(Meaning.CHANNEL_DOWN, delivery(n)).notices[0].dedup_key for n in range(5)}
    assert len(keys) == 1
    assert keys != {end(Meaning.CHANNEL_DOWN, now=NOW + timedelta(days=1)).notices[0].dedup_key}


# --- pacing


def lane(target=CHAT, slowed=None):
    return Lane(delivery(1, target), TargetState(target), ChannelState(target.channel_id, slowed_until=slowed))


def book(pace, *seconds, target=CHAT):
    return PaceBook({"desk": pace}, [Attempt("", "", target, NOW + s * S) for s in seconds])


@pytest.mark.parametrize(
    ("pace", "sent", "refused"),
    [
        pytest.param(Pace("p"), [0, 0, 0], False, id="no-bounds"),
        pytest.param(Pace("p", gap=S), [-0.5], True, id="gap"),
        pytest.param(Pace("p", gap=S), [-1], False, id="gap-over"),
        pytest.param(Pace("p", per_minute=2), [-50, -2], True, id="per-minute"),
        pytest.param(Pace("p", per_minute=2), [-61, -2], False, id="per-minute-over"),
        pytest.param(Pace("p", per_second=2), [-0.9, -0.1], True, id="per-second"),
        pytest.param(Pace("p", per_second=2), [-1.1, -0.1], False, id="per-second-over"),
    ],
)
def test_pace(pace, sent, refused):
    assert bool(book(pace, *sent).refusal(lane(), NOW)) == refused


def test_targets_of_one_pool_share_its_rate_and_nothing_else():
    other = replace(CHAT, address="-200")
    assert book(Pace("p", gap=S, per_minute=1), -0.1, target=other).refusal(lane(), NOW) is None
    assert book(Pace("p", per_second=1), -0.1, target=other).refusal(lane(), NOW)


def test_a_slowed_channel_runs_at_half_its_rate():
    pace = Pace("p", gap=S, per_minute=4)
    slow = lane(slowed=NOW + S)
    assert book(pace, -1.5).refusal(slow, NOW)
    assert book(pace, -40, -30).refusal(slow, NOW)
    assert book(pace, -1.5).refusal(lane(slowed=NOW), NOW) is None


def test_an_unknown_channel_never_goes_and_old_uses_are_forgotten():
    assert book(Pace("p")).refusal(lane(CONSOLE), NOW) == "no such channel"
    paced = book(Pace("p", per_minute=1), -59)
    paced.forget(NOW + 2 * S)
    assert paced.refusal(lane(), NOW + 2 * S) is None


# --- our own network


def test_most_hosts_unreachable_means_our_network_and_one_success_ends_it():
    watch = NetworkWatch()
    assert [watch.note(h, reached=False, now=NOW) for h in "ab"] == [None, None]
    assert watch.note("c", reached=False, now=NOW) == "down"
    assert watch.note("d", reached=False, now=NOW) is None
    assert watch.note("a", reached=True, now=NOW) == "back"
    assert not watch.down


def test_a_few_dead_hosts_are_not_our_network_nor_are_old_ones():
    watch = NetworkWatch()
    for n in range(7):
        watch.note(f"good{n}", reached=True, now=NOW)
    assert [watch.note(f"bad{n}", reached=False, now=NOW) for n in range(3)] == [None] * 3
    later = NOW + timedelta(minutes=3)
    assert watch.note("bad9", reached=False, now=later) is None
