"""Polls the feeds that are due: fetch, decide, apply. One feed's trouble never touches another."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.core.identity import identify
from bot.core.network import NetworkWatch
from bot.core.read import News, Reading, Rules, read, sort_news, unspoken, with_languages
from bot.core.schedule import PollPolicy, after_failure, after_success, host_of, refused, rest
from bot.core.tell import Polled, Telling, tell, worth_matching
from bot.errors import Conflict, PermanentError, TransientError
from bot.model import Document, Entry, Feed, FeedState, Fetched, HostState, Plan
from bot.ports import Clock, PollStore, Source

log = structlog.get_logger("poll")

_PROBE = timedelta(minutes=2)  # how soon a feed is asked again while our own network is down
_TELLINGS = 8  # a plan that meets more conflicts than this is left for the feed's next poll


def _nobody_knows(_title: str, _text: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Desk:
    """What the poller works with.

    `rules` gives the rule set of the moment; `on_alerts` is called after a plan with deliveries was stored; `guess`
    tells the language of a title and summary, None where that is not clear.
    """

    feeds: Mapping[str, Feed]
    source: Source
    store: PollStore
    rules: Callable[[], Rules]
    telling: Telling
    policy: PollPolicy
    clock: Clock
    on_alerts: Callable[[], None]
    guess: Callable[[str, str], str | None] = _nobody_knows


class Poller:
    """Claims due feeds into free slots and polls each in a task of its own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._running: dict[asyncio.Task[None], str] = {}
        self._network = NetworkWatch()
        self._guessing = asyncio.Lock()
        self._counting = asyncio.Lock()

    async def tick(self, now: datetime) -> None:
        """Start a poll of every feed that is due, as far as slots are free, and return. Raises TransientError."""
        desk = self._desk
        free = desk.policy.at_once - len(self._running)
        if free <= 0:
            return
        busy = frozenset(self._running.values())
        for state, host in await desk.store.claim_feeds(list(desk.feeds), busy, free, now):
            task = asyncio.create_task(self._poll(desk.feeds[state.feed_id], state, host))
            self._running[task] = host.host
            task.add_done_callback(self._running.pop)

    async def idle(self) -> None:
        """Wait until every poll under way has ended."""
        while self._running:
            await self.some()

    async def some(self) -> bool:
        """Wait until at least one poll under way has ended; False where there is none."""
        if self._running:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            return True
        return False

    async def stop(self, within: timedelta) -> None:
        """Let the polls under way end, and cancel what is left after `within`; what was not applied is polled again."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=within.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _poll(self, feed: Feed, state: FeedState, host: HostState) -> None:
        try:
            fetched = await self._desk.source.fetch(feed, state, self._desk.clock.now())
            now = self._desk.clock.now()
            self._note_network(host, reached=True, now=now)
            await self._store(feed, state, host, fetched, now)
        except TransientError as error:
            await self._fail(feed, state, host, error)
        except PermanentError as error:
            await self._fail(feed, state, host, error)
        except Exception as error:  # one feed's surprise must not stop the others
            log.exception("a poll broke", feed=feed.id)
            await self._fail(feed, state, host, PermanentError(f"internal error: {type(error).__name__}"))

    async def _store(self, feed: Feed, state: FeedState, host: HostState, fetched: Fetched, now: datetime) -> None:
        after = after_success(feed, state, fetched, self._desk.policy, now)
        rested = rest(host, self._desk.policy, now)
        if state.failures:
            log.info("feed recovered", feed=feed.id, after=state.failures)
        if fetched.document is None:
            await self._apply(Plan(after, rested))
            return
        await self._tell(feed, after, rested, fetched.document, now)

    async def _tell(self, feed: Feed, state: FeedState, host: HostState, document: Document, now: datetime) -> None:
        desk = self._desk
        identities = identify(feed.id, document.entries, now)
        memory = await desk.store.recall(feed.id, identities)
        news = sort_news(feed, document, identities, memory, seeded=state.seeded_at is not None, now=now)
        news = await self._guess_languages(news, worth_matching(news, state, desk.telling, now))
        reading = read(feed, worth_matching(news, state, desk.telling, now), desk.rules(), now)
        # What is counted is counted one poll after the other: thirty that all see one country would each in turn be
        # overtaken by the others. Another process may still be faster.
        async with self._counting if reading.question.lookouts else contextlib.nullcontext():
            await self._decide(Polled(feed, state, host, news), reading, now)

    async def _decide(self, polled: Polled, reading: Reading, now: datetime) -> None:
        desk = self._desk
        for _ in range(_TELLINGS):
            answer = await desk.store.answer(reading.question)
            plan = tell(polled, reading, answer, desk.telling, now)
            try:
                await self._apply(plan)
            except Conflict:
                continue
            told = {"new": len(plan.entries), "matches": len(plan.matches), "alerts": len(plan.alerts)}
            log.debug("polled", feed=polled.feed.id, **told)
            return
        raise TransientError("its stories kept changing under it")

    async def _guess_languages(self, news: News, entries: Sequence[Entry]) -> News:
        """Guess the language of entries that rules run on where nothing says it; one feed's at a time, in a thread."""
        silent = unspoken(entries)
        if not silent:
            return news
        guess = self._desk.guess
        async with self._guessing:
            guessed = await asyncio.to_thread(lambda: {e.id: guess(e.title, e.summary) for e in silent})
        return with_languages(news, guessed)

    async def _apply(self, plan: Plan) -> None:
        await self._desk.store.apply(plan)
        if plan.deliveries:
            self._desk.on_alerts()

    async def _fail(
        self, feed: Feed, state: FeedState, host: HostState, error: TransientError | PermanentError
    ) -> None:
        now, policy = self._desk.clock.now(), self._desk.policy
        lost = isinstance(error, TransientError) and error.unreachable
        self._note_network(host, reached=not lost, now=now)
        after = after_failure(feed, state, error, policy, now)
        if lost and self._network.down:  # our own network: nobody else's counters move
            after = replace(state, next_poll_at=now + _PROBE, polled_at=now)
        elif not state.failures:
            log.warning("feed fails", feed=feed.id, reason=str(error), next_poll_at=f"{after.next_poll_at:%H:%M}")
        try:
            await self._desk.store.apply(Plan(after, refused(host, error, policy, now)))
        except TransientError as trouble:  # the lease runs out, then the feed is polled again
            log.error("store refused a plan", feed=feed.id, reason=str(trouble))

    def _note_network(self, host: HostState, *, reached: bool, now: datetime) -> None:
        change = self._network.note(host.host, reached=reached, now=now)
        if change == "down":
            log.warning("no internet: most hosts can't be reached; polling goes on, feeds are not blamed")
        elif change == "back":
            log.info("the network is back")


def declared(feeds: Sequence[Feed]) -> list[tuple[Feed, str]]:
    """Return each feed with the host that its requests are counted under."""
    return [(feed, host_of(feed.url)) for feed in feeds]
