"""What several commands share: where the configuration is, and how it is read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Optional, TypeVar

import typer

from bot.channels import CHANNELS
from bot.clock import SystemClock
from bot.config import Config, load_config
from bot.errors import ConfigError
from bot.store import Store

_Result = TypeVar("_Result")

CONFIG = Path("config.yaml")
ConfigPath = Annotated[Path, typer.Option("--config", "-c", help="The configuration to use.", metavar="FILE")]
RulesPath = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads the annotation at run time
    typer.Option("--rules", help="A folder of rules, instead of the configuration's.", metavar="FOLDER"),
]


def read_config(path: Path) -> Config:
    """Read the configuration with the environment's secrets. Raises ConfigError."""
    return load_config(path, os.environ, {name: kind.options for name, kind in CHANNELS.items()})


def with_store(settings: Config, use: Callable[[Store], Awaitable[_Result]], *, migrate: bool = True) -> _Result:
    """Run something on the configuration's store. Raises ConfigError where there is none."""

    async def opened() -> _Result:
        path = settings.store
        if not path.exists():
            raise ConfigError(f"{path}: there is no store yet; `wirewatch run` makes it")
        store = await Store.open(path, SystemClock().now(), migrate=migrate)
        try:
            return await use(store)
        finally:
            await store.close()

    return asyncio.run(opened())
