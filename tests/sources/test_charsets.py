"""Charsets: what the bytes show beats what is declared, and whatever comes is text in the end."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.charset import to_utf8
from tests.sources.given import item, only, parsed

RUSSIAN = "Войска выходят из города"
FRENCH = "Accord signé à l’aube, 5 €"


def declared(encoding, title=RUSSIAN):
    return f'<?xml version="1.0" encoding="{encoding}"?>' + item(f"<title>{title}</title>")


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        pytest.param(declared("utf-8").encode(), "", RUSSIAN, id="utf-8"),
        pytest.param(item(f"<title>{RUSSIAN}</title>").encode(), "", RUSSIAN, id="no-declaration"),
        pytest.param(codecs.BOM_UTF8 + declared("utf-8").encode(), "", RUSSIAN, id="bom"),
        pytest.param(b" \r\n" + codecs.BOM_UTF8 + declared("utf-8").encode(), "", RUSSIAN, id="space-before-bom"),
        pytest.param(b" \n\t " + declared("utf-8").encode(), "", RUSSIAN, id="space-before-declaration"),
        pytest.param(codecs.BOM_UTF8 + declared("windows-1251").encode(), "", RUSSIAN, id="bom-beats-declaration"),
        pytest.param(declared("windows-1251").encode(), "", RUSSIAN, id="utf-8-declared-cp1251"),
        pytest.param(declared("utf-8").encode("utf-16"), "", RUSSIAN, id="utf-16-declared-utf-8"),
        pytest.param(declared("utf-8").encode("utf-16-le"), "", RUSSIAN, id="utf-16-le-without-bom"),
        pytest.param(declared("utf-8").encode("utf-16-be"), "", RUSSIAN, id="utf-16-be-without-bom"),
        pytest.param((" " + declared("utf-8")).encode("utf-16-le"), "", RUSSIAN, id="utf-16-le-after-a-space"),
        pytest.param((" " + declared("utf-8")).encode("utf-16-be"), "", RUSSIAN, id="utf-16-be-after-a-space"),
        pytest.param(declared("utf-8").encode("utf-32"), "", RUSSIAN, id="utf-32"),
        pytest.param(declared("utf-16").encode(), "", RUSSIAN, id="utf-8-declared-utf-16"),
        pytest.param(declared("windows-1251").encode("cp1251"), "", RUSSIAN, id="cp1251"),
        pytest.param(declared("KOI8-R").encode("koi8-r"), "", RUSSIAN, id="koi8-r"),
        pytest.param(declared("ISO-8859-5").encode("iso8859-5"), "", RUSSIAN, id="iso-8859-5"),
        pytest.param(
            declared("koi8-r").encode("koi8-r"), "text/xml; charset=windows-1251", RUSSIAN, id="document-beats-header"
        ),
        pytest.param(
            declared("utf-8").encode("cp1251"), "text/xml; charset=windows-1251", RUSSIAN, id="header-beats-a-lie"
        ),
        pytest.param(
            item(f"<title>{RUSSIAN}</title>").encode("cp1251"),
            'application/rss+xml; Charset="Windows-1251"',
            RUSSIAN,
            id="header-alone",
        ),
        pytest.param(declared("utf-8").encode(), "text/xml; charset=iso-8859-1", RUSSIAN, id="utf-8-beats-header"),
        pytest.param(declared("iso-8859-1", FRENCH).encode("cp1252"), "", FRENCH, id="latin-1-is-cp1252"),
        pytest.param(declared("utf-8", FRENCH).encode("cp1252"), "", FRENCH, id="cp1252-declared-utf-8"),
        pytest.param(declared("x-unknown", FRENCH).encode("cp1252"), "", FRENCH, id="unknown-charset"),
        pytest.param(declared("zip", FRENCH).encode("cp1252"), "", FRENCH, id="no-charset-but-a-codec"),
        pytest.param(declared("shift_jis", "部隊が移動").encode("cp932"), "", "部隊が移動", id="shift-jis"),
        pytest.param(declared("iso-2022-jp", "部隊が移動").encode("iso2022_jp"), "", "部隊が移動", id="iso-2022-jp"),
        pytest.param(declared("gb2312", "军队㐂撤离").encode("gb18030"), "", "军队㐂撤离", id="gb2312-is-gb18030"),
        pytest.param(declared("euc-kr", "군대 이동").encode("cp949"), "", "군대 이동", id="euc-kr"),
    ],
)
def test_a_title_is_read_in_its_charset(body, content_type, title):
    assert only(body, content_type).title == title


def test_a_letter_cut_in_two_spoils_no_others():
    body = item("<title>The envoy’s “plan”</title><description>Too hot a caf?</description>").encode()
    assert only(body.replace(b"?", b"\xc3")).title == "The envoy’s “plan”"


def test_a_slip_in_utf_8_is_not_another_charset():
    body = declared("windows-1251", RUSSIAN * 5).encode().replace("г".encode(), b"\xff\xd0", 1)
    assert only(body).title.startswith("Войска выходят из")


def test_a_last_letter_cut_in_two_changes_nothing():
    body = (item(f"<title>{RUSSIAN}</title>") + "<!-- я").encode()[:-1]
    assert only(body).title == RUSSIAN


@pytest.mark.parametrize(
    ("letter", "left"),
    [
        pytest.param("\x00", "", id="nul"),
        pytest.param("\x08", "", id="backspace"),
        pytest.param("\x0b", "", id="vertical-tab"),
        pytest.param("\x1b", "", id="escape"),
        pytest.param("\ufffe", "", id="fffe"),
        pytest.param("\uffff", "", id="ffff"),
        pytest.param("&#0;", "", id="reference-to-nul"),
        pytest.param("&#x1b;", "", id="reference-to-escape"),
        pytest.param("&#xD800;", "", id="reference-to-a-surrogate"),
        pytest.param("&#xFFFF;", "", id="reference-to-ffff"),
        pytest.param("&#x110000;", "", id="reference-beyond-unicode"),
        pytest.param("&#99999999999;", "&#99999999999;", id="reference-of-many-digits"),
        pytest.param("\x7f", "\x7f", id="delete"),
        pytest.param("&#9;", "\t", id="reference-to-tab"),
        pytest.param("&#x1F600;", "😀", id="reference-to-an-emoji"),
        pytest.param("😀", "😀", id="emoji"),
        pytest.param("\u2028", "\n", id="line-separator"),
    ],
)
@pytest.mark.parametrize("cdata", [False, True], ids=["plain", "cdata"])
def test_characters_that_no_store_takes_are_taken_out(letter, left, cdata):
    if cdata and letter.startswith("&"):
        left = letter  # no reference means anything in there
    text = f"<![CDATA[Troops{letter} march]]>" if cdata else f"Troops{letter} march"
    title = only(item(f"<title>{text}</title>")).title
    assert title.replace("\u2028", "\n") == f"Troops{left} march"


def test_json_is_decoded_alike():
    body = '{"version": "https://jsonfeed.org/version/1", "title": "x", "items": [{"id": "1", "title": "é\x00"}]}'
    for data in (codecs.BOM_UTF8 + body.encode(), body.encode("utf-16"), body.encode("cp1252")):
        assert [entry.title for entry in parsed(data).entries] == ["é"]


@given(st.binary(max_size=300), st.text(max_size=60) | st.sampled_from(["text/xml; charset=utf-7", "charset=idna"]))
def test_any_bytes_become_clean_utf_8(body, content_type):
    text = to_utf8(body, content_type).decode()
    assert not {*text} & {*map(chr, range(9)), "\x0b", "\x0c", "\x1b", "\ufffe", "\uffff"}


@given(st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32, exclude_characters="\ufffe\uffff\ufeff")))
def test_utf_8_comes_out_as_it_was(text):
    assert to_utf8(text.encode(), "text/xml; charset=koi8-r").decode() == text or "\0" in text[:4]
