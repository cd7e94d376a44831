"""Read rule files: what each document defines, and every problem in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.errors import ConfigError, Problem
from bot.marked import Node, load_documents
from bot.rules.draft import AdjustDraft, ConceptDraft, FilterDraft, RuleDraft
from bot.rules.read_changes import read_adjust, read_filters
from bot.rules.read_concepts import read_concepts, read_extension
from bot.rules.read_rule import read_rule
from bot.rules.read_when import read_correlation
from bot.rules.reading import Reading

SHARED_KEYS = ("concepts", "language", "rule", "filters", "adjust", "extend")

_SEPARATOR = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)


def read_documents(path: str, text: str) -> tuple[tuple[Node, ...], tuple[Problem, ...]]:
    """Return the documents of a file and what is wrong with it as YAML; a bad document leaves the others."""
    try:
        return load_documents(text, path), ()
    except ConfigError as error:
        whole = error
        starts = [0, *(found.start() for found in _SEPARATOR.finditer(text))]
        if len(starts) == 1:
            return (), _problems(whole)
    documents: list[Node] = []
    problems: list[Problem] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        try:
            documents += load_documents("\n" * text.count("\n", 0, start) + text[start:end], path)
        except ConfigError as error:
            problems += _problems(error)
    if not problems:  # each document is fine, and the file is too big
        return (), _problems(whole)
    return tuple(documents), tuple(problems)


def _problems(error: ConfigError) -> tuple[Problem, ...]:
    found = [problem for problem in error.problems if isinstance(problem, Problem)]
    second = [problem for problem in found if problem.message.startswith("`rule` is given twice")]
    if not second:
        return tuple(found)
    # What else is given twice is the second rule's own.
    others = [problem for problem in found if " is given twice" not in problem.message]
    return (*others, *map(_separate, second))


def _separate(problem: Problem) -> Problem:
    message = problem.message.replace("`rule` is given twice", "a second `rule:` in one document")
    return replace(problem, message=message, mend="Put a line `---` before it.")


@dataclass(frozen=True, slots=True)
class Document:
    """What one document defines."""

    rule: RuleDraft | None = None
    concepts: tuple[ConceptDraft, ...] = ()
    adjust: AdjustDraft | None = None
    filters: tuple[FilterDraft, ...] = ()


def read_document(node: Node, reading: Reading) -> Document:
    """Return what a document defines. A document of concepts or filters alone sets the file's language."""
    if node.kind != "map":
        reading.error(
            node, "a rule or concepts were meant, and this is a list or a text", "Begin with `rule: its-name`."
        )
        return Document()
    spoken, before = reading.language, len(reading.problems)
    reading.language = _language(node.get("language"), reading)
    broken = len(reading.problems) > before
    concepts = read_concepts(node.get("concepts"), reading)
    filters = tuple(read_filters(node.get("filters"), reading))
    rule = adjust = None
    if node.get("rule") is not None:
        rule = read_rule(node, reading) if node.get("when") is None else read_correlation(node, reading)
        rule = replace(rule, broken=True) if broken else rule
    elif node.get("adjust") is not None:
        adjust = read_adjust(node, reading)
    elif node.get("extend") is not None:
        concepts += read_extension(node, reading)
    elif node.get("match") is not None:
        reading.error(node, "a match without a rule", "Give it a name: `rule: its-name`.")
    else:
        reading.keys(node, SHARED_KEYS, "a document without `rule:`")
        return Document(concepts=tuple(concepts), filters=filters)
    reading.language = spoken
    return Document(rule, tuple(concepts), adjust, filters)


def _language(node: Node | None, reading: Reading) -> str:
    if node is None:
        return reading.language
    code = reading.text(node, "a language")
    if code is not None and not reading.is_language(code, node):
        return reading.language
    return code or reading.language
