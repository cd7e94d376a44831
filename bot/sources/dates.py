"""Tells dates from what parsers make dates of."""

from __future__ import annotations

import re
from datetime import UTC, datetime

LONGEST = 64

# Day, month and year must all be written: parsers fill "10:30" or "Monday" up with today's date.
_DATED = re.compile(
    r"\d{4}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|\d{8}T\d"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{4}"
    r"|\d{1,2}[\s-][^\W\d_]{3,}\.?,?[\s-]\d{2,4}"
    r"|[^\W\d_]{3,}\.?\s\d{1,2},?\s\d{4}"
)
_USUAL = re.compile(
    r"(?:[A-Za-z]{3}, ?)?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|[A-Z]{1,4})"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)"
)


def is_date(written: str) -> bool:
    """Tell whether a text names a day of a year."""
    return len(written) <= LONGEST and _DATED.search(written) is not None


def is_usual(written: str) -> bool:
    """Tell whether a date is in one of the forms that parse in microseconds."""
    return _USUAL.fullmatch(written.strip()) is not None


def from_iso(value: object) -> datetime | None:
    """Return an ISO 8601 instant in UTC, to the second, or None where it is none; without a zone it counts as UTC."""
    if not isinstance(value, str) or not is_date(value):
        return None
    try:
        at = datetime.fromisoformat(value.strip()).replace(microsecond=0)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
