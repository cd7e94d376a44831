"""Redirects: followed five times, never out of the public web, never with a login that is another's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import PermanentError, TransientError
from tests.feedserver import FeedServer, Reply, redirect, rss
from tests.sources.given import ask, failure, opened, titles

FEED = Reply(rss("Troops march"))
LOGIN = "Basic bWU6czNjcmV0"  # me:s3cret


@pytest.fixture
async def other():
    async with FeedServer() as other:
        yield other


def with_login(url):
    return url.replace("http://", "http://me:s3cret@")


def as_on_the_wire(location):
    """A Location with raw UTF-8 in it, as servers send it."""
    return redirect(location.encode().decode("latin-1"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_every_kind_of_redirect_is_followed(server, source, status):
    server.routes.update({"/old": redirect("/new", status), "/new": FEED})
    fetched = await ask(source, server.url("/old"))
    assert (titles(fetched), fetched.final_url) == (["Troops march"], server.url("/new"))


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        pytest.param("new", "/a/new", id="relative"),
        pytest.param("../new", "/new", id="upwards"),
        pytest.param("/new", "/new", id="from-the-root"),
        pytest.param("?page=2", "/a/rss?page=2", id="query"),
        pytest.param("//127.0.0.1:{port}/new", "/new", id="without-a-scheme"),
        pytest.param("HTTP://127.0.0.1:{port}/new", "/new", id="capitals"),
        pytest.param("/new#part", "/new", id="fragment"),
        pytest.param("/новости", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8", id="raw-utf-8"),
        pytest.param("/a%20b c", "/a%20b%20c", id="space"),
    ],
)
async def test_a_location_is_read_as_browsers_do(server, source, location, asked):
    server.routes.update({"/a/rss": as_on_the_wire(location.format(port=server.port)), asked: FEED})
    assert titles(await ask(source, server.url("/a/rss"))) == ["Troops march"]
    assert [request.path for request in server.requests] == ["/a/rss", asked]


async def test_a_location_in_latin_1_is_read_too(server, source):
    server.routes.update({"/old": redirect("/caf\xe9"), "/caf%C3%A9": FEED})
    assert titles(await ask(source, server.url("/old"))) == ["Troops march"]


async def test_five_hops_are_followed_and_no_sixth(server, source):
    server.routes.update({f"/{n}": redirect(f"/{n - 1}") for n in range(1, 7)})
    server.routes["/0"] = FEED
    assert titles(await ask(source, server.url("/5"))) == ["Troops march"]
    error = await failure(source, server.url("/6"))
    assert isinstance(error, TransientError)
    assert error.reason == "more than 5 redirects"


@pytest.mark.parametrize(
    "routes",
    [
        pytest.param({"/a": redirect("/a")}, id="to-itself"),
        pytest.param({"/a": redirect("/b"), "/b": redirect("/c"), "/c": redirect("/b#x")}, id="of-two"),
    ],
)
async def test_a_circle_is_seen(server, source, routes):
    server.routes.update(routes)
    error = await failure(source, server.url("/a"))
    assert isinstance(error, TransientError)
    assert error.reason == "redirected in a circle"
    assert len(server.requests) == len(routes)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        pytest.param("file:///etc/passwd", "redirected to file:", id="file"),
        pytest.param("data:text/xml,<rss/>", "redirected to data:", id="data"),
        pytest.param("ftp://herald.example/rss", "redirected to ftp:", id="ftp"),
        pytest.param("javascript:alert(1)", "redirected to javascript:", id="javascript"),
        pytest.param("gopher://127.0.0.1:70/_x", "redirected to gopher:", id="gopher"),
        pytest.param("https:///y", "refused", id="no-host"),
        pytest.param("http://[::1", "not valid", id="half-an-address"),
        pytest.param("http://herald.example:99999/", "not valid", id="port-out-of-range"),
        pytest.param("http://herald.example:http/", "not valid", id="port-in-letters"),
        pytest.param("http://xn--/", "not valid", id="empty-punycode"),
        pytest.param(f"http://{'a' * 64}.example/", "name can't be resolved", id="overlong-label"),
        pytest.param("http://herald..example/", "name can't be resolved", id="empty-label"),
        pytest.param("http://169.254.169.254/latest/meta-data/", "own network", id="metadata"),
        pytest.param("http://127.0.0.2/", "own network", id="loopback"),
        pytest.param("http://2130706434/", "own network", id="loopback-in-decimal"),
        pytest.param("http://[::ffff:10.0.0.1]/", "own network", id="private-mapped"),
    ],
)
async def test_a_redirect_out_of_the_public_web_is_refused(server, source, location, reason):
    server.routes["/x"] = redirect(location)
    error = await failure(source, server.url("/x"))
    assert isinstance(error, TransientError)  # the feed's own address is not at fault
    assert reason in error.reason


@pytest.mark.parametrize("status", [300, 302, 304, 305, 399])
async def test_a_redirect_that_leads_nowhere_is_an_error(server, source, status):
    server.routes["/x"] = Reply(status=status, headers=(("Location", ""),))
    error = await failure(source, server.url("/x"))
    assert isinstance(error, TransientError)
    assert f"HTTP {status}" in error.reason


async def test_a_name_is_resolved_for_every_request_and_the_address_checked_is_the_one_asked(server):
    server.routes.update({"/rss": redirect("/moved"), "/moved": FEED})
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])  # public at first, as far as the test's source knows

    async def rebinding(host, port):
        assert (host, port) == ("herald.example", server.port)
        return next(answers)

    async with opened(resolve=rebinding) as source:
        error = await failure(source, f"http://herald.example:{server.port}/rss")
    assert isinstance(error, TransientError)
    assert error.reason == "redirected into our own network: herald.example leads to an address that is private"
    assert [(request.path, request.header("host")) for request in server.requests] == [
        ("/rss", f"herald.example:{server.port}")
    ]


async def test_a_name_that_turned_private_is_refused_at_the_next_poll(server):
    server.routes["/rss"] = FEED
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def rebinding(host, port):
        return next(answers)

    async with opened(resolve=rebinding) as source:
        await ask(source, f"http://herald.example:{server.port}/rss")
        error = await failure(source, f"http://herald.example:{server.port}/rss")
    assert isinstance(error, PermanentError)
    assert "allow_private" in error.reason
    assert len(server.requests) == 1


async def test_a_login_in_the_address_is_sent_as_a_header(server, source):
    server.routes["/rss"] = FEED
    fetched = await ask(source, with_login(server.url("/rss")))
    assert server.requests[0].header("authorization") == LOGIN
    assert fetched.final_url == server.url("/rss")


async def test_a_logins_escapes_are_undone(server, source):
    server.routes["/rss"] = FEED
    await ask(source, server.url("/rss").replace("http://", "http://me:s%33cr%65t@"))
    assert server.requests[0].header("authorization") == LOGIN


async def test_a_login_follows_within_its_origin_only(server, source, other):
    server.routes.update({"/old": redirect("/new"), "/new": redirect(other.url("/theirs"))})
    other.routes.update({"/theirs": redirect(server.url("/back"))})
    server.routes["/back"] = FEED
    fetched = await ask(source, with_login(server.url("/old")))
    assert titles(fetched) == ["Troops march"]
    assert [request.header("authorization") for request in server.requests] == [LOGIN, LOGIN, LOGIN]
    assert [request.header("authorization") for request in other.requests] == [None]


async def test_a_redirects_own_login_is_used_there_only(server, source, other):
    server.routes["/old"] = redirect(with_login(other.url("/theirs")))
    other.routes.update({"/theirs": replace(redirect("/theirs2")), "/theirs2": FEED})
    fetched = await ask(source, server.url("/old"))
    assert fetched.final_url == other.url("/theirs2")
    assert other.requests[0].header("authorization") == LOGIN
    assert server.requests[0].header("authorization") is None
