"""The one Store: everything that must survive, behind the few calls that each consumer makes."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from bot.core.search import Query
from bot.model import (
    Answer,
    Attempt,
    Delivery,
    DeliveryState,
    Entry,
    Feed,
    FeedState,
    HostState,
    Identity,
    Lane,
    Memory,
    Plan,
    Question,
    Settlement,
    Target,
)
from bot.store import archive, desk, enqueue, feeds, outbox, polling, retention, search, stories, watches
from bot.store.archive import Archived
from bot.store.database import Database
from bot.store.desk import Counts
from bot.store.open import open_database
from bot.store.retention import KEEP, Keep, Pruned
from bot.store.search import Found

BUSY_TIMEOUT = timedelta(seconds=5)  # how long a write waits for another process; shorter than a stop may take


class Store:
    """An open store. Satisfies PollStore and Outbox, and serves the command line.

    Every call may raise TransientError, saying what is wrong: the file is locked, the disk is full. Then nothing has
    changed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    async def open(
        cls, path: Path, now: datetime, busy_timeout: timedelta = BUSY_TIMEOUT, *, migrate: bool = True
    ) -> Self:
        """Open the store at `path`, making or migrating it as needed.

        Raises ConfigError where the file is no store, or one of a newer version; TransientError where it is locked.
        """
        return cls(await asyncio.to_thread(open_database, path, now, busy_timeout, migrate=migrate))

    async def close(self) -> None:
        """Let what is under way end, and close the file; idempotent."""
        await self._database.close()

    # --- polling ---

    async def declare_feeds(self, declared: Sequence[tuple[Feed, str]], now: datetime) -> None:
        """Add rows for new feeds, each with its host, and end the leases that a dead process left.

        Call once, at the start of the service. A feed whose address has changed loses what the old one said
        (validators, body hash, final address); no poll comes earlier for it. Writes nothing where nothing differs.
        """
        await feeds.declare(self._database, declared, now)

    async def claim_feeds(
        self, feed_ids: Sequence[str], busy_hosts: frozenset[str], limit: int, now: datetime
    ) -> Sequence[tuple[FeedState, HostState]]:
        """Lease up to `limit` of these feeds for 120 s, longest due first, one a host; see PollStore."""
        return await feeds.claim(self._database, feed_ids, busy_hosts, limit, now)

    async def recall(self, feed_id: str, identities: Sequence[Identity]) -> Memory:
        """Return what is known of these identities in this feed."""
        return await self._database.read(polling.recall, feed_id, identities)

    async def answer(self, question: Question) -> Answer:
        """Return the stories that hold one of the keys, the alerts already told of them, and what is watched."""
        return await self._database.read(stories.answer, question)

    async def apply(self, plan: Plan) -> None:
        """Apply the plan in one transaction and end the feed's lease; see PollStore.

        Raises Conflict where a story or a watch has moved on, PermanentError where the feed was never declared.
        """
        await self._database.write(polling.apply, plan)

    # --- delivering ---

    async def lanes(self, busy: frozenset[Target], now: datetime) -> Sequence[Lane]:
        """Return the oldest unfinished delivery of every idle target where it may go now; see Outbox."""
        return await self._database.read(outbox.lanes, busy, now)

    async def begin(self, attempt: Attempt) -> None:
        """Commit `sending` and the attempt. Raises Conflict where the delivery no longer waits."""
        await self._database.write(outbox.begin, attempt)

    async def settle(self, settlement: Settlement) -> None:
        """Commit what an attempt came to, in one transaction; idempotent."""
        await self._database.write(outbox.settle, settlement)

    async def unfinished(self) -> Sequence[tuple[Delivery, Attempt]]:
        """Return the deliveries found in `sending`, with their newest attempt."""
        return await self._database.read(outbox.unfinished_attempts)

    async def attempts_since(self, since: datetime) -> Sequence[Attempt]:
        """Return the attempts started after `since`, oldest first."""
        return await self._database.read(outbox.attempts_since, since)

    async def enqueue(self, notices: Sequence[Delivery]) -> None:
        """Owe these notices; one whose dedup key is known adds nothing."""
        await self._database.write(enqueue.enqueue, notices)

    # --- the archive ---

    async def archive_page(self, since: datetime, after: Entry | None = None, limit: int = 500) -> Sequence[Archived]:
        """Return the entries with a text first seen at `since` or later, oldest first: those that follow `after`."""
        return await self._database.read(archive.page, since, after, limit)

    async def archive_size(self, since: datetime) -> int:
        """Count the entries that all pages hold together."""
        return await self._database.read(archive.size, since)

    async def watched_since(self) -> datetime | None:
        """Return how far back what matches captured is known."""
        return await self._database.read(watches.watched_since)

    async def matched_since(self, since: datetime) -> Mapping[str, int]:
        """Count, for each rule that fired, the entries that it fired on live."""
        return await self._database.read(archive.matched_since, since)

    async def search(self, query: Query, since: datetime, feed_id: str | None = None, limit: int = 50) -> Found:
        """Return how many entries first seen at `since` or later a search finds, and the newest of them."""
        return await self._database.read(search.find, query, since, feed_id, limit)

    # --- the operator's desk ---

    async def deliveries(self, states: frozenset[DeliveryState] | None = None, limit: int = 50) -> Sequence[Delivery]:
        """Return deliveries in these states (None: in any), newest first."""
        return await self._database.read(desk.deliveries, states, limit)

    async def delivery(self, key: str) -> Delivery:
        """Return the delivery that a human means by the beginning of its id or by its alert's reference.

        Raises ConfigError where that is none, or more than one: then with their ids.
        """
        return await self._database.read(desk.find_delivery, key)

    async def attempts(self, delivery_id: str) -> Sequence[Attempt]:
        """Return a delivery's attempts, oldest first."""
        return await self._database.read(desk.attempts, delivery_id)

    async def replay(self, delivery_id: str, now: datetime) -> Delivery:
        """Make a delivery that is not sent or on its way due now, as if never tried; ConfigError for any other."""
        return await self._database.write(desk.replay, delivery_id, now)

    async def reopen(self, now: datetime) -> None:
        """Try channels that were down again at once; writes nothing where none was."""
        await self._database.write(desk.reopen, now)

    async def waiting(self) -> Mapping[str, int]:
        """Count the deliveries that are not finished, by channel."""
        return await self._database.read(desk.waiting)

    async def drop(self, delivery_id: str, now: datetime) -> Delivery:
        """Make a waiting delivery a dead letter that says who dropped it; ConfigError where it is sending or sent."""
        return await self._database.write(desk.drop, delivery_id, now)

    async def counts(self) -> Counts:
        """Count deliveries by state, feeds, entries and alerts."""
        return await self._database.read(desk.counts)

    async def next_due_at(self, feed_ids: Collection[str] | None = None) -> datetime | None:
        """Return when the next of these feeds (None: of all) or the next delivery is due; None where nothing is."""
        return await self._database.read(desk.next_due_at, feed_ids)

    async def prune(self, now: datetime, keep: Keep = KEEP) -> Pruned:
        """Forget what is older than `keep` says; never a delivery that is not finished."""
        return await retention.prune(self._database, now, keep)
