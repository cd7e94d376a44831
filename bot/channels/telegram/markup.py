"""Writes a message in the HTML that Telegram reads, or as plain text.

The parts are cut already; here they are only escaped, so markup is never cut.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import pairwise

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
        text = quiet("".join(part.text for part in line.parts))
        rows.append(f"{_mark(message)} {text}" if line.role is Role.TOPIC else text)
        if line.role is Role.HEADLINE and message.link:
            rows.append(message.link)
    return "\n".join(rows)


def quiet(text: str, before: str = "", after: str = "") -> str:
    """Return the text without live mentions, commands and hashtags; it looks the same.

    `before` and `after` are the signs that stand around it, which may make a call of its ends.
    """
    calls = [call.end() - len(before) for call in _CALL.finditer(f"{before}{text}{after}")]
    ends = [0, *(end for end in calls if 0 < end <= len(text)), len(text)]
    return _WORD_JOINER.join(text[start:end] for start, end in pairwise(ends))


def _rich_line(line: Line, message: Message) -> str:
    texts = _quiet_parts([part.text for part in line.parts])
    text = "".join(_rich_part(part, text) for part, text in zip(line.parts, texts, strict=True))
    if line.role is Role.TOPIC:
        return f"{_mark(message)} {text}"
    if line.role is Role.HEADLINE and message.link:
        return f'<a href="{html.escape(message.link)}">{text}</a>'
    if line.role is Role.SUMMARY:
        return f"<blockquote expandable>{text}</blockquote>"
    return text


def _quiet_parts(texts: Sequence[str]) -> list[str]:
    """Return the texts without live calls, those that begin in one and go on in the next among them."""
    after, before = [*texts[1:], ""], ["", *texts[:-1]]
    return [quiet(text, last[-1:], following[:1]) for last, text, following in zip(before, texts, after, strict=True)]


def _rich_part(part: Part, quiet_text: str) -> str:
    text, tag = html.escape(quiet_text), _TAGS.get(part.style)
    marked = f"<{tag}>{text}</{tag}>" if tag and text else text
    return f'<a href="{html.escape(part.link)}">{marked}</a>' if part.link and text else marked


def _mark(message: Message) -> str:
    return MARKS[message.level] if message.level else OPERATOR
