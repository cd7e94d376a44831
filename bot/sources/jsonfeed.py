"""Reads JSON Feed 1 and 1.1."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.errors import TransientError
from bot.model import Document, EntryData
from bot.sources import dates, texts


def parse_json_feed(data: bytes, url: str) -> Document:
    """Return the document in a JSON Feed whose links are relative to `url`. Raises TransientError where it is none."""
    try:
        root = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise TransientError("broken JSON") from error
    items = root.get("items") if isinstance(root, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(root.get("version"))[:100]:
        raise TransientError("no feed: JSON that is no JSON Feed")
    entries = tuple(_entry(item, url) for item in items if isinstance(item, dict))
    return Document(texts.text(root.get("title"), texts.TITLE), texts.language(root.get("language")), entries, "json")


def _entry(item: Mapping[str, object], url: str) -> EntryData:
    number = item.get("id")  # a number in feeds of version 1
    name = str(number) if isinstance(number, int | float) and not isinstance(number, bool) else number
    return EntryData(
        guid=texts.guid(name),
        link=texts.link(item.get("url") or item.get("external_url"), url),
        title=texts.text(item.get("title"), texts.TITLE),
        summary=texts.text(item.get("summary") or item.get("content_html") or item.get("content_text"), texts.SUMMARY),
        published_at=dates.from_iso(item.get("date_published") or item.get("date_modified")),
        language=texts.language(item.get("language")),
    )
