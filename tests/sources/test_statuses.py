"""What each answer of a server comes to: statuses, Retry-After, troubles of the connection."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import PermanentError, TransientError
from bot.http_errors import Trouble
from tests.feedserver import FeedServer, Reply, rss
from tests.sources.given import ask, failure, titles


@pytest.mark.parametrize(
    ("status", "kind", "holds"),
    [
        (204, TransientError, False),
        (206, TransientError, False),
        (226, TransientError, False),
        (401, PermanentError, None),
        (403, PermanentError, None),
        (404, PermanentError, None),
        (410, PermanentError, None),
        (429, TransientError, True),
        (451, PermanentError, None),
        (500, TransientError, False),
        (503, TransientError, True),
        (599, TransientError, False),
    ],
)
async def test_a_status_other_than_200_is_an_error(server, source, status, kind, holds):
    server.routes["/x"] = Reply(b"" if status == 204 else rss("Troops march"), status)
    error = await failure(source, server.url("/x"))
    assert type(error) is kind
    assert f"HTTP {status}" in error.reason
    assert getattr(error, "holds_host", None) is holds


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        pytest.param("120", timedelta(seconds=120), id="seconds"),
        pytest.param("Fri, 01 May 2026 13:00:00 GMT", timedelta(hours=1), id="date"),
        pytest.param("1000000000", timedelta(days=7), id="a-billion"),
        pytest.param("soon", None, id="soon"),
        pytest.param("0", None, id="zero"),
        pytest.param("-5", None, id="negative"),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_read_from_the_reply(server, source, status, value, wait):
    server.routes["/x"] = Reply(status=status, headers=(("Retry-After", value),))
    error = await failure(source, server.url("/x"))
    assert isinstance(error, TransientError)
    assert (error.retry_after, error.holds_host) == (wait, True)


async def test_a_feed_that_flaps_is_read_when_it_is_there(server, source):
    server.routes["/rss"] = [Reply(status=502), Reply(rss("Troops march")), b""]
    assert "502" in (await failure(source, server.url("/rss"))).reason
    assert titles(await ask(source, server.url("/rss"))) == ["Troops march"]
    assert (await failure(source, server.url("/rss"))).reason == Trouble.CUT_OFF


async def test_nobody_there_is_told_apart_from_a_server_in_trouble(source):
    async with FeedServer() as gone:
        url = gone.url("/rss")
    error = await failure(source, url)
    assert isinstance(error, TransientError)
    assert (error.reason, error.unreachable) == (Trouble.NO_CONNECTION, True)


async def test_a_server_without_tls_was_reached_all_the_same(source):
    async def answer_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(answer_plainly, "127.0.0.1", 0) as plain:
        error = await failure(source, f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}/rss")
    assert isinstance(error, TransientError)
    assert (error.reason, error.unreachable) == (Trouble.TLS, False)


async def test_closing_twice_is_fine(source):
    await source.close()
    await source.close()
