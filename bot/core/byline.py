"""Says when an entry was published and when it was seen, in the reader's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_SAME = timedelta(minutes=5)  # closer than this, one time is enough
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def times(published_at: datetime | None, seen_at: datetime, timezone: ZoneInfo, now: datetime) -> str:
    """Return `14:25 UTC` or `published 14:25, seen 14:37 UTC`; a day that isn't today is named."""
    today = now.astimezone(timezone).date()
    seen = seen_at.astimezone(timezone)
    published = _local(published_at, timezone)
    if published is None:
        return f"seen {_stamp(seen, today)} {seen.tzname()}"
    if abs(published - seen) <= _SAME:
        return f"{_stamp(published, today)} {published.tzname()}"
    zone = "" if published.tzname() == seen.tzname() else f" {published.tzname()}"
    return f"published {_stamp(published, today)}{zone}, seen {_stamp(seen, today)} {seen.tzname()}"


def _local(instant: datetime | None, timezone: ZoneInfo) -> datetime | None:
    try:
        return instant.astimezone(timezone) if instant else None
    except OverflowError:  # a feed that says year 1 or 9999
        return None


def _stamp(local: datetime, today: date) -> str:
    if local.date() == today:
        return f"{local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {_MONTHS[local.month - 1]}{year} {local:%H:%M}"
