"""The JSON Schemas for editors: current, and at one with the readers whose tables they are made of."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import BaseModel, Field
from typer.testing import CliRunner

from bot.channels import CHANNELS
from bot.cli.commands import app
from bot.config import load_config
from bot.config.load import _APART
from bot.config.schema import SECTIONS, config_schema
from bot.config.sections import General
from bot.errors import ConfigError
from bot.marked import load_documents
from bot.rules import operators, patterns, read_alert, read_rule, read_score, read_sequences, read_where, reading
from bot.rules.codes import LANGUAGES
from bot.rules.schema import portable, rules_schema
from bot.rules.sentences import SENTENCES
from tests.rules.given import compiled, errors

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
KINDS = {name: kind.options for name, kind in CHANNELS.items()}
MADE = {"config": config_schema(KINDS), "rules": rules_schema()}
SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?! [A-Z])[^.!?]*)*\.\Z")


def complaints(kind: str, text: str) -> list[str]:
    """Return what an editor would say of a file, document by document."""
    validator = Draft7Validator(MADE[kind])
    return [
        f"{document.line}: {'/'.join(map(str, error.absolute_path))}: {error.message}"
        for document in load_documents(text, "file.yaml")
        for error in validator.iter_errors(document.plain())
    ]


def examples(page: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)


# --- the files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", MADE)
def test_the_checked_in_schema_is_current(kind):
    said = CliRunner().invoke(app, ["schema", kind])
    assert said.exit_code == 0
    checked_in = (ROOT / "docs" / "schema" / f"{kind}.schema.json").read_text("utf-8")
    again = f"wirewatch schema {kind} > docs/schema/{kind}.schema.json"
    assert said.output == checked_in, f"make it anew: {again}"


@pytest.mark.parametrize("kind", MADE)
def test_the_schema_is_a_schema_of_draft_7(kind):
    assert MADE[kind]["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(MADE[kind])


def test_the_schemas_are_packed_into_the_wheel():
    assert '"docs/schema" = "bot/shipped/schema"' in (ROOT / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_rule_file_satisfies_its_schema(path):
    assert complaints("rules", path.read_text("utf-8")) == []


def test_the_shipped_configuration_satisfies_its_schema():
    assert complaints("config", (ROOT / "config.yaml").read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param("config.yaml", "config", id="config"),
        *(
            pytest.param(f"rules/{path.name}", "rules", id=path.stem)
            for path in sorted((ROOT / "rules").glob("*.yaml"))
        ),
    ],
)
def test_a_shipped_file_leads_editors_to_its_schema(path, kind):
    first = (ROOT / path).read_text("utf-8").splitlines()[0]
    led = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert led, first
    assert ((ROOT / path).parent / led[1]).resolve() == ROOT / "docs" / "schema" / f"{kind}.schema.json"


@pytest.mark.parametrize("text", [*examples("docs/rules.md"), examples("README.md")[0]])
def test_every_example_of_rules_satisfies_the_schema(text):
    assert complaints("rules", text) == []


@pytest.mark.parametrize("text", examples("docs/configuration.md"))
def test_every_example_of_configuration_satisfies_the_schema(text):
    assert complaints("config", text) == []


# --- sentences ---------------------------------------------------------------------------------------


def keys(schema: object, trail: str = "") -> dict[str, object]:
    """Return every key that a schema allows, with what is said of its value."""
    found: dict[str, object] = {}
    if isinstance(schema, list):
        for number, inner in enumerate(schema):
            found |= keys(inner, f"{trail}/{number}")
    elif isinstance(schema, dict):
        for part in ("properties", "patternProperties"):
            for key, value in schema.get(part, {}).items():
                found |= {f"{trail}/{key}": value, **keys(value, f"{trail}/{key}")}
        for name, inner in schema.get("definitions", {}).items():
            found |= keys(inner, f"{trail}/{name}")
        for word in ("items", "additionalProperties", "then", "else", "allOf", "anyOf"):
            found |= keys(schema.get(word), f"{trail}/{word}")
    return found


def undescribed(kind: str) -> set[str]:
    return {
        trail
        for trail, value in keys(MADE[kind]).items()
        if not (isinstance(value, dict) and SENTENCE.match(value.get("description", "")))
    }


@pytest.mark.parametrize("kind", MADE)
def test_every_key_is_described_in_one_sentence(kind):
    assert len(keys(MADE[kind])) > 50
    assert undescribed(kind) == set()


def test_no_sentence_is_left_over():
    said = json.dumps(MADE["rules"], ensure_ascii=False)
    assert [key for key, text in SENTENCES.items() if json.dumps(text, ensure_ascii=False) not in said] == []


def described() -> dict[str, str]:
    """Return each key of config.yaml, as the page writes it, with its sentence in the schema."""
    root, found = MADE["config"], dict[str, str]()
    places = {"": root, **{f"{name}.": root["properties"][name] for name in SECTIONS}}
    for name in ("routes", "feeds"):
        places[f"{name}."] = root["properties"][name]["items"]
    places["routes.if."] = places["routes."]["properties"]["if"]
    for kind in KINDS:
        places[f"channels.{kind}."] = root["definitions"][f"{kind}-options"]
    for prefix, place in places.items():
        for key, value in place["properties"].items():
            if "description" in value:
                found[prefix + key] = value["description"]
    found["channels.ID.kind"] = places[f"channels.{next(iter(KINDS))}."]["properties"]["kind"]["description"]
    return found


def test_the_sentences_of_the_configuration_begin_their_lines_on_the_page():
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([^`]+)` \|.*\| ([^|]+) \|$", page, re.MULTILINE))
    told = described()
    assert set(rows) <= set(told)
    assert {key: text for key, text in told.items() if key in rows and not rows[key].startswith(text)} == {}


# --- at one with the readers -------------------------------------------------------------------------


def test_every_section_of_the_configuration_is_in_the_schema():
    assert {*SECTIONS, "channels", "routes", "feeds"} == _APART
    assert set(MADE["config"]["properties"]) == {*General.model_fields, *_APART}


def golden(kind: str) -> list[str]:
    return sorted(path.stem for path in (GOLDEN / kind).glob("*.yaml"))


@pytest.mark.parametrize("kind", MADE)
def test_a_file_with_an_unknown_key_fails(kind):
    files = [name for name in golden(kind) if "unknown key" in (GOLDEN / kind / f"{name}.txt").read_text("utf-8")]
    passing = [name for name in files if not complaints(kind, (GOLDEN / kind / f"{name}.yaml").read_text("utf-8"))]
    assert len(files) >= 3
    assert passing == []


@pytest.mark.parametrize("name", golden("rules"))
def test_what_the_rule_reader_accepts_the_schema_accepts(name):
    text = (GOLDEN / "rules" / f"{name}.yaml").read_text("utf-8")
    if "error: " not in (GOLDEN / "rules" / f"{name}.txt").read_text("utf-8"):
        assert complaints("rules", text) == []


HEAD = "rule: coups\n"
MATCH = "rule: coups\nmatch: [coup]\n"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        pytest.param("match: coup", "match: 5", id="pattern"),
        pytest.param("match: [coup, [junta]]", "match: []", id="list"),
        pytest.param("match: {any: [a, {all: b}]}", "match: {}", id="map"),
        pytest.param("match: {at least 2: [a, b]}", "match: {at least two: [a, b], any: c}", id="at-least"),
        pytest.param("match: {de: Putsch}", "match: {xx: Putsch, any: coup}", id="language-in-a-match"),
        pytest.param("match: {near: [a, b], within: 8}", "match: {near: [a, b]}", id="near"),
        pytest.param("match: {near: [a, b], within: 8 words}", "match: {within: 8 words, any: a}", id="within"),
        pytest.param("match: coup\nlanguage: de", "match: coup\nlanguage: German", id="language"),
        pytest.param("match: coup\nlevel: flash", "match: coup\nlevel: loud", id="level"),
        pytest.param("match: coup\nstatus: paused", "match: coup\nstatus: off", id="status"),
        pytest.param("match: coup\ntags: a\n", "match: coup\ntags: {a: b}", id="tags"),
        pytest.param("score: [{+3: a}, {-2: b}]\nneeds: 3", "score: [{+3: a}]", id="score"),
        pytest.param("score: [{+30: a}]\nneeds: 3", "score: [{three: a}]\nneeds: 3", id="points"),
        pytest.param("match: coup\nwhere: {fresh: 24 hours}", "match: coup\nwhere: {fresh: soon}", id="fresh"),
        pytest.param("match: coup\nwhere: {languages: [en, ru]}", "match: coup\nwhere: {languages: En}", id="where"),
        pytest.param("match: coup\nalert: {per: story}", "match: coup\nalert: {pro: story}", id="alert"),
        pytest.param("match: coup\nalert: {wait for: 2 sources}", "match: coup\nalert: {wait for: 2}", id="wait"),
        pytest.param(
            "match: coup\nalert: {raise: {8 sources in 2h: flash}}",
            "match: coup\nalert: {raise: {many sources: flash}}",
            id="raise",
        ),
        pytest.param("match: coup\ntests: {fires: A coup}", "match: coup\ntests: {fire: A coup}", id="tests"),
        pytest.param(
            "match: coup\ntests: {fires: [{ru: 'coup'}]}",
            "match: coup\ntests: {fires: [{ru: coup, de: coup}]}",
            id="ru",
        ),
        pytest.param(
            "match: coup\ntests: {fires: [{text: A coup, lang: en}]}",
            "match: coup\ntests: {fires: [{lang: en}]}",
            id="headline",
        ),
        pytest.param("match: <x>\nconcepts: {x: [a]}", "match: <x>\nconcepts: {X: [a]}", id="concept-name"),
        pytest.param("match: <éa>\nconcepts: {éa: [a]}", "match: coup\nconcepts: {5a: [a]}", id="concept-letters"),
        pytest.param("match: <x>\nconcepts: {x: {en: a}}", "match: <x>\nconcepts: {x: {English: a}}", id="by-language"),
        pytest.param(
            "match: <x>\nconcepts: {x: {entries: {ML: [Mali]}}}",
            "match: <x>\nconcepts: {x: {entries: {ML: [Mali]}, en: [Chad]}}",
            id="entries",
        ),
        pytest.param(
            "match: <x>\nconcepts: {x: {entries: {ML: {en: Mali, fr: [Mali]}}, names: countries}}",
            "match: <x>\nconcepts: {x: {entries: {ML: []}}}",
            id="names",
        ),
        pytest.param("match: coup\nowner: ' desk '", "match: coup\nowner:", id="nothing"),
    ],
)
def test_schema_and_rule_reader_agree(good, bad):
    assert complaints("rules", HEAD + good) == []
    assert errors(compiled(HEAD + good)) == []
    assert complaints("rules", HEAD + bad) != []
    assert errors(compiled(HEAD + bad)) != []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        pytest.param("adjust: coups\nnotes: 5\nlevel: flash", "adjust: coups\nmatch: x", id="adjust"),
        pytest.param("concepts: {x: [a]}\n---\nextend: x\nwords: [b]", "extend: x", id="extend"),
        pytest.param("language: fr\nconcepts: {}", "language: fr\nmatch: coup", id="concepts"),
        pytest.param("filters: [{filter: f, rules: all, unless: x}]", "filters: [{filter: f, rules: a}]", id="filter"),
    ],
)
def test_schema_and_rule_reader_agree_on_other_documents(good, bad):
    assert complaints("rules", f"{MATCH}---\n{good}") == []
    assert errors(compiled(f"{MATCH}---\n{good}")) == []
    assert complaints("rules", f"{MATCH}---\n{bad}") != []
    assert errors(compiled(f"{MATCH}---\n{bad}")) != []


COUNTED = "rule: coups\nmatch: <country as place> coup\nconcepts: {country: [Mali, Chad]}\n---\nrule: many-coups\n"
WHEN = "when: {rules: coups, by: place, in: 12h, at least: %s}"
SEQUENCE = WHEN % 2 + "\ntests: {silent: [%s]}"
STEP = "{sequence: [{at: 0m, source: a, title: Mali coup%s}]}"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        pytest.param(WHEN % 3, WHEN % 0, id="stories"),
        pytest.param(WHEN % "{stories: 3, sources: 2, rules: 1}", WHEN % "{storys: 3}", id="at-least"),
        pytest.param(WHEN % 2, WHEN % "{}", id="at-least-nothing"),
        pytest.param(WHEN % "2, versus: 14 days, times: 2.5", WHEN % "2, versus: 14 days", id="versus"),
        pytest.param(WHEN % "2, versus: 14 days, times: 1", WHEN % "2, versus: 14 days, times: 0", id="times"),
        pytest.param(WHEN % 2, "when: {rules: coups, in: 12h, at least: 2}", id="by"),
        pytest.param(WHEN % 2, "when: [coups]", id="map"),
        pytest.param(WHEN % 2, WHEN % 2 + "\nunless: film", id="words"),
        pytest.param(SEQUENCE % STEP % "", SEQUENCE % "{sequence: Mali coup}", id="sequence"),
        pytest.param(SEQUENCE % STEP % ", owner: A Media, kind: wire", SEQUENCE % STEP % ", kind: wyre", id="kind"),
        pytest.param(SEQUENCE % STEP % ", lang: en", SEQUENCE % STEP % ", lagn: en", id="step"),
        pytest.param(
            SEQUENCE % "{value: ML, sequence: [{at: 2 days, source: a, text: x}]}",
            SEQUENCE % "{value: ML}",
            id="value",
        ),
        pytest.param(SEQUENCE % STEP % "", SEQUENCE % "{sequence: [{at: 0m, source: a}]}", id="words-of-a-step"),
        pytest.param(SEQUENCE % STEP % "", SEQUENCE % "{sequence: [{at: now, source: a, title: x}]}", id="at"),
    ],
)
def test_schema_and_rule_reader_agree_on_correlations(good, bad):
    assert complaints("rules", COUNTED + good) == []
    assert errors(compiled(COUNTED + good)) == []
    assert complaints("rules", COUNTED + bad) != []
    assert errors(compiled(COUNTED + bad)) != []


def refused(text: str, folder: Path) -> bool:
    """Tell whether the reader of config.yaml refuses a text."""
    (folder / "config.yaml").write_text(text, "utf-8")
    environ = {"TOKEN": "123456:ABC", "CHAT": "-100", "NUMBER": "5", "WORD": "auto", "URL": "https://a.example/"}
    try:
        load_config(folder / "config.yaml", environ, KINDS)
    except ConfigError:
        return True
    return False


DESK = "channels: {desk: {kind: telegram, token: $TOKEN, chat: %s}}"
FEED = "feeds: [{id: a, url: 'https://a.example/', name: A, owner: A%s}]"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        pytest.param("poll: {every: 1H 30 Min}", "poll: {every: 15}", id="span"),
        pytest.param("poll: {host_gap: 0s}", "poll: {every: 0s}", id="no-span"),
        pytest.param("poll: {hosts: {Reddit.com: 61s}}", "poll: {hosts: {'http://a.example': 61s}}", id="hosts"),
        pytest.param("poll: {at_once: 512}", "poll: {at_once: 513}", id="number"),
        pytest.param("poll: {user_agent: }", "poll: {every: }", id="nothing"),
        pytest.param("poll: {allow_private: ['[::1]:80', 'FD00::/8']}", "poll: {allow_private: x}", id="lan"),
        pytest.param("timezone: America/Port-au-Prince", "timezone: 5", id="zone"),
        pytest.param("log: {level: debug}", "log: {level: loud}", id="word"),
        pytest.param("telegram: {base_url: $URL}", "store: {file: x}", id="pointer"),
        pytest.param("channels: {c: {kind: console, color: $WORD}}", "channels: {console: {kind: fax}}", id="console"),
        pytest.param(DESK % -100, DESK % "here", id="chat"),
        pytest.param(DESK % "'@desk_1'", "channels: {desk: {kind: telegram, token: 123456:ABC}}", id="token"),
        pytest.param(DESK % "$CHAT, topic: '5'", DESK % "$CHAT, topic: 0", id="topic"),
        pytest.param(DESK % "$CHAT, gap: '${NUMBER}'", DESK % "$CHAT, gap: -1", id="gap"),
        pytest.param("channels: {desk: {kind: telegram, token: , chat: }}", "channels: {desk: {kind: fax}}", id="kind"),
        pytest.param("channels: {}\nroutes: []\nfeeds: []", "channels:", id="empty"),
        pytest.param("routes: [{to: console, if: {tags: a, level: flash}}]", "routes: [{if: {tags: a}}]", id="route"),
        pytest.param("routes: [{to: console, if: {level: , tags: [a, b]}}]", "routes: [{to: console, if: }]", id="if"),
        pytest.param("routes: [{to: console, also: true}]", "routes: [{to: console, also: yes}]", id="switch"),
        pytest.param(FEED % ", country: UA, language: pt-BR", FEED % ", country: Ukraine", id="country"),
        pytest.param(FEED % ", every: 1 week", FEED % ", evry: 1 week", id="feed"),
        pytest.param("feeds: [{id: a, url: $URL, name: A, owner: A}]", "feeds: [{id: a, name: A, owner: A}]", id="url"),
    ],
)  # fmt: skip
def test_schema_and_reader_of_the_configuration_agree(good, bad, tmp_path):
    assert complaints("config", good) == []
    assert not refused(good, tmp_path)
    assert complaints("config", bad) != []
    assert refused(bad, tmp_path)


READERS = {
    "span": read_where.SPAN,
    "sources": read_alert.SOURCES,
    "points": read_score.POINTS,
    "at": read_sequences.AT,
    "rule": read_rule.RULE_ID,
    "concept": patterns.CONCEPT_NAME,
    "at least": operators.AT_LEAST_KEY,
    "within": operators.WITHIN,
    "language": reading.LANGUAGE_CODE,
}


@pytest.mark.parametrize("name", READERS)
def test_a_pattern_for_editors_takes_what_the_reader_takes(name):
    ours, theirs = READERS[name], re.compile(portable(READERS[name]))
    assert not re.search(r"\\[wWdDbBZA]|\(\?[^:=!]", theirs.pattern), "JavaScript reads it otherwise"

    @given(st.from_regex(ours) | st.text("az09AZ-_ .<é", max_size=6))
    def alike(text):
        if ours.match(text):
            assert theirs.search(text)
        elif text.isascii():
            assert not theirs.search(text)

    alike()


def test_every_language_code_is_one_that_concepts_may_use():
    assert all(reading.LANGUAGE_CODE.match(code) for code in LANGUAGES)


def test_a_new_kind_of_channel_brings_its_own_sentences():
    class Fax(BaseModel):
        """The options of a fax."""

        pages: Annotated[int, Field(description="How many.")] = 1

    made = config_schema({**KINDS, "fax": Fax})
    assert made["definitions"]["fax-options"]["properties"]["pages"]["description"] == "How many."
    assert "fax" in json.dumps(made["properties"]["channels"])
