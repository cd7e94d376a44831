"""What a poll asks of the store, and the one transaction that its plan becomes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, select, update

from bot.errors import Conflict, PermanentError
from bot.model import Alert, Delivery, EntryEdit, FeedState, HostState, Identity, Memory, Plan
from bot.store.codec import alert_row, feed_row, listing_text, match_row
from bot.store.enqueue import enqueue
from bot.store.rows import chunks, insert_new, upserting
from bot.store.schema import alert, capture, entry, feed, host, listing, match
from bot.store.search import insert_entries, replace_texts
from bot.store.stories import write_stories
from bot.store.watches import capture_rows, write_watches

_BY_ID = select(entry.c.id, entry.c.text_hash, entry.c.edits).where(entry.c.id.in_(bindparam("some", expanding=True)))
_BY_LINK = select(entry.c.canonical_link).where(
    entry.c.feed_id == bindparam("feed_id"), entry.c.canonical_link.in_(bindparam("some", expanding=True))
)
_BY_TITLE = select(entry.c.title_day).where(
    entry.c.feed_id == bindparam("feed_id"), entry.c.title_day.in_(bindparam("some", expanding=True))
)


def recall(connection: Connection, feed_id: str, identities: Sequence[Identity]) -> Memory:
    """Return what is known of these identities in this feed."""
    entries: dict[str, tuple[str, int]] = {}
    links: set[str] = set()
    title_days: set[str] = set()
    for some in chunks(dict.fromkeys(identity.entry_id for identity in identities)):
        entries.update((row.id, (row.text_hash, row.edits)) for row in connection.execute(_BY_ID, {"some": some}))
    for some in chunks({identity.canonical_link for identity in identities if identity.canonical_link}):
        links.update(connection.scalars(_BY_LINK, {"feed_id": feed_id, "some": some}))
    for some in chunks({identity.title_day for identity in identities if identity.title_day}):
        title_days.update(connection.scalars(_BY_TITLE, {"feed_id": feed_id, "some": some}))
    return Memory(entries, frozenset(links), frozenset(title_days))


def apply(connection: Connection, plan: Plan) -> None:
    """Write everything that the plan changes; a poll that found nothing new touches its feed and host alone."""
    _write_feed(connection, plan.feed)
    if plan.host:
        _write_host(connection, plan.host)
    insert_entries(connection, plan.entries)
    _write_edits(connection, plan.edits)
    insert_new(connection, match, [match_row(one) for one in plan.matches])
    insert_new(connection, capture, [row for one in plan.matches for row in capture_rows(one)])
    write_watches(connection, plan.watches)
    if plan.stories:
        write_stories(connection, plan.stories)
    _write_alerts(connection, plan.alerts, plan.deliveries)
    enqueue(connection, plan.deliveries)


# Statements are built once: building one costs as much as running it.
_UPDATE_FEED = update(feed).where(feed.c.id == bindparam("feed_id"))
_LIST = upserting(listing, "feed_id", "entry_ids")
_HOLD = upserting(host, "host", "hold_until", "strikes")
# An edit with a lower count is an older one, applied again.
_EDIT = update(entry).where(entry.c.id == bindparam("entry_id"), entry.c.edits < bindparam("count"))


def _write_feed(connection: Connection, state: FeedState) -> None:
    if not connection.execute(_UPDATE_FEED, {"feed_id": state.feed_id, **feed_row(state)}).rowcount:
        raise PermanentError(f"the store has no feed {state.feed_id}: declare it first")
    connection.execute(_LIST, {"feed_id": state.feed_id, "entry_ids": listing_text(state.listed)})


def _write_host(connection: Connection, state: HostState) -> None:
    connection.execute(_HOLD, {"host": state.host, "hold_until": state.hold_until, "strikes": state.strikes})


def _write_edits(connection: Connection, edits: Sequence[EntryEdit]) -> None:
    rows = [
        {
            "entry_id": edit.entry_id,
            "count": edit.edits,
            "title": edit.title,
            "summary": edit.summary,
            "text_hash": edit.text_hash,
            "edits": edit.edits,
        }
        for edit in edits
    ]
    if rows:
        replace_texts(connection, edits)
        connection.execute(_EDIT, rows)


def _write_alerts(connection: Connection, alerts: Sequence[Alert], deliveries: Sequence[Delivery]) -> None:
    carried = [delivery.alert for delivery in deliveries if delivery.alert]
    wanted = {one.id: one for one in (*alerts, *carried)}
    insert_new(connection, alert, [alert_row(one) for one in wanted.values()])
    for some in chunks(wanted):
        stored = connection.scalar(select(func.count()).select_from(alert).where(alert.c.id.in_(some)))
        if stored != len(some):  # the rule has told of the story meanwhile, under another id
            raise Conflict("an alert was raised meanwhile")
