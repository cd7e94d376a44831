"""Whether it is our own network that is down, judged by how many hosts can't be reached."""

from __future__ import annotations

from datetime import datetime, timedelta

WINDOW = timedelta(minutes=2)
SHARE = 0.5  # of the hosts asked within the window
FEWEST_HOSTS = 3  # one or two dead hosts say nothing of our network


class NetworkWatch:
    """Remembers which hosts were reached lately. Holds no clock: every call brings its `now`."""

    def __init__(self) -> None:
        self._hosts: dict[str, tuple[datetime, bool]] = {}
        self.down = False

    def note(self, host: str, *, reached: bool, now: datetime) -> str | None:
        """Note how a request to a host went; return "down" or "back" where that changes our own state, else None."""
        self._hosts[host] = (now, reached)
        self._hosts = {h: seen for h, seen in self._hosts.items() if now - seen[0] <= WINDOW}
        lost = sum(not ok for _, ok in self._hosts.values())
        was, self.down = self.down, self._judge(lost, reached=reached)
        return None if was == self.down else ("down" if self.down else "back")

    def _judge(self, lost: int, *, reached: bool) -> bool:
        if self.down:
            return not reached
        return len(self._hosts) >= FEWEST_HOSTS and lost >= FEWEST_HOSTS and lost >= SHARE * len(self._hosts)
