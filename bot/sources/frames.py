"""What goes through the pipes between the service and its parser processes: a head in JSON, and bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.model import Document, EntryData

SIZE = 8  # bytes of the two lengths before each frame: the head's and the body's


@dataclass(frozen=True, slots=True)
class Job:
    """A body to parse; `whole`: its length was declared, so that a missing end is an error."""

    body: bytes
    url: str
    content_type: str
    whole: bool


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Return a frame."""
    written = json.dumps(head).encode()
    return len(written).to_bytes(SIZE, "big") + len(body).to_bytes(SIZE, "big") + written + body


def lengths(start: bytes) -> tuple[int, int]:
    """Return the lengths of head and body that a frame's first 2 * SIZE bytes tell."""
    return int.from_bytes(start[:SIZE], "big"), int.from_bytes(start[SIZE:], "big")


def pack_job(job: Job, cpu: int) -> bytes:
    """Return the frame that asks for a job to be done within `cpu` seconds."""
    head = {"url": job.url, "content_type": job.content_type, "whole": job.whole, "cpu": cpu}
    return pack(head, job.body)


def pack_document(document: Document) -> bytes:
    """Return a document as bytes."""
    rows = [
        (e.guid, e.link, e.title, e.summary, e.published_at and e.published_at.isoformat(), e.language)
        for e in document.entries
    ]
    return json.dumps((document.title, document.language, document.parser, rows)).encode()


def unpack_document(data: bytes) -> Document:
    """Return the document that `pack_document` packed."""
    title, language, parser, rows = json.loads(data)
    entries = tuple(
        EntryData(guid, link, name, summary, datetime.fromisoformat(at) if at else None, spoken)
        for guid, link, name, summary, at, spoken in rows
    )
    return Document(title, language, entries, parser)
