"""Word forms: looked up in the dictionary once, or made by rule; kept as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.english import FIXED, IRREGULAR, inflect, strip
from bot.rules.forms import Forms, expand, forms_key

# Most are asked of one table, since opening the dictionary takes longer than looking up.
EXPECTED = {
    "deploy": "deploy deploys deployed deploying",
    "deployed": "deploy deploys deployed deploying",
    "man": "man men",
    "men": "man men",
    "woman": "woman women",
    "go": "go goes went gone going",
    "went": "go goes went gone going",
    "gone": "go went",
    "send": "send sends sent sending",
    "strike": "strike strikes struck striking",
    "leave": "leave leaves left leaving",
    "left": "left leave leaving",
    "win": "win wins won winning",
    "shoot": "shoot shoots shot shooting",
    "rise": "rise rose risen rising",
    "fly": "fly flies flew flown flying",
    "die": "die dies died dying",
    "lie": "lie lies lied lying",
    "army": "army armies",
    "stop": "stop stops stopped stopping",
    "veto": "veto vetoes vetoed vetoing",
    "building": "building buildings build built",
    "troops": "troop troops",
    "ratify": "ratify ratifies ratified ratifying",
    "blorf": "blorf blorfs blorfed blorfing",  # no dictionary has it
    "drone": "drone drones",
}
APART = [("rose", "risk"), ("sign", "signal"), ("deploy", "deployment"), ("state", "station"), ("found", "foundry")]


@pytest.fixture(scope="module")
def forms():
    words = {*EXPECTED, *(word for pair in APART for word in pair), "might", "for"}
    return expand(frozenset(("en", word) for word in words) | {("zh", "coup")})


@pytest.mark.parametrize("word", EXPECTED)
def test_a_word_has_its_forms(word, forms):
    assert set(EXPECTED[word].split()) <= set(forms.of("en", word))


@pytest.mark.parametrize(("one", "other"), APART)
def test_words_that_only_look_alike_stay_apart(one, other, forms):
    assert set(forms.of("en", one)).isdisjoint(forms.of("en", other))


def test_every_word_is_among_its_own_forms(forms):
    assert all(word in found for (_, word), found in forms.table.items())


def test_being_forms_of_each_other_goes_both_ways(forms):
    words = [word for _, word in forms.table]
    assert [(a, b) for a in words for b in forms.of("en", a) if b in words and a not in forms.of("en", b)] == []


@pytest.mark.parametrize(("language", "word"), [("en", "might"), ("en", "for"), ("zh", "coup"), ("en", "unasked")])
def test_a_word_without_forms_is_itself(language, word, forms):
    assert forms.of(language, word) == (word,)


def test_a_vocabulary_of_languages_without_inflection_needs_no_dictionary():
    assert dict(expand(frozenset({("zh", "coup"), ("ko", "coup"), ("ja", "coup")})).table) == {}


def test_a_table_comes_back_from_its_text(forms):
    again = Forms.from_json(forms.to_json())
    assert (again.key, dict(again.table)) == (forms.key, dict(forms.table))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "3", "{}", '{"key": "a"}', '{"forms": []}', '{"key": "a", "forms": [["en"]]}'],
)  # fmt: skip
def test_what_is_no_table_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Forms.from_json(text)


def test_the_key_of_a_table_changes_with_its_words_only():
    some = frozenset({("en", "go"), ("en", "send")})
    assert forms_key(some) == forms_key(frozenset(sorted(some, reverse=True))) == expand(some).key
    assert forms_key(some) != forms_key(some | {("en", "leave")})
    assert forms_key(some) != forms_key(frozenset({("fr", "go"), ("en", "send")}))


@pytest.mark.parametrize(
    ("word", "forms_"),
    [
        ("deploy", "deploys deployed deploying"),
        ("carry", "carries carried carrying"),
        ("push", "pushes pushed pushing"),
        ("go", ""),
        ("veto", "vetos vetoes vetoed vetoing"),
        ("ban", "bans baned banned baning banning"),
        ("panic", "panics paniced panicked panicing panicking"),
        ("tie", "ties tied tying"),
        ("bake", "bakes baked baking"),
        ("flee", "flees fleed fleing fleeing"),
        ("nth", ""),
        ("f16", ""),
    ],
)  # fmt: skip
def test_regular_forms(word, forms_):
    assert inflect(word) == set(forms_.split())


@given(st.text("abceinorsty", min_size=1, max_size=9))
def test_stripping_finds_the_words_that_inflection_made(word):
    for form in inflect(word):
        assert word in strip(form)
    assert all(word in inflect(base) for base in strip(word))


def test_the_lists_hold_small_letters_and_no_word_is_both_fixed_and_irregular():
    assert all(word.isascii() and word.islower() for word in [*FIXED, *IRREGULAR, *IRREGULAR.values()])
    assert FIXED.isdisjoint(IRREGULAR)
