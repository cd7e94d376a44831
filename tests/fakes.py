"""Doubles that satisfy the ports by shape."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from bot.model import Delivery, Document, Feed, FeedState, Fetched, Meaning, Outcome, Validators
from tests.values import NOW


@dataclass
class HandClock:
    """A clock that stands still until a test moves it."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class ScriptedSource:
    """Gives each feed's prepared answers in turn: a Document, an exception, or None for 304; the last one stays."""

    answers: dict[str, list[Document | Exception | None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    states: list[FeedState] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def fetch(self, feed: Feed, state: FeedState, now: datetime) -> Fetched:
        self.asked.append(feed.id)
        self.states.append(state)
        if self.gate is not None:
            await self.gate.wait()
        script = self.answers[feed.id]
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        status = 304 if answer is None else 200
        return Fetched(Validators('"v"', None, now), feed.url, f"hash-{len(self.asked)}", answer, status)


@dataclass
class RecordingChannel:
    """Keeps what it was given; answers with the prepared outcomes, then with SENT."""

    outcomes: deque[Outcome | Exception] = field(default_factory=deque)
    sent: list[Delivery] = field(default_factory=list)
    gate: asyncio.Event | None = None
    closed: bool = False

    async def send(self, delivery: Delivery) -> Outcome:
        self.sent.append(delivery)
        if self.gate is not None:
            await self.gate.wait()
        outcome = self.outcomes.popleft() if self.outcomes else Outcome(Meaning.SENT, message_id=str(len(self.sent)))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def close(self) -> None:
        self.closed = True
