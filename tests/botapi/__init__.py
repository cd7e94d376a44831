"""A strict double of Telegram's Bot API on loopback, with a transcript and faults on demand."""

from tests.botapi.faults import (
    Fault,
    drop_after,
    drop_before,
    flood,
    garbled,
    refuse,
    slow,
)
from tests.botapi.methods import TOKEN, Chat, World
from tests.botapi.server import BotApi

__all__ = [
    "TOKEN",
    "BotApi",
    "Chat",
    "Fault",
    "World",
    "drop_after",
    "drop_before",
    "flood",
    "garbled",
    "refuse",
    "slow",
]
