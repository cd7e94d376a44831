"""Writes a message in the HTML that Telegram reads, or as plain text.

The parts are cut already; here they are only escaped, so markup is never cut.
"""

from __future__ import annotations

import html
import re

from bot.core.message import Line, Message, Part, Role, Style
from bot.model import Level

MARKS = {Level.FLASH: "🔴", Level.URGENT: "🟠", Level.NOTICE: "🔵", Level.INFO: "⚪"}
OPERATOR = "🔧"
_TAGS = {Style.STRONG: "b", Style.MATCHED: "u", Style.LABEL: "i", Style.REF: "code"}
# A word joiner after the sign: nobody is notified, no command is sent at a touch, no channel gets a foreign hashtag.
_CALL = re.compile(r"[@#](?=\w)|(?<!\w)/(?=\w)")
_WORD_JOINER = "\u2060"


def rich_text(message: Message) -> str:
    """Return the message as Telegram HTML; the headline carries the link."""
    return "\n".join(_rich_line(line, message) for line in message.lines)


def plain_text(message: Message) -> str:
    """Return the message without markup; the link stands on its own line."""
    rows: list[str] = []
    for line in message.lines:
        text = "".join(quiet(part.text) for part in line.parts)
        rows.append(f"{_mark(message)} {text}" if line.role is Role.TOPIC else text)
        if line.role is Role.HEADLINE and message.link:
            rows.append(message.link)
    return "\n".join(rows)


def quiet(text: str) -> str:
    """Return the text without live mentions, commands and hashtags; it looks the same."""
    return _CALL.sub(lambda call: call[0] + _WORD_JOINER, text)


def _rich_line(line: Line, message: Message) -> str:
    text = "".join(_rich_part(part) for part in line.parts)
    if line.role is Role.TOPIC:
        return f"{_mark(message)} {text}"
    if line.role is Role.HEADLINE and message.link:
        return f'<a href="{html.escape(message.link)}">{text}</a>'
    if line.role is Role.SUMMARY:
        return f"<blockquote expandable>{text}</blockquote>"
    return text


def _rich_part(part: Part) -> str:
    text, tag = html.escape(quiet(part.text)), _TAGS.get(part.style)
    return f"<{tag}>{text}</{tag}>" if tag and text else text


def _mark(message: Message) -> str:
    return MARKS[message.level] if message.level else OPERATOR
