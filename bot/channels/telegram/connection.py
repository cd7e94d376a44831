"""One bot's connections to the Bot API, shared by all channels with its token."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from telegram import Bot
from telegram.request import HTTPXRequest

# The status of the last HTTP answer in the current task: what tells a message that was taken, and whose answer nobody
# could read, from one that never left.
answered: ContextVar[int | None] = ContextVar("answered", default=None)

# A channel edit can take Telegram 6 s; the library's own 5 s would make such a send ambiguous.
_READ = 30.0
_CONNECT = 10.0
_WRITE = 20.0
_POOL = 30.0
_AT_ONCE = 64
_TOKEN_TELLERS = ("httpx", "httpcore", "telegram")  # below WARNING they log addresses, which hold the token


class WatchedRequest(HTTPXRequest):
    """Requests whose last status can be asked for; see `answered`."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make the request and note its status."""
        code, payload = await super().do_request(*args, **kwargs)
        answered.set(code)
        return code, payload


class Connection:
    """A bot that makes no request of its own: Telegram may be down when it is opened.

    Closed when the last of its channels leaves.
    """

    def __init__(self, token: str, base_url: str, new_request: Callable[[int], HTTPXRequest] | None = None) -> None:
        """Prepare the bot; `base_url` is without the `/bot` that the Bot API puts before the token.

        `new_request` makes the transport for so many calls at once; there are two, so that polling never takes a
        connection from sending.
        """
        for name in _TOKEN_TELLERS:
            logging.getLogger(name).setLevel(logging.WARNING)
        os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's switch for waits as timedelta, without a warning
        new = new_request or watched_request
        sending, polling = self._requests = (new(_AT_ONCE), new(1))
        self.bot = Bot(token, f"{base_url.rstrip('/')}/bot", request=sending, get_updates_request=polling)
        self._channels: set[str] = set()

    def join(self, channel_id: str) -> None:
        """Count the channel as a user of the connection."""
        self._channels.add(channel_id)

    async def leave(self, channel_id: str) -> None:
        """Close the connections where this channel was the last; idempotent."""
        self._channels.discard(channel_id)
        if not self._channels:
            for request in self._requests:
                await request.shutdown()


def watched_request(size: int) -> WatchedRequest:
    """Return a transport for `size` calls at once."""
    return WatchedRequest(
        connection_pool_size=size,
        read_timeout=_READ,
        connect_timeout=_CONNECT,
        write_timeout=_WRITE,
        pool_timeout=_POOL,
    )
