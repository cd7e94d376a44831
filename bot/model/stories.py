"""Entries that fired become matches, stories and alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.rules import Evidence, Level


@dataclass(frozen=True, slots=True)
class Story:
    """One event; `keys` are the identities (canonical links, item ids) whose entries belong to it."""

    id: str
    version: int
    keys: frozenset[str]
    opened_at: datetime
    entry_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """A story that a correlation rule counted: its first headline, who told it, and which rules fired on it."""

    title: str
    link: str | None
    sources: tuple[str, ...]
    rules: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertContent:
    """What an alert tells, structured; every channel renders it in its own way.

    `topic` is plain text; title and summary are as the feed gave them. `earlier` marks what a first run looks back at.
    Of a correlation rule `counted` are the other stories, oldest first, and `tally` says how many of what.
    """

    topic: str
    title: str
    link: str | None
    summary: str
    source: str
    language: str | None
    published_at: datetime | None
    seen_at: datetime
    tags: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    earlier: bool = False
    counted: tuple[Counted, ...] = ()
    tally: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule told of a story. `ref` is the short reference that people quote."""

    id: str
    ref: str
    rule_id: str
    story_id: str
    level: Level
    raised_at: datetime
    content: AlertContent
