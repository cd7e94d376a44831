"""Read one pattern: words, `<concepts>`, and templates with `...` between them."""

from __future__ import annotations

import re

from bot.marked import Node
from bot.rules.parts import Part, Ref, Template, Words
from bot.rules.reading import Reading
from bot.rules.terms import TermError

GAP = 8  # words that a plain `...` allows between
MAX_GAP = 100

CONCEPT_NAME = re.compile(r"[^\W\d_A-Z][\w-]*\Z")
_PIECES = re.compile(r"<([^<>]*)>|(?:\.\.\.|…)([0-9]*)")


def read_pattern(node: Node, reading: Reading) -> Part | None:
    """Return the pattern that a scalar holds; None, and problems, where it can't be read."""
    text = reading.text(node, "a pattern")
    if text is None:
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
            ref = Ref(found.group(1).strip(), node.line, node.column)
            good = _is_name(node, found.group(1), reading) and good
            reading.refs += [ref] if CONCEPT_NAME.match(ref.name) else []
            pieces.append(ref)
        else:
            pieces.append(int(found.group(2) or GAP))
    return pieces if good else None


def _words(node: Node, text: str, reading: Reading) -> Part | None:
    if "<" in text or ">" in text:
        reading.error(node, f"`{text}` has an angle bracket without its partner", "Write a concept as `<name>`.")
        return None
    try:
        return Words(reading.terms.read(text, reading.language))
    except TermError as bad:
        reading.error(node, bad.message, bad.mend)
        return None


def _is_name(node: Node, name: str, reading: Reading) -> bool:
    if CONCEPT_NAME.match(name.strip()):
        return True
    reading.error(
        node,
        f"`<{name}>` is not the name of a concept",
        "Write a concept as `<name>`: small letters, digits and hyphens.",
    )
    return False


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
