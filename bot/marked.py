"""YAML 1.2 text as values that know their line and column, with YAML's traps refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from bot.errors import ConfigError, Problem

MAX_BYTES = 1_000_000
MAX_NODES = 100_000
MAX_DEPTH = 40

_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place. `value` is a scalar, a tuple of Nodes, or a tuple of (key Node, value Node) pairs.

    `raw` is a scalar's text as written, without quotes; `quoted` tells `"22:22"` from `22:22`; `end` is the line of its
    last character and the column behind it. Line and column count from 1.
    """

    kind: str  # "scalar", "list" or "map"
    value: Any
    line: int
    column: int
    raw: str = ""
    quoted: bool = False
    end: tuple[int, int] = (0, 0)

    def pairs(self) -> Iterator[tuple[str, Node, Node]]:
        """Yield (key text, key node, value node) of a map in its order; nothing for other kinds."""
        if self.kind == "map":
            for key, value in self.value:
                yield key.raw, key, value

    def items(self) -> tuple[Node, ...]:
        """Return a list's items; () for other kinds."""
        return tuple(self.value) if self.kind == "list" else ()

    def get(self, name: str) -> Node | None:
        """Return the value under a key of a map, or None."""
        return next((value for key, _, value in self.pairs() if key == name), None)

    def plain(self) -> Any:
        """Return the value as ordinary dicts, lists and scalars."""
        if self.kind == "map":
            return {key: value.plain() for key, _, value in self.pairs()}
        if self.kind == "list":
            return [item.plain() for item in self.value]
        return self.value

    def problem(self, path: str, message: str, mend: str = "", severity: str = "error") -> Problem:
        """Return a Problem at this node's place."""
        return Problem(path, self.line, self.column, message, mend, severity)


def load_documents(text: str, path: str) -> tuple[Node, ...]:
    """Read every document of a YAML stream; an empty document is left out.

    Follows YAML 1.2's core schema: `no`, `on`, `12:30` and dates stay text. Raises ConfigError with all problems
    found: syntax, tabs, a key given twice, or a document that is too big, too deep or grows too much through aliases.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ConfigError(Problem(path, 0, 0, f"the file is larger than {MAX_BYTES:,} bytes", "Split it."))
    reader = _Reader(path)
    try:
        roots = list(yaml.compose_all(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise ConfigError(_syntax(error, text, path)) from error
    except RecursionError as error:
        raise ConfigError(Problem(path, 0, 0, f"nested deeper than {MAX_DEPTH} levels", "Flatten it.")) from error
    nodes = tuple(reader.read(root, 0) for root in roots if root is not None)
    if reader.problems:
        raise ConfigError(*reader.problems)
    return tuple(node for node in nodes if not (node.kind == "scalar" and node.value is None))


def load(text: str, path: str) -> Node:
    """Read exactly one document; an empty file is an empty map. Raises ConfigError as `load_documents` does."""
    documents = load_documents(text, path)
    if len(documents) > 1:
        second = documents[1]
        raise ConfigError(second.problem(path, "a second document begins here", "Keep one: remove the `---`."))
    return documents[0] if documents else Node("map", (), 1, 1)


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Reader:
    """Turns composed YAML nodes into ours, counting what aliases expand to."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.count = 0

    def read(self, node: Any, depth: int) -> Node:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            why = f"nested deeper than {MAX_DEPTH} levels" if depth > MAX_DEPTH else f"more than {MAX_NODES:,} values"
            raise ConfigError(
                Problem(
                    self.path,
                    line,
                    column,
                    f"{why} (aliases counted as what they stand for)",
                    "Write it out smaller.",
                )
            )
        if isinstance(node, yaml.MappingNode):
            return self._map(node, depth, line, column)
        if isinstance(node, yaml.SequenceNode):
            return Node("list", tuple(self.read(item, depth + 1) for item in node.value), line, column)
        quoted = node.style in ("'", '"', "|", ">")
        end = node.end_mark.line + 1, node.end_mark.column + 1
        return Node("scalar", _scalar(node.value, quoted), line, column, node.value, quoted, end)

    def _map(self, node: Any, depth: int, line: int, column: int) -> Node:
        pairs: list[tuple[Node, Node]] = []
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = self.read(key_node, depth + 1)
            if key.kind != "scalar":
                self.problems.append(
                    key.problem(
                        self.path,
                        "a key must be a single word or text",
                        "Quote it, or indent it under its key.",
                    )
                )
                continue
            if key.raw in seen:
                self.problems.append(
                    key.problem(
                        self.path,
                        f"`{key.raw}` is given twice (first in line {seen[key.raw]})",
                        "Keep one of them.",
                    )
                )
            seen.setdefault(key.raw, key.line)
            pairs.append((key, self.read(value_node, depth + 1)))
        return Node("map", tuple(pairs), line, column)


def _scalar(text: str, quoted: bool) -> Any:
    """Return a scalar's value under YAML 1.2's core schema."""
    if quoted:
        return text
    if text in _NULLS:
        return None
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text) if len(text) < 40 else text
    return float(text) if _FLOAT.match(text) else text


def _syntax(error: yaml.YAMLError, text: str, path: str) -> Problem:
    """Return a YAML syntax error as a Problem with a mend that a non-programmer can follow."""
    said = str(getattr(error, "problem", None) or error).replace("\n", " ")
    within = str(getattr(error, "context", None) or "")
    at, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    lines = [*text.splitlines(), ""]
    written = lines[min(at.line, len(lines) - 1)] if at else ""
    before, sign = (written[: at.column], written[at.column : at.column + 1]) if at else ("", "")
    indent = written[: len(written) - len(written.lstrip())]
    begun = None
    if "nesting depth" in said:
        message, mend = f"nested deeper than {MAX_DEPTH} levels", "Write it out smaller."
    elif "\t" in indent + sign or "'\\t'" in said:
        message, mend = "a tab is used for indentation", "Use spaces."
    elif sign and before.rstrip().endswith(("'", '"')) and "expected" in said:
        message, mend = "a text goes on after its closing quote", _QUOTE
    elif sign and sign in "@*%`":
        shown = "a backtick" if sign == "`" else f"`{sign}`"
        message, mend = f"text can't begin with {shown}", "Put it in double quotes."
    elif "flow node" in within:
        message, mend = "a `[` or `{` before this is not closed, or an item is missing here", _BRACKET
    elif "flow" in within:
        bracket, begun = "{" if "mapping" in within else "[", opened
        message, mend = f"this `{bracket}` is not closed, or a comma is missing after it", _BRACKET
    elif "quoted" in within and "escape" not in said:
        message, mend, begun = "this quote is not closed", "Close it.", opened
    elif "escape" in said:
        message, mend = "a `\\` means something else in double quotes", "Write it twice, or use single quotes."
    elif "mapping values are not allowed" in said:
        message, mend = "a colon with a space after it begins a key, and none may begin here", _COLON
    else:
        message, mend = f"not valid YAML: {said}", "Check the indentation and quotes of this line."
    where = begun or at
    line, column = (where.line + 1, where.column + 1) if where else (0, 0)
    if line >= len(lines):  # behind the end, where no editor leads: the last character
        line, column = max(1, len(lines) - 1), len(lines[-2:][0]) + 1
    return Problem(path, line, column, message, mend)


_QUOTE = 'Put all of it into one pair of quotes; in double quotes, a quote within is written `\\"`.'
_BRACKET = "Close it; a text that holds ` #`, a bracket or a quote belongs in double quotes."
_COLON = "Put a text with a colon in double quotes; let a key begin below its neighbour."
