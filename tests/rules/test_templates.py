"""Headline templates: order, distance, sentences; the tightest words; the longest name."""

from __future__ import annotations

import pytest

from tests.rules.given import fires, hits, only, ruleset


@pytest.mark.parametrize(
    ("pattern", "title", "expected"),
    [
        pytest.param("a ... b", "a b", True, id="nothing-between"),
        pytest.param("a ... b", "a 1 2 3 4 5 6 7 8 b", True, id="eight-between"),
        pytest.param("a ... b", "a 1 2 3 4 5 6 7 8 9 b", False, id="nine-between"),
        pytest.param("a ... b", "b a", False, id="order-counts"),
        pytest.param("a … b", "a x b", True, id="one-sign-for-the-dots"),
        pytest.param("a...b", "a x b", True, id="no-spaces"),
        pytest.param("a ...2 b", "a 1 2 b", True, id="number-of-words"),
        pytest.param("a ...2 b", "a 1 2 3 b", False, id="one-word-more"),
        pytest.param("a ...0 b", "a b", True, id="none"),
        pytest.param("a ...0 b", "a x b", False, id="none-at-all"),
        pytest.param("a ...2 b ...1 c", "a 1 2 b 1 c", True, id="two-gaps"),
        pytest.param("a ...2 b ...1 c", "a 1 b 1 2 c", False, id="each-gap-counts"),
        pytest.param("a ...2 b", "a x y z a x b", True, id="the-nearer-of-two"),
        pytest.param("a ... b c ... d", "a x b c x d", True, id="a-phrase-between"),
        pytest.param("a ... b c ... d", "a x b x c d", False, id="a-phrase-stays-together"),
        pytest.param("a ... a", "a x x", False, id="a-word-counts-once"),
        pytest.param("a ... b", "One a. And b", False, id="not-across-sentences"),
        pytest.param("a ... b", "One a.m. and b", False, id="acronyms-are-words"),
        pytest.param("a ... b", "a U.S. b", True, id="acronyms-end-no-sentence"),
        pytest.param("a ... b", "a, x: “b”", True, id="marks-are-no-words"),
        pytest.param("a ... b", "<p>a</p><p>b</p>", False, id="not-across-paragraphs"),
        pytest.param("a b", "One a. b", True, id="a-small-letter-begins-no-sentence"),
        pytest.param("a b", "One a. B", False, id="phrases-do-not-cross-either"),
        pytest.param("一 ...3 二", "一三三三二", True, id="chinese-counts-characters"),
        pytest.param("一 ...2 二", "一三三三二", False, id="chinese-characters-too-far"),
    ],
)
def test_template(pattern, title, expected):
    assert fires(f'"{pattern}"', title, language=None) is expected


def test_a_template_never_crosses_a_field():
    assert not fires("a ... b", "a", "b")
    assert not fires("a b", "a", "b")
    assert fires("a ... b", "b", "a b")


CONCEPTS = """
concepts:
  country: [Guinea, New Guinea, Papua New Guinea, Mali, South Korea, Korea]
  troops: [troops, =forces, special forces]
  move: [send ...2 <troops>, <troops> arrive]
---
"""


@pytest.mark.parametrize(
    ("pattern", "title", "words"),
    [
        pytest.param("<country> <troops>", "Mali troops", "Mali|troops", id="side-by-side"),
        pytest.param("<country> <troops>", "Mali sends troops", None, id="side-by-side-only"),
        pytest.param("<country> ... send ... <troops>", "Mali can send its troops", "Mali|send|troops", id="words"),
        pytest.param("<country>, <country>", "Mali, Guinea", "Mali|Guinea", id="a-comma-is-no-word"),
        pytest.param("to < country >", "to Mali", "to|Mali", id="spaces-in-the-brackets"),
        pytest.param("<move> ... <country>", "send more troops to Mali", "send|troops|Mali", id="template-in-it"),
        pytest.param("<country>", "Guinea votes", "Guinea", id="short-name"),
        pytest.param("<country>", "New Guinea votes", "New Guinea", id="longer-name"),
        pytest.param("<country>", "Papua New Guinea votes", "Papua New Guinea", id="longest-name"),
        pytest.param("<country>", "New Guinea and Guinea", "New Guinea|Guinea", id="both-names"),
        pytest.param("<troops>", "special forces", "special forces|forces", id="words-that-are-no-names"),
        pytest.param("<country> ... <country>", "New Guinea votes", None, id="no-name-within-a-name"),
        pytest.param("<country> ... vote", "South Korea, Mali vote", "Mali|vote", id="tightest"),
        pytest.param("send ... <country>", "send to Mali, send to Guinea", "send|Mali|send|Guinea", id="each-pair"),
    ],
)  # fmt: skip
def test_concepts_in_templates(pattern, title, words):
    rules = ruleset(f'{CONCEPTS}rule: a\nmatch: "{pattern}"')
    assert hits(rules, title) == ({} if words is None else {"a": words.split("|")})


def test_the_tightest_words_are_shown():
    rules = only("a ... b ... c")
    found = hits(rules, "a 1 a 2 b 3 b 4 c")
    assert found == {"the-rule": ["a", "b", "c"]}


def test_a_concept_may_be_built_of_concepts():
    rules = ruleset(
        "concepts:\n  place: [<land>, abroad]\n  land: [Mali, <sea>]\n  sea: Black Sea\n---\nrule: a\nmatch: to <place>"
    )
    assert hits(rules, "to the, to Black Sea, to Mali, to abroad") == {
        "a": ["to", "Black Sea", "to", "Mali", "to", "abroad"]
    }
