"""What config.yaml may say of a Telegram channel."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, WithJsonSchema

from bot.model import Pace

_CHAT = re.compile(r"-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31}")
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


def _chat(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _known_chat(value: str) -> str:
    if not _CHAT.fullmatch(value.strip()):
        raise ValueError("a chat is a number such as -1001234567890, or @name for a public channel")
    return value.strip()


def _token(value: SecretStr) -> SecretStr:
    # The value itself is never repeated: it may be a real token with one wrong sign.
    if not _TOKEN.fullmatch(value.get_secret_value().strip()):
        raise ValueError("this is no bot token; BotFather gives one such as 123456:ABC")
    return SecretStr(value.get_secret_value().strip())


Token = Annotated[SecretStr, AfterValidator(_token)]
Chat = Annotated[
    str,
    BeforeValidator(_chat),
    AfterValidator(_known_chat),
    WithJsonSchema({"type": ["string", "integer"], "pattern": rf"^\s*(?:{_CHAT.pattern})\s*$"}),
]


class TelegramOptions(BaseModel):
    """The options of a Telegram channel.

    Without `token` or `chat` the channel is not connected. The pace is Telegram's own limits with a margin: one message
    a second in a chat, 20 a minute in a group or channel, 30 a second for a bot.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    token: Token | None = Field(None, description="The bot's token, from @BotFather.")
    chat: Chat | None = Field(
        None,
        description="The chat: a number (groups and channels begin with a minus), or the name of a public channel.",
    )
    topic: Annotated[int, Field(ge=1)] | None = Field(
        None, description="The topic of a group with topics: the number in the topic's link."
    )
    gap: float = Field(1.05, ge=0, le=3600, description="Seconds between two messages to the chat.")
    per_minute: int = Field(18, ge=1, description="Messages in any minute to a group or channel.")
    per_second: float = Field(25, gt=0, description="Messages a second over all chats of one bot.")


def pace_of(options: TelegramOptions) -> Pace:
    """Return the pace; channels with one token share a pool, whose name doesn't tell the token."""
    secret = options.token.get_secret_value() if options.token else ""
    pool = f"telegram-{hashlib.sha256(secret.encode()).hexdigest()[:12]}"
    return Pace(pool, timedelta(seconds=options.gap), options.per_minute, options.per_second)


def is_connected(options: TelegramOptions) -> bool:
    """Return whether there is a bot and a chat to send to."""
    return options.token is not None and options.chat is not None
