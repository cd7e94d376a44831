"""What a rule's words match: inflections, names, capitals, exact words, prefixes, languages."""

from __future__ import annotations

import pytest

from bot.rules.terms import TermError, Terms
from tests.rules.given import fires, hits, ruleset

YES, NO = True, False


@pytest.mark.parametrize(
    ("term", "title", "fires_"),
    [
        pytest.param("deploy", "Poland deploys a brigade", YES, id="-s"),
        pytest.param("deploy", "A brigade DEPLOYED abroad", YES, id="-ed-in-capitals"),
        pytest.param("deploy", "Deploying a brigade", YES, id="-ing"),
        pytest.param("deployed", "They deploy", YES, id="from-a-form-to-the-word"),
        pytest.param("deploys", "They deployed", YES, id="from-a-form-to-a-form"),
        pytest.param("deploy", "The deployment goes on", NO, id="another-word"),
        pytest.param("deploy", "They redeploy", NO, id="whole-words-only"),
        pytest.param("man", "Two men held", YES, id="irregular-plural"),
        pytest.param("men", "A man held", YES, id="irregular-singular"),
        pytest.param("go", "They went home", YES, id="irregular-past"),
        pytest.param("go", "All gone", YES, id="irregular-participle"),
        pytest.param("strike", "Missile struck a port", YES, id="strong-verb"),
        pytest.param("withdraw", "Troops withdrew", YES, id="compound-strong-verb"),
        pytest.param("army", "Two armies meet", YES, id="-ies"),
        pytest.param("ceasefire talk", "Ceasefire talks stall", YES, id="in-a-phrase"),
        pytest.param("might", "It may rain", NO, id="fixed-words-have-no-forms"),
        pytest.param("in", "The inn", NO, id="small-words-are-exact"),
        pytest.param("=troops", "A troop of monkeys", NO, id="exact"),
        pytest.param("=troops", "TROOPS march", YES, id="exact-in-any-case"),
        pytest.param("= troops", "Troops march", YES, id="exact-with-a-space"),
        pytest.param("=step up", "Steps up", NO, id="exact-phrase"),
        pytest.param("F-16", "Ten F-16s leave", YES, id="plural-of-a-model"),
        pytest.param("Patriot battery", "Patriot batteries leave", YES, id="small-words-of-a-name"),
        pytest.param("Poland", "Polands votes", NO, id="names-have-none"),
    ],
)
def test_forms(term, title, fires_):
    assert fires(term, title, inflect=True) is fires_


@pytest.mark.parametrize(
    ("term", "title", "fires_"),
    [
        pytest.param("Turkey", "Turkey votes", YES, id="name"),
        pytest.param("Turkey", "A turkey for Christmas", NO, id="name-in-small-letters"),
        pytest.param("Turkey", "TURKEY VOTES", YES, id="name-in-capitals"),
        pytest.param("Turkey", "turkey votes", YES, id="nothing-is-in-capitals"),
        pytest.param("Patriot battery", "A patriot battery leaves", NO, id="capital-within-a-phrase"),
        pytest.param("US", "US sends troops", YES, id="capitals"),
        pytest.param("US", "Tell us more", NO, id="capitals-not-small"),
        pytest.param("US", "tell us more", NO, id="capitals-not-in-a-small-title"),
        pytest.param("US", "Us and them", NO, id="capitals-not-a-capital"),
        pytest.param("US", "USS Nimitz sails", NO, id="capitals-within-capitals"),
        pytest.param("US", "TELL US MORE", NO, id="not-in-a-title-of-capitals"),
        pytest.param("US", "The U.S. sends troops", YES, id="dotted-acronym"),
        pytest.param("U.S.", "The US sends troops", YES, id="dotted-term"),
        pytest.param("US", "The U.S.'s troops", YES, id="acronym-and-possessive"),
        pytest.param("US", "Ｕ．Ｓ． troops march", YES, id="wide-letters"),
        pytest.param("ICBM", "Two ICBMs fly", YES, id="plural-of-an-acronym"),
        pytest.param("ICBM", "TWO ICBMS FLY", NO, id="its-plural-in-a-title-of-capitals"),
        pytest.param("U.S. Treasury", "US Treasury warns", YES, id="acronym-in-a-name"),
        pytest.param("EU", "eu acts", NO, id="acronym-in-small-letters"),
        pytest.param("Russia", "Russia's army", YES, id="possessive"),
        pytest.param("Russia", "Russia’s army", YES, id="curly-possessive"),
        pytest.param("Brasília", "Brasilia votes", YES, id="accent-in-the-rule"),
        pytest.param("Brasilia", "Brasi\u0301lia votes", YES, id="accent-in-the-item"),
        pytest.param("cote d'Ivoire", "Côte d’Ivoire votes", YES, id="accent-and-apostrophe"),
        pytest.param("Malmo", "Malmø votes", YES, id="letters-that-are-no-accents"),
    ],
)
def test_names_and_spellings(term, title, fires_):
    assert fires(term, title) is fires_


@pytest.mark.parametrize("title", ["Cease-fire holds", "Cease fire holds", "CEASEFIRE holds", "Cease\u2011fire holds"])
def test_a_hyphen_in_a_rule_stands_for_all_spellings(title):
    assert fires("cease-fire", title)


@pytest.mark.parametrize("title", ["Al-Shabaab attacks", "Al Shabaab attacks", "AlShabaab attacks"])
def test_a_hyphen_in_a_name_does_too(title):
    assert fires("Al-Shabaab", title)


@pytest.mark.parametrize(
    ("term", "title", "fires_"),
    [
        pytest.param("deploy*", "A new deployment", YES, id="longer"),
        pytest.param("deploy*", "They deploy", YES, id="itself"),
        pytest.param("deploy*", "A redeployment", NO, id="not-within"),
        pytest.param("deploy*", "Deplored", NO, id="another"),
        pytest.param("Ukrain*", "Ukrainian army", YES, id="name"),
        pytest.param("Ukrain*", "The ukrainian Army", NO, id="name-in-small-letters"),
        pytest.param("deploy* troops", "Deployments troops", YES, id="first-of-a-phrase"),
        pytest.param("send troop*", "We send troopers", YES, id="last-of-a-phrase"),
        pytest.param("send troop*", "We sending troopers", NO, id="only-the-word-before-the-star"),
    ],
)
def test_prefixes(term, title, fires_):
    assert fires(term, title) is fires_


@pytest.mark.parametrize(
    ("language", "fires_"),
    [("en", YES), ("en-GB", YES), ("EN_us", YES), (None, YES), ("", YES), ("fr", NO), ("fr-CA", NO), ("xx", NO)],
)
def test_a_plain_word_belongs_to_its_language(language, fires_):
    assert fires("coup", "Coup franc", language=language) is fires_


@pytest.mark.parametrize("language", ["en", "fr", "xx", None])
def test_a_name_matches_in_every_language(language):
    assert fires("Macron", "Macron parle", language=language)


def test_a_concept_may_hold_words_of_several_languages():
    rules = ruleset(
        "concepts:\n  troops: {en: [soldiers], fr: [soldats], ko: 병력, zh: [部队]}\n---\nrule: a\nmatch: <troops>"
    )
    assert hits(rules, "Des soldats", language="fr") == {"a": ["soldats"]}
    assert hits(rules, "Des soldats", language="en") == {}
    assert hits(rules, "soldats or soldiers", language=None) == {"a": ["soldats", "soldiers"]}
    assert hits(rules, "북한 병력 파병", language="ko") == {"a": ["병력"]}
    assert hits(rules, "美国部队抵达波兰", language="zh") == {"a": ["部队"]}


def test_a_language_within_a_concept_ends_with_it():
    rules = ruleset("concepts:\n  x: {fr: [coup]}\n  y: [army]\n---\nrule: a\nmatch: [<x>, <y>, junta]")
    assert hits(rules, "coup army junta", language="en") == {"a": ["army", "junta"]}


def test_the_language_of_a_file_and_of_a_rule():
    rules = ruleset(
        "language: fr\n---\nrule: a\nmatch: coup\n---\nrule: b\nlanguage: en\nmatch: coup\n---\nrule: c\nmatch: coup"
    )
    assert set(hits(rules, "coup", language="fr")) == {"a", "c"}
    assert set(hits(rules, "coup", language="en")) == {"b"}


def test_the_same_words_are_one_term():
    terms = Terms()
    first = terms.read("troops", "en")
    assert terms.read("troops", "en") is first
    assert terms.read("troops", "fr") is not first
    assert [term.id for term in terms.all] == [0, 1]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "holds no word"), ("=", "holds no word"), ("!?", "holds no word"), ("*", "holds no word"),
        ("dep*", "too short a prefix"), ("de*ploy", "may only end a word"), ("*ploy", "may only end a word"),
    ],
)  # fmt: skip
def test_what_is_no_term_says_so(written, message):
    with pytest.raises(TermError, match=message) as caught:
        Terms().read(written, "en")
    assert caught.value.mend.endswith(".")
