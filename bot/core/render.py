"""From a delivery to a structured message, the same for every channel: what is said, in which order, how much of it."""

from __future__ import annotations

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.core.byline import times
from bot.core.counted import counted_of
from bot.core.links import safe_link
from bot.core.message import Line, Message, Part, Role, Style
from bot.core.plaintext import clean, isolate
from bot.core.textwidth import cut, units
from bot.core.why import reason_of
from bot.model import Alert, AlertContent, Delivery, Detail

VISIBLE = 500  # units that a reader of a busy chat takes in; the summary gets what the rest leaves
_TOPIC, _HEADLINE, _SOURCE, _SUMMARY = 48, 160, 40, 240
_LEAST_SUMMARY = 40
_NOTICE = 1500
COPY = "possible copy"  # it may have arrived before; nobody knows


def render(delivery: Delivery, timezone: ZoneInfo, now: datetime) -> Message:
    """Return what a delivery says; times are shown in `timezone`, days that aren't today's with their date."""
    if delivery.alert is None:
        return _notice(delivery)
    alert = delivery.alert
    link = safe_link(alert.content.link)
    headline = Line(Role.HEADLINE, (Part(_headline(alert.content), Style.STRONG),))
    if delivery.detail is Detail.LINK:
        flag = (Line(Role.TOPIC, (Part(COPY),)),) if delivery.possible_dup else ()
        return Message((*flag, headline), delivery.detail, alert.level, link)
    lines = [_topic(delivery, alert), headline, _byline(alert.content, timezone, now), *counted_of(alert.content)]
    reason = reason_of(alert)
    left = VISIBLE - sum(_width(line) for line in (*lines, reason))
    summary = _summary(alert.content, left)
    return Message((*lines, *summary, reason), delivery.detail, alert.level, link)


def _notice(delivery: Delivery) -> Message:
    # Ours and not a feed's: an angle bracket in it is no markup.
    said = escape(delivery.notice or "", quote=False)
    text = cut("\n".join(line for raw in said.splitlines() if (line := clean(raw))), _NOTICE)
    head = Line(Role.TOPIC, (Part("wirewatch", Style.STRONG), *_flags(delivery, earlier=False)))
    body = tuple(Line(Role.NOTICE, (Part(isolate(line)),)) for line in text.splitlines())
    return Message((head, *body), delivery.detail)


def _topic(delivery: Delivery, alert: Alert) -> Line:
    topic = cut(clean(alert.content.topic), _TOPIC) or alert.rule_id
    flags = _flags(delivery, earlier=alert.content.earlier)
    return Line(Role.TOPIC, (Part(isolate(topic), Style.STRONG), *flags))


def _flags(delivery: Delivery, *, earlier: bool) -> tuple[Part, ...]:
    said = (*(("earlier",) if earlier else ()), *((COPY,) if delivery.possible_dup else ()))
    return tuple(Part(f" · {flag}") for flag in said)


def _headline(content: AlertContent) -> str:
    """Every alert has something to click on, even where a feed gives no title."""
    return cut(clean(content.title) or clean(content.summary), _HEADLINE) or "(no headline)"


def _byline(content: AlertContent, timezone: ZoneInfo, now: datetime) -> Line:
    source = isolate(cut(clean(content.source), _SOURCE))
    when = times(content.published_at, content.seen_at, timezone, now)
    return Line(Role.BYLINE, (Part(" · ".join(filter(None, (source, when)))),))


def _summary(content: AlertContent, left: int) -> tuple[Line, ...]:
    """Return the summary where there is room for it and it says more than the headline."""
    room = min(left, _SUMMARY)
    text, title = clean(content.summary), clean(content.title)
    more = text.casefold().removeprefix(title.casefold())
    if room < _LEAST_SUMMARY or not title or len(more) < _LEAST_SUMMARY:
        return ()
    return (Line(Role.SUMMARY, (Part(isolate(cut(text, room - 3))),)),)


def _width(line: Line) -> int:
    return 1 + sum(units(part.text) for part in line.parts)
