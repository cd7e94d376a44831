"""Spans of time in words, as a rule file says them."""

from __future__ import annotations

from datetime import timedelta

from bot.rules.phrasing import counted

_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def spoken(span: timedelta) -> str:
    """Return a span of whole minutes in its largest whole unit: `12 hours`, `90 minutes`, `1 day`."""
    unit, size = next((pair for pair in _UNITS if span and span % pair[1] == timedelta(0)), _UNITS[-1])
    return counted(span // size, unit)
