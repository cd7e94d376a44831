"""`wirewatch outbox`: what was sent, what waits, and what could not be delivered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Optional, TypeVar

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from bot.cli.options import CONFIG, ConfigPath, read_config, with_store
from bot.clock import SystemClock
from bot.model import Delivery, DeliveryState
from bot.store import Store

outbox = typer.Typer(no_args_is_help=True, help="See, replay and drop what is owed to chats.")

_Result = TypeVar("_Result")
Reference = Annotated[str, typer.Argument(help="A delivery's id, its beginning, or an alert's reference.")]
_OPEN = frozenset(DeliveryState) - {DeliveryState.SENT}


@outbox.command(name="list")
def list_deliveries(
    state: Annotated[Optional[list[DeliveryState]], typer.Option(help="Only this state; may be repeated.")] = None,  # noqa: UP045
    everything: Annotated[bool, typer.Option("--all", help="What was sent, too.")] = False,
    limit: Annotated[int, typer.Option(help="At most so many, newest first.", min=1)] = 50,
    config: ConfigPath = CONFIG,
) -> None:
    """List what is not delivered: waiting, uncertain, dead, or for a chat that is gone."""
    states = frozenset(state) if state else (None if everything else _OPEN)
    rows = _with_store(config, lambda store: store.deliveries(states, limit))
    console = Console()
    if not rows:
        console.print("Nothing there: nothing waits, and no letter is dead.")
        return
    table = Table(Column("id", no_wrap=True, min_width=16), "state", "to", "what", "tries", "due", "reason", box=None)
    for row in rows:
        table.add_row(
            row.id,
            row.state,
            row.target.channel_id,
            Text(_what(row)),  # a headline is no markup
            str(row.tries),
            f"{row.due_at:%m-%d %H:%M}",
            Text(row.reason or ""),
        )
    console.print(table)


@outbox.command()
def show(reference: Reference, config: ConfigPath = CONFIG) -> None:
    """Show one delivery with every attempt."""

    async def look(store: Store) -> None:
        delivery = await store.delivery(reference)
        console = Console(highlight=False, markup=False)
        console.print(f"{delivery.id}  {delivery.state}  to {delivery.target.channel_id} {delivery.target.address}")
        console.print(_what(delivery))
        if delivery.alert and delivery.alert.content.link:
            console.print(delivery.alert.content.link)
        if delivery.reason:
            console.print(f"reason: {delivery.reason}")
        for attempt in await store.attempts(delivery.id):
            came_to = f"{attempt.outcome.meaning}: {attempt.outcome.reason}" if attempt.outcome else "nobody knows"
            console.print(f"{attempt.started_at:%Y-%m-%d %H:%M:%S}Z  {came_to}")

    _with_store(config, look)


@outbox.command()
def replay(reference: Reference, config: ConfigPath = CONFIG) -> None:
    """Send a delivery once more: a dead letter, or one whose chat is back."""

    async def again(store: Store) -> Delivery:
        return await store.replay((await store.delivery(reference)).id, SystemClock().now())

    typer.echo(f"{_with_store(config, again).id} will be sent by the running service.")


@outbox.command()
def drop(reference: Reference, config: ConfigPath = CONFIG) -> None:
    """Give a delivery up; it stays listed as dead."""

    async def give_up(store: Store) -> Delivery:
        return await store.drop((await store.delivery(reference)).id, SystemClock().now())

    typer.echo(f"{_with_store(config, give_up).id} will not be sent.")


def _what(delivery: Delivery) -> str:
    if delivery.alert is None:
        return delivery.notice or ""
    return f"[{delivery.alert.ref}] {delivery.alert.content.title}"


def _with_store(config: Path, use: Callable[[Store], Awaitable[_Result]]) -> _Result:
    return with_store(read_config(config), use)
