"""What tests of fetching and parsing start from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.errors import PermanentError, TransientError
from bot.model import Document, EntryData, Feed, FeedState, Fetched
from bot.sources.frames import pack_document, unpack_document
from bot.sources.http import FetchLimits, HttpSource
from bot.sources.worker import read
from tests.values import NOW

AGENT = "wirewatch-test/1 (+https://wirewatch.example/)"
URL = "https://herald.example/news/rss"
STATE = FeedState("herald", NOW, NOW)
LIMITS = FetchLimits(connect=timedelta(seconds=5), read=timedelta(seconds=5), total=timedelta(seconds=20))
SOON = timedelta(seconds=0.2)  # what a test waits for where only the clock ends an exchange


def a_feed(url: str) -> Feed:
    return Feed("herald", url, "The Herald", "Herald Ltd")


@asynccontextmanager
async def opened(
    limits: FetchLimits = LIMITS, *, allowed: Iterable[str] = ("127.0.0.1",), **options: Any
) -> AsyncIterator[HttpSource]:
    """A source that is closed in the end."""
    source = HttpSource(limits, user_agent=AGENT, allow_private=frozenset(allowed), **options)
    try:
        yield source
    finally:
        await source.close()


async def ask(source: HttpSource, url: str, state: FeedState = STATE, at: Any = NOW) -> Fetched:
    return await source.fetch(a_feed(url), state, at)


async def failure(source: HttpSource, url: str, state: FeedState = STATE) -> TransientError | PermanentError:
    """The error that a fetch ends with; a test fails where it ends with none, or with another kind."""
    try:
        fetched = await ask(source, url, state)
    except (TransientError, PermanentError) as error:
        return error
    raise AssertionError(f"no error, but {fetched}")


def after(fetched: Fetched, **changes: Any) -> FeedState:
    """What the store remembers after a fetch."""
    facts = {"validators": fetched.validators, "final_url": fetched.final_url, "body_hash": fetched.body_hash}
    return replace(STATE, **{**facts, **changes})


def titles(fetched: Fetched) -> list[str]:
    assert fetched.document is not None
    return [entry.title for entry in fetched.document.entries]


def parsed(body: bytes | str, content_type: str = "", *, url: str = URL, whole: bool = False) -> Document:
    """The document as a parser process reads and returns it, but in this process."""
    data = body.encode() if isinstance(body, str) else body
    return unpack_document(pack_document(read(data, url=url, content_type=content_type, whole=whole)))


def only(body: bytes | str, content_type: str = "", *, url: str = URL) -> EntryData:
    """The one entry of a document."""
    (entry,) = parsed(body, content_type, url=url).entries
    return entry


def item(inner: str, head: str = "") -> str:
    """An RSS document with one item; its title is "Troops march" unless the inner XML has one."""
    title = "" if "<title" in inner else "<title>Troops march</title>"
    return f'<rss version="2.0"><channel><title>The Herald</title>{head}<item>{title}{inner}</item></channel></rss>'


def atom(inner: str, attributes: str = "") -> str:
    """An Atom document with one entry; its title is "Troops march" unless the inner XML has one."""
    title = "" if "<title" in inner else "<title>Troops march</title>"
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>The Herald</title><id>urn:herald</id>'
        f"<entry>{title}{inner}</entry></feed>"
    )
