"""Cleaning: what is taken out of a field, and that every word is still found in the field as given."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.text import MAX_CHARACTERS, PARAGRAPH, clean, clean_term
from bot.rules.tokens import Field, cut, fold

# Pieces that feeds really hold; joined at random they meet in ways that nobody thinks of.
PIECES = st.sampled_from([
    "Troops", "march", "U.S.", "U.K", "a.m.", "cease-fire", "3,000", "1.5bn", "Côte d'Ivoire", "Brasi\u0301lia", "李明",
    "部队", "북한", "войска", "Россия's", "ЁЖ", "كـتاب", "don’t", "“", "”", "—", "\u00a0", " ", "\n\n", "\t", ". ",
    "! ", "? ", "。", "…", "<b>", "</b>", "<p>", "</p>", "<br/>", '<a href="x">', "<", ">", "<!--", "-->", "<script>",
    "</script>", "&amp;", "&lt;b&gt;", "&#8217;", "&nbsp;", "&bogus;", "&", "&#0;", "\u200b", "\u00ad", "\ufeff",
    "\u202e", "ﬁnal", "Ｕ．Ｓ．", "㎞", "½", "e\u0301\u0302", "\U0001f1fa\U0001f1f8", "İ", "ß", "\x00", "'s", "'", "-",
])  # fmt: skip
FIELDS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("Troops <b>march</b>", "Troops march", id="inline-markup-joins"),
        pytest.param("tro<i>op</i>s", "troops", id="markup-within-a-word"),
        pytest.param("<p>One</p><p>Two</p>", f"{PARAGRAPH}One{PARAGRAPH}{PARAGRAPH}Two{PARAGRAPH}", id="blocks-part"),
        pytest.param("One<br/>Two", f"One{PARAGRAPH}Two", id="line-break-parts"),
        pytest.param("One<x-card>Two", "One Two", id="unknown-tag-is-a-space"),
        pytest.param("A<!-- <b>no</b> -->B", "A B", id="comment"),
        pytest.param("A<!-- no", "A ", id="unclosed-comment"),
        pytest.param("A<script>send()</script>B", f"A {PARAGRAPH}B", id="script"),
        pytest.param("A<STYLE>p{}", "A ", id="unclosed-style"),
        pytest.param("5 < 6 > 4", "5 < 6 > 4", id="signs-are-no-tags"),
        pytest.param("AT&amp;T &#8212; &eacute;", "AT&T - é", id="entities"),
        pytest.param("&lt;b&gt;Troops&lt;/b&gt;", "Troops", id="escaped-markup"),
        pytest.param("&nosuch; & &amp", "&nosuch; & &amp", id="no-entities"),
        pytest.param("‘a’ “b” «c» d—e f‑g", '\'a\' "b" "c" d-e f-g', id="typography"),
        pytest.param("de\u00adploy\u200b \ufefftroops\u2060", "deploy troops", id="invisible-characters"),
        pytest.param("مـحـمـد", "محمد", id="tatweel"),
        pytest.param("ﬁnal Ｔｒｏｏｐｓ cafe\u0301", "final Troops café", id="compatible-forms"),
        pytest.param("U.S. and U.K. troops", "US and UK troops", id="dotted-acronyms"),
        pytest.param("in the U.S. The army", "in the US. The army", id="acronym-ends-a-sentence"),
        pytest.param("in the U.S.", "in the US", id="acronym-at-the-end"),
        pytest.param("e.g. i.e. D.C.-based", "eg ie DC-based", id="small-acronyms"),
        pytest.param("version 1.2.3 of a.b.example", "version 1.2.3 of a.b.example", id="no-acronyms"),
        pytest.param("", "", id="empty"),
    ],
)
def test_clean(raw, text):
    assert clean(raw).text == text


def test_a_term_is_cleaned_as_items_are_but_keeps_its_signs():
    assert clean_term("U.S. “troops” <b>&amp;") == 'US "troops" <b>&amp;'


def test_only_the_beginning_of_an_endless_field_is_read():
    assert clean("a" * (MAX_CHARACTERS + 500)).text == "a" * MAX_CHARACTERS


@pytest.mark.parametrize(
    ("raw", "word", "written"),
    [
        pytest.param("The <b>U.S.</b> sends", "US", "U.S.", id="acronym-in-markup"),
        pytest.param("tro<i>op</i>s march", "troops", "tro<i>op</i>s", id="markup-within"),
        pytest.param("Viva Brasi\u0301lia!", "brasilia", "Brasi\u0301lia", id="combining-accent"),
        pytest.param("a &amp; deploy&eacute;", "deploye", "deploy&eacute;", id="entity"),
        pytest.param("“de\u00adploy”", "deploy", "de\u00adploy", id="soft-hyphen"),
        pytest.param("&lt;p&gt;Troops&lt;/p&gt;", "troops", "Troops", id="escaped-markup"),
        pytest.param("Putin’s men", "putin", "Putin", id="possessive"),
        pytest.param("ﬁnal act", "final", "ﬁnal", id="ligature"),
    ],
)
def test_a_word_is_found_in_the_field_as_given(raw, word, written):
    field = Field("title", raw)
    at = field.keys.index(word.lower())
    start, end = field.origin(at, at)
    assert raw[start:end] == written


@given(st.lists(PIECES, max_size=14).map(" ".join), st.data())
@settings(deadline=None)
def test_what_is_shown_of_a_field_cleans_to_the_words_that_were_found(raw, data):
    field = Field("title", raw)
    for first in range(len(field.keys)):
        last = data.draw(st.integers(first, len(field.keys) - 1))
        start, end = field.origin(first, last)
        again = [fold(word) for word in cut(clean(raw[start:end]).text)]
        # What expands to several words (½) is shown as a whole, so there may be more words, never others.
        assert "|".join(field.keys[first : last + 1]) in "|".join(again)
        assert len(again) <= last - first + 3


@given(FIELDS)
@settings(deadline=None)
def test_the_places_of_words_follow_each_other(raw):
    field = Field("title", raw)
    places = [field.origin(at, at) for at in range(len(field.keys))]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(raw) for start, end in places)
    assert len(field.keys) == len(field.words)
    sentences = [field.sentence(at) for at in range(len(field.keys))]
    assert sentences == sorted(sentences)


@given(st.text(max_size=60))
def test_cleaning_a_clean_text_moves_no_highlight(raw):
    text = "Troops march. " + raw.translate({ord(sign): None for sign in "<&."})
    cleaned = clean(text)
    assert cleaned.origin(0, 6) == (0, 6)
    assert cleaned.origin(7, 12) == (7, 12)


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<script>", "&", "&#", "a.", "'", "e\u0301", "\u0301", "1,", "! ", "<a "]
)
def test_a_field_of_one_thing_repeated_is_read(piece):
    field = Field("text", piece * 40_000)
    assert len(field.keys) <= 1_000
    assert field.stops == sorted(field.stops)
