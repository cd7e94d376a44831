"""What a person's words ask of the archive, and where they stand in an entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.search import Query, Wanted, indexed, marks, read_query
from bot.errors import ConfigError


@pytest.mark.parametrize(
    ("written", "query"),
    [
        pytest.param("troops", Query((Wanted(("troops",)),)), id="word"),
        pytest.param("  Troops  POLAND ", Query((Wanted(("troops",)), Wanted(("poland",)))), id="words"),
        pytest.param('"North Korea" army', Query((Wanted(("north", "korea")), Wanted(("army",)))), id="phrase"),
        pytest.param("“North Korea”", Query((Wanted(("north", "korea")),)), id="curly-quotes"),
        pytest.param("deploy*", Query((Wanted(("deploy",), prefix=True),)), id="beginning"),
        pytest.param('"north kor*"', Query((Wanted(("north", "kor"), prefix=True),)), id="beginning-in-a-phrase"),
        pytest.param('"north kor"*', Query((Wanted(("north", "kor"), prefix=True),)), id="beginning-of-a-phrase"),
        pytest.param("troops -parade", Query((Wanted(("troops",)),), (Wanted(("parade",)),)), id="without"),
        pytest.param(
            'troops -"parade ground"', Query((Wanted(("troops",)),), (Wanted(("parade", "ground")),)), id="-p"
        ),
        pytest.param("U.S. Łódź Ёлка", Query((Wanted(("us",)), Wanted(("lodz",)), Wanted(("елка",)))), id="folded"),
        pytest.param("cease-fire", Query((Wanted(("cease", "fire")),)), id="hyphen"),
        pytest.param("北朝鮮", Query((Wanted(("北", "朝", "鮮")),)), id="chinese"),
        pytest.param("北朝*", Query((Wanted(("北", "朝")),)), id="chinese-beginning"),
        pytest.param("한국", Query((Wanted(("한국",), prefix=True),)), id="korean"),
        pytest.param('"OR"', Query((Wanted(("or",)),)), id="quoted-operator"),
    ],
)
def test_a_query_is_words_phrases_beginnings_and_what_must_not_be_there(written, query):
    assert read_query(written) == query


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param("", "nothing to search for", id="empty"),
        pytest.param("-parade", "words that must not be there to search for", id="only-without"),
        pytest.param('troops "north', "a quote is not closed", id="open-quote"),
        pytest.param("troops & ships", "`&` holds no word", id="sign"),
        pytest.param('""', "holds no word", id="empty-phrase"),
        pytest.param("tro*ps", "may only end a word", id="star-within"),
        pytest.param("t*", "too short", id="short-beginning"),
        pytest.param("troops OR ships", "`OR` is no operator here", id="operator"),
        pytest.param("a " * 33, "more than 32 words", id="many"),
    ],
)
def test_a_query_that_asks_for_nothing_is_refused_with_what_to_write(written, said):
    with pytest.raises(ConfigError, match=said.replace("*", r"\*")):
        read_query(written)


@pytest.mark.parametrize(
    ("query", "raw", "found"),
    [
        pytest.param("troops", "<b>Troops</b> and TROOPS", ["Troops", "TROOPS"], id="markup-and-case"),
        pytest.param("us", "the U.S. and us", ["U.S.", "us"], id="dots"),
        pytest.param('"north korea"', "North Korea's north; South Korea", ["North Korea"], id="phrase"),
        pytest.param("deploy*", "Deployed, redeployed", ["Deployed"], id="beginning"),
        pytest.param("部队", "中国部队抵达", ["部队"], id="chinese"),
        pytest.param("한국", "한국에서 한", ["한국에서"], id="korean"),
        pytest.param("troops -march", "troops march", ["troops"], id="without-marks-nothing"),
        pytest.param("boats", "troops", [], id="nothing"),
    ],
)
def test_hits_are_found_in_the_text_as_given(query, raw, found):
    assert [raw[start:end] for start, end in marks(read_query(query), raw)] == found


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_refused_in_words(text):
    try:
        read_query(text)
    except ConfigError as refused:
        assert str(refused)


@given(st.text(max_size=60))
def test_each_word_of_a_text_is_found_in_it(text):
    for word in indexed(text).split()[:5]:
        assert marks(Query((Wanted((word,)),)), text)
