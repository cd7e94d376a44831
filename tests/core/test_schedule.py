"""When a feed is polled next, and how long a host is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.schedule import PollPolicy, after_failure, after_success, host_of, interval, refused, rest
from bot.errors import PermanentError, TransientError
from bot.model import Feed, FeedState, Fetched, HostState, Validators

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
FEED = Feed("f", "https://e.com/rss", "F", "F Ltd")
STATE = FeedState("f", NOW, NOW)
POLICY = PollPolicy()
MINUTE = timedelta(minutes=1)


def failed(error, times=1):
    state = STATE
    for _ in range(times):
        state = after_failure(FEED, state, error, POLICY, NOW)
    return state


def test_success_waits_the_interval_and_forgets_failures():
    fetched = Fetched(Validators('"a"', None, NOW), "https://e.com/rss", "hash", None)
    state = after_success(FEED, failed(TransientError("x"), 3), fetched, POLICY, NOW)
    assert (state.next_poll_at, state.failures, state.error, state.failing_since) == (NOW + 15 * MINUTE, 0, None, None)
    assert (state.validators.etag, state.body_hash, state.succeeded_at) == ('"a"', "hash", NOW)


def test_304_keeps_the_hash_of_the_body():
    fetched = Fetched(Validators('"a"'), "https://e.com/rss", None, None, 304)
    assert after_success(FEED, FeedState("f", NOW, NOW, body_hash="old"), fetched, POLICY, NOW).body_hash == "old"


def test_a_feeds_own_interval_wins():
    assert interval(Feed("f", "u", "F", "o", every=MINUTE), POLICY) == MINUTE


@pytest.mark.parametrize(
    ("times", "wait"),
    [(1, 15 * MINUTE), (2, 30 * MINUTE), (3, 60 * MINUTE), (8, timedelta(hours=24)), (500, timedelta(hours=24))],
)
def test_failures_double_the_wait_to_a_day_and_never_stop(times, wait):
    state = failed(PermanentError("gone"), times)
    assert (state.next_poll_at - NOW, state.failures, state.failing_since) == (wait, times, NOW)


def test_a_failure_drops_the_validators_and_keeps_its_reason():
    state = after_failure(
        FEED, FeedState("f", NOW, NOW, validators=Validators('"a"')), TransientError("why"), POLICY, NOW
    )
    assert (state.validators, state.error) == (Validators(), "why")


def test_retry_after_is_waited_for_but_for_a_week_at_most():
    assert failed(TransientError("x", retry_after=timedelta(hours=3))).next_poll_at == NOW + timedelta(hours=3)
    assert failed(TransientError("x", retry_after=timedelta(days=400))).next_poll_at == NOW + timedelta(days=7)


@pytest.mark.parametrize(
    ("strikes", "asked", "hold"),
    [
        pytest.param(0, None, 30 * MINUTE, id="none-given"),
        pytest.param(2, None, 120 * MINUTE, id="doubling"),
        pytest.param(40, None, timedelta(days=7), id="a-week-at-most"),
        pytest.param(0, 5 * MINUTE, 5 * MINUTE, id="as-asked"),
        pytest.param(0, timedelta(0), timedelta(seconds=2), id="never-under-the-gap"),
        pytest.param(0, timedelta(days=900), timedelta(days=7), id="absurd"),
    ],
)
def test_a_refusal_holds_the_host(strikes, asked, hold):
    error = TransientError("429", retry_after=asked, holds_host=True)
    state = refused(HostState("e.com", None, strikes), error, POLICY, NOW)
    assert (state.hold_until, state.strikes) == (NOW + hold, strikes + 1)


def test_other_failures_keep_only_the_gap():
    assert refused(HostState("e.com", None, 1), PermanentError("404"), POLICY, NOW) == HostState(
        "e.com", NOW + POLICY.host_gap, 1
    )


def test_a_good_request_ends_the_strikes():
    assert rest(HostState("e.com", None, 5), POLICY, NOW) == HostState("e.com", NOW + POLICY.host_gap, 0)


def test_a_hosts_own_gap_covers_its_subdomains():
    policy = PollPolicy(host_gaps=(("reddit.com", 61 * MINUTE),))
    assert policy.gap("www.reddit.com") == policy.gap("reddit.com") == 61 * MINUTE
    assert policy.gap("notreddit.com") == policy.host_gap


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://u:p@E.com:8080/x", "e.com:8080"), ("http://e.com", "e.com"), ("nonsense", ""), ("http://[::1", "")],
)
def test_host_of(url, host):
    assert host_of(url) == host


@given(
    st.integers(0, 10_000),
    st.timedeltas(timedelta(seconds=1), timedelta(days=2)),
    st.none() | st.timedeltas(timedelta(days=-9), timedelta(days=9000)),
)
def test_no_failure_waits_less_than_the_interval_or_for_ever(failures, every, asked):
    feed = Feed("f", "u", "F", "o", every=every)
    state = after_failure(
        feed, FeedState("f", NOW, NOW, failures=failures), TransientError("x", retry_after=asked), POLICY, NOW
    )
    longest = max(every, POLICY.longest_wait, POLICY.longest_hold)
    assert every <= state.next_poll_at - NOW <= longest
