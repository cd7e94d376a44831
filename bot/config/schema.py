"""The JSON Schema of config.yaml for editors: draft-07, made of the models that the reader fills."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from bot.config.lists import CONSOLE
from bot.config.pointers import is_secret
from bot.config.sections import (
    Condition,
    DeliverySection,
    FeedSection,
    General,
    LogSection,
    PollSection,
    RetentionSection,
    RouteSection,
    TelegramSection,
)
from bot.config.sentences import SENTENCES
from bot.config.words import SLUG_PATTERN

Json = dict[str, Any]

SECTIONS: Mapping[str, type[BaseModel]] = {
    "poll": PollSection,
    "delivery": DeliverySection,
    "retention": RetentionSection,
    "telegram": TelegramSection,
    "log": LogSection,
}
POINTS = frozenset({"telegram.base_url", "feeds.url"})  # may point at the environment or a file, as all options may

_POINTER: Json = {
    "anyOf": [
        {"type": "string", "pattern": r"^\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\})$"},
        {
            "type": "object",
            "properties": {"file": {"type": "string", "description": "The file whose content is the value."}},
            "required": ["file"],
            "additionalProperties": False,
        },
    ]
}
_NULL: Json = {"type": "null"}
_NUMBER_IN_QUOTES: Json = {"type": "string", "pattern": r"^\s*[-+]?[0-9_]*\.?[0-9_]+(?:[eE][-+]?[0-9]+)?\s*$"}
_UNITS = {"days": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}


def config_schema(kinds: Mapping[str, type[BaseModel]]) -> Json:
    """Return the schema; `kinds` gives each kind of channel the model of its options."""
    root = _map_of(General, "")
    for name, model in SECTIONS.items():
        root["properties"][name] = {"description": SENTENCES[name], **_map_of(model, f"{name}.")}
    root["properties"]["channels"] = _channels(kinds)
    route = _map_of(RouteSection, "routes.")
    route["properties"]["if"] = {"description": SENTENCES["routes.if"], **_map_of(Condition, "routes.if.")}
    root["properties"]["routes"] = _list_of("routes", route)
    root["properties"]["feeds"] = _list_of("feeds", _map_of(FeedSection, "feeds."))
    options = {f"{kind}-options": _options(kind, model) for kind, model in kinds.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "config.yaml of wirewatch",
        **root,
        "definitions": {"pointer": _POINTER, **options},
    }


def _list_of(name: str, item: Json) -> Json:
    return {"description": SENTENCES[name], "type": "array", "items": item}


def _channels(kinds: Mapping[str, type[BaseModel]]) -> Json:
    kind = {"description": SENTENCES["channels.ID.kind"], "enum": list(kinds)}
    by_kind = [
        {
            "if": {"properties": {"kind": {"const": name}}},
            "then": {"$ref": f"#/definitions/{name}-options"},
        }
        for name in kinds
    ]
    console = {"description": SENTENCES["channels.console"], "properties": {"kind": {**kind, "enum": [CONSOLE]}}}
    channel = {"type": "object", "properties": {"kind": kind}, "required": ["kind"], "allOf": by_kind}
    return {
        "description": SENTENCES["channels"],
        "type": "object",
        "properties": {CONSOLE: console},
        "patternProperties": {SLUG_PATTERN: {"description": SENTENCES["channels.ID"], **channel}},
        "additionalProperties": False,
    }


def _options(kind: str, model: type[BaseModel]) -> Json:
    """Return what stands below a channel of a kind. A pointer gives text, so numbers may be text too."""
    shape = _map_of(model, f"channels.{kind}.", pointed=True)
    chosen = {"description": SENTENCES["channels.ID.kind"], "const": kind}
    return {**shape, "properties": {"kind": chosen, **shape["properties"]}}


def _map_of(model: type[BaseModel], prefix: str, *, pointed: bool = False) -> Json:
    made = model.model_json_schema(schema_generator=_Generator)
    properties = {}
    for key, own in made["properties"].items():
        said = own.pop("description", None) or SENTENCES[prefix + key]
        default = {} if own.get("default") in (None, "", [], {}) else {"default": own["default"]}
        value = _value({word: inner for word, inner in own.items() if word not in ("title", "default")})
        if is_secret(model, key):
            pointer = {"$ref": "#/definitions/pointer"}
            value = _or_null(pointer) if _NULL in own.get("anyOf", []) else {"allOf": [pointer]}
        elif pointed or prefix + key in POINTS:
            value = _pointed(value)
        for inner in value.get("patternProperties", {}).values():
            inner["description"] = SENTENCES.get(f"{prefix}{key}.NAME", said)
        properties[key] = {"description": said, **default, **value}
    required = {"required": made["required"]} if "required" in made else {}
    return {"type": "object", "properties": properties, **required, "additionalProperties": False}


def _value(own: Json) -> Json:
    """Return a value's schema without what only pydantic needs."""
    if "propertyNames" in own:  # what is left of a pattern for keys
        own = {key: value for key, value in own.items() if key != "propertyNames"} | {"additionalProperties": False}
    if "anyOf" not in own:
        return own
    choices = own["anyOf"]
    real = [choice for choice in choices if choice != _NULL]
    shape = real[0] if len(real) == 1 else {"anyOf": real}
    rest = {key: value for key, value in own.items() if key != "anyOf"}
    return {**rest, **(_or_null(shape) if len(real) < len(choices) else shape)}


def _or_null(shape: Json) -> Json:
    """Return a schema that takes nothing too, without `anyOf` where it can be: editors then complain in fewer words."""
    if "enum" in shape:
        return {**shape, "type": [shape["type"], "null"], "enum": [*shape["enum"], None]}
    if "type" in shape:
        held = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
        return {**shape, "type": [*held, "null"]}
    return {"anyOf": [*shape.get("anyOf", [shape]), _NULL]}


def _pointed(shape: Json) -> Json:
    held = shape.get("type", [])
    kinds = {*held} if isinstance(held, list) else {held}
    numeric = {"integer", "number"} & kinds and "string" not in kinds
    return {"anyOf": [shape, *([_NUMBER_IN_QUOTES] if numeric else []), {"$ref": "#/definitions/pointer"}]}


class _Generator(GenerateJsonSchema):
    """Writes defaults as people write them in the file."""

    def encode_default(self, dft: Any) -> Any:
        """Return a default as it would stand in the file."""
        if isinstance(dft, timedelta):
            return _span(dft)
        if isinstance(dft, ZoneInfo):
            return dft.key
        if isinstance(dft, Enum):
            return dft.value if isinstance(dft.value, str) else dft.name.lower()
        return sorted(dft) if isinstance(dft, frozenset | tuple) else dft


def _span(length: timedelta) -> str:
    """Return a span in its largest whole unit."""
    whole = length // timedelta(milliseconds=1)
    unit, size = next((unit, size) for unit, size in _UNITS.items() if whole % size == 0)
    return f"{whole // size} {unit}" if unit == "days" else f"{whole // size}{unit}"
