"""From a match to an alert and the deliveries owed for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core.identity import digest
from bot.model import Alert, AlertContent, Delivery, DeliveryKind, Entry, Feed, Match, RuleHead, Story, Target


def raise_alert(match: Match, entry: Entry, story: Story, feed: Feed, now: datetime, *, earlier: bool) -> Alert:
    """Return the alert of one rule on one story; the same rule and story always make the same id and reference."""
    rule = match.firing.rule
    alert_id = digest("alert", rule.id, story.id)
    content = AlertContent(
        topic=topic_of(rule),
        title=entry.title,
        link=entry.link,
        summary=entry.summary,
        source=feed.name,
        language=entry.language,
        published_at=entry.published_at,
        seen_at=entry.first_seen_at,
        tags=tuple(sorted(rule.tags)),
        evidence=match.firing.evidence,
        earlier=earlier,
    )
    return Alert(alert_id, alert_id[:6], rule.id, story.id, rule.level, now, content)


def topic_of(rule: RuleHead) -> str:
    """Return the rule's name as a lock screen shows it: `troops-abroad` is "Troops abroad"."""
    words = rule.id.replace("-", " ")
    return words[:1].upper() + words[1:]


def owe(alert: Alert, targets: Sequence[Target], now: datetime) -> tuple[Delivery, ...]:
    """Return one pending delivery per target; the dedup key makes a second enqueueing add nothing."""
    return tuple(_delivery(target, DeliveryKind.ALERT, alert.id, now, alert=alert) for target in targets)


def notice(target: Target, topic: str, text: str, now: datetime) -> Delivery:
    """Return a notice to the operator; the same topic is told at most once a day."""
    return _delivery(target, DeliveryKind.NOTICE, f"{topic} {now.date().isoformat()}", now, text=text)


def _delivery(
    target: Target,
    kind: DeliveryKind,
    subject: str,
    now: datetime,
    *,
    alert: Alert | None = None,
    text: str | None = None,
) -> Delivery:
    key = digest("delivery", target.channel_id, target.address, kind, subject)
    return Delivery(key[:16], key, target, kind, created_at=now, due_at=now, alert=alert, notice=text)
