"""The three errors, named for what the caller must do, and the Problem that a human can mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file that a human wrote: where, what, and how to mend it.

    `line` and `column` count from 1; 0 means the whole file. `mend` is an imperative sentence or "".
    """

    path: str
    line: int
    column: int
    message: str
    mend: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{place}: {self.severity}: {self.message}" + (f" — {self.mend}" if self.mend else "")


class ConfigError(Exception):
    """Tell the human: something they wrote or set up is wrong; carries every problem at once."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: Sequence[Problem | str] = problems
        super().__init__("\n".join(str(p) for p in problems))


class TransientError(Exception):
    """Again later: the same call may succeed.

    `retry_after` is the other side's own wish, None if it has none; `holds_host` says that it speaks for its whole
    host; `unreachable` that no server was reached at all, which may be our own network.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: timedelta | None = None,
        holds_host: bool = False,
        unreachable: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.holds_host = holds_host
        self.unreachable = unreachable


class Conflict(TransientError):  # noqa: N818 - it is an answer of the store, not a fault
    """Ask again and decide again: what the Plan was based on has moved on meanwhile."""


class PermanentError(Exception):
    """Never as it is: the same call will fail the same way until somebody changes something."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
