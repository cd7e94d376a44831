"""`wirewatch schema`: what editors need to complete and check config.yaml and rule files."""

from __future__ import annotations

import json
from typing import Any

import typer

from bot.channels import CHANNELS
from bot.config.schema import config_schema
from bot.rules.schema import rules_schema

schema = typer.Typer(no_args_is_help=True, help="Print what an editor needs to check the files that you write.")


@schema.command()
def config() -> None:
    """Print the JSON Schema (draft-07) of config.yaml."""
    typer.echo(written(config_schema({name: kind.options for name, kind in CHANNELS.items()})))


@schema.command()
def rules() -> None:
    """Print the JSON Schema (draft-07) of a document of a rule file."""
    typer.echo(written(rules_schema()))


def written(made: dict[str, Any]) -> str:
    """Return a schema as it is checked in, without the last line's end."""
    return json.dumps(made, indent=2, ensure_ascii=False)
