"""Reads a feed's document with the fast parser, and tells where it must not be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import fastfeedparser

from bot.model import Document, EntryData
from bot.sources import dates, texts
from bot.sources.jsonfeed import parse_json_feed
from bot.sources.prepare import Prepared
from bot.sources.scan import Scan, ScannedEntry, inspect


def parse_quickly(prepared: Prepared, url: str, patience: int) -> Document | None:
    """Return the document, or None where only the reference parser can tell. Raises TransientError: it is no feed.

    None means: not well-formed, another count of entries than our own pass has, none, an empty title, markup inside
    of a title, or more than `patience` dates to guess at, up to a millisecond each.
    """
    if prepared.is_json:
        return parse_json_feed(prepared.data, url)
    data, scanned = inspect(prepared.data, url)
    if scanned is None or not scanned.plain or not scanned.entries or scanned.guesses > patience:
        return None
    try:
        # Bytes only: it fetches a str that looks like an address, past the guard.
        read = fastfeedparser.parse(data, include_tags=False, include_media=False, include_enclosures=False)
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError):  # it raises what its insides raise
        return None
    entries = read.get("entries", ())
    if len(entries) != len(scanned.entries) or not all(entry.get("title") for entry in entries):
        return None
    return _document(read, scanned)


def _document(read: Mapping[str, Any], scanned: Scan) -> Document:
    head = read.get("feed", {})
    return Document(
        title=texts.text(head.get("title"), texts.TITLE),
        language=scanned.language,
        entries=tuple(_entry(*pair) for pair in zip(read["entries"], scanned.entries, strict=True)),
        parser="fastfeedparser",
    )


def _entry(entry: Mapping[str, Any], own: ScannedEntry) -> EntryData:
    return EntryData(
        guid=own.guid,
        link=own.link,
        title=texts.text(entry.get("title"), texts.TITLE),
        summary=texts.text(_summary(entry, own), texts.SUMMARY),
        published_at=_published_at(entry) if own.dated else None,
        language=own.language,
    )


def _summary(entry: Mapping[str, Any], own: ScannedEntry) -> object:
    """Return the summary; without one, the content itself, of which fastfeedparser would give 512 characters."""
    if own.summarised:
        return entry.get("description")
    content: Any = entry.get("content") or ({},)
    return content[0].get("value") or entry.get("description")


def _published_at(entry: Mapping[str, Any]) -> datetime | None:
    return dates.from_iso(entry.get("published"))
