"""Turns HTTP statuses and transport trouble into our errors: one table for whatever speaks HTTP."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from bot.errors import PermanentError, TransientError

LONGEST_RETRY_AFTER = timedelta(days=7)

_WORDS = {
    400: "the server calls the request bad",
    401: "the server asks for a login",
    402: "the server asks for payment",
    403: "the server refuses us",
    404: "not found",
    406: "the server has no form that we accept",
    408: "the server waited too long for the request",
    410: "gone for good",
    421: "the server does not answer for this host",
    425: "the server says too early",
    429: "too many requests",
    451: "blocked for legal reasons",
    500: "the server broke",
    502: "a gateway got no good answer",
    503: "the server is overloaded or in maintenance",
    504: "a gateway got no answer in time",
}
_CLIENT_FAULTS_THAT_PASS = frozenset({408, 409, 421, 423, 425, 429})
_HOST_WIDE = frozenset({429, 503})


class Trouble(StrEnum):
    """What can go wrong below HTTP, in the words that a human reads."""

    NO_NAME = "the host's name can't be resolved"
    NO_CONNECTION = "can't connect"
    CONNECT_TIMEOUT = "no connection in time"
    CERTIFICATE = "the server's certificate is not valid"
    TLS = "no secure connection could be agreed on"
    READ_TIMEOUT = "the server stopped sending"
    TOTAL_TIMEOUT = "the whole exchange took too long"
    CUT_OFF = "the connection broke off"
    PROTOCOL = "the server does not speak proper HTTP"
    TOO_LARGE = "the reply is too large"
    ENCODING = "the reply's encoding can't be used"


_UNREACHABLE = frozenset({Trouble.NO_NAME, Trouble.NO_CONNECTION, Trouble.CONNECT_TIMEOUT})


def trouble_error(trouble: Trouble, detail: str = "") -> TransientError:
    """Return the error for trouble below HTTP; all of it may pass. `detail` must hold no secret."""
    reason = f"{trouble.value} ({detail})" if detail else trouble.value
    return TransientError(reason, unreachable=trouble in _UNREACHABLE)


def status_error(status: int, retry_after: timedelta | None = None) -> TransientError | PermanentError:
    """Return the error for a status that is not the answer asked for.

    429 and 503 speak for the whole host; other client faults (4xx) last until somebody changes something.
    """
    reason = f"HTTP {status}: {_WORDS.get(status) or _family(status)}"
    if 400 <= status < 500 and status not in _CLIENT_FAULTS_THAT_PASS:
        return PermanentError(reason)
    return TransientError(reason, retry_after=retry_after, holds_host=status in _HOST_WIDE)


def read_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return what a Retry-After header asks for, in seconds or as a date, at most 7 days.

    None where it is missing, no number or date, zero, or past: then the other side has no usable wish.
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,20}", text):
        wait = timedelta(seconds=min(int(text), int(LONGEST_RETRY_AFTER.total_seconds())))
        return wait or None
    try:
        at = parsedate_to_datetime(text)
        until = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        wait = until - now
    except (ValueError, OverflowError):
        return None
    return min(wait, LONGEST_RETRY_AFTER) if wait > timedelta(0) else None


def _family(status: int) -> str:
    if status >= 500:
        return "the server failed"
    return "the request was refused" if status >= 400 else "an answer that was not asked for"
