"""Whatever bytes come: a document or a TransientError, never another exception."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import TransientError
from bot.model import Document
from bot.sources import frames
from bot.sources.parse import parse_quickly
from bot.sources.prepare import prepare
from bot.sources.reference import without_long_persons
from bot.sources.worker import serve
from tests.sources.given import URL
from tests.sources.test_golden import FEEDS

# What breaks parsers, to be strewn into honest feeds.
CRUMBS = [
    *(b"<", b">", b"&", b"&#0;", b"&x;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?x", b"<!DOCTYPE a [", b"</item>"),
    *(
        b"<item>",
        b"<entry>",
        b"</rss>",
        b"<feed>",
        b"\x00",
        b"\xff",
        b"\xc3",
        b"\xe2\x80\xa8",
        b"\x1b",
        b"\xef\xbb\xbf",
    ),
    *(b' xmlns="x"', b" xmlns:a=''", b' xml:base="http://[::1"', b' xml:lang="?"', b"<link>http://[</link>", b"a:b="),
    *(b"<pubDate>0000-00-00T99:99:99+99:99</pubDate>", b"<pubDate>1 Jan 99999</pubDate>", b"<updated>-1</updated>"),
    *(b"<title><b/></title>", b"<title/>", b"<guid/>", b"{", b"}", b"[", b'"', b"\\ud800", b"1e999", b"null", b","),
]
SMALL_FEEDS = [path.read_bytes() for path in FEEDS]


@st.composite
def bodies(draw):
    """Bytes of any kind, or an honest feed that was cut, doubled, reordered, and strewn with crumbs."""
    body = draw(st.sampled_from(SMALL_FEEDS) | st.binary(max_size=200))
    for _ in range(draw(st.integers(0, 5))):
        start, end = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
        crumb = draw(st.sampled_from(CRUMBS) | st.binary(max_size=3))
        body = draw(
            st.sampled_from(
                (
                    body[:start] + crumb + body[start:],
                    body[:start] + body[end:],
                    body[:end] + crumb + body[start:],
                    body[:end],
                )
            )
        )
    return body


@given(bodies(), st.text(max_size=30), st.booleans())
def test_the_quick_path_takes_any_bytes(body, content_type, whole):
    try:
        document = parse_quickly(prepare(body, content_type, whole=whole), URL, 30)
    except TransientError as error:
        assert error.reason
    else:
        assert document is None or isinstance(document, Document)


@given(bodies())
def test_a_parser_process_takes_any_bytes_and_the_document_can_be_stored(body):
    requests, replies = io.BytesIO(frames.pack_job(frames.Job(body, URL, "", whole=False), 5)), io.BytesIO()
    serve(requests, replies, allow=lambda cpu: None, peak=lambda: 0)
    head, _ = frames.lengths(replies.getvalue()[: 2 * frames.SIZE])
    start = 2 * frames.SIZE
    told = json.loads(replies.getvalue()[start : start + head])
    if told["error"] is not None:
        assert told["error"].isprintable()
        return
    document = frames.unpack_document(replies.getvalue()[start + head :])
    for entry in document.entries:
        for written in (entry.guid, entry.link, entry.title, entry.summary, document.title):
            assert "\0" not in (written or "")
            (written or "").encode()
        assert entry.link is None or entry.link.lower().startswith(("http://", "https://"))
        assert entry.published_at is None or entry.published_at.utcoffset() is not None


A, Z, X = b"<author>", b"</author>", b"x" * 1_001


@pytest.mark.parametrize(
    ("data", "left"),
    [
        pytest.param(A + X + Z, A + Z, id="long"),
        pytest.param(A + X[1:] + Z, A + X[1:] + Z, id="just-short-enough"),
        pytest.param(b"<dc:creator a='b'>" + X + b"</dc:creator>!", b"<dc:creator a='b'></dc:creator>!", id="prefix"),
        pytest.param(A + b"Ada" + Z + X + A + X + Z, A + b"Ada" + Z + X + A + Z, id="the-second"),
        pytest.param(A + X, A, id="never-closed"),
        pytest.param(A + X + A + X, A, id="never-closed-twice"),
        pytest.param(A + b"Ada", A + b"Ada", id="never-closed-but-short"),
        pytest.param(b"<authors>" + X + b"</authors>", b"<authors>" + X + b"</authors>", id="another-name"),
    ],
)
def test_long_persons_are_taken_out(data, left):
    assert without_long_persons(data) == left


@given(st.lists(st.sampled_from([A, Z, b"<dc:creator x='1'>", b"</dc:creator>", X, b"y"])))
def test_nothing_is_ever_added(parts):
    assert len(without_long_persons(b"".join(parts))) <= sum(map(len, parts))
