"""The kinds of channel. To add one: a module, a line here, a sample in the contract suite."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels import console, telegram
from bot.channels.kind import ChannelKind

CHANNELS: Mapping[str, ChannelKind] = {
    "console": console.KIND,
    "telegram": telegram.KIND,
}
