"""Values and short paths that the store's tests start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.model import (
    Alert,
    AlertContent,
    Attempt,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Entry,
    Evidence,
    Feed,
    Firing,
    Level,
    Match,
    Meaning,
    Outcome,
    Plan,
    RuleHead,
    Settlement,
    Story,
    Target,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3600, 86400))
CHAT, OTHER_CHAT, CONSOLE = Target("telegram", "-100"), Target("telegram", "-200"), Target("console")


def feed(name="herald", url=None, host=None):
    return Feed(name, url or f"https://{name}.example/rss", name.title(), f"{name} Ltd"), host or f"{name}.example"


async def declared(store, *names, at=NOW):
    """Declare feeds and return the state of the first as a poll gets it."""
    feeds = [feed(name) for name in names or ("herald",)]
    await store.declare_feeds(feeds, at)
    claimed = await store.claim_feeds([one.id for one, _ in feeds], frozenset(), len(feeds), at)
    return next(state for state, _ in claimed if state.feed_id == feeds[0][0].id)


def entry(number=1, feed_id="herald", **changes):
    facts = {
        "link": f"https://{feed_id}.example/{number}",
        "canonical_link": f"{feed_id}.example/{number}",
        "title": f"Troops march {number}",
        "summary": "They do — “again”.",
        "language": "en",
        "published_at": NOW - HOUR,
        "first_seen_at": NOW,
        "text_hash": f"text-{number}",
        "title_day": f"day-{number}",
    }
    return Entry(id=f"{number:032x}", feed_id=feed_id, **{**facts, **changes})


def story(number=1, version=0, keys=None, entry_ids=(), opened_at=NOW):
    return Story(f"story-{number}", version, frozenset(keys or {f"key-{number}"}), opened_at, tuple(entry_ids))


def match(number=1, entry_number=1, at=NOW):
    head = RuleHead("troops", "Troops abroad", Level.URGENT, frozenset({"security"}))
    firing = Firing(head, (Evidence("title", 0, 6, "Troops", "troop"),), (("who", "North Korea"),))
    return Match(f"match-{number}", f"{entry_number:032x}", "rules-1", firing, at)


def alert(number=1, story_number=1, rule_id="troops", raised_at=NOW, **changes):
    content = AlertContent(
        topic="Troops abroad",
        title="Troops march",
        link="https://herald.example/1",
        summary="They do.",
        source="The Herald",
        language="en",
        published_at=NOW - HOUR,
        seen_at=NOW,
        tags=("security", "asia"),
        evidence=(Evidence("title", 0, 6, "Troops", "troop"),),
    )
    return Alert(
        f"{number:032x}",
        f"{number:06x}",
        rule_id,
        f"story-{story_number}",
        Level.URGENT,
        raised_at,
        replace(content, **changes),
    )


def delivery(number=1, target=CHAT, created_at=NOW, **changes):
    facts = {"kind": DeliveryKind.ALERT, "due_at": created_at}
    if "notice" not in changes:
        facts["alert"] = alert(number, number)
    else:
        facts["kind"] = DeliveryKind.NOTICE
    return Delivery(f"{number:016x}", f"key-{number}", target, created_at=created_at, **{**facts, **changes})


def notice(number=1, target=CHAT, **changes):
    return delivery(number, target, notice=f"notice {number}", **changes)


async def enqueued(store, *deliveries):
    """Let one poll enqueue these deliveries, with the stories of their alerts."""
    state = await declared(store)
    stories = {one.alert.story_id: story(int(one.alert.story_id[6:])) for one in deliveries if one.alert}
    alerts = tuple({one.alert.id: one.alert for one in deliveries if one.alert}.values())
    await store.apply(Plan(state, stories=tuple(stories.values()), alerts=alerts, deliveries=deliveries))


def attempt(one, number=1, at=NOW):
    return Attempt(f"attempt-{number}", one.id, one.target, at)


def ended(one, begun, meaning, state, at=NOW, **more):
    """Return the settlement of an attempt; `more` holds the settlement's parts and the outcome's."""
    parts = {name: more.pop(name) for name in ("target", "channel", "moved", "notices") if name in more}
    changes = more.pop("changes", {})
    done = replace(begun, ended_at=at, outcome=Outcome(meaning, **more))
    return Settlement(replace(one, state=state, **changes), done, **parts)


async def sent(store, one, number=1, at=NOW):
    """Send a delivery, and return its attempt."""
    begun = attempt(one, number, at)
    await store.begin(begun)
    await store.settle(ended(one, begun, Meaning.SENT, DeliveryState.SENT, at))
    return begun


async def heads(store, now=NOW, busy=frozenset()):
    return [lane.delivery.id for lane in await store.lanes(busy, now)]
