"""What the readers of a rule file share: the file, its language, and the problems found so far."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot.errors import Problem
from bot.marked import Node
from bot.rules.draft import Place
from bot.rules.parts import Ref
from bot.rules.terms import Terms

LANGUAGE_CODE = re.compile(r"(?!(?:any|all)\Z)[a-z]{2,3}\Z")  # the two are operators, whatever ISO 639-3 says

CountryNames = Mapping[str, Mapping[str, tuple[str, ...]]]  # country code -> language -> names

_CUT = re.compile(r"\s+#(?=\w)")


@dataclass(slots=True)
class Reading:
    """One file being read. `problems` and `terms` are shared by all files of a draft."""

    path: str
    lines: tuple[str, ...]
    terms: Terms
    problems: list[Problem] = field(default_factory=list)
    language: str = "en"
    countries: Callable[[], CountryNames] = dict  # names by code and language, where a concept asks for them
    refs: list[Ref] = field(default_factory=list)  # every concept named so far, in patterns that can't be read too

    def error(self, node: Node, message: str, mend: str) -> None:
        """Note an error at a node's place."""
        self.problems.append(node.problem(self.path, message, mend))

    def warn(self, node: Node, message: str, mend: str) -> None:
        """Note a warning at a node's place."""
        self.problems.append(node.problem(self.path, message, mend, "warning"))

    def broke(self, since: int) -> bool:
        """Tell whether an error was noted after the first `since` problems."""
        return any(problem.severity == "error" for problem in self.problems[since:])

    def content(self, node: Node, without: Iterable[str]) -> str:
        """Return what a map says, apart from some keys, as one line: two that say the same have the same."""
        left_out = frozenset(without)
        said = {key: value.plain() for key, _, value in node.pairs() if key not in left_out}
        return json.dumps([self.language, said], ensure_ascii=True, sort_keys=True)

    def place(self, node: Node) -> Place:
        """Return where a node stands."""
        return Place(self.path, node.line, node.column)

    def text(self, node: Node, what: str) -> str | None:
        """Return a scalar that is text; None, and a problem, where YAML has made something else of it."""
        if node.kind == "map":
            self.colon(node, what)
        elif node.kind == "list":
            self.error(
                node, f"{what} is a list here, and one text was meant", "Write one text, without `-` or brackets."
            )
        elif node.value is None or not node.raw.strip():
            self.error(node, f"{what} is empty", "Write its words, or remove the line.")
        elif not isinstance(node.value, str):
            kind = "true or false" if isinstance(node.value, bool) else "a number"
            self.error(
                node, f"`{node.raw}` is {kind} in YAML, and text was meant", f'Put it in double quotes: "{node.raw}".'
            )
        elif not (self._cut(node) or self._swallowed(node)):
            return node.raw.strip()
        return None

    def is_language(self, code: str, node: Node) -> bool:
        """Tell whether a code looks like a language's; notes an error at the node where it doesn't."""
        if LANGUAGE_CODE.match(code):
            return True
        self.error(node, f"`{code}` is not a language code", "Write two or three small letters, such as `en`.")
        return False

    def colon(self, node: Node, what: str) -> None:
        """Note that a text has become a map because of a colon in it."""
        key, value = next(((key, value) for key, _, value in node.pairs()), ("", None))
        if value is not None and value.kind == "scalar":
            written = f"{key}: {value.raw}".replace('"', "'")
            self.error(
                node,
                f"`{written}` has become a map, because of its colon, and {what} was meant",
                f'Quote it: "{written}".',
            )
        else:
            self.error(node, f"{what} was meant, and this is a map (`{key}: ...`)", "Write one text.")

    def keys(self, node: Node, allowed: Iterable[str], what: str) -> None:
        """Note the keys of a map that are not allowed, with the nearest one that is."""
        allowed = tuple(allowed)
        for key, at, value in node.pairs():
            if key in allowed:
                continue
            rest = " " in key and value.kind == "scalar" and value.value is None and not value.raw
            mend = "Is it the rest of the text before? Put a text with a comma in double quotes."
            self.error(at, f"unknown key `{key}` in {what}", mend if rest else nearest(key, allowed))

    def _cut(self, node: Node) -> bool:
        """Note, and tell, that YAML has taken the rest of an unquoted text for a comment."""
        line, column = node.end
        rest = self.lines[line - 1][column - 1 :] if 0 < line <= len(self.lines) else ""
        if node.quoted or not _CUT.match(rest):
            return False
        lost = rest.strip().rstrip("]}, ")
        self.error(
            node,
            f"`{lost}` is cut off: ` #` begins a comment",
            f'Quote it: "{node.raw} {lost}"; or write `# ` with a space if a comment was meant.',
        )
        return True

    def _swallowed(self, node: Node) -> bool:
        """Note, and tell, that YAML has taken list items below a text for more of the text."""
        at = next((n for n in range(node.line, node.end[0]) if self.lines[n].lstrip().startswith("- ")), None)
        if node.quoted or at is None:
            return False
        item = self.lines[at].strip()
        mend = "Write both as items of one list, each with its `- ` in the same column."
        self.error(node, f"`{item}` in line {at + 1} has become part of this text", mend)
        return True


def nearest(word: str, allowed: Iterable[str], form: str = "`{}`") -> str:
    """Return a mend that names the nearest allowed word, or all of them where none is near."""
    allowed = tuple(allowed)
    close = get_close_matches(word, allowed, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {form.format(close[0])}?"
    return f"Use one of: {', '.join(form.format(name) for name in sorted(allowed))}." if allowed else "Define it first."


def warn_repeats(items: Iterable[Node], reading: Reading) -> None:
    """Note words that stand twice in one list."""
    seen: dict[str, int] = {}
    for item in items:
        if item.kind == "scalar" and item.raw.strip() in seen:
            first = seen[item.raw.strip()]
            reading.warn(item, f"`{item.raw.strip()}` stands twice in this list (first in line {first})", "Remove one.")
        elif item.kind == "scalar":
            seen[item.raw.strip()] = item.line
