"""Names of countries: from CLDR, cleaned, kept on disk, and captured by their codes."""

from __future__ import annotations

import json

import pytest

from bot.model import Item
from bot.rulebook import load_rulebook
from bot.rules.compile import compile_rules, read_rules
from bot.rules.forms import expand
from bot.territories import country_names, names_of

RULE = """concepts:
  country:
    names: countries
    entries:
      US: [American, Washington]
      KP: {en: [Pyongyang], ru: [Пхеньян]}
      IR: [Tehran]
      PL: [Warsaw]
      GB: [London]
      MM: [Naypyidaw]
---
rule: sent
match: <country as sender> ... <country as host>
"""


@pytest.fixture(autouse=True)
def fresh():
    country_names.cache_clear()
    yield
    country_names.cache_clear()


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """Compile the rule once: its names need the dictionaries of many languages."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "r.yaml").write_text(RULE, "utf-8")
    return load_rulebook(folder, tmp_path_factory.mktemp("cache")).ruleset


@pytest.mark.parametrize(
    ("name", "language", "names"),
    [
        pytest.param("Poland", "en", ("Poland",), id="plain"),
        pytest.param("Myanmar (Burma)", "en", ("Myanmar", "Burma"), id="two-names"),
        pytest.param("Bosnia & Herzegovina", "en", ("Bosnia and Herzegovina",), id="and"),
        pytest.param("Congo - Kinshasa", "en", (), id="nobody-writes-so"),
        pytest.param("刚果（金）", "zh", (), id="a-note-of-one-sign"),
    ],
)
def test_what_names_a_name_holds(name, language, names):
    assert names_of(name, language) == names


def test_names_come_from_the_cache_the_second_time(tmp_path):
    names = country_names(tmp_path)
    assert names["KP"]["de"] == ("Nordkorea",)
    assert names["PL"]["pt"] == ("Polônia", "Polónia")
    (stored,) = tmp_path.glob("countries-*.json")
    stored.write_text(json.dumps({"KP": {"de": ["Anders"]}}), "utf-8")
    country_names.cache_clear()
    assert country_names(tmp_path) == {"KP": {"de": ("Anders",)}}


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"KP": 3}'])
def test_a_cache_that_cannot_be_used_costs_nothing_but_time(tmp_path, text):
    country_names(tmp_path)
    (stored,) = tmp_path.glob("countries-*.json")
    stored.write_text(text, "utf-8")
    country_names.cache_clear()
    assert country_names(tmp_path)["KP"]["en"] == ("North Korea",)


def test_a_folder_that_cannot_be_written_to_costs_nothing_but_time(tmp_path):
    (tmp_path / "file").touch()
    assert country_names(tmp_path / "file" / "cache")["PL"]["en"] == ("Poland",)


@pytest.mark.parametrize(
    ("title", "language", "captures"),
    [
        pytest.param("North Korea looks to Poland", "en", {"sender": "KP", "host": "PL"}, id="en"),
        pytest.param("Nordkorea schaut nach Polen", "de", {"sender": "KP", "host": "PL"}, id="de"),
        pytest.param("Пхеньян и США", "ru", None, id="own-word-and-an-abbreviation-not-in-cldr"),
        pytest.param("Соединенные Штаты и Польша", "ru", {"sender": "US", "host": "PL"}, id="ru"),
        pytest.param("美国 和 朝鲜", "zh", {"sender": "US", "host": "KP"}, id="zh"),
        pytest.param("美國 和 北韓", "zh", {"sender": "US", "host": "KP"}, id="zh-traditional"),
        pytest.param("Burma and London", "en", {"sender": "MM", "host": "GB"}, id="the-second-name"),
        pytest.param("IRA men in London", "en", None, id="ira-is-not-ira"),
        pytest.param("Irã e Londres? Irã e Washington", "pt", {"sender": "IR", "host": "US"}, id="but-in-portuguese"),
    ],
)
def test_countries_are_captured_by_their_codes(rules, title, language, captures):
    fired = rules.fire(Item(title, language=language))
    assert [dict(firing.captures) for firing in fired] == ([captures] if captures else [])


def test_a_name_of_two_countries_belongs_to_the_one_whose_own_word_it_is():
    names = {"CD": {"en": ("Congo",)}, "CG": {"en": ("Congo",)}}
    entries = "{CG: [Brazzaville], CD: [Congo]}"
    text = f"concepts: {{c: {{names: countries, entries: {entries}}}}}\n---\nrule: r\nmatch: <c as p> x\n"
    draft = read_rules({"r.yaml": text}, lambda: names)
    rules = compile_rules(draft, expand(draft.vocabulary)).ruleset
    assert rules.fire(Item("Congo x"))[0].captures == (("p", "CD"),)


def test_names_of_anything_else_are_refused():
    text = "concepts: {c: {names: cities, entries: {CG: [Brazzaville]}}}\n---\nrule: r\nmatch: <c>\n"
    (error,) = [p for p in read_rules({"r.yaml": text}).problems if p.severity == "error"]
    assert (error.line, error.message, error.mend) == (1, "`cities` is no list of names", "Write `names: countries`.")
