"""Reads a feed's document with feedparser: slower by far, and the reference where a document is odd or broken.

It has patterns that take minutes on hostile input: call it only in a process that may be killed.
"""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from bot.errors import TransientError
from bot.model import Document, EntryData
from bot.sources import dates, texts
from bot.sources.prepare import Prepared
from bot.sources.scan import Scan, ScannedEntry, inspect

_LONGEST_PERSON = 1_000
_PERSON = re.compile(
    rb"<((?:[\w.-]{1,40}:)?(?:author|creator|contributor|publisher|owner|managingEditor|webMaster))\b[^<>]{0,500}>",
    re.IGNORECASE,
)


def parse_by_reference(prepared: Prepared, url: str) -> Document:
    """Return the document that came from `url`. Raises TransientError where it is no feed."""
    data, scanned = inspect(prepared.data, url)
    read = feedparser.parse(
        io.BytesIO(without_long_persons(data)),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not read.entries and not read.version:
        raise TransientError("no feed: no parser finds one in it")
    paired = _pair(read.entries, scanned)
    language = scanned.language if scanned else texts.language(read.feed.get("language"))
    return Document(
        title=texts.text(read.feed.get("title"), texts.TITLE),
        language=language,
        entries=tuple(_entry(entry, own, language, url) for entry, own in paired),
        parser="feedparser",
    )


def without_long_persons(data: bytes) -> bytes:
    """Take out authors and the like that no person's name fills: feedparser's search for a mail address is quadratic.

    One that is never closed takes the rest of the document with it.
    """
    kept, start, never_closed = [], 0, set()
    while person := _PERSON.search(data, start):
        name = person[1]
        end = -1 if name in never_closed else data.find(b"</" + name, person.end())
        if end < 0:
            never_closed.add(name)
            end = len(data) if len(data) - person.end() > _LONGEST_PERSON else person.end()
        kept.append(data[start : person.end()])
        start = end if end - person.end() > _LONGEST_PERSON else person.end()
    return b"".join([*kept, data[start:]])


def _pair(entries: list[Any], scanned: Scan | None) -> list[tuple[Any, ScannedEntry | None]]:
    """Return each entry with what our own pass says of it, None where the two don't see the same entries."""
    if scanned is None or len(scanned.entries) != len(entries):
        return [(entry, None) for entry in entries]
    return list(zip(entries, scanned.entries, strict=True))


def _entry(entry: Mapping[str, Any], own: ScannedEntry | None, language: str | None, url: str) -> EntryData:
    spoken = texts.language(entry.get("title_detail", {}).get("language"))
    return EntryData(
        guid=own.guid if own else texts.guid(entry.get("id")),
        link=own.link if own else texts.link(entry.get("link"), url),
        title=texts.text(entry.get("title"), texts.TITLE),
        summary=texts.text(_summary(entry), texts.SUMMARY),
        published_at=_published_at(entry),
        language=own.language if own else (spoken if spoken != language else None),
    )


def _summary(entry: Mapping[str, Any]) -> object:
    if summary := entry.get("summary"):
        return summary
    content: Any = entry.get("content") or ({},)
    return content[0].get("value")


def _published_at(entry: Mapping[str, Any]) -> datetime | None:
    for name in ("published", "updated", "created"):
        moment = entry.get(f"{name}_parsed") if f"{name}_parsed" in entry else None
        if moment is not None and dates.is_date(str(entry.get(name))):
            try:
                return datetime.fromtimestamp(timegm(moment), UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None
