"""Bounds of an exchange: size and time, against a real server that keeps to none."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import TransientError
from bot.http_errors import Trouble
from bot.sources.http import FetchLimits
from tests import hostile
from tests.feedserver import FeedServer, Reply, chunked, dripped, redirect, rss, zipped
from tests.sources.given import LIMITS, SOON, ask, failure, opened, titles

FEED = rss("Troops march")
SMALL = replace(LIMITS, raw=100_000, decoded=1_000_000)
BOMB = 20 * hostile.MB

# How each hostile reply ends.
ENDS = {
    "a gzip bomb": "1,000,000 bytes decoded",
    "a deflate bomb": "1,000,000 bytes decoded",
    "a gzip bomb without the header": "1,000,000 bytes decoded",
    "gzip upon gzip": "one compression upon another",
    "a brotli bomb": "br, though only gzip was asked for",
    "a zstd bomb": "zstd, though only gzip was asked for",
    "a gzip of many members": "more than 100 gzip members",
    "a gzip with padding in tiny chunks": "more than 100,000 bytes",
    "an endless body": "more than 100,000 bytes",
    "an endless body, zipped": "1,000,000 bytes decoded",
    "a body of spaces": "more than 100,000 bytes",
    "5 MB of headers": Trouble.PROTOCOL,
}


@pytest.mark.parametrize("name", ENDS)
async def test_a_hostile_reply_is_refused_and_the_next_one_read(server, name):
    server.routes.update({"/x": hostile.REPLIES[name](BOMB), "/rss": Reply(FEED)})
    async with opened(SMALL) as source:
        error = await failure(source, server.url("/x"))
        assert isinstance(error, TransientError)
        assert ENDS[name] in error.reason
        assert not error.unreachable
        assert titles(await ask(source, server.url("/rss"))) == ["Troops march"]


def test_every_hostile_reply_has_its_end():
    assert {*ENDS, "headers without end"} == {*hostile.REPLIES}


@pytest.mark.parametrize(
    ("route", "limits", "trouble"),
    [
        pytest.param(hostile.REPLIES["headers without end"](0), {"total": SOON}, Trouble.TOTAL_TIMEOUT, id="headers"),
        pytest.param(dripped(Reply(b" " * 90_000).raw()), {"total": SOON}, Trouble.TOTAL_TIMEOUT, id="body"),
        pytest.param(hostile.silent(), {"read": SOON}, Trouble.READ_TIMEOUT, id="silent"),
        pytest.param(hostile.stalled(), {"read": SOON}, Trouble.READ_TIMEOUT, id="stalled"),
        pytest.param(hostile.stalled(), {"total": SOON}, Trouble.TOTAL_TIMEOUT, id="stalled-in-total"),
    ],
)
async def test_what_drips_or_stalls_is_given_up(server, route, limits, trouble):
    server.routes["/x"] = route
    async with opened(replace(LIMITS, **limits)) as source:
        error = await failure(source, server.url("/x"))
    assert isinstance(error, TransientError)
    assert error.reason == trouble


async def test_redirects_share_one_time(server):
    server.routes.update({"/x": redirect("/y"), "/y": hostile.silent()})
    async with opened(replace(LIMITS, total=SOON)) as source:
        assert (await failure(source, server.url("/x"))).reason == Trouble.TOTAL_TIMEOUT


async def test_a_host_that_stalls_holds_up_no_other(server, source):
    server.routes["/x"] = hostile.stalled()
    async with FeedServer("127.0.0.1") as other:
        other.routes["/rss"] = Reply(FEED)
        stalled = asyncio.create_task(ask(source, server.url("/x")))
        try:
            assert titles(await ask(source, other.url("/rss"))) == ["Troops march"]
            assert not stalled.done()
        finally:
            stalled.cancel()
            await asyncio.gather(stalled, return_exceptions=True)


@pytest.mark.parametrize(
    ("length", "reason"),
    [
        pytest.param(len(FEED) + 1, Trouble.CUT_OFF, id="too-long"),
        pytest.param(len(FEED) - 8, "the document's end is missing", id="too-short"),
        pytest.param(10, "no feed", id="far-too-short"),
        pytest.param(0, "empty", id="nothing"),
        pytest.param("many", Trouble.PROTOCOL, id="a-word"),
        pytest.param(-1, Trouble.PROTOCOL, id="negative"),
        pytest.param(10**9, Trouble.CUT_OFF, id="a-gigabyte"),
    ],
)
async def test_a_wrong_content_length_is_an_error(server, source, length, reason):
    server.routes["/x"] = Reply(FEED, headers=(("Content-Length", str(length)),))
    error = await failure(source, server.url("/x"))
    assert isinstance(error, TransientError)
    assert reason in error.reason


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"", Trouble.CUT_OFF, id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-", Trouble.CUT_OFF, id="half-a-header"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", Trouble.PROTOCOL, id="ssh"),
        pytest.param(FEED + b"\r\n\r\n", Trouble.PROTOCOL, id="a-bare-feed"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Trouble.PROTOCOL, id="chunk-size"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<rss>", Trouble.CUT_OFF, id="half-a-chunk"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\n" + b"X-Pad: aaaaaaaaaaaaaaaaaaaa\r\n" * 3_000 + b"\r\n" + FEED,
            Trouble.TOO_LARGE,
            id="many-headers",
        ),
    ],
)
async def test_what_is_no_proper_http_is_an_error(server, source, raw, reason):
    server.routes["/x"] = raw
    error = await failure(source, server.url("/x"))
    assert isinstance(error, TransientError)
    assert error.reason.startswith(reason)


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(zipped(FEED), id="gzip"),
        pytest.param(zipped(FEED, "x-GZIP"), id="x-gzip"),
        pytest.param(zipped(FEED, ""), id="gzip-that-is-not-declared"),
        pytest.param(hostile.zipped_raw(FEED), id="plain-declared-gzip"),
        pytest.param(Reply(FEED, headers=(("Content-Encoding", "identity"),)), id="identity"),
        pytest.param(Reply(FEED, framed=False), id="without-a-length"),
        pytest.param(chunked([FEED[:9], FEED[9:]]), id="chunked"),
        pytest.param(b"HTTP/1.0 200 OK\n\n" + FEED, id="http-1.0-with-bare-newlines"),
        pytest.param(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + Reply(FEED).raw(), id="early-hints"),
    ],
)
async def test_a_body_is_read_however_it_is_sent(server, source, route):
    server.routes["/rss"] = route
    assert titles(await ask(source, server.url("/rss"))) == ["Troops march"]


async def test_the_bound_itself_is_allowed(server):
    server.routes["/rss"] = Reply(FEED)
    async with opened(replace(LIMITS, raw=len(FEED), decoded=len(FEED))) as source:
        assert titles(await ask(source, server.url("/rss"))) == ["Troops march"]
    async with opened(replace(LIMITS, raw=len(FEED) - 1)) as source:
        assert Trouble.TOO_LARGE in (await failure(source, server.url("/rss"))).reason


async def test_bodies_of_errors_are_not_read(server, source):
    server.routes["/x"] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 100
    assert "404" in (await failure(source, server.url("/x"))).reason


def test_the_defaults_are_the_policys():
    limits = FetchLimits()
    assert (limits.connect, limits.read, limits.total) == tuple(timedelta(seconds=n) for n in (5, 10, 30))
    assert (limits.raw, limits.decoded, limits.redirects) == (5_000_000, 10_000_000, 5)
