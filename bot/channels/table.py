"""The kinds of channel. To add one: a module, a line here, a sample in the contract suite."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels.console import KIND as CONSOLE
from bot.channels.kind import ChannelKind
from bot.channels.telegram import KIND as TELEGRAM

CHANNELS: Mapping[str, ChannelKind] = {
    "console": CONSOLE,
    "telegram": TELEGRAM,
}
