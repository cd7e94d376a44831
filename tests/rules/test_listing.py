"""All forms of a term or concept, as they are listed for people."""

from __future__ import annotations

from bot.rules.compile import read_rules
from bot.rules.concepts import Concepts
from bot.rules.forms import by_language, expand, expand_part, union
from bot.rules.lemmas import pairs
from bot.rules.listing import list_forms

RULES = """
concepts:
  troops: {en: [soldier], fr: [soldat, force armée], zh: [部队], ko: [병력]}
  all: [<troops>, deploy*, NATO, =us]
---
rule: a
match: <all>
"""


def test_every_term_of_a_concept_is_listed_once_with_its_language_and_forms():
    draft = read_rules({"rules.yaml": RULES})
    (rule,) = draft.rules
    assert rule.match is not None
    listed = list_forms(rule.match, Concepts(draft.concepts).parts(), expand(draft.vocabulary))
    shown = {(term.written, term.language): str(term) for term in listed}
    assert "soldats" in shown["soldat", "fr"].split("/")
    assert "armee/armees" in shown["force armée", "fr"]
    assert shown["部队", "zh"] == "部 队"
    assert shown["병력", "ko"] == "병력"
    assert shown["deploy*", "en"] == "deploy*"
    assert shown["NATO", "en"] == "nato/natos"
    assert shown["=us", "en"] == "us"
    assert len(listed) == len(shown) == 8


def test_the_parts_of_a_vocabulary_add_up():
    vocabulary = frozenset({("en", "go"), ("en", "Москва"), ("fr", "soldat"), ("ko", "병력")})
    parts = by_language(vocabulary)
    assert list(parts) == ["en", "fr", "ru", "uk"]
    forms = union(vocabulary, (expand_part(language, part) for language, part in parts.items()))
    assert (forms.key, forms.table) == (expand(vocabulary).key, expand(vocabulary).table)
    assert {"москвы", "москве", "москви"} <= set(forms.of("en", "Москва"))


def test_no_dictionary_is_kept():
    from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY  # noqa: PLC0415

    expand(frozenset({("fr", "soldat"), ("it", "soldato"), ("fa", "سرباز")}))
    assert DEFAULT_DICTIONARY_FACTORY._get_dictionary.cache_info().currsize == 0


def test_the_stream_of_a_dictionary_is_what_its_keeper_reads():
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory  # noqa: PLC0415

    for language in ("fa", "fr"):
        known = DefaultDictionaryFactory(cache_max_size=0).get_dictionary(language)
        assert dict(pairs(language)) == {form: lemma.replace("_", "") for form, lemma in known.items()}
