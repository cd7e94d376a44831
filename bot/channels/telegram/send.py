"""Sends a delivery to a chat and says what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.channels.kind import ChannelKind, OpenContext
from bot.channels.telegram.connection import Connection, answered
from bot.channels.telegram.errors import outcome_of
from bot.channels.telegram.markup import plain_text, rich_text
from bot.channels.telegram.options import TelegramOptions, is_connected, pace_of
from bot.core.message import Message
from bot.core.render import render
from bot.model import Delivery, Detail, Meaning, Outcome

HOW_TO_CONNECT = (
    "To get alerts in Telegram, put a bot's token into TELEGRAM_TOKEN and a chat's id into TELEGRAM_CHAT"
    " (README.md, Connect Telegram: four steps)."
)

_TOTAL = 100.0  # seconds; httpx bounds each step of a request, not their sum


class TelegramChannel:
    """One chat of one bot."""

    def __init__(self, channel_id: str, options: TelegramOptions, connection: Connection, context: OpenContext) -> None:
        """Join the bot's connection."""
        self._channel_id = channel_id
        self._options = options
        self._connection = connection
        self._context = context
        connection.join(channel_id)

    async def send(self, delivery: Delivery) -> Outcome:
        """Send the delivery once; what goes wrong is an Outcome as the table in errors.py says."""
        message = render(delivery, self._context.timezone, self._context.clock.now())
        answered.set(None)
        try:
            async with asyncio.timeout(_TOTAL):
                sent = await self._connection.bot.send_message(
                    chat_id=delivery.target.address or self._options.chat or "",
                    message_thread_id=None if delivery.without_thread else self._options.topic,
                    **_body(message),
                )
        except (TelegramError, ValueError, TypeError, LookupError, AttributeError, TimeoutError) as error:
            return outcome_of(error, answered.get())
        return Outcome(Meaning.SENT, message_id=str(sent.message_id))

    async def close(self) -> None:
        """Leave the bot's connection; idempotent."""
        await self._connection.leave(self._channel_id)


def open_telegram(settings: Mapping[str, TelegramOptions], context: OpenContext) -> Mapping[str, TelegramChannel]:
    """Open the connected channels among these, one connection per token; nothing is asked of Telegram."""
    connections: dict[str, Connection] = {}
    channels: dict[str, TelegramChannel] = {}
    for channel_id, options in settings.items():
        if options.token is None or options.chat is None:
            continue
        token = options.token.get_secret_value()
        if token not in connections:
            connections[token] = Connection(token, context.telegram_base_url)
        channels[channel_id] = TelegramChannel(channel_id, options, connections[token], context)
    return channels


def _body(message: Message) -> dict[str, Any]:
    """Return the text and how it is to be read; only a message that may be rich asks for a preview of its article."""
    if message.detail is not Detail.RICH:
        return {"text": plain_text(message), "link_preview_options": LinkPreviewOptions(is_disabled=True)}
    preview = LinkPreviewOptions(url=message.link) if message.link else LinkPreviewOptions(is_disabled=True)
    return {"text": rich_text(message), "parse_mode": ParseMode.HTML, "link_preview_options": preview}


KIND = ChannelKind(
    options=TelegramOptions,
    open=open_telegram,
    pace=pace_of,
    address=lambda options: options.chat or "",
    connected=is_connected,
    how_to_connect=HOW_TO_CONNECT,
)
