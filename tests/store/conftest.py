from __future__ import annotations

import asyncio
import shutil

import pytest

from bot.store import Store
from tests.store.given import NOW


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory):
    """A store file that was made once; each test works on its own copy."""
    path = tmp_path_factory.mktemp("template") / "wirewatch.db"

    async def make():
        await (await Store.open(path, NOW)).close()

    asyncio.run(make())
    return path


@pytest.fixture
def path(tmp_path, empty_file):
    shutil.copy(empty_file, tmp_path / "wirewatch.db")
    return tmp_path / "wirewatch.db"


@pytest.fixture
async def store(path):
    store = await Store.open(path, NOW)
    yield store
    await store.close()
