"""Words, their keys, their sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.tokens import MAX_WORDS, Field, cut, fold


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Troops march north", "Troops|march|north", id="plain"),
        pytest.param("Russia's army, the boss's", "Russia|army|the|boss", id="possessive"),
        pytest.param("Côte d'Ivoire's shore", "Côte|d'Ivoire|shore", id="possessive-after-apostrophe"),
        pytest.param("don't they're O'Brien", "don't|they're|O'Brien", id="apostrophe-within"),
        pytest.param("US'S ARMY", "US|ARMY", id="possessive-in-capitals"),
        pytest.param("Trump's部队", "Trump|部|队", id="possessive-before-chinese"),
        pytest.param("'quoted' words'", "quoted|words", id="apostrophe-around"),
        pytest.param("3,000 men, 1.5bn dollars, 2026", "3,000|men|1.5bn|dollars|2026", id="numbers"),
        pytest.param("F-16 and cease-fire", "F|16|and|cease|fire", id="hyphens"),
        pytest.param("snake_case __", "snake|case", id="underscores"),
        pytest.param("北朝鮮がrocket発射", "北|朝|鮮|が|rocket|発|射", id="japanese-by-character"),
        pytest.param("북한 병력", "북한|병력", id="korean-by-word"),
        pytest.param("ทหาร", "ท|ห|า|ร", id="thai-by-character"),
        pytest.param("Войска РФ", "Войска|РФ", id="cyrillic"),
        pytest.param("!? … —", "", id="no-words"),
    ],
)
def test_cut(text, words):
    assert "|".join(cut(text)) == words


@given(st.text(st.characters(max_codepoint=127), max_size=80))
def test_words_of_plain_text_are_the_same_beside_other_letters(text):
    assert [*cut(text), "é"] == cut(text + " é")


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Troops", "troops"), ("BRASÍLIA", "brasilia"), ("Malmø", "malmo"), ("Łódź", "lodz"), ("Straße", "strasse"),
        ("İstanbul", "istanbul"), ("ılıca", "ilica"), ("ёлка", "елка"), ("йод", "йод"), ("أحمد", "احمد"), ("北", "北"),
        ("Åland", "aland"), ("Σοφία", "σοφια"),
    ],
)  # fmt: skip
def test_fold(word, key):
    assert fold(word) == key


@given(st.text(max_size=30))
def test_a_key_is_its_own_key(word):
    assert fold(fold(word)) == fold(word)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("One two. Three four", [0, 0, 1, 1], id="full-stop"),
        pytest.param("One! Two? Three", [0, 1, 2], id="marks"),
        pytest.param('He said "go." Then left', [0, 0, 0, 1, 1], id="quote-after-the-stop"),
        pytest.param("Gen. Smith and Sen. Jones left", [0] * 6, id="titles"),
        pytest.param("J. Smith left", [0] * 3, id="initial"),
        pytest.param("Sent in Nov. to Mali", [0] * 5, id="small-letter-follows"),
        pytest.param("Wait... Then go", [0, 1, 1], id="dots"),
        pytest.param("The U.S. sends troops. Poland waits", [0, 0, 0, 0, 1, 1], id="acronym"),
        pytest.param("Sent to the U.S. The army left", [0, 0, 0, 0, 1, 1, 1], id="acronym-at-the-end"),
        pytest.param("<p>One two</p><p>Three</p>", [0, 0, 1], id="paragraphs"),
        pytest.param("One\n\nTwo", [0, 1], id="empty-line"),
        pytest.param("One\nTwo", [0, 0], id="line-wrap"),
        pytest.param("One 1.5 two", [0, 0, 0], id="decimal-point"),
        pytest.param("北京。上海", [0, 0, 1, 1], id="chinese"),
        pytest.param("北京!上海", [0, 0, 1, 1], id="chinese-exclamation"),
        pytest.param("Yahoo!News today", [0, 0, 0], id="mark-within"),
    ],
)
def test_sentences(text, sentences):
    field = Field("text", text)
    numbers = [field.sentence(at) for at in range(len(field.keys))]  # an empty sentence takes a number too
    assert [sorted(set(numbers)).index(number) for number in numbers] == sentences


@pytest.mark.parametrize(
    ("raw", "shouts", "whispers"),
    [("US SENDS 3", True, False), ("us sends", False, True), ("US sends", False, False), ("北京", False, False)],
)
def test_a_field_in_one_case_only(raw, shouts, whispers):
    field = Field("title", raw)
    assert (field.shouts, field.whispers) == (shouts, whispers)


def test_only_so_many_words_of_a_field_count():
    field = Field("text", "word " * (MAX_WORDS + 7))
    assert len(field.keys) == len(field.words) == MAX_WORDS
