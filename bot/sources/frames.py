"""What goes through the pipes between the service and its parser processes: a head in JSON, and bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.model import Document, EntryData

SIZE = 8  # bytes of the two lengths before each frame: the head's and the body's


@dataclass(frozen=True, slots=True)
class Job:
    """A body to parse; `reference` True: fastfeedparser has already given up on it."""

    body: bytes
    url: str
    content_type: str
    reference: bool
    whole: bool  # the reply's length was declared, so that a missing end is an error


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Return a frame."""
    written = json.dumps(head).encode()
    return len(written).to_bytes(SIZE, "big") + len(body).to_bytes(SIZE, "big") + written + body


def lengths(start: bytes) -> tuple[int, int]:
    """Return the lengths of head and body that a frame's first 2 * SIZE bytes tell."""
    return int.from_bytes(start[:SIZE], "big"), int.from_bytes(start[SIZE:], "big")


def pack_job(job: Job, cpu: int) -> bytes:
    """Return the frame that asks for a job to be done within `cpu` seconds."""
    head = {"url": job.url, "content_type": job.content_type, "reference": job.reference, "whole": job.whole}
    return pack({**head, "cpu": cpu}, job.body)


def pack_document(document: Document) -> bytes:
    """Return a document as bytes."""
    return json.dumps(asdict(document), default=datetime.isoformat).encode()


def unpack_document(data: bytes) -> Document:
    """Return the document that `pack_document` packed."""
    read = json.loads(data)
    entries = tuple(
        EntryData(**{**entry, "published_at": _instant(entry["published_at"])}) for entry in read["entries"]
    )
    return Document(**{**read, "entries": entries})


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
