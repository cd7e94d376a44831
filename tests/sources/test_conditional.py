"""Conditional requests: validators go back as they came, to where they came from, and 304 means unchanged."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import TransientError
from bot.model import Validators
from tests.feedserver import Cached, Reply, redirect, rss
from tests.sources.given import STATE, after, ask, failure, titles
from tests.values import MINUTE, NOW

DAY = timedelta(days=1)
KNOWN = replace(STATE, validators=Validators('"1"', "Fri, 01 May 2026 10:00:00 GMT", NOW))


def known_at(url, **changes):
    return replace(KNOWN, final_url=url, **changes)


def conditions(request):
    return request.header("if-none-match"), request.header("if-modified-since")


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        pytest.param('W/"weak"', None, id="weak"),
        pytest.param("unquoted", None, id="unquoted"),
        pytest.param('"5f3-gzip"', None, id="gzip-suffix"),
        pytest.param('"a, b; c=\\"d"', None, id="commas-and-backslash"),
        pytest.param("'single'", None, id="single-quotes"),
        pytest.param('"caf\xe9"', None, id="latin-1"),
        pytest.param('"\xd0\xb3\xd0\xbe\xd0\xb4"', None, id="raw-utf-8"),
        pytest.param(None, "Fri, 01 Jan 2041 00:00:00 GMT", id="modified-in-2041"),
        pytest.param(None, "yesterday, about noon", id="modified-in-words"),
        pytest.param('"1"', "Fri, 01 May 2026 10:00:00 GMT", id="both"),
    ],
)
async def test_validators_come_back_byte_by_byte(server, source, etag, modified):
    server.routes["/rss"] = Cached(rss("Troops march"), etag, modified)
    first = await ask(source, server.url("/rss"))
    assert first.validators == Validators(etag, modified, NOW)
    second = await ask(source, server.url("/rss"), after(first))
    assert [conditions(request) for request in server.requests] == [(None, None), (etag, modified)]
    assert (second.status, second.document) == (304, None)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param((), id="none"),
        pytest.param((("ETag", ""), ("Last-Modified", "  ")), id="empty"),
        pytest.param((("ETag", f'"{"x" * 1_000}"'),), id="absurdly-long"),
    ],
)
async def test_no_validators_are_invented(server, source, headers):
    server.routes["/rss"] = Reply(rss("Troops march"), headers=headers)
    fetched = await ask(source, server.url("/rss"), known_at(server.url("/rss")))
    assert fetched.validators == Validators()


async def test_a_304_keeps_what_was_known(server, source):
    server.routes["/rss"] = Reply(status=304, headers=())
    url = server.url("/rss")
    fetched = await ask(source, url, known_at(url, body_hash="hash"), NOW + MINUTE)
    assert fetched.validators == KNOWN.validators
    assert (fetched.status, fetched.body_hash, fetched.document, fetched.final_url) == (304, "hash", None, url)


async def test_a_304_may_bring_new_validators(server, source):
    server.routes["/rss"] = Reply(status=304, headers=(("ETag", '"2"'),))
    url = server.url("/rss")
    fetched = await ask(source, url, known_at(url), NOW + MINUTE)
    assert fetched.validators == replace(KNOWN.validators, etag='"2"')


async def test_a_304_to_an_unconditional_request_is_an_error(server, source):
    server.routes["/rss"] = Reply(status=304, headers=(("ETag", '"1"'),))
    error = await failure(source, server.url("/rss"))
    assert isinstance(error, TransientError)
    assert "304" in error.reason


async def test_a_body_that_is_unchanged_is_not_parsed(server, source):
    body = b"no feed at all"
    server.routes["/rss"] = Reply(body, headers=(("ETag", '"2"'),))
    url, known = server.url("/rss"), hashlib.sha256(body).hexdigest()
    fetched = await ask(source, url, known_at(url, body_hash=known), NOW + MINUTE)
    assert (fetched.status, fetched.document, fetched.body_hash) == (200, None, known)
    assert fetched.validators == Validators('"2"', None, NOW)
    assert "no feed" in (await failure(source, url)).reason


async def test_a_changed_body_is_parsed_and_its_hash_kept(server, source):
    route = server.routes["/rss"] = Cached(rss("Troops march"))
    first = await ask(source, server.url("/rss"))
    route.body, route.etag = rss("Troops march", "Troops halt"), '"2"'
    second = await ask(source, server.url("/rss"), after(first), NOW + MINUTE)
    assert titles(second) == ["Troops march", "Troops halt"]
    assert second.body_hash == hashlib.sha256(route.body).hexdigest() != first.body_hash
    assert second.validators == Validators('"2"', None, NOW)


@pytest.mark.parametrize(
    ("later", "changes", "sent"),
    [
        pytest.param(8 * DAY - MINUTE, {}, True, id="for-eight-days"),
        pytest.param(8 * DAY, {}, False, id="not-longer"),
        pytest.param(MINUTE, {"failures": 1}, False, id="not-after-a-failure"),
    ],
)
async def test_a_stuck_cache_is_found_out(server, source, later, changes, sent):
    server.routes["/rss"] = Reply(rss("Troops march"), headers=(("ETag", '"2"'),))
    url = server.url("/rss")
    fetched = await ask(source, url, known_at(url, **changes), NOW + later)
    assert (conditions(server.requests[0]) != (None, None)) is sent
    assert fetched.validators.since == (NOW if sent else NOW + later)


async def test_validators_go_to_the_address_they_came_from_only(server, source):
    server.routes.update({"/old": redirect("/new"), "/new": redirect("/newer"), "/newer": Reply(rss("Troops march"))})
    await ask(source, server.url("/old"), known_at(server.url("/new")))
    assert [conditions(request) != (None, None) for request in server.requests] == [False, True, False]


async def test_validators_without_an_address_belong_to_the_feeds_own(server, source):
    server.routes.update({"/old": redirect("/new"), "/new": Reply(rss("Troops march"))})
    await ask(source, server.url("/old"), KNOWN)
    assert [conditions(request) != (None, None) for request in server.requests] == [True, False]


async def test_a_304_at_a_redirects_end_counts_where_it_was_asked_for(server, source):
    server.routes.update({"/old": redirect("/new"), "/new": Reply(status=304, headers=())})
    fetched = await ask(source, server.url("/old"), known_at(server.url("/new")))
    assert (fetched.status, fetched.validators) == (304, KNOWN.validators)
    error = await failure(source, server.url("/old"), known_at(server.url("/old")))
    assert "304" in error.reason


async def test_the_last_address_of_a_chain_is_kept(server, source):
    server.routes.update({"/old": redirect("/new?a=1#part"), "/new?a=1": Reply(rss("Troops march"))})
    assert (await ask(source, server.url("/old#top"))).final_url == server.url("/new?a=1")


async def test_a_request_says_who_asks_and_nothing_that_could_follow_a_reader(server, source):
    cookie = ("Set-Cookie", "id=1; Path=/")
    server.routes.update({"/old": replace(redirect("/new"), headers=(("Location", "/new"), cookie))})
    server.routes["/new"] = Reply(rss("Troops march"), headers=(cookie,))
    await ask(source, server.url("/old"))
    await ask(source, server.url("/new"))
    for request in server.requests:
        sent = {name.lower(): value for name, value in request.headers}
        assert request.method == "GET"
        assert sorted(sent) == ["accept", "accept-encoding", "connection", "host", "user-agent"]
        assert sent["user-agent"] == "wirewatch-test/1 (+https://wirewatch.example/)"
        assert sent["accept-encoding"] == "gzip"
        assert "application/rss+xml" in sent["accept"]


async def test_a_proxy_in_the_environment_is_not_used(server, source, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.routes["/rss"] = Reply(rss("Troops march"))
    assert titles(await ask(source, server.url("/rss"))) == ["Troops march"]
