"""An index of the entries' words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

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
