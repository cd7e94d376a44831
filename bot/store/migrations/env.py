"""What Alembic runs: the missing revisions, on the connection and in the transaction that it is given."""

from __future__ import annotations

from alembic import context

from bot.store.schema import metadata

# SQLite alters few things in place: batch mode copies the table where it can't.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
