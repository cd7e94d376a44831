"""Clocks: the machine's own, and one that runs faster for the demo."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


class ScaledClock:
    """A clock that starts at a given instant and runs `speed` times as fast as real time."""

    def __init__(self, start: datetime, speed: float) -> None:
        """Start the clock now."""
        self._start, self._speed, self._began = start, speed, time.monotonic()

    def now(self) -> datetime:
        """Return the scaled instant in UTC; it never goes back."""
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self._speed)
