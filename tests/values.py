"""Values that many tests start from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model import (
    Alert,
    AlertContent,
    Delivery,
    DeliveryKind,
    Document,
    EntryData,
    Evidence,
    Feed,
    FeedState,
    Firing,
    Item,
    Level,
    RuleHead,
    Target,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEED = Feed("herald", "https://herald.example/rss", "The Herald", "Herald Ltd", language="en")
CHAT = Target("desk", "-100")
CONSOLE = Target("console")


def entry_data(title="Troops march", guid=None, link=None, summary="", at=NOW):
    return EntryData(guid or title, link, title, summary, at)


def document(*entries):
    return Document("The Herald", "en", tuple(entries))


def seeded(feed_id="herald", **changes):
    return FeedState(feed_id, NOW, NOW, **{"seeded_at": NOW, **changes})


class WordRules:
    """Rules that fire where their word stands in the title; a stand-in for the engine at its public seam."""

    hash = "rules-1"
    correlations = ()

    def __init__(self, *heads):
        self._heads = heads or (RuleHead("troops", "Troops abroad", Level.URGENT, frozenset({"security"})),)

    def fire(self, item: Item) -> tuple[Firing, ...]:
        at = {head: item.title.lower().find(head.id) for head in self._heads}
        return tuple(
            Firing(head, (Evidence("title", n, n + len(head.id), item.title[n : n + len(head.id)], head.id),))
            for head, n in at.items()
            if n >= 0
        )


def alert(ref="a7f3c1", title="Troops march", **content):
    facts = {
        "topic": "Troops abroad",
        "title": title,
        "link": "https://herald.example/1",
        "summary": "",
        "source": "The Herald",
        "language": "en",
        "published_at": NOW,
        "seen_at": NOW,
        "tags": ("security",),
        "evidence": (),
    }
    return Alert(ref * 5, ref, "troops", "story-1", Level.URGENT, NOW, AlertContent(**{**facts, **content}))


def delivery(number=1, target=CHAT, **changes):
    facts = {"kind": DeliveryKind.ALERT, "created_at": NOW, "due_at": NOW, "alert": alert()}
    return Delivery(f"{number:016x}", f"key-{number}", target, **{**facts, **changes})
