"""When the fast parser is trusted, and when a document is left to the reference in a process of its own."""

from __future__ import annotations

import pytest

from bot.sources.parse import parse_quickly
from bot.sources.prepare import prepare
from bot.sources.scan import inspect, scan
from tests import hostile
from tests.sources.given import URL, item

ODD = b"<pubDate>1 May 2026</pubDate>"


def quickly(body, patience=30):
    return parse_quickly(prepare(body if isinstance(body, bytes) else body.encode()), URL, patience)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(item("<link>/1</link>"), id="plain"),
        pytest.param(item("<title>AT&T & caf&eacute;</title>"), id="mended"),
        pytest.param(item("<media:x/>"), id="undeclared-prefix"),
        pytest.param(
            hostile.feed(hostile.ITEM % (b"<x %s/>" % b" ".join(b'a%d=""' % n for n in range(100)))), id="100"
        ),
    ],
)
def test_a_plain_document_is_read_at_once(body):
    assert quickly(body) is not None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(item("<title/>"), id="empty-title"),
        pytest.param(item("<title>Troops <b>march</b></title>"), id="markup-in-a-title"),
        pytest.param(item("<description><p>x</p></description>"), id="markup-in-a-summary"),
        pytest.param(item("<p></b>"), id="not-well-formed"),
        pytest.param("<rss ><channel><title>x</title></channel></rss>", id="no-items"),
        pytest.param(item("<x><item><title>within</title></item></x>"), id="an-item-in-an-item"),
        pytest.param(
            hostile.feed(hostile.ITEM % (b"<x %s/>" % b" ".join(b'a%d=""' % n for n in range(101)))), id="101"
        ),
    ],
)
def test_an_odd_document_is_left_to_the_reference(body):
    assert quickly(body) is None


def test_only_so_many_dates_are_guessed_at():
    assert quickly(hostile.feed(hostile.ITEM % ODD * 30)) is not None
    assert quickly(hostile.feed(hostile.ITEM % ODD * 31)) is None


def test_our_own_pass_expands_no_entity_either():
    body = item("<guid>&a;</guid>").encode()
    found = scan(b'<!DOCTYPE rss [<!ENTITY a "troops">]>' + body, URL)
    assert found is None or [entry.guid for entry in found.entries] == [None]


@pytest.mark.parametrize("body", [b"", b"<", b"<rss", b"\xff"], ids=repr)
def test_what_is_no_xml_has_no_scan(body):
    assert inspect(body, URL) == (body, None)
