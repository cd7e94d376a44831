"""Finds the feed in a body: UTF-8 from the root element on, or what else the body is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import TransientError
from bot.sources.charset import to_utf8

_HEAD = 65_536  # how far into a document its root may begin
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
# The root's name is caught as it is written, for its end tag. A comment is stepped over: it may quote anything.
_START = re.compile(
    rb"<!--.*?(?:-->|\Z)"
    rb"|<(?:(?P<page>(?:!doctype\s+html|html|head|body)\b)|(?P<root>(?:[\w.-]{1,40}:)?(?:rss|feed|rdf))[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_FIRST_TAG = re.compile(rb"<([A-Za-z][\w.:-]{0,40})")
_ITEM_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready for the parsers.

    `cut_off`: its end is missing; what stands behind its last whole entry is gone.
    """

    data: bytes
    is_json: bool = False
    cut_off: bool = False


def prepare(body: bytes, content_type: str = "", *, whole: bool = False) -> Prepared:
    """Return the document in a body. Raises TransientError where it is empty, a web page, or no feed.

    `whole`: as many bytes came as the server promised, so that a missing end is an error too.

    Whatever stands before the root goes: BOM, spaces, warnings of a broken server, and the DOCTYPE, so that no parser
    ever sees the entities and files that it declares.
    """
    data = to_utf8(body, content_type).strip()
    if not data:
        raise TransientError("the reply is empty")
    if data.startswith(b"{"):
        return Prepared(data, is_json=True)
    start = next((m for m in _START.finditer(data[:_HEAD]) if m["page"] or m["root"]), None)
    if start is None:
        raise TransientError(f"no feed: {_seen(data)}")
    if start["page"]:
        raise TransientError("an HTML page came instead of a feed")
    root, data = start["root"], data[start.start() :]
    if b"</" + root in data or data[: data.find(b">") + 1].endswith(b"/>"):
        return Prepared(_DECLARATION + data)
    if whole:
        raise TransientError("the document's end is missing")
    return Prepared(_DECLARATION + _whole_entries(data, root), cut_off=True)


def _whole_entries(data: bytes, root: bytes) -> bytes:
    """Return a cut-off document up to its last whole entry, closed again; as it is where it has none."""
    ends = [match.end() for match in _ITEM_END.finditer(data)]
    if not ends:
        return data
    inner = b"</channel>" if root.lower() == b"rss" else b""
    return data[: ends[-1]] + inner + b"</" + root + b">"


def _seen(data: bytes) -> str:
    tag = _FIRST_TAG.search(data[:_HEAD])
    return f"the document begins with <{tag[1].decode()}>" if tag else "the reply is neither XML nor JSON"
