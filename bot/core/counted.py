"""Says what a correlation rule counted: how many of what, and the headlines of the other stories."""

from __future__ import annotations

from bot.core.links import safe_link
from bot.core.message import Line, Part, Role, Style
from bot.core.plaintext import clean, isolate
from bot.core.textwidth import cut
from bot.model import AlertContent, Counted

_TITLE, _SOURCES = 90, 40
SHOWN = 5  # stories; the others are numbered


def counted_of(content: AlertContent) -> tuple[Line, ...]:
    """Return the lines of what was counted, oldest story first; none where the rule is no correlation rule."""
    if not content.tally:
        return ()
    shown = content.counted[-SHOWN:]
    more = len(content.counted) - len(shown)
    earlier = (Line(Role.COUNTED, (Part(f"… and {more} before"),)),) if more else ()
    return (Line(Role.TALLY, (Part(content.tally, Style.STRONG),)), *earlier, *map(_line, shown))


def _line(one: Counted) -> Line:
    title = isolate(cut(clean(one.title), _TITLE)) or "(no headline)"
    sources = isolate(cut(clean(", ".join(one.sources)), _SOURCES))
    return Line(Role.COUNTED, (Part("• "), Part(title, link=safe_link(one.link)), Part(f" · {sources}")))
