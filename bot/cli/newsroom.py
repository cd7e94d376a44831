"""A local newsroom: a real HTTP feed server on loopback that publishes a scripted day."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True, slots=True)
class Piece:
    """A scripted entry; `edited` is (when, new title), None where it is never edited."""

    link: str
    at: datetime
    feeds: tuple[str, ...]
    title: str
    text: str
    edited: tuple[datetime, str] | None = None

    def title_at(self, now: datetime) -> str:
        """Return the headline as it reads at an instant."""
        return self.edited[1] if self.edited and now >= self.edited[0] else self.title


@dataclass(frozen=True, slots=True)
class Stand:
    """A scripted feed; `breaks` is the span in which it serves a broken page."""

    id: str
    name: str
    owner: str
    kind: str
    language: str
    format: str
    breaks: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A scripted day: its feeds and its entries in order of time."""

    start: datetime
    stands: tuple[Stand, ...]
    pieces: tuple[Piece, ...]

    @property
    def ends_at(self) -> datetime:
        """Return when the last entry has been out for an hour."""
        return max(piece.at for piece in self.pieces) + timedelta(hours=1)


def read_day(script: dict[str, Any], midnight: datetime) -> Day:
    """Return the script's day, laid on the day that begins at `midnight`; "-08:40" is that long before midnight."""

    def when(text: str) -> datetime:
        hours, minutes = text.lstrip("-").split(":")
        span = timedelta(hours=int(hours), minutes=int(minutes))
        return midnight - span if text.startswith("-") else midnight + span

    def stand(row: dict[str, Any]) -> Stand:
        breaks = row.pop("breaks", None)
        return Stand(**row, breaks=(when(breaks["from"]), when(breaks["to"])) if breaks else None)

    def piece(number: int, row: dict[str, Any]) -> Piece:
        edit = row.get("edit")
        edited = (when(edit["at"]), edit["title"]) if edit else None
        link = f"https://newsroom.example/{number:03d}"
        return Piece(link, when(row["at"]), tuple(row["in"]), row["title"], row["text"], edited)

    pieces = [piece(n, row) for n, row in enumerate(script["entries"], 1)]
    first = min(p.at for p in pieces if p.at > midnight)
    start = first - timedelta(minutes=90)  # time to open the store in
    return Day(start, tuple(stand(dict(row)) for row in script["feeds"]), tuple(sorted(pieces, key=lambda p: p.at)))


def page(day: Day, stand: Stand, now: datetime) -> tuple[str, bytes]:
    """Return a feed's content type and body at an instant."""
    if stand.breaks and stand.breaks[0] <= now < stand.breaks[1]:
        return "text/html", b"<html><body><h1>Down for maintenance</h1></body></html>"
    pieces = [p for p in reversed(day.pieces) if stand.id in p.feeds and p.at <= now]
    return _FORMATS[stand.format](stand, pieces, now)


def _rss(stand: Stand, pieces: list[Piece], now: datetime) -> tuple[str, bytes]:
    items = "".join(
        f"<item><guid isPermaLink='false'>{stand.id}-{p.link[-3:]}</guid><title>{escape(p.title_at(now))}</title>"
        f"<link>{p.link}?utm_source={stand.id}</link><pubDate>{format_datetime(p.at)}</pubDate>"
        f"<description>{escape(p.text)}</description></item>"
        for p in pieces
    )
    body = f"<rss version='2.0'><channel><title>{escape(stand.name)}</title><link>https://newsroom.example</link>"
    body += f"<description/><language>{stand.language}</language>{items}</channel></rss>"
    return "application/rss+xml", body.encode()


def _atom(stand: Stand, pieces: list[Piece], now: datetime) -> tuple[str, bytes]:
    entries = "".join(
        f"<entry><id>tag:{stand.id},{p.link[-3:]}</id><title>{escape(p.title_at(now))}</title>"
        f"<link href={quoteattr(p.link)}/><updated>{p.at.isoformat()}</updated>"
        f"<published>{p.at.isoformat()}</published><summary>{escape(p.text)}</summary></entry>"
        for p in pieces
    )
    head = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang={quoteattr(stand.language)}>"
    body = f"{head}<id>tag:{stand.id}</id><title>{escape(stand.name)}</title><updated>{now.isoformat()}</updated>"
    return "application/atom+xml", f"{body}{entries}</feed>".encode()


def _json(stand: Stand, pieces: list[Piece], now: datetime) -> tuple[str, bytes]:
    items = [
        {
            "id": f"{stand.id}-{p.link[-3:]}",
            "url": p.link,
            "title": p.title_at(now),
            "summary": p.text,
            "content_text": p.text,
            "date_published": p.at.isoformat(),
        }
        for p in pieces
    ]
    document = {"version": "https://jsonfeed.org/version/1.1", "title": stand.name, "language": stand.language}
    return "application/feed+json", json.dumps(document | {"items": items}).encode()


_FORMATS: dict[str, Callable[[Stand, list[Piece], datetime], tuple[str, bytes]]] = {
    "rss": _rss,
    "atom": _atom,
    "json": _json,
}


@contextmanager
def open_newsroom(day: Day, now: Callable[[], datetime]) -> Iterator[str]:
    """Serve the day's feeds on a free loopback port; yield the address, to which `/<feed id>` is added."""
    stands = {stand.id: stand for stand in day.stands}

    class Handler(BaseHTTPRequestHandler):
        """Answers GET /<feed id>, with an ETag."""

        def do_GET(self) -> None:
            stand = stands.get(self.path.strip("/"))
            if stand is None:
                self.send_error(404)
                return
            kind, body = page(day, stand, now())
            etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
            known = self.headers.get("If-None-Match") == etag
            self.send_response(304 if known else 200)
            self.send_header("ETag", etag)
            if not known:
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if known else body)

        def log_message(self, *args: object) -> None:
            """Keep the terminal for the alerts."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
