"""HTTP statuses and transport trouble as our errors, and what a Retry-After asks for."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PermanentError, TransientError
from bot.http_errors import LONGEST_RETRY_AFTER, Trouble, read_retry_after, status_error, trouble_error
from tests.values import NOW

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 406, 410, 411, 418, 422, 451, 499])
def test_other_client_faults_last_until_somebody_changes_something(status):
    error = status_error(status, HOUR)
    assert isinstance(error, PermanentError)
    assert error.reason.startswith(f"HTTP {status}: ")


@pytest.mark.parametrize(
    "status", [100, 204, 206, 226, 300, 304, 408, 409, 421, 423, 425, 500, 502, 504, 520, 599, 999]
)
def test_the_rest_may_pass_and_speaks_for_one_feed(status):
    error = status_error(status, HOUR)
    assert isinstance(error, TransientError)
    assert (error.retry_after, error.holds_host, error.unreachable) == (HOUR, False, False)


@pytest.mark.parametrize("status", [429, 503])
def test_too_many_and_overloaded_speak_for_the_host(status):
    error = status_error(status)
    assert isinstance(error, TransientError)
    assert (error.retry_after, error.holds_host, error.unreachable) == (None, True, False)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "not found"),
        (418, "the request was refused"),
        (520, "the server failed"),
        (206, "an answer that was not asked for"),
    ],
)
def test_a_status_is_told_in_words(status, words):
    assert status_error(status).reason == f"HTTP {status}: {words}"


@pytest.mark.parametrize("trouble", Trouble)
def test_trouble_below_http_may_pass(trouble):
    error = trouble_error(trouble)
    assert error.reason == trouble.value
    assert (error.retry_after, error.holds_host) == (None, False)
    unreachable = {Trouble.NO_NAME, Trouble.NO_CONNECTION, Trouble.CONNECT_TIMEOUT}
    assert error.unreachable is (trouble in unreachable)
    assert trouble_error(trouble, "why").reason == f"{trouble.value} (why)"


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        pytest.param("120", timedelta(seconds=120), id="seconds"),
        pytest.param(" 7 ", timedelta(seconds=7), id="spaces"),
        pytest.param("007", timedelta(seconds=7), id="zeros"),
        pytest.param("604800", timedelta(days=7), id="a-week"),
        pytest.param("1000000000", timedelta(days=7), id="a-billion"),
        pytest.param("9" * 20, timedelta(days=7), id="twenty-digits"),
        pytest.param("9" * 5_000, None, id="five-thousand-digits"),
        pytest.param("0", None, id="zero"),
        pytest.param("-1", None, id="negative"),
        pytest.param("1.5", None, id="fraction"),
        pytest.param("1e3", None, id="exponent"),
        pytest.param("٣", None, id="other-digits"),
        pytest.param("soon", None, id="soon"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="missing"),
        pytest.param("120, 60", None, id="two"),
        pytest.param("Fri, 01 May 2026 13:00:00 GMT", HOUR, id="date"),
        pytest.param("Friday, 01-May-26 13:00:00 GMT", HOUR, id="date-of-rfc-850"),
        pytest.param("Fri, 01 May 2026 15:00:00 +0200", HOUR, id="date-with-a-zone"),
        pytest.param("Fri, 01 May 2026 13:00:00 -0000", HOUR, id="date-without-a-zone"),
        pytest.param("Fri, 01 May 2026 12:00:00 GMT", None, id="now"),
        pytest.param("Fri, 01 May 2026 11:59:59 GMT", None, id="past"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", None, id="1970"),
        pytest.param("Sat, 02 May 2099 12:00:00 GMT", timedelta(days=7), id="2099"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 -1200", timedelta(days=7), id="the-end-of-time"),
        pytest.param("Mon, 01 Jan 0001 00:00:00 +1200", None, id="before-time"),
        pytest.param("Fri, 32 May 2026 13:00:00 GMT", None, id="day-32"),
        pytest.param("Fri, 01 May 2026 25:00:00 GMT", None, id="hour-25"),
        pytest.param("Fri, 01 May 2026 13:00:00 +9999", None, id="zone-out-of-range"),
    ],
)
def test_retry_after(value, wait):
    assert read_retry_after(value, NOW) == wait


@given(
    st.text() | st.text("0123456789:+-, GMTanFri", max_size=40) | st.from_regex(r"\A\w{3}, \d+ \w{3} \d+ [\d:+-]+\Z")
)
def test_any_retry_after_is_a_usable_wish_or_none(value):
    wait = read_retry_after(value, NOW)
    assert wait is None or timedelta(0) < wait <= LONGEST_RETRY_AFTER


@given(st.integers(-(10**9), 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds)))
def test_a_date_asks_for_the_time_until_then(at):
    wait = read_retry_after(format_datetime(at), NOW)
    assert wait == (min(at - NOW, LONGEST_RETRY_AFTER) if at > NOW else None)


@given(st.integers(100, 999))
def test_every_status_is_an_error_with_a_reason(status):
    assert str(status_error(status)) == status_error(status).reason != f"HTTP {status}: "
