"""What tests of channels start from: a still clock, an open channel, a delivery that says a lot."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telegram.request import HTTPXRequest

from bot.channels import CHANNELS, OpenContext
from bot.channels.telegram import TelegramOptions
from bot.channels.telegram.connection import Connection, WatchedRequest
from bot.channels.telegram.send import TelegramChannel
from bot.model import DeliveryKind, Evidence, Target
from tests.botapi import TOKEN
from tests.values import NOW, alert, delivery

CHAT = "-1001"
TITLE = "North Korea sends more troops to Russia, Seoul says"
SUMMARY = "<p>South Korea&rsquo;s intelligence service said on Friday that a second group had left by ship.</p>"


class StillClock:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


def context(console: Any = None, base_url: str = "http://127.0.0.1:9", **environ: str) -> OpenContext:
    return OpenContext(ZoneInfo("UTC"), StillClock(), console or io.StringIO(), environ, base_url)


def telegram(
    base_url: str, new_request: Callable[[int], HTTPXRequest] | None = None, **options: Any
) -> TelegramChannel:
    """Open one chat; the caller closes it."""
    settings = TelegramOptions(**{"token": TOKEN, "chat": CHAT, **options})
    assert settings.token
    connection = Connection(settings.token.get_secret_value(), base_url, new_request)
    return TelegramChannel("desk", settings, connection, context())


def impatient(size: int) -> HTTPXRequest:
    """A transport that waits 0.1 s for an answer."""
    return WatchedRequest(connection_pool_size=size, read_timeout=0.1)


def evidence(text: str, *words: str, field: str = "title") -> tuple[Evidence, ...]:
    """Evidence for words where they stand in the text."""
    found = [(text.index(word), word) for word in words]
    return tuple(Evidence(field, at, at + len(word), word, word) for at, word in sorted(found))


def telling(**content: Any) -> Any:
    """An alert with everything that a message can show."""
    facts: dict[str, Any] = {
        "title": TITLE,
        "summary": SUMMARY,
        "link": "https://herald.example/a?x=1&y=2",
        "published_at": NOW - timedelta(minutes=12),
        "evidence": evidence(TITLE, "sends", "troops", "Russia"),
    }
    return alert(**{**facts, **content})


def told(alert: Any = None, **changes: Any) -> Any:
    """A delivery of that alert to the chat."""
    return delivery(**{"alert": alert or telling(), "target": Target("desk", CHAT), **changes})


def noticed(text: str, **changes: Any) -> Any:
    """A delivery of a notice to the operator."""
    return replace(told(kind=DeliveryKind.NOTICE, notice=text, **changes), alert=None)


def open_one(kind: str, options: dict[str, Any], opened: OpenContext) -> Any:
    """Open one channel of a kind as the program does."""
    made = CHANNELS[kind]
    return made.open({"desk": made.options(**options)}, opened)["desk"]
