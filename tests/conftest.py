"""What every test gets."""

from __future__ import annotations

import logging

import pytest
import structlog

from bot.logs import QUIET
from bot.store import Store
from tests.values import NOW


@pytest.fixture(autouse=True)
def restored_logging():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


@pytest.fixture
async def store(tmp_path):
    opened = await Store.open(tmp_path / "w.db", NOW)
    yield opened
    await opened.close()
