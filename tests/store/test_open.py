from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import bot.store
from bot.errors import ConfigError, TransientError
from bot.model import Identity, Plan
from bot.store import Store
from bot.store.open import HEAD
from bot.store.schema import metadata
from tests.store.given import NOW, declared, entry

MIGRATIONS = Path(bot.store.__file__).parent / "migrations"


async def refusal(path, kind=ConfigError, **options):
    with pytest.raises(kind) as caught:
        await Store.open(path, NOW, **options)
    return str(caught.value)


async def test_a_missing_file_becomes_a_store_that_only_its_owner_can_read(tmp_path):
    path = tmp_path / "var" / "deep" / "wirewatch.db"
    store = await Store.open(path, NOW)
    await declared(store)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {file.name for file in path.parent.iterdir()} >= {"wirewatch.db", "wirewatch.db-wal"}
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in path.parent.iterdir())
    await store.close()


async def test_what_was_stored_is_there_after_the_store_is_opened_again(path):
    store = await Store.open(path, NOW)
    await store.apply(Plan(await declared(store), entries=(entry(1),)))
    await store.close()
    store = await Store.open(path, NOW)
    memory = await store.recall("herald", [Identity(entry(1).id, None, None)])
    assert memory.entries == {entry(1).id: ("text-1", 0)}
    await store.close()


async def test_closing_twice_is_no_error(path):
    store = await Store.open(path, NOW)
    await store.close()
    await store.close()


def test_the_head_constant_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_migrations_make_exactly_the_tables_of_the_schema(path):
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        ours = {
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "table" or "entry_search" not in name,
        }
        context = MigrationContext.configure(connection, opts=ours)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_file_is_set_up_for_durability_and_for_giving_pages_back(path):
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)


def test_alembic_is_imported_only_where_tables_must_change(path):
    script = (
        "import asyncio, sys, datetime, pathlib\n"
        "from bot.store import Store\n"
        "now = datetime.datetime.now(datetime.UTC)\n"
        "async def main(path):\n"
        "    await (await Store.open(pathlib.Path(path), now)).close()\n"
        "asyncio.run(main(sys.argv[1]))\n"
        "print('alembic' in sys.modules)\n"
        "asyncio.run(main(sys.argv[1] + '.new'))\n"
        "print('alembic' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


async def test_a_store_of_a_newer_version_is_refused_in_words_and_left_alone(path):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    said = await refusal(path)
    assert "newer version" in said
    assert "0999" in said
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0999",)


async def test_a_file_that_is_no_database_is_refused_in_words_and_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database at all, but long enough to be looked at\n" * 40)
    before = path.read_bytes()
    assert "no SQLite database" in await refusal(path)
    assert path.read_bytes() == before


async def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE entry (id)")
    assert "another program" in await refusal(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("entry",)]


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("/proc/no/such/place")])
async def test_a_path_that_cannot_be_a_file_is_refused_in_words(tmp_path, make):
    path = tmp_path / "place"
    make(path)
    assert f"{path} can't be opened" in await refusal(path)


async def test_a_store_locked_at_opening_is_a_passing_trouble(tmp_path):
    path = tmp_path / "wirewatch.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("BEGIN IMMEDIATE")
    said = await refusal(path, TransientError, busy_timeout=timedelta(milliseconds=20))
    assert "locked by another process" in said
    other.execute("ROLLBACK")
    other.close()


async def test_a_half_made_store_is_finished_by_the_next_opening(tmp_path):
    """A process killed while it made the tables leaves an empty database behind: the migration is one transaction."""
    path = tmp_path / "wirewatch.db"
    sqlite3.connect(path).execute("PRAGMA journal_mode = WAL").connection.close()
    store = await Store.open(path, NOW)
    assert (await store.counts()).feeds == 0
    await store.close()


async def test_the_store_remembers_when_it_was_made(path):
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'created_at'").fetchone() == (NOW.isoformat(),)
