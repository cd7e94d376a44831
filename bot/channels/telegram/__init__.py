"""The Telegram channel: sends alerts to a chat, group, channel or topic through a bot."""

from bot.channels.telegram.options import TelegramOptions
from bot.channels.telegram.send import KIND

__all__ = ["KIND", "TelegramOptions"]
