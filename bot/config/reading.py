"""Fills models from marked YAML, collecting every problem with its place instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.config.pointers import Pointer, follow, is_secret, pointer
from bot.config.words import UnusableError, nearest
from bot.errors import Problem
from bot.marked import Node
from bot.redact import scrubber

_Model = TypeVar("_Model", bound=BaseModel)

NOTHING: frozenset[str] = frozenset()


class Reading:
    """One reading of one file: collects the problems and secrets that turn up."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self.path = str(path)
        self.folder = path.parent
        self.environ = environ
        self.problems: list[Problem] = []
        self.secrets: list[str] = []

    def blame(self, node: Node, message: str, mend: str = "") -> None:
        """Collect a problem at a node's place; secrets known by now are taken out of its text."""
        clean = scrubber(self.secrets)
        self.problems.append(node.problem(self.path, clean(message), clean(mend)))

    def fill(
        self,
        model: type[_Model],
        node: Node,
        *,
        points: frozenset[str] = NOTHING,
        unset: frozenset[str] = NOTHING,
        apart: frozenset[str] = NOTHING,
    ) -> _Model | None:
        """Return the model that a map describes, or None after collecting what is wrong with it.

        `points` are the keys that may point at the environment or a file, `unset` those of them that may then be
        missing; keys in `apart` are allowed and left to the caller.
        """
        known = _keys(model) | apart
        if node.kind != "map":
            self.blame(node, f"a map of keys is expected here, not {_kind(node)}", f"Keys: {_listed(known)}.")
            return None
        before, values, places = len(self.problems), dict[str, Any](), dict[str, Node]()
        for key, key_node, value in node.pairs():
            if key not in known:
                self.blame(key_node, f"unknown key `{key}`", nearest(key, known) or f"Keys: {_listed(known)}.")
            elif key not in apart:
                places[key] = value
                if (read := self._value(model, key, value, points, unset)) is not _BROKEN:
                    values[key] = read
        try:
            filled = model.model_validate(values)
        except ValidationError as error:
            self._translate(error, node, places, frozenset(places) - frozenset(values))
            return None
        return None if len(self.problems) > before else filled

    def _value(
        self, model: type[BaseModel], key: str, node: Node, points: frozenset[str], unset: frozenset[str]
    ) -> Any:
        """Return a key's value, following a pointer; _BROKEN after collecting a problem."""
        where = pointer(node)
        if where is None:
            if is_secret(model, key) and key in points and node.value is not None:
                self.blame(
                    node,
                    f"`{key}` is written into the file, where others can read it",
                    f"Put it into the environment and write `{key}: $MY_{key.upper()}`, or `{key}: {{file: path}}`.",
                )
                return _BROKEN
            return node.plain()
        if key not in points:
            self.blame(node, f"`{key}: {where}`: this key can't point at the environment or a file", "Write the value.")
            return _BROKEN
        return self._followed(model, key, node, where, unset)

    def _followed(self, model: type[BaseModel], key: str, node: Node, where: Pointer, unset: frozenset[str]) -> Any:
        try:
            text = follow(where, self.environ, self.folder).text
        except UnusableError as error:
            self.blame(node, f"`{key}: {where}` {error}", error.mend)
            return _BROKEN
        if text is None and key not in unset:
            self.blame(node, f"`{key}: {where}`: the variable is not set", f"Set {where.variable}, or write the value.")
            return _BROKEN
        if text is not None and (is_secret(model, key) or key == "url"):
            self.secrets.append(text)
        return text

    def _translate(
        self, error: ValidationError, node: Node, places: Mapping[str, Node], broken: frozenset[str]
    ) -> None:
        for one in error.errors(include_url=False, include_input=False):
            key = str(one["loc"][0]) if one["loc"] else ""
            if key in broken:  # said already
                continue
            place = _walk(places[key], one["loc"][1:]) if key in places else node
            message, mend = _explained(dict(one), key, place)
            self.blame(place, message, mend)


_BROKEN: Any = object()

_QUOTE = "Write it in double quotes{quoted}."
_NUMBER = "Write one without a fraction and without words."
_FRACTION = "Write one like 1.05."
_SWITCH = "Write true or false."
_LIST = "Write it like [one, two]."

# pydantic's name of a fault -> the end of our sentence, and the mend
_COMPLAINTS = {
    "string_type": ("must be text", _QUOTE),
    "int_type": ("is no whole number", _NUMBER),
    "int_parsing": ("is no whole number", _NUMBER),
    "float_type": ("is no number", _FRACTION),
    "float_parsing": ("is no number", _FRACTION),
    "bool_type": ("is neither true nor false", _SWITCH),
    "bool_parsing": ("is neither true nor false", _SWITCH),
    "tuple_type": ("must be a list", _LIST),
    "list_type": ("must be a list", _LIST),
    "dict_type": ("must be a map of keys", "Write each as `name: value` on a line of its own."),
    "greater_than_equal": ("is too small", "Write {ge} or more."),
    "greater_than": ("is too small", "Write more than {gt}."),
    "less_than_equal": ("is too large", "Write {le} or less."),
    "less_than": ("is too large", "Write less than {lt}."),
    "literal_error": ("is not allowed", "Write {expected}."),
    "enum": ("is not allowed", "Write {expected}."),
}


def _explained(error: Mapping[str, Any], key: str, node: Node) -> tuple[str, str]:
    """Return one of pydantic's errors in our words: message and mend."""
    context = error.get("ctx", {})
    scalar = node.kind == "scalar"
    if error["type"] == "missing":
        return f"`{key}` is missing", f"Add a line `{key}: ...`."
    if scalar and node.value is None:
        return f"`{key}` is empty", "Write a value, or take the line out."
    wrong = context.get("error")
    if isinstance(wrong, UnusableError):
        complaint, mend = str(wrong), wrong.mend
    elif error["type"] in _COMPLAINTS:
        complaint, mend = _COMPLAINTS[error["type"]]
        mend = mend.format_map({"quoted": f': "{node.raw}"' if scalar else "", **context})
    else:
        complaint, mend = f"can't be used: {wrong or error['msg']}", ""
    shown = f"{key}: {node.raw}" if scalar else key
    return f"`{shown}` {complaint}" if key else complaint, mend


def _walk(node: Node, loc: tuple[int | str, ...]) -> Node:
    """Return the node at a location below `node`, as far as it leads; parts that name no node are left out."""
    for part, following in zip(loc, (*loc[1:], ""), strict=False):
        if node.kind == "map":
            pair = next(((key, value) for name, key, value in node.pairs() if name == part), (node, node))
            node = pair[0] if following == "[key]" else pair[1]
        elif isinstance(part, int) and part < len(node.items()):
            node = node.items()[part]
    return node


def _keys(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(model.model_fields)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _kind(node: Node) -> str:
    if node.kind == "scalar":
        return "nothing" if node.value is None else "a single value"
    return f"a {node.kind}"
