"""Whether a message may go now: the only pacer, for every channel. Decided before a delivery is marked `sending`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.model import Attempt, ChannelState, Lane, Pace, Target

_WINDOW = timedelta(seconds=60)
_SECOND = timedelta(seconds=1)


class PaceBook:
    """Remembers when each target and each pool was last used, for as long as any pace looks back.

    Holds no clock: every call brings its `now`. Built anew from the store's attempts at a start.
    """

    def __init__(self, paces: Mapping[str, Pace], attempts: Iterable[Attempt] = ()) -> None:
        """Take each channel's pace by channel id, and the attempts of the last minute."""
        self._paces = dict(paces)
        self._targets: dict[Target, deque[datetime]] = {}
        self._pools: dict[str, deque[datetime]] = {}
        for attempt in attempts:
            self.note(attempt.target, attempt.started_at)

    def note(self, target: Target, at: datetime) -> None:
        """Note a request to a target."""
        pace = self._paces.get(target.channel_id)
        if pace is not None:
            self._targets.setdefault(target, deque()).append(at)
            self._pools.setdefault(pace.pool, deque()).append(at)

    def forget(self, now: datetime) -> None:
        """Drop what no pace looks back at any more."""
        self._targets = {name: times for name, times in self._targets.items() if _since(times, now - _WINDOW)}
        self._pools = {name: times for name, times in self._pools.items() if _since(times, now - _WINDOW)}

    def refusal(self, lane: Lane, now: datetime) -> str | None:
        """Return why the lane's head must wait, or None where it may go now."""
        pace = self._paces.get(lane.delivery.target.channel_id)
        if pace is None:
            return "no such channel"
        slow = 2 if _slowed(lane.channel, now) else 1
        recent = _since(self._targets.get(lane.delivery.target, deque()), now - max(_WINDOW, pace.gap * slow))
        if recent and now - recent[-1] < pace.gap * slow:
            return f"less than {(pace.gap * slow).total_seconds():g} s after the last message"
        if pace.per_minute and sum(at > now - _WINDOW for at in recent) >= max(1, pace.per_minute // slow):
            return f"{pace.per_minute // slow} messages in the last minute"
        pool = _since(self._pools.get(pace.pool, deque()), now - _WINDOW)
        if pace.per_second and sum(at > now - _SECOND for at in pool) >= max(1, int(pace.per_second / slow)):
            return f"{pace.per_second / slow:g} messages a second over all targets"
        return None


def _since(times: deque[datetime], start: datetime) -> deque[datetime]:
    while times and times[0] <= start:
        times.popleft()
    return times


def _slowed(channel: ChannelState, now: datetime) -> bool:
    return channel.slowed_until is not None and channel.slowed_until > now
