"""What several commands share: where the configuration is, and how it is read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.channels import CHANNELS
from bot.config import Config, load_config

CONFIG = Path("config.yaml")
ConfigPath = Annotated[Path, typer.Option("--config", "-c", help="The configuration to use.", metavar="FILE")]


def read_config(path: Path) -> Config:
    """Read the configuration with the environment's secrets. Raises ConfigError."""
    return load_config(path, os.environ, {name: kind.options for name, kind in CHANNELS.items()})
