"""The first tables: feeds and entries, matches, stories and alerts, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INSTANT = sa.DateTime(timezone=True)
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.Text(), nullable=False),
        sa.Column("next_poll_at", _INSTANT, nullable=False),
        sa.Column("lease_until", _INSTANT),
        sa.Column("added_at", _INSTANT, nullable=False),
        sa.Column("seeded_at", _INSTANT),
        sa.Column("shows_earlier", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("validators_since", _INSTANT),
        sa.Column("final_url", sa.Text()),
        sa.Column("body_hash", sa.Text()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", _INSTANT),
        sa.Column("error", sa.Text()),
        sa.Column("polled_at", _INSTANT),
        sa.Column("succeeded_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_index(op.f("ix_feed_next_poll_at_id"), "feed", ["next_poll_at", "id"])
    op.create_table(
        "host",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("hold_until", _INSTANT),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "story",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    op.create_index(op.f("ix_story_opened_at"), "story", ["opened_at"])
    op.create_table(
        "target",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("moved_to", sa.BigInteger()),
        sa.Column("hold_until", _INSTANT),
        sa.Column("gone_since", _INSTANT),
        sa.Column("recheck_at", _INSTANT),
        sa.Column("rechecks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["moved_to"], ["target.id"], name=op.f("fk_target_moved_to_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("channel_id", "address", name=op.f("uq_target_channel_id_address")),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("raised_at", _INSTANT, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_alert_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("story_id", "rule_id", name=op.f("uq_alert_story_id_rule_id")),
    )
    op.create_index(op.f("ix_alert_raised_at"), "alert", ["raised_at"])
    op.create_index(op.f("ix_alert_ref"), "alert", ["ref"])
    op.create_table(
        "channel",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("down_until", _INSTANT),
        sa.Column("paused_until", _INSTANT),
        sa.Column("slowed_until", _INSTANT),
        sa.Column("reason", sa.Text()),
        sa.Column("limited_at", _INSTANT),
        sa.Column("limited_target_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(["limited_target_id"], ["target.id"], name=op.f("fk_channel_limited_target_id_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("canonical_link", sa.Text()),
        sa.Column("title_day", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("published_at", _INSTANT),
        sa.Column("first_seen_at", _INSTANT, nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("seeded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_entry_feed_id_feed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    op.create_index(op.f("ix_entry_feed_id_canonical_link"), "entry", ["feed_id", "canonical_link"])
    op.create_index(op.f("ix_entry_feed_id_first_seen_at"), "entry", ["feed_id", "first_seen_at"])
    op.create_index(op.f("ix_entry_feed_id_title_day"), "entry", ["feed_id", "title_day"])
    op.create_index(
        "ix_entry_text",
        "entry",
        ["first_seen_at"],
        sqlite_where=sa.text("title != '' OR summary != ''"),
        postgresql_where=sa.text("title != '' OR summary != ''"),
    )
    op.create_table(
        "listing",
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("entry_ids", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_listing_feed_id_feed"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_listing")),
    )
    op.create_table(
        "story_entry",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_story_entry_story_id_story"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story_id", "entry_id", name=op.f("pk_story_entry")),
    )
    op.create_table(
        "story_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_story_key_story_id_story"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_story_key")),
    )
    op.create_index(op.f("ix_story_key_story_id"), "story_key", ["story_id"])
    op.create_table(
        "delivery",
        sa.Column("seq", _SERIAL, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("dedup_key", sa.Text(), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("alert_id", sa.Text()),
        sa.Column("notice", sa.Text()),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Integer(), nullable=False),
        sa.Column("possible_dup", sa.Boolean(), nullable=False),
        sa.Column("without_thread", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("finished_at", _INSTANT),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_delivery_alert_id_alert")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_delivery_target_id_target")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_delivery")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_delivery_dedup_key")),
        sa.UniqueConstraint("id", name=op.f("uq_delivery_id")),
    )
    op.create_index(op.f("ix_delivery_alert_id"), "delivery", ["alert_id"])
    op.create_index(
        "ix_delivery_finished",
        "delivery",
        ["finished_at"],
        sqlite_where=sa.text("finished_at IS NOT NULL"),
        postgresql_where=sa.text("finished_at IS NOT NULL"),
    )
    op.create_index(
        "ix_delivery_unfinished",
        "delivery",
        ["target_id", "created_at", "seq"],
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "match",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("ruleset_hash", sa.Text(), nullable=False),
        sa.Column("firing", sa.JSON(), nullable=False),
        sa.Column("matched_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_match_entry_id_entry"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
    )
    op.create_index(op.f("ix_match_entry_id"), "match", ["entry_id"])
    op.create_index(op.f("ix_match_matched_at"), "match", ["matched_at"])
    op.create_table(
        "attempt",
        sa.Column("seq", _SERIAL, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.Column("meaning", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text()),
        sa.Column("wait_s", sa.Float()),
        sa.Column("moved_to", sa.Text()),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_attempt_delivery_id_delivery"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_attempt_target_id_target")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_attempt")),
        sa.UniqueConstraint("id", name=op.f("uq_attempt_id")),
    )
    op.create_index(op.f("ix_attempt_delivery_id"), "attempt", ["delivery_id"])
    op.create_index(op.f("ix_attempt_started_at"), "attempt", ["started_at"])
