"""Rows to values and back, where a row is not simply its value's fields."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from bot.model import (
    Alert,
    AlertContent,
    Attempt,
    Counted,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Detail,
    Entry,
    Evidence,
    FeedState,
    Level,
    Match,
    Meaning,
    Outcome,
    Target,
    Validators,
)

FINISHED = frozenset({DeliveryState.SENT, DeliveryState.DEAD})


def feed_row(state: FeedState) -> dict[str, Any]:
    """Return the columns of `feed` that a poll may change."""
    return {
        "next_poll_at": state.next_poll_at,
        "lease_until": None,
        "seeded_at": state.seeded_at,
        "shows_earlier": state.shows_earlier,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "validators_since": state.validators.since,
        "final_url": state.final_url,
        "body_hash": state.body_hash,
        "failures": state.failures,
        "failing_since": state.failing_since,
        "error": state.error,
        "polled_at": state.polled_at,
        "succeeded_at": state.succeeded_at,
    }


def listing_text(entry_ids: tuple[str, ...]) -> str:
    """Return entry ids as the one text of `listing`; ids are hex digits, so a line each is plain enough."""
    return "\n".join(entry_ids)


def listed(text: str | None) -> tuple[str, ...]:
    """Return what `listing_text` made; None is a feed without a listing yet."""
    return tuple(text.split("\n")) if text else ()


def feed_state(row: Row[*tuple[Any, ...]]) -> FeedState:
    """Return a row of `feed` joined with its `listing`."""
    return FeedState(
        feed_id=row.id,
        next_poll_at=row.next_poll_at,
        added_at=row.added_at,
        seeded_at=row.seeded_at,
        shows_earlier=row.shows_earlier,
        validators=Validators(row.etag, row.last_modified, row.validators_since),
        final_url=row.final_url,
        body_hash=row.body_hash,
        listed=listed(row.entry_ids),
        failures=row.failures,
        failing_since=row.failing_since,
        error=row.error,
        polled_at=row.polled_at,
        succeeded_at=row.succeeded_at,
    )


def entry_row(entry: Entry) -> dict[str, Any]:
    """Return an entry's columns."""
    return {
        "id": entry.id,
        "feed_id": entry.feed_id,
        "link": entry.link,
        "canonical_link": entry.canonical_link,
        "title_day": entry.title_day,
        "title": entry.title,
        "summary": entry.summary,
        "language": entry.language,
        "published_at": entry.published_at,
        "first_seen_at": entry.first_seen_at,
        "text_hash": entry.text_hash,
        "edits": entry.edits,
        "seeded": entry.seeded,
    }


def match_row(match: Match) -> dict[str, Any]:
    """Return a match's columns; the rule's head is kept as it was, since the rule itself may change."""
    rule = match.firing.rule
    firing = {
        "about": rule.about,
        "level": int(rule.level),
        "tags": sorted(rule.tags),
        "live": rule.live,
        "evidence": _evidence_list(match.firing.evidence),
        "captures": [list(pair) for pair in match.firing.captures],
    }
    return {
        "id": match.id,
        "entry_id": match.entry_id,
        "rule_id": rule.id,
        "ruleset_hash": match.ruleset_hash,
        "firing": firing,
        "matched_at": match.matched_at,
        "story_id": match.story_id,
        "source": match.source,
    }


def alert_row(alert: Alert) -> dict[str, Any]:
    """Return an alert's columns."""
    content = alert.content
    return {
        "id": alert.id,
        "ref": alert.ref,
        "rule_id": alert.rule_id,
        "story_id": alert.story_id,
        "level": int(alert.level),
        "raised_at": alert.raised_at,
        "content": {
            "topic": content.topic,
            "title": content.title,
            "link": content.link,
            "summary": content.summary,
            "source": content.source,
            "language": content.language,
            "published_at": content.published_at.isoformat() if content.published_at else None,
            "seen_at": content.seen_at.isoformat(),
            "tags": list(content.tags),
            "evidence": _evidence_list(content.evidence),
            "earlier": content.earlier,
            **_counted_row(content),
        },
    }


def _content(stored: dict[str, Any]) -> AlertContent:
    published_at = stored["published_at"]
    return AlertContent(
        topic=stored["topic"],
        title=stored["title"],
        link=stored["link"],
        summary=stored["summary"],
        source=stored["source"],
        language=stored["language"],
        published_at=datetime.fromisoformat(published_at) if published_at else None,
        seen_at=datetime.fromisoformat(stored["seen_at"]),
        tags=tuple(stored["tags"]),
        evidence=tuple(Evidence(*item) for item in stored["evidence"]),
        earlier=stored["earlier"],
        counted=tuple(_counted(*item) for item in stored.get("counted", ())),
        tally=stored.get("tally", ""),
    )


def _counted_row(content: AlertContent) -> dict[str, Any]:
    """Return what the alert of a correlation rule has more than others."""
    if not content.tally:
        return {}
    counted = [[one.title, one.link, list(one.sources), list(one.rules), one.at.isoformat()] for one in content.counted]
    return {"counted": counted, "tally": content.tally}


def _counted(title: str, link: str | None, sources: list[str], rules: list[str], at: str) -> Counted:
    return Counted(title, link, tuple(sources), tuple(rules), datetime.fromisoformat(at))


def _evidence_list(evidence: tuple[Evidence, ...]) -> list[list[str | int]]:
    return [[item.field, item.start, item.end, item.words, item.term] for item in evidence]


def delivery_row(delivery: Delivery) -> dict[str, Any]:
    """Return the columns of `delivery` that an attempt may change."""
    return {
        "due_at": delivery.due_at,
        "state": str(delivery.state),
        "tries": delivery.tries,
        "detail": int(delivery.detail),
        "possible_dup": delivery.possible_dup,
        "without_thread": delivery.without_thread,
        "message_id": delivery.message_id,
        "reason": delivery.reason,
    }


DELIVERY_COLUMNS = 22


def delivery_value(row: Row[*tuple[Any, ...]]) -> Delivery:
    """Return the delivery, with its alert, of a row that begins with the columns of `outbox.DELIVERIES`."""
    # By place: asking a row for a column by its name costs ten times as much, and this runs for every lane of a tick.
    own_id, dedup_key, channel_id, address, kind, created_at, due_at, notice, *rest = row[:DELIVERY_COLUMNS]
    state, tries, detail, possible_dup, without_thread, message_id, reason, *told = rest
    alert_id, ref, rule_id, story_id, level, raised_at, content = told
    alert = None
    if alert_id is not None:
        alert = Alert(alert_id, ref, rule_id, story_id, Level(level), raised_at, _content(content))
    return Delivery(
        id=own_id,
        dedup_key=dedup_key,
        target=Target(channel_id, address),
        kind=DeliveryKind(kind),
        created_at=created_at,
        due_at=due_at,
        alert=alert,
        notice=notice,
        state=DeliveryState(state),
        tries=tries,
        detail=Detail(detail),
        possible_dup=possible_dup,
        without_thread=without_thread,
        message_id=message_id,
        reason=reason,
    )


def outcome_row(attempt: Attempt) -> dict[str, Any]:
    """Return the columns of `attempt` that its end sets."""
    outcome = attempt.outcome
    return {
        "ended_at": attempt.ended_at,
        "meaning": str(outcome.meaning) if outcome else None,
        "reason": outcome.reason if outcome else "",
        "message_id": outcome.message_id if outcome else None,
        "wait_s": outcome.wait.total_seconds() if outcome and outcome.wait is not None else None,
        "moved_to": outcome.moved_to if outcome else None,
    }


def attempt_value(row: Row[*tuple[Any, ...]]) -> Attempt:
    """Return a row of `attempt` joined with its `target`."""
    outcome = None
    if row.meaning is not None:
        wait = timedelta(seconds=row.wait_s) if row.wait_s is not None else None
        outcome = Outcome(Meaning(row.meaning), row.reason, row.message_id, wait, row.moved_to)
    target = Target(row.channel_id, row.address)
    return Attempt(row.id, row.delivery_id, target, row.started_at, row.ended_at, outcome)
