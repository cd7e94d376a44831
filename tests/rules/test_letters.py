"""Words that mix two alphabets, and the letters that are odd in them."""

from __future__ import annotations

import pytest

from bot.rules.letters import mixed
from tests.rules.given import compiled


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Kyіv", [("Kyіv", "Cyrillic", ("і",))], id="one-Cyrillic-letter"),
        pytest.param("Мocкву", [("Мocкву", "Latin", ("o", "c"))], id="two-Latin-letters"),
        pytest.param("cоcо", [("cоcо", "Cyrillic", ("о",))], id="as-many-of-both"),
        pytest.param("army ... пaлац", [("пaлац", "Latin", ("a",))], id="in-a-template"),
        pytest.param("IT-компания", [], id="joined-by-a-hyphen"),
        pytest.param("Т-72 T-72", [], id="each-in-its-own"),
        pytest.param("Αθήνα résumé Łódź", [], id="other-letters"),
        pytest.param("ВВС, BBC", [], id="words-side-by-side"),
    ],
)
def test_mixed_words_are_found_with_their_odd_letters(text, found):
    assert list(mixed(text)) == found


def test_a_regular_expression_may_mix():
    assert not [p for p in compiled("rule: tanks\nmatch: '/[TТ]72/'\n").problems if "alphabets" in p.message]
