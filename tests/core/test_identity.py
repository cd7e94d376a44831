"""What makes two entries the same item."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.identity import canonical_link, digest, identify, text_hash
from bot.model import EntryData

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def data(title="A headline", guid=None, link=None, summary="", at=None):
    return EntryData(guid, link, title, summary, at)


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        pytest.param("https://Example.com/a", "example.com/a", id="host-case-and-scheme"),
        pytest.param("http://www.example.com:80/a/", "example.com/a", id="www-port-slash"),
        pytest.param("https://example.com:8443/a", "example.com:8443/a", id="odd-port-kept"),
        pytest.param("https://e.com/a?utm_source=x&id=7&fbclid=9", "e.com/a?id=7", id="tracking-dropped"),
        pytest.param("https://e.com/a?b=2&a=1#top", "e.com/a?a=1&b=2", id="order-and-fragment"),
        pytest.param("https://e.com/ä b", "e.com/%C3%A4%20b", id="escaped-once"),
        pytest.param("https://e.com/%C3%A4", "e.com/%C3%A4", id="escapes-stay"),
        pytest.param("mailto:a@b.c", None, id="no-http"),
        pytest.param("http://[::1", None, id="broken-address"),
        pytest.param("https://e.com:99999/", None, id="broken-port"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="none"),
    ],
)
def test_canonical_link(link, canonical):
    assert canonical_link(link) == canonical


@given(st.text())
def test_any_text_has_a_canonical_form_or_none_and_it_is_stable(text):
    canonical = canonical_link("https://e.com/" + text)
    assert canonical is None or canonical_link("https://" + canonical) == canonical


def test_digest_keeps_its_parts_apart():
    assert digest("ab", "c") != digest("a", "bc")


def ids(*entries, feed="f"):
    return [identity.entry_id for identity in identify(feed, entries, NOW)]


def test_a_guid_names_the_entry_whatever_its_link():
    assert ids(data(guid="1", link="https://e.com/a")) == ids(data("Other", guid="1", link="https://e.com/b"))


def test_a_guid_repeated_in_one_document_counts_with_its_link():
    one, two = ids(data(guid="1", link="https://e.com/a"), data(guid="1", link="https://e.com/b"))
    assert one != two


def test_without_guid_the_canonical_link_names_the_entry():
    assert ids(data(link="https://e.com/a?utm_source=x")) == ids(data("Other", link="http://e.com/a/"))


def test_without_guid_and_link_the_text_names_the_entry():
    assert ids(data("T", summary="s")) == ids(data("T", summary="s")) != ids(data("T", summary="other"))


def test_feeds_do_not_share_ids():
    assert ids(data(guid="1")) != ids(data(guid="1"), feed="g")


def test_a_title_counts_on_its_day_only():
    first, same, later = (
        identify("f", [data(" Morning  NEWS", at=at)], NOW)[0].title_day
        for at in (NOW, NOW.replace(hour=1), NOW.replace(day=2))
    )
    assert first == same != later
    assert identify("f", [data("")], NOW)[0].title_day is None


def test_text_hash_changes_with_what_a_reader_sees_only():
    assert text_hash(data("T", guid="1")) == text_hash(data("T", guid="2", at=NOW)) != text_hash(data("U"))


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        pytest.param("https://live.example/page#2", "live.example/page#2", id="an-item-of-a-page"),
        pytest.param("https://live.example/#/story/2", "live.example#/story/2", id="a-page-made-by-a-script"),
        pytest.param("https://live.example/a#xtor=RSS-1", "live.example/a", id="how-a-reader-came"),
        pytest.param("https://live.example/a#:~:text=b", "live.example/a", id="a-marked-text"),
        pytest.param("https://live.example/a#comments", "live.example/a", id="a-place-on-it"),
    ],
)
def test_a_fragment_stays_where_it_names_an_item(link, canonical):
    assert canonical_link(link) == canonical
