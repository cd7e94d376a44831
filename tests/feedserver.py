"""A feed server on loopback for tests: scripted, able to be hostile, and it remembers what it was asked.

    async with FeedServer() as server:
        server.routes["/rss"] = Reply(rss("Troops march"))
        server.routes["/busy"] = [Reply(b"", 503), Reply(rss("Troops march"))]   # one after the other, the last stays
        feed_url = server.url("/rss")
        ...
        assert server.requests[0].header("if-none-match") is None

A route is a Reply, raw bytes, a list of them, or an async function of (Request, Connection). Nothing sleeps.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from html import escape

REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found"}


@dataclass(frozen=True)
class Request:
    """What the server was asked. Header names are kept as they came, values byte by byte."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        """Return the first header of this name in any case, None where it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Connection:
    """The server's end of one connection, for handlers that do more than reply."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, data: bytes) -> None:
        """Write, and wait until the client took most of it. Raises ConnectionError where it has gone."""
        self._writer.write(data)
        await self._writer.drain()

    async def hang(self) -> None:
        """Say nothing more until the client gives up."""
        await self._reader.read()

    async def drip(self, data: bytes) -> None:
        """Write byte by byte, as fast as the loop turns, then hang."""
        for n in range(len(data)):
            await self.send(data[n : n + 1])
            await asyncio.sleep(0)
        await self.hang()


Handler = Callable[[Request, Connection], Awaitable[None]]


@dataclass(frozen=True)
class Reply:
    """An ordinary reply; Content-Length is added unless the headers have it or `framed` is False."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/rss+xml"),)
    framed: bool = True

    def raw(self) -> bytes:
        """Return the reply's bytes."""
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Whatever')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.framed and self.status != 304 and "content-length" not in {name.lower() for name, _ in self.headers}:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


Route = Reply | bytes | Handler | list["Reply | bytes | Handler"]


@dataclass
class FeedServer:
    """The server. `host` may be any loopback address (127.x.y.z), so that one test has several hosts."""

    host: str = "127.0.0.1"
    port: int = 0
    routes: dict[str, Route] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> FeedServer:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; `port` 0 becomes the one that the system gave."""
        self._server = await asyncio.start_server(self._accept, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut every connection."""
        if self._server is not None:
            self._server.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    def url(self, path: str = "/") -> str:
        """Return the address of a path on this server."""
        return f"http://{self.host}:{self.port}{path}"

    def count(self, path: str) -> int:
        """Return how often a path was asked for."""
        return sum(1 for request in self.requests if request.path == path)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            try:
                request = _read_request(await reader.readuntil(b"\r\n\r\n"))
                self.requests.append(request)
                route = self._next(request.path)
                connection = Connection(reader, writer)
                if isinstance(route, Reply | bytes):
                    await connection.send(route.raw() if isinstance(route, Reply) else route)
                else:
                    await route(request, connection)
            finally:
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()

    def _next(self, path: str) -> Reply | bytes | Handler:
        route = self.routes.get(path, Reply(b"nothing here", 404))
        if isinstance(route, list):
            return route.pop(0) if len(route) > 1 else route[0]
        return route


class Cached:
    """A route that answers 304 where the client's ETag, or else its date, is the present one; `body` may be changed."""

    def __init__(self, body: bytes, etag: str | None = '"1"', last_modified: str | None = None) -> None:
        self.body, self.etag, self.last_modified = body, etag, last_modified

    async def __call__(self, request: Request, connection: Connection) -> None:
        """Answer one request."""
        pairs = (("ETag", self.etag), ("Last-Modified", self.last_modified))
        headers = tuple((name, value) for name, value in pairs if value)
        asked = request.header("if-none-match") or request.header("if-modified-since")
        fresh = asked is not None and asked in (self.etag, self.last_modified)
        reply = Reply(b"", 304, headers) if fresh else Reply(self.body, 200, (*headers, *Reply().headers))
        await connection.send(reply.raw())


def chunked(chunks: Iterable[bytes], headers: str = "") -> Handler:
    """Return a route that sends these chunks (they may never end) as a chunked reply."""

    async def send(request: Request, connection: Connection) -> None:
        await connection.send(f"HTTP/1.1 200 OK\r\n{headers}Transfer-Encoding: chunked\r\n\r\n".encode())
        for chunk in chunks:
            await connection.send(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            await asyncio.sleep(0)
        await connection.send(b"0\r\n\r\n")

    return send


def dripped(data: bytes) -> Handler:
    """Return a route that sends its raw reply byte by byte and never ends it."""

    async def send(request: Request, connection: Connection) -> None:
        await connection.drip(data)

    return send


def redirect(location: str, status: int = 302) -> Reply:
    """Return a redirect."""
    return Reply(b"", status, (("Location", location),))


def zipped(body: bytes, encoding: str = "gzip") -> Reply:
    """Return a reply whose body is gzip under any Content-Encoding."""
    return Reply(gzip.compress(body, 1), 200, (("Content-Encoding", encoding), *Reply().headers))


def rss(*titles: str, extra: str = "") -> bytes:
    """Return an RSS document with an item for each title; `extra` stands in the channel before them."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>https://herald.example/{n}</link>"
        f"<guid isPermaLink='false'>g-{title}</guid><pubDate>Fri, 01 May 2026 11:00:00 GMT</pubDate></item>"
        for n, title in enumerate(titles)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>The Herald</title>'
        f"{extra}{items}</channel></rss>"
    ).encode()


def _read_request(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    return Request(method, path, headers)
