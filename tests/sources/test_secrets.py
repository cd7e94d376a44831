"""Logins in addresses: in no error, no value's repr, no traceback, and no log line."""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace

import pytest

from bot.errors import PermanentError
from bot.sources.addresses import follow, read_address
from bot.sources.transport import Reply as TransportReply
from tests import hostile
from tests.feedserver import Reply, redirect, rss
from tests.sources.given import LIMITS, SOON, a_feed, after, ask, failure, opened

SECRET = "s3cret-word"


def with_login(url):
    return url.replace("http://", f"http://me:{SECRET}@")


def everything_told(error):
    return f"{error} {error!r} {error.reason} " + "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(Reply(status=401), id="login-asked-for"),
        pytest.param(Reply(status=503), id="busy"),
        pytest.param(Reply(status=304), id="304"),
        pytest.param(Reply(b"no feed"), id="no-feed"),
        pytest.param(b"", id="hung-up"),
        pytest.param(hostile.silent(), id="silent"),
        pytest.param(redirect("http://127.0.0.1:1/"), id="nobody-there"),
        pytest.param(redirect("/x"), id="circle"),
    ],
)
async def test_no_error_tells_a_login(server, route, caplog):
    server.routes["/x"] = route
    caplog.set_level(logging.DEBUG)
    async with opened(replace(LIMITS, read=SOON)) as source:
        error = await failure(source, with_login(server.url("/x")))
    assert SECRET not in everything_told(error)
    assert SECRET not in caplog.text
    assert server.requests[0].header("authorization")


@pytest.mark.parametrize(
    "location",
    [
        pytest.param(f"http://me:{SECRET}@127.0.0.2/", id="private"),
        pytest.param(f"http://me:{SECRET}/@herald.example/", id="not-valid"),
        pytest.param(f"http://me:{SECRET}@h..example/", id="no-name"),
        pytest.param(f"ftp://me:{SECRET}@herald.example/", id="other-scheme"),
    ],
)
async def test_no_error_tells_a_login_that_a_redirect_names(server, source, location):
    server.routes["/x"] = redirect(location)
    assert SECRET not in everything_told(await failure(source, server.url("/x")))


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"http://me:{SECRET}@127.0.0.2/rss", id="private"),
        pytest.param(f"http://me:{SECRET}@/rss", id="no-host"),
        pytest.param(f"http://me:{SECRET}/@herald.example/rss", id="slash-in-the-login"),
        pytest.param(f"http://me:{SECRET}@herald.example:port/rss", id="port-in-letters"),
        pytest.param(f"http://me:{SECRET}@herald.example:0/rss", id="port-zero"),
        pytest.param(f"http://me:{SECRET}@h..example/rss", id="no-name"),
        pytest.param(f"http://me:{SECRET}@xn--/rss", id="empty-punycode"),
        pytest.param(f"ftp://me:{SECRET}@herald.example/rss", id="ftp"),
        pytest.param(f"http://me:{SECRET}@herald.example/\x07", id="control"),
        pytest.param(f"me:{SECRET}@herald.example", id="no-scheme"),
    ],
)
async def test_no_error_about_the_address_itself_tells_a_login(source, url, caplog):
    caplog.set_level(logging.DEBUG)
    assert SECRET not in everything_told(await failure(source, url)) + caplog.text


async def test_what_a_fetch_returns_doesnt_tell_a_login(server, source, caplog):
    server.routes["/rss"] = Reply(rss("Troops march"), headers=(("ETag", '"1"'),))
    caplog.set_level(logging.DEBUG)
    url = with_login(server.url("/rss"))
    first = await ask(source, url)
    second = await ask(source, url, after(first))
    assert SECRET not in f"{first!r} {second!r} {after(first)!r} {first.final_url} {a_feed(url)!r}"
    assert SECRET not in caplog.text
    assert "send_request_headers" in caplog.text  # the log works
    assert [request.header("if-none-match") for request in server.requests] == [None, '"1"']


def test_a_reply_doesnt_show_its_address_or_headers():
    url = read_address(with_login("http://herald.example/"))
    assert SECRET not in repr(TransportReply(200, url, {"x": SECRET}, SECRET.encode()))


@pytest.mark.parametrize("written", ["", "  ", "herald.example/rss", "mailto:a@b.example", "//herald.example/rss", "?"])
def test_what_is_no_web_address_is_refused(written):
    with pytest.raises(PermanentError, match="only http and https"):
        read_address(written)


def test_a_long_scheme_is_not_repeated():
    with pytest.raises(PermanentError) as refused:
        read_address("x" * 5_000 + ":y")
    assert len(refused.value.reason) < 100


def test_a_redirect_keeps_no_fragment():
    start = read_address(" https://herald.example/rss#top ")
    assert str(start) == "https://herald.example/rss"
    assert str(follow(start, "/new#x")) == "https://herald.example/new"
