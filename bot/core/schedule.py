"""When a feed is polled next, and how long its host is left alone. Every number is a default of PollPolicy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.errors import TransientError
from bot.model import Feed, FeedState, Fetched, HostState, Validators


@dataclass(frozen=True, slots=True)
class PollPolicy:
    """The numbers of polling; docs/configuration.md gives their reasons."""

    every: timedelta = timedelta(minutes=15)
    longest_wait: timedelta = timedelta(hours=24)
    hold: timedelta = timedelta(minutes=30)  # a host that says 429/503 without Retry-After; doubles
    longest_hold: timedelta = timedelta(days=7)
    host_gap: timedelta = timedelta(seconds=2)
    host_gaps: tuple[tuple[str, timedelta], ...] = ()
    at_once: int = 32
    earlier: timedelta = timedelta(hours=24)  # how far back a first run looks

    def gap(self, host: str) -> timedelta:
        """Return the least time between two requests to a host; a setting for example.com covers its subdomains."""
        return next((gap for name, gap in self.host_gaps if host == name or host.endswith(f".{name}")), self.host_gap)


def host_of(url: str) -> str:
    """Return the host that requests to a URL are counted under, lower case with its port; "" where it has none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def interval(feed: Feed, policy: PollPolicy) -> timedelta:
    """Return the plain interval between two polls that went well; a feed's `every` wins."""
    return feed.every or policy.every


def after_success(feed: Feed, state: FeedState, fetched: Fetched, policy: PollPolicy, now: datetime) -> FeedState:
    """Return the feed's state after a poll that was answered, counted from `now`, so that an outage makes no burst."""
    return replace(
        state,
        next_poll_at=now + interval(feed, policy),
        validators=fetched.validators,
        final_url=fetched.final_url,
        body_hash=fetched.body_hash or state.body_hash,
        failures=0,
        failing_since=None,
        error=None,
        polled_at=now,
        succeeded_at=now,
    )


def after_failure(feed: Feed, state: FeedState, error: Exception, policy: PollPolicy, now: datetime) -> FeedState:
    """Return the feed's state after a poll that failed: twice the wait each time, up to a day, and never stopped.

    Validators and the body's hash go with a failure, so that a stuck cache or a bad parse can't last.
    """
    failures = state.failures + 1
    wait = min(interval(feed, policy) * 2 ** min(failures - 1, 16), max(policy.longest_wait, interval(feed, policy)))
    asked = error.retry_after if isinstance(error, TransientError) else None
    return replace(
        state,
        next_poll_at=now + max(wait, min(asked or timedelta(0), policy.longest_hold)),
        validators=Validators(),
        body_hash=None,
        failures=failures,
        failing_since=state.failing_since or now,
        error=str(error),
        polled_at=now,
    )


def rest(host: HostState, policy: PollPolicy, now: datetime) -> HostState:
    """Return the host's state after a request that it did not refuse."""
    return replace(host, hold_until=now + policy.gap(host.host), strikes=0)


def refused(host: HostState, error: Exception, policy: PollPolicy, now: datetime) -> HostState:
    """Return the host's state after a failed request; 429 and 503 hold the whole host, longer each time."""
    if not (isinstance(error, TransientError) and error.holds_host):
        return replace(host, hold_until=now + policy.gap(host.host))
    own = policy.hold * 2 ** min(host.strikes, 16)
    wait = min(
        max(error.retry_after if error.retry_after is not None else own, policy.gap(host.host)), policy.longest_hold
    )
    return replace(host, hold_until=now + wait, strikes=host.strikes + 1)
