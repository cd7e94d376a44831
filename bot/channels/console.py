"""The console channel: alerts as coloured text on the terminal, or plain in a pipe or file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.channels.kind import ChannelKind, OpenContext
from bot.channels.terminal import Terminal
from bot.core.message import Line, Message, Part, Role, Style
from bot.core.render import render
from bot.model import Delivery, Detail, Level, Outcome, Pace

# SGR codes of the 16 colours that every terminal has.
_LEVELS = {Level.FLASH: "1;37;41", Level.URGENT: "1;31", Level.NOTICE: "1;33", Level.INFO: "1;36"}
_OPERATOR = "1;35"
_LINK = "2;4"
_STYLES = {Style.STRONG: "1", Style.MATCHED: "1;4", Style.LABEL: "3", Style.REF: "2"}
_INDENT = "  "


class ConsoleOptions(BaseModel):
    """The options of a console channel; `auto` colours only a terminal, and not where NO_COLOR is set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    color: Literal["auto", "always", "never"] = Field(
        "auto",
        description="`auto` colours what is shown on a terminal, and nothing where the variable NO_COLOR is set.",
    )


class ConsoleChannel:
    """Prints each delivery in one write."""

    def __init__(self, terminal: Terminal, context: OpenContext, *, coloured: bool) -> None:
        """Print to the terminal with times in the context's zone."""
        self._terminal = terminal
        self._context = context
        self._coloured = coloured

    async def send(self, delivery: Delivery) -> Outcome:
        """Print the delivery once; a closed or full output is an Outcome."""
        message = render(delivery, self._context.timezone, self._context.clock.now())
        coloured = self._coloured and delivery.detail is Detail.RICH
        return self._terminal.write(text_of(message, coloured=coloured))

    async def close(self) -> None:
        """Leave the terminal as it is: it belongs to the program."""


def open_console(settings: Mapping[str, ConsoleOptions], context: OpenContext) -> Mapping[str, ConsoleChannel]:
    """Open the console channels; all write to the context's console."""
    terminal = Terminal(context.console)
    return {
        channel_id: ConsoleChannel(terminal, context, coloured=_coloured(options.color, terminal, context.environ))
        for channel_id, options in settings.items()
    }


def text_of(message: Message, *, coloured: bool) -> str:
    """Return a message as terminal text; without colour the matched words stand between asterisks."""
    level = message.level.name if message.level else "OPERATOR"
    code = _LEVELS[message.level] if message.level else _OPERATOR
    if not any(line.role is Role.TOPIC for line in message.lines):
        message = Message((Line(Role.TOPIC, ()), *message.lines), message.detail, message.level, message.link)
    rows: list[str] = []
    for line in message.lines:
        text = "".join(_inked(part, coloured=coloured) for part in line.parts)
        if line.role is Role.TOPIC:
            rows.append(f"{_ink(f' {level} ' if coloured else level, code, coloured=coloured)} {text}".rstrip())
        elif line.role is not Role.SUMMARY:
            rows.append(_INDENT + text)
        if line.role is Role.HEADLINE and message.link:
            rows.append(_INDENT + _ink(message.link, _LINK, coloured=coloured))
    return "\n".join(rows) + "\n\n"


def _inked(part: Part, *, coloured: bool) -> str:
    if coloured:
        return _ink(part.text, _STYLES.get(part.style, ""), coloured=bool(part.text))
    return f"*{part.text}*" if part.style is Style.MATCHED else part.text


def _ink(text: str, code: str, *, coloured: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if coloured and code else text


def _coloured(color: str, terminal: Terminal, environ: Mapping[str, str]) -> bool:
    if color != "auto":
        return color == "always"
    return terminal.is_a_tty and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def _pace(options: ConsoleOptions) -> Pace:
    return Pace(pool="console")


KIND = ChannelKind(
    options=ConsoleOptions,
    open=open_console,
    pace=_pace,
    address=lambda options: "",
    connected=lambda options: True,
    prints_earlier=True,
)
