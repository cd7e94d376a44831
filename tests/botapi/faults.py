"""What can go wrong on the way to Telegram and back, on demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong with one call.

    `accept` says whether the call takes effect all the same; then `delay` seconds pass, and the answer is `body`, or
    the error of `status`, or the real one; `drop` closes the connection instead.
    """

    accept: bool = False
    delay: float = 0.0
    drop: bool = False
    status: int = 200
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    body: str | None = None


def refuse(status: int, description: str, **parameters: Any) -> Fault:
    """An error answer; nothing is accepted."""
    return Fault(status=status, description=description, parameters=parameters)


def flood(seconds: int | None = None, text: str = "Too Many Requests: retry later") -> Fault:
    """A 429, with `retry_after` in its parameters or without any."""
    if seconds is None:
        return refuse(429, text)
    return refuse(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def slow(seconds: float) -> Fault:
    """The call is accepted at once and answered late."""
    return Fault(accept=True, delay=seconds)


def drop_before() -> Fault:
    """The connection closes and nothing is accepted."""
    return Fault(drop=True)


def drop_after() -> Fault:
    """The call is accepted, then the connection closes without an answer."""
    return Fault(accept=True, drop=True)


def garbled(body: str, status: int = 200) -> Fault:
    """The call is accepted, and the answer is this text."""
    return Fault(accept=True, body=body, status=status)
