"""What matches capture, whom they are credited to, and what correlation rules remember of each thing they watch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0003"
down_revision = "0002"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("match", sa.Column("story_id", sa.Text()))
    op.add_column("match", sa.Column("source", sa.Text()))
    op.create_table(
        "capture",
        sa.Column("match_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("matched_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_capture_match_id_match"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("match_id", "role", name=op.f("pk_capture")),
    )
    op.create_index(op.f("ix_capture_value_matched_at"), "capture", ["value", "matched_at"])
    op.create_table(
        "watch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("moved_at", _INSTANT, nullable=False),
        sa.Column("fired_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
    )
    op.create_index(op.f("ix_watch_moved_at"), "watch", ["moved_at"])
    # What matches captured before is in their texts alone: of the time before this nothing is known.
    now = context.config.attributes["now"].isoformat()
    op.execute(sa.text("INSERT INTO meta (key, value) VALUES ('watched_since', :now)").bindparams(now=now))
