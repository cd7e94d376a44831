"""Undoing compression by hand: whatever comes, in whatever pieces, the bounds hold."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import TransientError
from bot.sources.body import Body
from bot.sources.limits import FetchLimits

LIMITS = FetchLimits(raw=100_000, decoded=200_000)
TEXT = b"<rss>Troops march</rss>"
MB = 1_000_000


def collected(data, encoding="gzip", limits=LIMITS, step=None):
    body = Body(encoding, limits)
    for start in range(0, len(data), step or len(data) or 1):
        body.add(data[start : start + (step or len(data))])
    return body.finish()


def raw_deflated(data):
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


@pytest.mark.parametrize("step", [None, 1, 2, 7])
@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        pytest.param("gzip", gzip.compress(TEXT), id="gzip"),
        pytest.param("", gzip.compress(TEXT), id="gzip-undeclared"),
        pytest.param("deflate", gzip.compress(TEXT), id="gzip-called-deflate"),
        pytest.param("deflate", zlib.compress(TEXT), id="zlib"),
        pytest.param("deflate", raw_deflated(TEXT), id="raw-deflate"),
        pytest.param("gzip", TEXT, id="plain-called-gzip"),
        pytest.param("deflate", TEXT, id="plain-called-deflate"),
        pytest.param("identity", TEXT, id="identity"),
        pytest.param("none, gzip", gzip.compress(TEXT), id="none-and-gzip"),
        pytest.param("gzip", gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]), id="two-members"),
        pytest.param("gzip", gzip.compress(TEXT) + b"\0" * 64, id="padding"),
        pytest.param("gzip", gzip.compress(TEXT) + b"\x1f\0\x1f\x8b", id="padding-like-a-member"),
    ],
)
def test_a_body_is_the_same_in_whatever_pieces_it_comes(encoding, data, step):
    assert collected(data, encoding, step=step) == TEXT


@pytest.mark.parametrize(
    ("encoding", "data", "reason"),
    [
        pytest.param("gzip", gzip.compress(TEXT)[:-9], "ends early", id="cut-off"),
        pytest.param("gzip", gzip.compress(TEXT) + gzip.compress(TEXT)[:9], "ends early", id="second-member-cut-off"),
        pytest.param("gzip", gzip.compress(TEXT)[:-8] + b"\0" * 8, "broken compression", id="wrong-checksum"),
        pytest.param("gzip", b"\x1f\x8b" + b"\xff" * 30, "broken compression", id="no-gzip-at-all"),
        pytest.param("deflate", b"\xff" * 30, "broken compression", id="no-deflate-at-all"),
        pytest.param("gzip", gzip.compress(b"x") * 101, "more than 100 gzip members", id="many-members"),
        pytest.param("gzip", gzip.compress(b"x" * 200_001), "more than 200,000 bytes decoded", id="too-large-decoded"),
        pytest.param("", b"x" * 100_001, "more than 100,000 bytes", id="too-large-raw"),
    ],
)
def test_what_is_broken_or_too_large_is_refused(encoding, data, reason):
    with pytest.raises(TransientError, match=reason):
        collected(data, encoding)


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "deflate,gzip", "x-gzip , br", "rot13"])
def test_other_encodings_are_refused_unread(encoding):
    with pytest.raises(TransientError, match="encoding can't be used"):
        Body(encoding, LIMITS)


def test_a_headers_text_is_never_repeated_as_it_is():
    with pytest.raises(TransientError) as refused:
        Body("\x1b[2J\n" + "é" * 5_000, LIMITS)
    assert refused.value.reason.isascii()
    assert refused.value.reason.isprintable()
    assert len(refused.value.reason) < 120


@pytest.mark.parametrize("size", [0, 1, 200_000])
def test_the_bound_itself_is_allowed(size):
    assert len(collected(gzip.compress(b"x" * size))) == size


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(gzip.compress(b" " * 50 * MB, 9), id="gzip"),
        pytest.param(gzip.compress(b" " * MB, 9) * 50, id="members"),
        pytest.param(zlib.compress(b" " * 50 * MB, 9), id="zlib"),
    ],
)
def test_a_bomb_never_takes_more_memory_than_the_bound(data):
    limits = FetchLimits(raw=MB, decoded=MB)
    tracemalloc.start()
    try:
        with pytest.raises(TransientError, match="bytes decoded"):
            collected(data, "deflate", limits, step=65_536)
        assert tracemalloc.get_traced_memory()[1] < 4 * MB
    finally:
        tracemalloc.stop()


def test_padding_is_not_kept():
    body = Body("gzip", FetchLimits())
    body.add(gzip.compress(TEXT))
    tracemalloc.start()
    try:
        for _ in range(40):
            body.add(b" " * 100_000)
        assert tracemalloc.get_traced_memory()[1] < MB
    finally:
        tracemalloc.stop()
    assert body.finish() == TEXT


@given(st.binary(max_size=2_000), st.sampled_from(["", "gzip", "deflate"]), st.integers(1, 400))
def test_any_bytes_are_a_body_or_an_error(data, encoding, step):
    try:
        assert len(collected(data, encoding, step=step)) <= LIMITS.decoded
    except TransientError as error:
        assert error.reason


@given(st.binary(max_size=5_000), st.integers(1, 400))
def test_what_was_zipped_comes_out_as_it_was(data, step):
    assert collected(gzip.compress(data), step=step) == data
