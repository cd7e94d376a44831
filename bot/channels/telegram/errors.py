"""What each signal of the Bot API, of python-telegram-bot and of the network means for the message: one table.

Anything that isn't in the table is ambiguous: the message may have arrived.
"""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.model import Meaning, Outcome
from bot.redact import scrub

_BY_TYPE: tuple[tuple[type[Exception], Meaning], ...] = (
    (RetryAfter, Meaning.WAIT),
    (ChatMigrated, Meaning.MOVED),
    (InvalidToken, Meaning.CHANNEL_DOWN),
    (Forbidden, Meaning.TARGET_GONE),
    (Conflict, Meaning.CONFLICT),
)
# Raised by the library where it can't read the message that comes with "done".
_NOT_UNDERSTOOD = (ValueError, TypeError, LookupError, AttributeError)
# The request never left. A proxy refuses before it passes anything on.
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_UNCHANGED = ("message is not modified",)
_TOPIC_GONE = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
_TARGET_GONE = (
    "chat not found",
    "chat_id is empty",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "chat_send_plain_forbidden",
    "channel_private",
    "channel_invalid",
    "peer_id_invalid",
    "user_is_blocked",
    "user_deactivated",
    "user is deactivated",
    "user_banned_in_channel",
    "user not found",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "bot is not a member",
    "bot was kicked",
    "bot was blocked",
    "chat was deleted",
    "group chat was upgraded",
)
_SECONDS = re.compile(r"retry after (\d{1,9})", re.IGNORECASE)
_LONGEST_REASON = 300
_READ = 2000  # characters of a text looked at; a secret cut in two here lies beyond what is kept


def outcome_of(error: Exception, status: int | None) -> Outcome:
    """Return what a failed call means; `status` is that of the HTTP answer to it, None where none came."""
    meaning = _meaning(error, status)
    return Outcome(
        meaning,
        reason=_reason(error, status),
        wait=_wait(error) if meaning is Meaning.WAIT else None,
        moved_to=str(error.new_chat_id) if isinstance(error, ChatMigrated) else None,
    )


def _meaning(error: Exception, status: int | None) -> Meaning:
    for kind, meaning in _BY_TYPE:
        if isinstance(error, kind):
            return meaning
    if isinstance(error, BadRequest):  # before NetworkError, which it derives from
        return _refused(error.message.casefold())
    if isinstance(error, NetworkError):
        return _interrupted(error.__cause__, status)
    return Meaning.SENT if _taken(error, status) else Meaning.AMBIGUOUS


def _taken(error: Exception, status: int | None) -> bool:
    """Say whether only the message in the answer was not understood; one without `result` isn't Telegram's."""
    if status is None or not httpx.codes.is_success(status):
        return False
    return isinstance(error, _NOT_UNDERSTOOD) and error.args != ("result",)


def _refused(text: str) -> Meaning:
    for words, meaning in (
        (_UNCHANGED, Meaning.SENT),
        (_TOPIC_GONE, Meaning.TOPIC_GONE),
        (_TARGET_GONE, Meaning.TARGET_GONE),
    ):
        if any(word in text for word in words):
            return meaning
    return Meaning.REJECTED


def _interrupted(cause: BaseException | None, status: int | None) -> Meaning:
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Meaning.WAIT
    if status == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        return Meaning.REJECTED
    if status is None and isinstance(cause, _NEVER_LEFT):
        return Meaning.NOT_SENT
    return Meaning.AMBIGUOUS


def _wait(error: Exception) -> timedelta | None:
    """Return the pause that was asked for; None where the text doesn't name it."""
    if isinstance(error, RetryAfter):
        asked = error.retry_after
        return asked if isinstance(asked, timedelta) else timedelta(seconds=asked)
    named = _SECONDS.search(str(error))
    return timedelta(seconds=int(named[1])) if named else None


def _reason(error: Exception, status: int | None) -> str:
    text = str(error) if isinstance(error, TelegramError) else f"answer not understood: {type(error).__name__}"
    if status is None and error.__cause__ is not None:
        text = f"{type(error.__cause__).__name__}: {text}"
    return scrub(text[:_READ])[:_LONGEST_REASON]
