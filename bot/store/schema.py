"""The store's tables: plain columns that SQLite and PostgreSQL both have."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnClause,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
    or_,
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps it as text of fixed width, so that text order is time order."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime: nobody could tell later which instant it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return it aware, also where the database dropped the zone."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)

# SQLite numbers rows by itself only where the key is a plain INTEGER.
_Serial = BigInteger().with_variant(Integer, "sqlite")

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

feed = Table(
    "feed",
    metadata,
    Column("id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("url_hash", Text, nullable=False),
    Column("next_poll_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("added_at", Instant, nullable=False),
    Column("seeded_at", Instant),
    Column("shows_earlier", Boolean, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("validators_since", Instant),
    Column("final_url", Text),
    Column("body_hash", Text),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("error", Text),
    Column("polled_at", Instant),
    Column("succeeded_at", Instant),
    Index(None, "next_poll_at", "id"),
)

# Apart from `feed`, because a poll that finds nothing new rewrites its feed's row: that must stay small.
listing = Table(
    "listing",
    metadata,
    Column("feed_id", Text, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True),
    Column("entry_ids", Text, nullable=False),
)

host = Table(
    "host",
    metadata,
    Column("host", Text, primary_key=True),
    Column("hold_until", Instant),
    Column("strikes", Integer, nullable=False),
)

# `seq` is the entry's row in the index of words, `entry_search`, which is no table to SQLAlchemy; None without one.
# A row's own number would do, but VACUUM gives rows new ones.
entry = Table(
    "entry",
    metadata,
    Column("id", Text, primary_key=True),
    Column("feed_id", Text, ForeignKey("feed.id"), nullable=False),
    Column("link", Text),
    Column("canonical_link", Text),
    Column("title_day", Text),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("language", Text),
    Column("published_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    Column("text_hash", Text, nullable=False),
    Column("edits", Integer, nullable=False),
    Column("seeded", Boolean, nullable=False),
    Column("seq", Integer),
    Index(None, "feed_id", "canonical_link"),
    Index(None, "feed_id", "title_day"),
    Index(None, "feed_id", "first_seen_at"),
    Index(None, "seq", unique=True),
)
# Written out, since a partial index serves only queries that have its very words.
_NOTHING: ColumnClause[str] = literal_column("''")
has_text = or_(entry.c.title != _NOTHING, entry.c.summary != _NOTHING)
Index("ix_entry_text", entry.c.first_seen_at, sqlite_where=has_text, postgresql_where=has_text)

match = Table(
    "match",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entry_id", Text, ForeignKey("entry.id", ondelete="CASCADE"), nullable=False),
    Column("rule_id", Text, nullable=False),
    Column("ruleset_hash", Text, nullable=False),
    Column("firing", JSON, nullable=False),
    Column("matched_at", Instant, nullable=False),
    Column("story_id", Text),
    Column("source", Text),
    Index(None, "entry_id"),
    Index(None, "matched_at"),
)

# What is in `match.firing` too, so that it can be found by a value.
capture = Table(
    "capture",
    metadata,
    Column("match_id", Text, ForeignKey("match.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("matched_at", Instant, nullable=False),
    Index(None, "value", "matched_at"),
)

watch = Table(
    "watch",
    metadata,
    Column("id", Text, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("seen", Text, nullable=False),
    Column("moved_at", Instant, nullable=False),
    Column("fired_at", Instant),
    Index(None, "moved_at"),
)

story = Table(
    "story",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Index(None, "opened_at"),
)

story_key = Table(
    "story_key",
    metadata,
    Column("key", Text, primary_key=True),
    Column("story_id", Text, ForeignKey("story.id", ondelete="CASCADE"), nullable=False),
    Index(None, "story_id"),
)

# `entry_id` is no foreign key: a story may remember entries whose rows are pruned.
story_entry = Table(
    "story_entry",
    metadata,
    Column("story_id", Text, ForeignKey("story.id", ondelete="CASCADE"), primary_key=True),
    Column("entry_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
)

alert = Table(
    "alert",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ref", Text, nullable=False),
    Column("rule_id", Text, nullable=False),
    Column("story_id", Text, ForeignKey("story.id"), nullable=False),
    Column("level", Integer, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("content", JSON, nullable=False),
    UniqueConstraint("story_id", "rule_id"),
    Index(None, "ref"),
    Index(None, "raised_at"),
)

# A chat that moved leaves its old address behind, pointing to the new one: what is enqueued for it later follows.
target = Table(
    "target",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("channel_id", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("moved_to", BigInteger, ForeignKey("target.id")),
    Column("hold_until", Instant),
    Column("gone_since", Instant),
    Column("recheck_at", Instant),
    Column("rechecks", Integer, nullable=False, default=0),
    UniqueConstraint("channel_id", "address"),
)

channel = Table(
    "channel",
    metadata,
    Column("id", Text, primary_key=True),
    Column("down_until", Instant),
    Column("paused_until", Instant),
    Column("slowed_until", Instant),
    Column("reason", Text),
    Column("limited_at", Instant),
    Column("limited_target_id", BigInteger, ForeignKey("target.id")),
)

# `seq` keeps the order in which rows were enqueued; `finished_at` is set exactly where `state` is sent or dead.
delivery = Table(
    "delivery",
    metadata,
    Column("seq", _Serial, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("dedup_key", Text, nullable=False, unique=True),
    Column("target_id", BigInteger, ForeignKey("target.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("alert_id", Text, ForeignKey("alert.id")),
    Column("notice", Text),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("detail", Integer, nullable=False),
    Column("possible_dup", Boolean, nullable=False),
    Column("without_thread", Boolean, nullable=False),
    Column("message_id", Text),
    Column("reason", Text),
    Column("finished_at", Instant),
    Index(None, "alert_id"),
)
unfinished = delivery.c.finished_at.is_(None)
finished = delivery.c.finished_at.is_not(None)
Index("ix_delivery_finished", delivery.c.finished_at, sqlite_where=finished, postgresql_where=finished)
Index(
    "ix_delivery_unfinished",
    delivery.c.target_id,
    delivery.c.created_at,
    delivery.c.seq,
    sqlite_where=unfinished,
    postgresql_where=unfinished,
)

attempt = Table(
    "attempt",
    metadata,
    Column("seq", _Serial, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("delivery_id", Text, ForeignKey("delivery.id", ondelete="CASCADE"), nullable=False),
    Column("target_id", BigInteger, ForeignKey("target.id"), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("meaning", Text),
    Column("reason", Text, nullable=False),
    Column("message_id", Text),
    Column("wait_s", Float),
    Column("moved_to", Text),
    Index(None, "delivery_id"),
    Index(None, "started_at"),
)
