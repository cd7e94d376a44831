"""What a kind of channel is to the program: its options, its pace, and how to open it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from bot.model import Pace
from bot.ports import Channel, Clock

Open = Callable[[Mapping[str, Any], "OpenContext"], Mapping[str, Channel]]


@dataclass(frozen=True, slots=True)
class OpenContext:
    """What channels need from the program; `environ` decides about colour (NO_COLOR, TERM)."""

    timezone: ZoneInfo
    clock: Clock
    console: TextIO
    environ: Mapping[str, str]
    telegram_base_url: str = "https://api.telegram.org"


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """A kind of channel.

    `open` takes the options of all connected channels of the kind by channel id, so that those with one account share
    their connections, and does no I/O. `address` is where a delivery goes that names no other. `connected` False means
    that the options lack an account; `how_to_connect` is the line that tells how to give one. `prints_earlier`: the
    first poll of an empty store may show here what the last day would have raised.
    """

    options: type[BaseModel]
    open: Open
    pace: Callable[[Any], Pace]
    address: Callable[[Any], str]
    connected: Callable[[Any], bool]
    how_to_connect: str = ""
    prints_earlier: bool = False
