"""Read one pattern: words, `<concepts>`, and templates with `...` between them."""

from __future__ import annotations

import re

import re2

from bot.marked import Node
from bot.rules.letters import warn_mixed
from bot.rules.order import Template
from bot.rules.parts import Part, Ref, Words
from bot.rules.reading import Reading
from bot.rules.special import Regex
from bot.rules.terms import TermError

GAP = 8  # words that a plain `...` allows between
MAX_GAP = 100
MAX_REGEX = 1 << 20  # bytes that one compiled expression may take

CONCEPT_NAME = re.compile(r"[^\W\d_A-Z][\w-]*\Z")
_INSIDE = re.compile(r"([\w-]+)(?::(!?[\w-]+))?(?:\s+as\s+([a-z][a-z0-9-]*))?\Z")
# What people write who know search engines; here it is words.
_OPERATORS = {
    r"\bAND\b|&&": "For both, write `all: [one, other]`.",
    r"\bOR\b|\|": "For any of them, write a list: `[one, other]`.",
    r"\bNOT\b": "For what must not be there, write `none: [word]` or `unless:`.",
    r"\A-\w": "Put a space after the `-`, and each item on its own line.",
    r"\w, \w": "For any of them, write a list in brackets: `[one, other]`.",
}
_PIECES = re.compile(r"<([^<>]*)>|(?:\.\.\.|…)([0-9]*)")


def read_pattern(node: Node, reading: Reading) -> Part | None:
    """Return the pattern that a scalar holds; None, and problems, where it can't be read."""
    text = reading.text(node, "a pattern")
    if text is None:
        return None
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return _regex(node, text, reading)
    warn_mixed(node, text, reading)
    if "...." in text:
        reading.error(node, f"`{text}` has more than three dots", "Write `...`, or `...4` with a number of words.")
        return None
    pieces = _pieces(node, text, reading)
    if pieces is None:
        return None
    parts = [piece for piece in pieces if not isinstance(piece, int)]
    if len(parts) == 1 and len(pieces) == 1:
        return parts[0]
    return _template(node, text, pieces, reading)


def _pieces(node: Node, text: str, reading: Reading) -> list[Part | int] | None:
    """Return parts and gaps in their order."""
    pieces: list[Part | int] = []
    good, last = True, 0
    for found in [*_PIECES.finditer(text), None]:
        words = text[last : found.start() if found else len(text)]
        if words.strip(" ,"):
            part = _words(node, words.strip(" ,"), reading)
            good = part is not None and good
            pieces += [part] if part else []
        if found is None:
            break
        last = found.end()
        if found.group(1) is not None:
            ref = _ref(node, found.group(1), reading)
            good = ref is not None and good
            reading.refs += [ref] if ref else []
            pieces += [ref] if ref else []
        else:
            pieces.append(int(found.group(2) or GAP))
    return pieces if good else None


def _words(node: Node, text: str, reading: Reading) -> Part | None:
    if "<" in text or ">" in text:
        reading.error(node, f"`{text}` has an angle bracket without its partner", "Write a concept as `<name>`.")
        return None
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        reading.error(node, f"`{text}` is a regular expression inside of a template", "Let it stand alone.")
        return None
    for sign, mend in _OPERATORS.items():
        if re.search(sign, text):
            reading.warn(node, f"`{text}` is one phrase, these very words side by side", mend)
    try:
        return Words(reading.terms.read(text, reading.language))
    except TermError as bad:
        reading.error(node, bad.message, bad.mend)
        return None


def _ref(node: Node, inside: str, reading: Reading) -> Ref | None:
    """Return the concept that stands between angle brackets: `name`, `name:ID`, `name as role` or `name:ID as role`."""
    found = _INSIDE.match(inside.strip())
    if found and CONCEPT_NAME.match(found.group(1)):
        name, only, role = found.groups(default="")
        return Ref(name, node.line, node.column, role, only)
    reading.error(
        node,
        f"`<{inside}>` is not the name of a concept",
        "Write a concept as `<name>`: small letters, digits and hyphens; with a role as `<name as role>`.",
    )
    return None


def _regex(node: Node, text: str, reading: Reading) -> Part | None:
    """Return a regular expression, which stands between slashes."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_REGEX
    try:
        compiled = re2.compile(text[1:-1], options=options)
    except re2.error as bad:
        said = bad.args[0].decode() if isinstance(bad.args[0], bytes) else str(bad.args[0])
        mend = "Use RE2's syntax, which has no look-around and no back-references."
        reading.error(node, f"`{text}` is not a regular expression of RE2: {said}", mend)
        return None
    if compiled.search("") is not None:
        reading.error(node, f"`{text}` finds the empty text, so it finds everything", "Ask for at least one sign.")
        return None
    return Regex(reading.terms.mark(text, reading.language), compiled)


def _template(node: Node, text: str, pieces: list[Part | int], reading: Reading) -> Part | None:
    parts: list[Part] = []
    gaps: list[int] = []
    after_gap = True  # nothing stands before the first part, which a gap may not follow
    for piece in pieces:
        if isinstance(piece, int):
            if after_gap:
                break
            gaps.append(piece)
        else:
            gaps += [0] if parts and not after_gap else []
            parts.append(piece)
        after_gap = isinstance(piece, int)
    else:
        if not after_gap:
            return _checked(node, Template(tuple(parts), tuple(gaps)), reading)
    reading.error(
        node, f"`{text}` has a `...` without words on both sides", "Put words or a <concept> before and after it."
    )
    return None


def _checked(node: Node, template: Template, reading: Reading) -> Part | None:
    widest = max(template.gaps)
    if widest > MAX_GAP:
        reading.error(node, f"`...{widest}` is too wide", f"Allow at most {MAX_GAP} words: a sentence is shorter.")
        return None
    return template
