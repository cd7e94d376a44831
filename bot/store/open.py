"""Opens a store file: makes it, brings its tables up to date, or says in words why it can't be used."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from bot.errors import ConfigError
from bot.store.database import Database, code_of, make_engine, translated
from bot.store.schema import meta
from bot.store.search import is_fresh, refresh

HEAD = "0003"  # the newest revision in migrations/versions; a test keeps the two equal

_BROKEN = {
    sqlite3.SQLITE_NOTADB: "is no SQLite database",
    sqlite3.SQLITE_CORRUPT: "is a damaged SQLite database",
    sqlite3.SQLITE_READONLY: "can't be written to",
    sqlite3.SQLITE_CANTOPEN: "can't be opened",
    sqlite3.SQLITE_PERM: "can't be opened: no permission",
}


def open_database(path: Path, now: datetime, busy_timeout: timedelta, *, migrate: bool) -> Database:
    """Return the open database, made or migrated as needed.

    Raises ConfigError where the file is no store of this version or older (of exactly this one where it must not be
    migrated), TransientError where it is locked or the disk is full.
    """
    _make_file(path)
    engine = make_engine(path, busy_timeout)
    try:
        with engine.execution_options(reads=True).begin() as connection:
            revision = _revision(connection, path)
            fresh = revision == HEAD and is_fresh(connection)
        if revision != HEAD and not migrate:
            raise ConfigError(f"the store {path} is of another version: `wirewatch run` brings an older one up to date")
        if migrate and not fresh:
            _bring_up_to_date(engine, path, now)
    except DBAPIError as error:
        engine.dispose()
        if reason := _BROKEN.get(code_of(error)):
            raise ConfigError(f"the store {path} {reason}: give another path, or restore a copy") from error
        raise translated(error, path) from error
    except ConfigError:
        engine.dispose()
        raise
    return Database(engine, path)


def _make_file(path: Path) -> None:
    """Create the file for its owner alone: it remembers feed addresses, which may hold tokens."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise ConfigError(f"the store {path} can't be opened: {error.strerror}") from error


def _revision(connection: Connection, path: Path) -> str | None:
    """Return the revision of the store's tables, None for an empty file. Raises ConfigError where it isn't ours."""
    tables = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
    if not tables:
        return None
    if not tables >= {"alembic_version", "meta", "feed"}:
        raise ConfigError(f"{path} is a database of another program, not a wirewatch store: give another path")
    revision: str = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return revision


def _bring_up_to_date(engine: Engine, path: Path, now: datetime) -> None:
    """Run the migrations that are missing, in one transaction."""
    # 0.4 s of imports, needed only where the tables are not those of this version.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    scripts = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", scripts.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.begin() as connection:
        revision = _revision(connection, path)  # again: another process may have been faster
        if revision is not None and revision not in known:
            message = f"the store {path} was written by a newer version of wirewatch (its tables are {revision}"
            raise ConfigError(f"{message}, this version knows up to {HEAD}): update wirewatch, or give another path")
        config.attributes["connection"], config.attributes["now"] = connection, now
        command.upgrade(config, HEAD)
        refresh(connection)
        if revision is None:
            connection.execute(meta.insert().values(key="created_at", value=now.isoformat()))
