"""Dates: what names a day of a year counts, and nothing is made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import dates
from bot.sources.prepare import prepare
from bot.sources.reference import parse_by_reference
from tests.sources.given import URL, atom, item, only, parsed


def at(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


WRITTEN = [
    pytest.param("Fri, 01 May 2026 11:00:00 GMT", at(2026, 5, 1, 11), id="usual"),
    pytest.param("Fri, 01 May 2026 11:00:00 +0200", at(2026, 5, 1, 9), id="offset"),
    pytest.param("Fri, 01 May 2026 11:00:00 EST", at(2026, 5, 1, 16), id="est"),
    pytest.param("Fri, 01 May 2026 11:00:00 PDT", at(2026, 5, 1, 18), id="pdt"),
    pytest.param("Fri, 01 May 2026 11:00:00", at(2026, 5, 1, 11), id="no-zone"),
    pytest.param("01 May 2026 11:00:00 Z", at(2026, 5, 1, 11), id="no-weekday"),
    pytest.param("Mon, 01 May 2026 11:00:00 GMT", at(2026, 5, 1, 11), id="wrong-weekday"),
    pytest.param("2026-05-01T11:00:00Z", at(2026, 5, 1, 11), id="iso"),
    pytest.param("2026-05-01T11:00:00.123456+05:30", at(2026, 5, 1, 5, 30), id="iso-with-fraction"),
    pytest.param("2026-05-01T11:00:00", at(2026, 5, 1, 11), id="iso-no-zone"),
    pytest.param("2026-05-01", at(2026, 5, 1), id="iso-day"),
    pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", at(1970, 1, 1), id="1970"),
    pytest.param("Fri, 01 May 2099 11:00:00 GMT", at(2099, 5, 1, 11), id="2099"),
    pytest.param("", None, id="empty"),
    pytest.param("10:30", None, id="time-only"),
    pytest.param("Monday", None, id="weekday-only"),
    pytest.param("May 2026", None, id="month-only"),
    pytest.param("2026", None, id="year-only"),
    pytest.param("today", None, id="today"),
    pytest.param("1 hour ago", None, id="ago"),
    pytest.param("Fri, 32 May 2026 11:00:00 GMT", None, id="day-32"),
    pytest.param("2026-13-45T99:99:99Z", None, id="iso-out-of-range"),
    pytest.param("2026-13-01T00:00:00Z", None, id="iso-month-13"),
    pytest.param("soon " * 40 + "2026-05-01", None, id="long-text"),
]

MISSED = {"Fri, 01 May 2026 11:00:00"}  # feedparser wants a zone; such an entry counts from when it was first seen


@pytest.mark.parametrize(("written", "read"), WRITTEN)
def test_a_publication_date(written, read):
    assert only(item(f"<pubDate>{written}</pubDate>")).published_at == read


@pytest.mark.parametrize(("written", "read"), WRITTEN)
def test_the_reference_reads_dates_alike(written, read):
    document = parse_by_reference(prepare(item(f"<pubDate>{written}</pubDate>").encode()), URL)
    assert document.entries[0].published_at == (None if written in MISSED else read)


@pytest.mark.parametrize(
    "written", ["0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 GMT", "0001-01-01T00:00:00+09:00"]
)
def test_the_year_one_is_no_date_or_itself(written):
    assert only(item(f"<pubDate>{written}</pubDate>")).published_at in (None, at(1, 1, 1))


def test_no_date_is_no_date_and_none_is_guessed_from_a_guid():
    assert only(item("<guid>story-2026-05-01-march</guid>")).published_at is None
    assert only(atom("<id>tag:herald.example,2026-05-01:1</id>")).published_at is None


@pytest.mark.parametrize(
    ("inner", "read"),
    [
        ("<published>2026-05-01T10:00:00Z</published><updated>2026-05-01T11:00:00Z</updated>", at(2026, 5, 1, 10)),
        ("<updated>2026-05-01T11:00:00Z</updated>", at(2026, 5, 1, 11)),
        ("<published>nonsense</published>", None),
    ],
    ids=["published-first", "updated-only", "nonsense"],
)
def test_dates_of_atom(inner, read):
    assert only(atom(f"<id>x</id>{inner}")).published_at == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ('"2026-05-01T11:00:00+02:00"', at(2026, 5, 1, 9)),
        ('"2026-05-01"', at(2026, 5, 1)),
        ('"10:30"', None),
        ('"9999-12-31T23:59:59-23:59"', None),
        ("1777633200", None),
        ("null", None),
        ("[]", None),
    ],
)
def test_dates_of_json_feeds(value, read):
    body = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "date_published": VALUE}]}'
    assert parsed(body.replace("VALUE", value)).entries[0].published_at == read


DATE_LIKE = st.text() | st.text("0123456789-:TZ+., MayGMTst", max_size=70) | st.datetimes().map(str)


@given(DATE_LIKE)
def test_no_text_breaks_the_reading_of_dates(written):
    read = dates.from_iso(written)
    assert read is None or read.utcoffset() is not None
    assert dates.is_date(written) in (True, False)
    assert dates.is_usual(written) in (True, False)


ZONES = st.integers(-1_439, 1_439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=ZONES))
def test_an_instant_comes_out_as_it_was_to_the_second(moment):
    read = dates.from_iso(moment.isoformat())
    assert read is None or read == moment.replace(microsecond=0)
