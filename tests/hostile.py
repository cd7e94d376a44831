"""Documents and replies made to hurt a feed reader; all invented, each named for what it tries."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

from tests.feedserver import Connection, Handler, Reply, Request, chunked, dripped, rss, zipped

MB = 1_000_000
ITEM = b"<item><title>Troops march</title><link>https://herald.example/1?a=1&amp;b=2</link>%s</item>"


def feed(items: bytes) -> bytes:
    """Return an RSS document around items."""
    return b'<?xml version="1.0"?><rss version="2.0"><channel><title>The Herald</title>' + items + b"</channel></rss>"


def laughs(levels: int = 9) -> bytes:
    """Return the billion laughs: nested entities that stand for 10 ** levels letters, in a title."""
    return _with_entities(_nested(levels), b"<title>&a%d;</title>" % levels)


def laughs_in_attribute(levels: int = 9) -> bytes:
    """Return the billion laughs in an attribute, where parsers expand what they leave alone in text."""
    return _with_entities(_nested(levels), b'<title lang="&a%d;">Troops march</title>' % levels)


def quadratic_entity() -> bytes:
    """Return one long entity, used often."""
    return _with_entities(b'<!ENTITY a "%s">' % (b"x" * 50_000), b"<title>%s</title>" % (b"&a;" * 50_000))


def external_dtd(address: str) -> bytes:
    """Return a document whose DTD and entity lie at an address that no parser may ask."""
    head = f'<!DOCTYPE rss SYSTEM "{address}/dtd" [<!ENTITY leak SYSTEM "{address}/leak">]>'.encode()
    return head + b"<rss><channel><title>x</title><item><title>Troops march &leak;</title></item></channel></rss>"


def many_items(count: int = 50_000) -> bytes:
    """Return a feed of many short items."""
    return feed(
        b"".join(
            b"<item><title>Item %d</title><guid>urn:x:%d</guid><link>https://herald.example/%d</link>"
            b"<pubDate>Fri, 01 May 2026 11:00:00 GMT</pubDate></item>" % (n, n, n)
            for n in range(count)
        )
    )


# What a parser may choke on; every one of them still holds the item "Troops march".
DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "an author of 128 KB": lambda: feed(ITEM % (b"<author>%s</author>" % (b"a" * 131_072))),
    "an author of 128 KB in a feed for the slow parser": lambda: feed(
        ITEM % (b"<author>%s</author>" % (b"a" * 131_072)) + b"<item><title/></item>"
    ),
    "a flood of <!--": lambda: feed(ITEM % b"" + b"<!--" * 50_000),
    "200,000 <": lambda: feed(ITEM % b"" + b"<" * 200_000),
    "nesting 20,000 deep": lambda: feed(ITEM % b"" + b"<a>" * 20_000 + b"</a>" * 20_000),
    "an attribute of 1 MB": lambda: feed(ITEM % (b'<x y="%s"/>' % (b"a" * MB))),
    "dates that are none": lambda: feed(ITEM % b"" + ITEM % (b"<pubDate>%s</pubDate>" % (b"1 " * 100)) * 800),
    "200,000 &": lambda: feed(ITEM % b"" + b"&" * 200_000),
}


def many_attributes(count: int = 60_000) -> bytes:
    """Return an element with so many attributes that no parser ends within seconds."""
    return feed(ITEM % b"<x %s/>" % b" ".join(b'a%d="1"' % n for n in range(count)) + b"<item><title/></item>")


def endless() -> Iterator[bytes]:
    """Yield a document that never ends."""
    yield feed(b"")[:80]
    while True:
        yield ITEM % b"" * 600


# Replies that no bound may be missing for, given the size that the bombs unfold to.
REPLIES: dict[str, Callable[[int], Handler | Reply | bytes]] = {
    "a gzip bomb": lambda size: zipped(b" " * size),
    "a deflate bomb": lambda size: _deflated(zlib.compress(b" " * size, 9)),
    "a gzip bomb without the header": lambda size: Reply(gzip.compress(b" " * size, 9)),
    "gzip upon gzip": lambda size: zipped(gzip.compress(b" " * size, 9), "gzip, gzip"),
    "a brotli bomb": lambda size: Reply(b"\xcb\xff\xff\xff" * 400, headers=(("Content-Encoding", "br"),)),
    "a zstd bomb": lambda size: Reply(b"\x28\xb5\x2f\xfd" * 400, headers=(("Content-Encoding", "zstd"),)),
    "a gzip of many members": lambda size: zipped_raw(gzip.compress(b"") * 5_000),
    "a gzip with padding in tiny chunks": lambda size: chunked_tinily(
        gzip.compress(feed(ITEM % b"")) + b" " * 400_000, "Content-Encoding: gzip\r\n"
    ),
    "an endless body": lambda size: chunked(endless()),
    "an endless body, zipped": lambda size: chunked(_endless_zip(), "Content-Encoding: gzip\r\n"),
    "a body of spaces": lambda size: Reply(b" " * 4 * MB),
    "5 MB of headers": lambda size: b"HTTP/1.1 200 OK\r\n" + b"X-Pad: %s\r\n" % (b"a" * 5 * MB) + b"\r\n",
    "headers without end": lambda size: dripped(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000),
}


def zipped_raw(body: bytes) -> Reply:
    """Return bytes that say of themselves that they are gzip."""
    return Reply(body, headers=(("Content-Encoding", "gzip"),))


def chunked_tinily(body: bytes, headers: str = "") -> bytes:
    """Return a chunked reply whose every chunk is one byte, so that thousands of them come at once."""
    chunks = b"".join(b"1\r\n%c\r\n" % letter for letter in body)
    return f"HTTP/1.1 200 OK\r\n{headers}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\n\r\n"


def silent() -> Handler:
    """Return a route that takes the request and never answers."""

    async def hang(request: Request, connection: Connection) -> None:
        await connection.hang()

    return hang


def stalled() -> Handler:
    """Return a route that stops in the middle of the body."""
    document = rss("Troops march")
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(document)

    async def stall(request: Request, connection: Connection) -> None:
        await connection.send(head + document[:100])
        await connection.hang()

    return stall


def _deflated(body: bytes) -> Reply:
    return Reply(body, headers=(("Content-Encoding", "deflate"),))


def _endless_zip() -> Iterator[bytes]:
    deflater = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    while True:
        yield deflater.compress(b"<item><title>Troops march</title></item>" * 5_000) + deflater.flush(zlib.Z_SYNC_FLUSH)


def _nested(levels: int) -> bytes:
    lines = (b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, levels + 1))
    return b'<!ENTITY a0 "ha">' + b"".join(lines)


def _with_entities(entities: bytes, title: bytes) -> bytes:
    item = b"<item>%s<link>https://herald.example/1</link></item>" % title
    return b'<?xml version="1.0"?><!DOCTYPE rss [%s]>' % entities + feed(item).partition(b"?>")[2]
