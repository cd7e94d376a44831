"""Text on its way to a reader: cleaned, measured, cut and quoted."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.excerpt import merge, quote
from bot.core.plaintext import clean, isolate, plain
from bot.core.textwidth import cut, fit, joins, units
from tests.channels.nasty import TEXTS, thoroughly

FAMILY, FLAG, WAVE = "👨\u200d👩\u200d👧", "🇰🇵", "👋🏽"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Troops march", "Troops march"),
        ("AT&amp;T &#38; &#x26; &rsquo;", "AT&T & & ’"),
        ("a <b>bold</b> word", "a bold word"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("One<br/>two", "One two"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("profits <of 5", "profits <of 5"),
        ('Torn <img src="http://x/y', "Torn"),
        ("<!-- hidden --> seen <!-- open", "seen"),
        ("<script>alert('x')</script>ok<style>p{}", "ok"),
        ("<![CDATA[inner & text]]>", "inner & text"),
        ("&lt;b&gt;", "<b>"),
        ("&nosuch; &", "&nosuch; &"),
        ("line\r\n\tbreak\u2028here\u00a0", "line break here"),
        ("\x1b[31mred\x9b0m\x07", "[31mred0m"),
        ("&#27;[2J &#8;&#x202e;2J", "[2J 2J"),
        ("evil \u202egnp.exe\u2066x\u2069 \u200fend", "evil gnp.exex end"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("half \ud800 pair \ufffe", "half pair"),
        (FAMILY, FAMILY),
        ("می\u200cخواهد", "می\u200cخواهد"),
        ("Z" + "\u0301" * 50 + "algo", "Z" + "\u0301" * 8 + "algo"),
        ("", ""),
    ],
)
def test_a_feeds_text_becomes_plain(raw, shown):
    assert clean(raw) == shown


def test_a_huge_text_is_read_only_as_far_as_a_message_can_show_it():
    assert len(clean("word " * 100_000)) == 19_999


@thoroughly
@given(TEXTS)
def test_any_text_becomes_one_line_without_control_or_format_characters(raw):
    shown = clean(raw)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not [c for c in shown if unicodedata.category(c) == "Cf" and c not in "\u200c\u200d"]
    assert shown == shown.strip()
    assert "  " not in shown
    shown.encode()


@thoroughly
@given(TEXTS)
def test_every_character_remembers_where_it_came_from(raw):
    found = plain(raw)
    assert len(found.origins) == len(found.text)
    assert list(found.origins) == sorted(found.origins)
    assert all(char in (" ", raw[at]) or raw[at] == "&" for char, at in zip(found.text, found.origins, strict=True))


def test_a_place_in_the_raw_text_is_found_in_the_plain_one():
    raw = "The <b>troops</b>&nbsp;&amp; tanks"
    low, high = plain(raw).span(raw.index("<b>"), raw.index("&amp;"))
    assert plain(raw).text[low:high] == "troops"


@pytest.mark.parametrize(("text", "wrapped"), [("plain", False), ("شمال", True), ("a שלום b", True)])
def test_only_text_that_runs_from_right_to_left_is_isolated(text, wrapped):
    assert isolate(text) == (f"\u2068{text}\u2069" if wrapped else text)


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("é", 1), ("🔴", 2), (FLAG, 4), (FAMILY, 8)])
def test_length_is_counted_as_telegram_counts(text, length):
    assert units(text) == length == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short", 5, "short"),
        ("North Korea sends troops", 18, "North Korea sends…"),
        ("North Korea, sends", 13, "North Korea…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("朝鲜向俄罗斯派兵", 5, "朝鲜向俄…"),
        (f"ab{FLAG}{FLAG}", 9, f"ab{FLAG}…"),
        (f"ab{FAMILY}", 9, "ab…"),
        (f"ab{WAVE}c", 5, "ab…"),
        ("abe\u0301f", 4, "ab…"),
        (FAMILY, 4, "…"),
        ("anything", 0, ""),
    ],
)
def test_a_cut_ends_at_a_word_and_never_inside_a_sign(text, limit, shown):
    assert cut(text, limit) == shown


@thoroughly
@given(TEXTS, st.integers(0, 60))
def test_a_cut_text_fits_and_is_a_beginning_of_the_whole(raw, limit):
    text = clean(raw)
    shown = cut(text, limit)
    assert units(shown) <= limit
    assert shown == text or text.startswith(shown.removesuffix("…"))


@thoroughly
@given(TEXTS, st.integers(0, 60))
def test_a_fitting_prefix_ends_where_a_sign_ends(raw, limit):
    text = clean(raw)
    end = fit(text, limit)
    assert units(text[:end]) <= limit
    assert end in (0, len(text)) or not joins(text, end)


def shown_quote(text, spans, limit):
    return "".join(f"[{piece.text}]" if piece.matched else piece.text for piece in quote(text, merge(spans), limit))


LONG = "The ministry said that the first group of its soldiers had crossed the eastern border on Friday before dawn"


@pytest.mark.parametrize(
    ("words", "limit", "shown"),
    [
        (["soldiers"], 200, LONG.replace("soldiers", "[soldiers]")),
        (["soldiers"], 80, "…that the first group of its [soldiers] had crossed the eastern…"),
        (["ministry", "dawn"], 90, "The [ministry] said that the first group … border on Friday before [dawn]"),
        (["soldiers", "border"], 120, None),
        (["The", "border"], 60, "[The] ministry said that the…"),
        (["soldiers had crossed the eastern border"], 20, "…[soldiers had cross]…"),
    ],
    ids=["whole", "around", "two places", "one window", "no room for the second", "longer than the room"],
)
def test_a_quotation_shows_the_matched_words_in_their_surroundings(words, limit, shown):
    spans = [(LONG.index(word), LONG.index(word) + len(word)) for word in words]
    found = shown_quote(LONG, spans, limit)
    if shown is None:
        assert all(f"[{word}]" in found for word in words)
        assert " … " not in found
    else:
        assert found == shown


def test_a_quotation_is_never_cut_inside_a_sign():
    for shift in range(2):
        text = "語" * (30 + shift) + "e\u0301" * 30 + "軍" * (1 + shift) + "e\u0301" * 40
        at = text.index("軍")
        inner = "".join(piece.text for piece in quote(text, [(at, at + 1)], 80)).strip("…")
        assert inner[0] == "e"
        assert inner[-1] == "\u0301"


def test_overlapping_evidence_is_marked_once():
    assert shown_quote("nuclear test site", [(0, 12), (8, 17), (3, 3)], 50) == "[nuclear test site]"


def test_nothing_is_quoted_of_an_empty_text():
    assert quote("", (), 50) == ()


@thoroughly
@given(TEXTS, st.lists(st.tuples(st.integers(0, 300), st.integers(1, 20))), st.integers(8, 120))
def test_any_quotation_fits_and_consists_of_the_text(raw, places, limit):
    text = clean(raw)
    spans = merge((min(at, len(text)), min(at + length, len(text))) for at, length in places)
    pieces = quote(text, spans, limit)
    assert sum(units(piece.text) for piece in pieces) <= limit
    assert all(piece.text in text or piece.text in ("…", " … ") for piece in pieces)
    assert not spans or any(piece.matched for piece in pieces) or limit < 12
