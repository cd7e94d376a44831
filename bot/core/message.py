"""The nouns of a rendered message: lines of parts, each with what it is, not how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model import Detail, Level


class Style(StrEnum):
    """What a part of a line is; every channel shows it in its own way."""

    PLAIN = "plain"
    STRONG = "strong"
    MATCHED = "matched"
    LABEL = "label"
    REF = "ref"


class Role(StrEnum):
    """What a line is for."""

    TOPIC = "topic"
    HEADLINE = "headline"
    BYLINE = "byline"
    SUMMARY = "summary"
    TALLY = "tally"
    COUNTED = "counted"
    REASON = "reason"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Part:
    """A run of plain text in one style; `link` is a safe web address that it leads to."""

    text: str
    style: Style = Style.PLAIN
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a message."""

    role: Role
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What to say: `link` belongs to the headline, `level` None marks a notice to the operator.

    All texts are plain and on one line each, safe to show once the channel has escaped its own markup.
    """

    lines: tuple[Line, ...]
    detail: Detail
    level: Level | None = None
    link: str | None = None
