"""An index of the entries' words, and what people say of matches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_INSTANT = sa.DateTime(timezone=True)
# The texts that it is given are cut into words already: the signs that a word of theirs may hold must not cut it again.
_INDEX = """
CREATE VIRTUAL TABLE entry_search USING fts5(
    title, summary, content='', columnsize=0, tokenize="unicode61 remove_diacritics 0 tokenchars '.,'''"
)
"""


def upgrade() -> None:
    op.add_column("entry", sa.Column("seq", sa.Integer()))
    op.create_index(op.f("ix_entry_seq"), "entry", ["seq"], unique=True)
    op.execute(_INDEX)  # filled by bot.store.search.refresh, in this transaction
    op.create_table(
        "mark",
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("marked_at", _INSTANT, nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.PrimaryKeyConstraint("rule_id", "entry_id", name=op.f("pk_mark")),
    )
    op.create_index(op.f("ix_mark_marked_at"), "mark", ["marked_at"])
