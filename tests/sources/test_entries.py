"""What is read of an entry: links made absolute, guids as they are, texts within bounds, languages in one spelling."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import texts
from bot.sources.prepare import prepare
from bot.sources.reference import parse_by_reference
from tests.sources.given import URL, atom, item, only, parsed

LONG = "https://herald.example/" + "a" * 8_169  # 8 KB
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'

LINKS = [
    pytest.param("https://herald.example/1", "https://herald.example/1", id="absolute"),
    pytest.param("HTTPS://Herald.example/1", "HTTPS://Herald.example/1", id="capitals"),
    pytest.param(" \n https://herald.example/1 \n ", "https://herald.example/1", id="spaces-around"),
    pytest.param("https://herald.example/a\nb\tc", "https://herald.example/abc", id="newlines-within"),
    pytest.param("https://herald.example/a b", "https://herald.example/a%20b", id="space-within"),
    pytest.param("https://herald.example/новость", "https://herald.example/новость", id="cyrillic"),
    pytest.param("https://herald.example/?a=1&amp;b=2#c", "https://herald.example/?a=1&b=2#c", id="query"),
    pytest.param("/1", "https://herald.example/1", id="from-the-root"),
    pytest.param("1", "https://herald.example/news/1", id="relative"),
    pytest.param("../1", "https://herald.example/1", id="upwards"),
    pytest.param("?id=1", "https://herald.example/news/rss?id=1", id="query-only"),
    pytest.param("//cdn.example/1", "https://cdn.example/1", id="without-a-scheme"),
    pytest.param("javascript:alert(1)", None, id="javascript"),
    pytest.param(" JavaScript:alert(1)", None, id="javascript-in-disguise"),
    pytest.param("java\nscript:alert(1)", None, id="javascript-in-two-lines"),
    pytest.param("data:text/html,x", None, id="data"),
    pytest.param("file:///etc/passwd", None, id="file"),
    pytest.param("ftp://herald.example/1", None, id="ftp"),
    pytest.param("mailto:desk@herald.example", None, id="mailto"),
    pytest.param("http://", None, id="no-host"),
    pytest.param("http://[::1", None, id="half-an-address"),
    pytest.param("", None, id="empty"),
    pytest.param(LONG, LONG, id="8-kb"),
    pytest.param("https://herald.example/" + "a" * 10_000, None, id="absurdly-long"),
]


@pytest.mark.parametrize(("written", "link"), LINKS)
def test_a_link_is_made_absolute_or_dropped(written, link):
    assert only(item(f"<link>{written}</link>")).link == link
    reference = parse_by_reference(prepare(item(f"<link>{written}</link>").encode()), URL)
    assert reference.entries[0].link == link


@pytest.mark.parametrize(("written", "link"), LINKS)
def test_a_link_of_atom_and_of_json_is_read_alike(written, link):
    escaped = written.replace("\n", "&#10;").replace("\t", "&#9;")  # an attribute's plain newlines become spaces
    assert only(atom(f"<id>urn:x</id><link href='{escaped}'/>")).link == link
    plain = written.replace("&amp;", "&")
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": plain}]})
    assert only(body).link == link


@pytest.mark.parametrize(
    ("inner", "guid", "link"),
    [
        pytest.param("<guid>https://herald.example/1</guid>", "https://herald.example/1", None, id="permalink"),
        pytest.param("<guid isPermaLink='false'>https://herald.example/1</guid>", None, "none", id="no-permalink"),
        pytest.param("<guid isPermaLink='FALSE'>urn:1</guid>", "urn:1", "none", id="urn"),
        pytest.param("<guid>4711</guid>", "4711", "none", id="number"),
        pytest.param("<guid> \n </guid><link>/1</link>", "none", None, id="blank"),
        pytest.param("<guid/><link>/1</link>", "none", None, id="empty"),
        pytest.param("<link>/1</link>", "none", None, id="missing"),
        pytest.param("<guid/><guid>second</guid>", "second", "none", id="second"),
        pytest.param("<guid>javascript:alert(1)</guid>", "javascript:alert(1)", "none", id="javascript"),
        pytest.param("<guid><![CDATA[ a&b ]]></guid>", "a&b", "none", id="cdata"),
    ],
)
def test_a_guid_is_kept_and_may_stand_for_the_link(inner, guid, link):
    entry = only(item(inner))
    assert entry.guid == (None if guid == "none" else guid or "https://herald.example/1")
    assert entry.link == (None if link == "none" else "https://herald.example/1")


def test_a_long_guid_is_cut():
    assert only(item(f"<guid>{'g' * 9_000}</guid>")).guid == "g" * texts.GUID


def test_an_rdf_item_is_known_by_its_address():
    body = (
        f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/"><channel><title>x</title></channel>'
        '<item rdf:about="https://herald.example/1"><title>Troops march</title></item></rdf:RDF>'
    )
    assert (only(body).guid, only(body).link) == ("https://herald.example/1", "https://herald.example/1")


@pytest.mark.parametrize(
    ("links", "link"),
    [
        ("<link href='/1'/>", "/1"),
        ("<link rel='self' href='/self'/><link rel='alternate' href='/1'/>", "/1"),
        ("<link rel='alternate' type='application/pdf' href='/1.pdf'/><link type='text/html' href='/1'/>", "/1"),
        ("<link rel='alternate' type='application/pdf' href='/1.pdf'/>", "/1.pdf"),
        ("<link href='javascript:alert(1)'/><link href='/1'/>", "/1"),
        ("<link rel='enclosure' href='/1.mp3'/>", None),
        ("<link/>", None),
    ],
    ids=["plain", "self-first", "html-first", "pdf-only", "javascript-first", "enclosure-only", "no-href"],
)
def test_the_page_is_chosen_among_links_of_atom(links, link):
    entry = only(atom(f"<id>urn:x</id>{links}"))
    assert entry.link == (link and f"https://herald.example{link}")


@pytest.mark.parametrize(
    ("attributes", "link"),
    [
        ("xml:base='https://mirror.example/a/'", "https://mirror.example/a/1"),
        ("xml:base='/b/'", "https://herald.example/b/1"),
        ("xml:base='//mirror.example/'", "https://mirror.example/1"),
        ("xml:base='javascript:'", None),
        ("xml:base='http://[::1'", None),
        ("xml:base=''", "https://herald.example/news/1"),
    ],
    ids=["absolute", "from-the-root", "without-a-scheme", "javascript", "broken", "empty"],
)
def test_links_are_relative_to_their_base(attributes, link):
    assert only(atom("<id>urn:x</id><link href='1'/>", attributes)).link == link


def test_texts_are_cut_and_cleaned():
    entry = only(item(f"<title>  {'t' * 3_000}</title><description>{'d' * 30_000}</description>"))
    assert (len(entry.title), len(entry.summary)) == (texts.TITLE, texts.SUMMARY)


@pytest.mark.parametrize(
    ("head", "inner", "languages"),
    [
        pytest.param("<language>en-US</language>", "", ("en-us", None), id="of-the-channel"),
        pytest.param("<language>pt_BR</language>", "", ("pt-br", None), id="underscore"),
        pytest.param("<language>English</language>", "", (None, None), id="a-word"),
        pytest.param("<language/>", "", (None, None), id="empty"),
        pytest.param("", "<title xml:lang='fr'>Les troupes</title>", (None, "fr"), id="of-the-title"),
        pytest.param(
            "", "<dc:language xmlns:dc='http://purl.org/dc/elements/1.1/'>ru</dc:language>", (None, "ru"), id="dc"
        ),
    ],
)
def test_languages(head, inner, languages):
    document = parsed(item(inner, head))
    assert (document.language, document.entries[0].language) == languages


@pytest.mark.parametrize(
    ("inner", "summary"),
    [
        ("<description>d</description>", "d"),
        ("<description/><content:encoded>c</content:encoded>", "c"),
        ("<description>d</description><content:encoded>c</content:encoded>", "d"),
        ("<description><p>d</p></description>", "<p>d</p>"),
        ("", ""),
    ],
    ids=["description", "content-only", "both", "markup-unescaped", "none"],
)
def test_summaries_by_both_parsers(inner, summary):
    inner = inner.replace(
        "content:encoded>c", "content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>c"
    )
    assert only(item(inner)).summary == summary
    assert parse_by_reference(prepare(item(inner).encode()), URL).entries[0].summary == summary


@given(st.none() | st.integers() | st.text(), st.text(max_size=40))
def test_any_value_is_a_link_or_none(value, base):
    link = texts.link(value, base)
    assert link is None or link.lower().startswith(("http://", "https://"))


@given(st.none() | st.integers() | st.text(st.characters()), st.integers(1, 50))
def test_any_value_is_a_text_that_every_store_takes(value, limit):
    text = texts.text(value, limit)
    assert len(text) <= limit
    assert "\0" not in text
    text.encode()


@given(st.none() | st.integers() | st.text())
def test_any_value_is_a_language_or_none(value):
    language = texts.language(value)
    assert language is None or (language == language.lower() and language.isascii())
