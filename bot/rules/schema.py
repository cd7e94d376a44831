"""The JSON Schema of a rule file's documents for editors: draft-07, made of the tables that the readers use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.model import SourceKind
from bot.rules.codes import LANGUAGES
from bot.rules.operators import AT_LEAST, AT_LEAST_KEY, COMPANIONS, LANGUAGE, OPERATORS, WITHIN
from bot.rules.patterns import CONCEPT_NAME, MAX_GAP
from bot.rules.read import SHARED_KEYS
from bot.rules.read_alert import ALERT_KEYS, SOURCES
from bot.rules.read_changes import ADJUST_KEYS, FILTER_KEYS
from bot.rules.read_concepts import COUNTRIES, ENTRY_KEYS, EXTEND_KEYS
from bot.rules.read_headlines import HEADLINE_KEYS, TEST_KEYS
from bot.rules.read_rule import LEVELS, RULE_ID, RULE_KEYS, STATUSES
from bot.rules.read_score import POINTS
from bot.rules.read_sequences import AT, SEQUENCE_KEYS, STEP_KEYS
from bot.rules.read_when import LEAST_KEYS, MAX_TIMES, OF_A_MATCH, WHEN_KEYS
from bot.rules.read_where import SPAN, WHERE_KEYS
from bot.rules.reading import LANGUAGE_CODE
from bot.rules.sentences import SENTENCES

Json = dict[str, Any]

# JavaScript's \w knows ASCII alone, so classes of letters are written as what is not in them.
_CLASSES = {
    r"[^\W_A-Z]": r"[^\x00-\x2f\x3a-\x60\x7b-\x7f]",
    r"[^\W\d_A-Z]": r"[^\x00-\x60\x7b-\x7f]",
    r"[\w-]": r"[^\x00-\x2c\x2e\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]",
}


def portable(pattern: re.Pattern[str], *, stripped: bool = False) -> str:
    """Return a reader's pattern so that JavaScript reads it alike; `stripped` where spaces around it don't count."""
    text = pattern.pattern
    for ours, plain in _CLASSES.items():
        text = text.replace(ours, plain)
    edge = r"\s*" if stripped else ""
    return f"^{edge}{text.removesuffix(chr(92) + 'Z')}{edge}$".replace(r"\Z", "$")


def _text(pattern: str = r"\S", mend: str = "") -> Json:
    return {"type": "string", "pattern": pattern, **({"patternErrorMessage": mend} if mend else {})}


def _one_or_list(item: Json) -> Json:
    return {**item, "type": ["string", "array"], "items": item}


def _ref(name: str) -> Json:
    return {"allOf": [{"$ref": f"#/definitions/{name}"}]}


_LANGUAGE = _text(portable(LANGUAGE_CODE, stripped=True), "Write two or three small letters, such as en.")
_SPAN = _text(portable(SPAN, stripped=True), "Write a number and a unit: 24h.")
_TEXTS = _one_or_list(_text())
_A_LANGUAGE = f"^(?:{'|'.join(sorted(LANGUAGES))})$"
_COUNT: Json = {"type": "integer", "minimum": 1}
_WAIT = re.compile(SOURCES.pattern.replace("(?: in (.+))?", ""))

# What may stand under each key, by the name of its sentence. A reader's new key needs a line here.
_VALUES: Mapping[str, Json] = {
    "rule": _text(portable(RULE_ID, stripped=True), "Use small letters, digits and hyphens."),
    "about": _text(), "owner": _text(), "notes": _text(), "adjust": _text(), "extend": _text(),
    "level": {"enum": list(LEVELS)},
    "status": {"enum": list(STATUSES)},
    "tags": _TEXTS,
    "language": _LANGUAGE,
    "match": _ref("match"), "not in sentence": _ref("match"), "unless": _ref("match"),
    "tests": _ref("tests"), "concepts": _ref("concepts"), "where": _ref("where"), "alert": _ref("alert"),
    "filters": {"type": "array", "items": _ref("filter")},
    "when": _ref("when"),
    "score": _ref("score"),
    "needs": {"type": "integer", "minimum": 1},
    "different": {"type": "array", "items": _text()},
    "words": _ref("words"), "entries": _ref("entries"),
    "match.any": _ref("match"), "match.all": _ref("match"), "match.none": _ref("match"),
    "match.near": {"type": "array", "items": _ref("match"), "minItems": 2},
    "match.within": {
        **_text(portable(WITHIN, stripped=True), "Write a number of words: 8 words."),
        "type": ["string", "integer"], "minimum": 0, "maximum": MAX_GAP,
    },
    "match.title": _ref("match"), "match.text": _ref("match"),
    "concept.entries": _ref("entries"), "concept.names": {"enum": [COUNTRIES]},
    "where.languages": _one_or_list(_LANGUAGE), "where.fresh": _SPAN,
    "where.sources": _TEXTS, "where.not sources": _TEXTS, "where.source tags": _TEXTS,
    "alert.per": _TEXTS, "alert.again after": _SPAN, "alert.raise": _ref("raise"),
    "alert.wait for": _text(portable(_WAIT, stripped=True), "Write it like 2 sources."),
    "when.rules": _TEXTS, "when.by": _TEXTS, "when.in": _SPAN, "when.at least": _ref("least"), "when.versus": _SPAN,
    "when.times": {"type": "number", "minimum": 1, "maximum": MAX_TIMES},
    "least.rules": _COUNT, "least.stories": _COUNT, "least.sources": _COUNT,
    "tests.fires": _ref("headlines"), "tests.silent": _ref("headlines"),
    "headline.title": _text(), "headline.text": _text(), "headline.lang": _LANGUAGE,
    "headline.captures": {"type": "object", "additionalProperties": _text()},
    "headline.sequence": {"type": "array", "items": _ref("step"), "minItems": 1}, "headline.value": _text(),
    "step.at": _text(portable(AT, stripped=True), "Write a number and a unit: 50m."),
    "step.source": _text(), "step.title": _text(), "step.text": _text(), "step.lang": _LANGUAGE, "step.owner": _text(),
    "step.kind": {"enum": list(SourceKind)},
    "filter.filter": _text(), "filter.rules": _TEXTS,
    "filter.not in sentence": _ref("match"), "filter.unless": _ref("match"),
    "filter.drops": _ref("headlines"), "filter.keeps": _ref("headlines"),
}  # fmt: skip


def rules_schema() -> Json:
    """Return the schema of one document: a rule, an `adjust`, an `extend`, or concepts and filters."""
    rule = _map(RULE_KEYS, required=["rule"], anyOf=_one_of("match", "score", "when"))
    rule["dependencies"] = {**_pair("score", "needs"), "when": {"properties": dict.fromkeys(OF_A_MATCH, False)}}
    adjust = _map(ADJUST_KEYS, required=["adjust"])
    adjust["properties"]["notes"] = {"description": SENTENCES["notes"]}  # the reader leaves them to people
    kinds = {
        "rule": rule,
        "adjust": adjust,
        "extend": _map(EXTEND_KEYS, required=["extend"], anyOf=_one_of("words", "entries")),
    }
    choice: Json = {"$ref": "#/definitions/shared"}
    for key in reversed(kinds):
        choice = {"if": {"required": [key]}, "then": {"$ref": f"#/definitions/{key}"}, "else": choice}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A document of a rule file of wirewatch",
        "type": "object",
        **choice,
        "definitions": {**kinds, "shared": _map(SHARED_KEYS), **_definitions()},
    }


def _definitions() -> Json:
    return {
        "match": _match(),
        "score": _score(),
        "concepts": {
            "type": "object",
            "patternProperties": {portable(CONCEPT_NAME): {"description": SENTENCES["concept"], **_ref("concept")}},
            "additionalProperties": False,
        },
        "concept": _concept(),
        "words": _words(),
        "entries": {"type": "object", "additionalProperties": _ref("words")},
        "where": _map(WHERE_KEYS, "where."),
        "alert": _map(ALERT_KEYS, "alert."),
        "raise": _by_pattern(portable(SOURCES, stripped=True), "raise.sources", {"enum": list(LEVELS)}),
        "when": _map(
            WHEN_KEYS, "when.", required=["rules", "by", "in", "at least"], dependencies=_pair("versus", "times")
        ),
        "least": {**_map(LEAST_KEYS, "least.", minProperties=1), **_COUNT, "type": ["integer", "object"]},
        "tests": _map(TEST_KEYS, "tests."),
        "step": _map(STEP_KEYS, "step.", required=["at", "source"], anyOf=_one_of("title", "text")),
        "headline": _headline(),
        "headlines": {**_headline(), "type": ["string", "array", "object"], "items": _ref("headline")},
        "filter": _map(
            FILTER_KEYS, "filter.", required=["filter", "rules"], anyOf=_one_of("unless", "not in sentence")
        ),
    }


def _map(keys: Iterable[str], prefix: str = "", **more: Any) -> Json:
    properties = {key: {"description": SENTENCES[prefix + key], **_VALUES[prefix + key]} for key in keys}
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


def _by_pattern(pattern: str, sentence: str, value: Json) -> Json:
    properties = {pattern: {"description": SENTENCES[sentence], **value}}
    return {"type": "object", "patternProperties": properties, "additionalProperties": False}


def _one_of(*keys: str) -> list[Json]:
    return [{"required": [key]} for key in keys]


def _pair(first: str, second: str) -> dict[str, list[str]]:
    return {first: [second], second: [first]}


def _match() -> Json:
    """Return the schema of a match, in one piece: editors say less of a choice between three."""
    plain = [key for key in (*OPERATORS, *COMPANIONS) if key not in (AT_LEAST, LANGUAGE)]
    shape = _map(plain, "match.", minProperties=1, dependencies={key: [it] for key, it in COMPANIONS.items()})
    shape["dependencies"]["near"] = ["within"]
    shape["patternProperties"] = {
        portable(AT_LEAST_KEY): {"description": SENTENCES[f"match.{AT_LEAST}"], **_ref("match")},
        _A_LANGUAGE: {"description": SENTENCES[f"match.{LANGUAGE}"], **_ref("match")},
    }
    return {**_text(), "items": _ref("match"), "minItems": 1, **shape, "type": ["string", "array", "object"]}


def _score() -> Json:
    # Some editors read the key `+3` as the number 3.
    points = portable(POINTS).replace("[+-]", "[+-]?")
    line = _by_pattern(points, "score.points", _ref("match"))
    return {"type": "array", "items": {**line, "minProperties": 1, "maxProperties": 1}, "minItems": 1}


def _words() -> Json:
    listed = {**_one_or_list(_text()), "minItems": 1}
    languages = _by_pattern(portable(LANGUAGE_CODE), f"words.{LANGUAGE}", listed)
    return {**listed, **languages, "minProperties": 1, "type": ["string", "array", "object"]}


def _concept() -> Json:
    properties = _map(ENTRY_KEYS, "concept.")["properties"]
    alone = {"propertyNames": {"enum": list(ENTRY_KEYS)}}
    return {**_words(), "properties": properties, "dependencies": {"entries": alone, "names": ["entries"]}}


def _headline() -> Json:
    """Return the schema of a headline: a text, `ru: a text`, a map that has a title or a text, or a timed sequence."""
    return {
        **_map((*HEADLINE_KEYS, *SEQUENCE_KEYS), "headline."),
        **_text(),
        "type": ["string", "object"],
        "patternProperties": {_A_LANGUAGE: {"description": SENTENCES[f"headline.{LANGUAGE}"], **_text()}},
        "if": {"propertyNames": {"enum": list(HEADLINE_KEYS)}},
        "then": {"anyOf": _one_of("title", "text")},
        "else": {
            "if": {"propertyNames": {"enum": list(SEQUENCE_KEYS)}},
            "then": {"required": ["sequence"]},
            "else": {"maxProperties": 1},
        },
    }
