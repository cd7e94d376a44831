"""What several commands share: where the configuration is, and how it is read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.channels import CHANNELS
from bot.config import Config, load_config

CONFIG = Path("config.yaml")
ConfigPath = Annotated[Path, typer.Option("--config", "-c", help="The configuration to use.", metavar="FILE")]
RulesPath = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads the annotation at run time
    typer.Option("--rules", help="A folder of rules, instead of the configuration's.", metavar="FOLDER"),
]


def read_config(path: Path) -> Config:
    """Read the configuration with the environment's secrets. Raises ConfigError."""
    return load_config(path, os.environ, {name: kind.options for name, kind in CHANNELS.items()})
