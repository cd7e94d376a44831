"""Says why an alert was raised: the entry's own words, those that made the rule fire marked, and the reference."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.excerpt import Span, merge, quote
from bot.core.message import Line, Part, Role, Style
from bot.core.plaintext import Plain, clean, isolate, isolating, plain
from bot.core.textwidth import cut
from bot.model import Alert, Evidence

_ROOM = 110  # units for the quotations


def reason_of(alert: Alert) -> Line:
    """Return the line that answers "why"; evidence in the feed's summary is quoted as a snippet of it."""
    content = alert.content
    title, text = plain(content.title), plain(content.summary)
    in_title = merge(_place(title, content.title, e) for e in content.evidence if e.field == "title")
    in_text = merge(_place(text, content.summary, e) for e in content.evidence if e.field == "text")
    room = _ROOM // 2 if in_title and in_text else _ROOM
    parts: list[Part] = []
    if in_title:
        parts += _quoted(title.text, in_title, room)
    if in_text:
        parts += [Part(" · in the text ")] if in_title else []
        parts += _quoted(text.text, in_text, room)
    words = ", ".join(dict.fromkeys(filter(None, (clean(e.words) for e in content.evidence))))
    if words and not parts:
        parts.append(Part(isolate(cut(words, _ROOM)), Style.MATCHED))
    why = (Part("Why:", Style.LABEL), Part(" "), *parts, Part(" · ")) if parts else ()
    return Line(Role.REASON, (*why, Part(alert.ref, Style.REF)))


def _place(shown: Plain, raw: str, evidence: Evidence) -> Span:
    """Return where the evidence stands in the text as shown; an empty span where its words aren't there."""
    if raw[evidence.start : evidence.end] == evidence.words:
        return shown.span(evidence.start, evidence.end)
    words = clean(evidence.words)
    start = shown.text.find(words) if words else -1
    return (start, start + len(words)) if start >= 0 else (0, 0)


def _quoted(text: str, spans: Sequence[Span], room: int) -> list[Part]:
    opening, closing = isolating(text)
    pieces = (Part(piece.text, Style.MATCHED if piece.matched else Style.PLAIN) for piece in quote(text, spans, room))
    return [Part(f"“{opening}"), *pieces, Part(f"{closing}”")]
