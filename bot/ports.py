"""What the acting modules need from the world, one Protocol per consumer; satisfied by shape."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import (
    Answer,
    Attempt,
    Delivery,
    Feed,
    FeedState,
    Fetched,
    HostState,
    Identity,
    Lane,
    Memory,
    Outcome,
    Plan,
    Question,
    Settlement,
    Target,
)


class Clock(Protocol):
    """The one place where the time of day comes from."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class Source(Protocol):
    """Brings a feed's newest document."""

    async def fetch(self, feed: Feed, state: FeedState, now: datetime) -> Fetched:
        """Make one conditional request and parse its reply.

        Raises TransientError (again later; `holds_host` with `retry_after` for 429/503) or PermanentError
        (an address that can't be asked). Both become a longer wait; neither touches another feed.
        """
        ...


class PollStore(Protocol):
    """The Store as the poller sees it."""

    async def claim_feeds(
        self, feed_ids: Sequence[str], busy_hosts: frozenset[str], limit: int, now: datetime
    ) -> Sequence[tuple[FeedState, HostState]]:
        """Lease up to `limit` feeds that are due, longest due first.

        At most one a host, and none of a host that is busy or held.
        """
        ...

    async def recall(self, feed_id: str, identities: Sequence[Identity]) -> Memory:
        """Return what is known of these identities in this feed."""
        ...

    async def answer(self, question: Question) -> Answer:
        """Return the stories, the told alerts and the past that the question concerns."""
        ...

    async def apply(self, plan: Plan) -> None:
        """Apply the plan in one transaction and end the feed's lease.

        Raises Conflict where a story or a watch has moved on, TransientError where the store is locked or full; then
        nothing is changed. Applying twice changes nothing more.
        """
        ...


class Outbox(Protocol):
    """The Store as the deliverer sees it."""

    async def lanes(self, busy: frozenset[Target], now: datetime) -> Sequence[Lane]:
        """Return the oldest unfinished delivery of every idle target, oldest first, where it is due.

        Left out: targets in `busy`, held or gone until later, and channels whose circuit is open or paused.
        A gone target whose `recheck_at` has come is in.
        """
        ...

    async def begin(self, attempt: Attempt) -> None:
        """Commit `sending` and the attempt's row before the request is made.

        Raises Conflict where the delivery no longer waits: an operator dropped it meanwhile.
        """
        ...

    async def settle(self, settlement: Settlement) -> None:
        """Commit what an attempt came to, in one transaction. A notice whose dedup key is known adds nothing."""
        ...

    async def unfinished(self) -> Sequence[tuple[Delivery, Attempt]]:
        """Return the deliveries found in `sending`, with their newest attempt: what a crash left."""
        ...

    async def attempts_since(self, since: datetime) -> Sequence[Attempt]:
        """Return the attempts started after `since`, oldest first, so that pacing survives a restart."""
        ...


class Channel(Protocol):
    """Sends one delivery to one address. Telegram, console, ..."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Render and send once; every fault of the other side is an Outcome, never an exception."""
        ...

    async def close(self) -> None:
        """Let go of connections; idempotent."""
        ...
