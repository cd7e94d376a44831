from __future__ import annotations

import pytest

from tests.feedserver import FeedServer
from tests.sources.given import opened


@pytest.fixture
async def server():
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def source():
    """A source that may ask the server."""
    async with opened() as source:
        yield source
