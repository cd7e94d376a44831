"""Where alerts go: every kind of channel stands in CHANNELS."""

from bot.channels.kind import ChannelKind, OpenContext
from bot.channels.table import CHANNELS

__all__ = ["CHANNELS", "ChannelKind", "OpenContext"]
