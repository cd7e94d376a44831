"""The table of what each signal means, as a pure function."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.errors import outcome_of
from bot.model import Meaning, Outcome
from tests.botapi import TOKEN


def broken(cause: Exception, error: TelegramError | None = None) -> TelegramError:
    found = error or NetworkError("it broke")
    found.__cause__ = cause
    return found


TABLE = [
    ("connection refused", broken(httpx.ConnectError("no")), None, Meaning.NOT_SENT),
    ("no connection in time", broken(httpx.ConnectTimeout("no"), TimedOut()), None, Meaning.NOT_SENT),
    ("no place in the pool", broken(httpx.PoolTimeout("no"), TimedOut()), None, Meaning.NOT_SENT),
    ("the proxy refuses", broken(httpx.ProxyError("no")), None, Meaning.NOT_SENT),
    ("an address that can't be asked", broken(httpx.UnsupportedProtocol("no")), None, Meaning.NOT_SENT),
    ("no answer in time", broken(httpx.ReadTimeout("no"), TimedOut()), None, Meaning.AMBIGUOUS),
    ("the connection drops", broken(httpx.RemoteProtocolError("no")), None, Meaning.AMBIGUOUS),
    ("the answer breaks off", broken(httpx.ReadError("no")), None, Meaning.AMBIGUOUS),
    ("the request breaks off", broken(httpx.WriteError("no")), None, Meaning.AMBIGUOUS),
    ("the request is too slow", broken(httpx.WriteTimeout("no"), TimedOut()), None, Meaning.AMBIGUOUS),
    ("a fault of the library", broken(RuntimeError("no")), None, Meaning.AMBIGUOUS),
    ("500", NetworkError("Internal Server Error"), 500, Meaning.AMBIGUOUS),
    ("502", NetworkError("Bad Gateway"), 502, Meaning.AMBIGUOUS),
    ("a 500 after a connect error of old", broken(httpx.ConnectError("no")), 500, Meaning.AMBIGUOUS),
    ("200 whose message can't be read", ValueError("odd"), 200, Meaning.SENT),
    ("200 whose message lacks a field", TypeError("odd"), 200, Meaning.SENT),
    ("200 whose message is no map", AttributeError("odd"), 200, Meaning.SENT),
    ("200 whose message has no chat", KeyError("chat"), 200, Meaning.SENT),
    ("200 without a result", KeyError("result"), 200, Meaning.AMBIGUOUS),
    ("200 that is no JSON", TelegramError("Invalid server response"), 200, Meaning.AMBIGUOUS),
    ("an error before any request", ValueError("odd"), None, Meaning.AMBIGUOUS),
    ("a call that takes too long", TimeoutError(), None, Meaning.AMBIGUOUS),
    ("429 without parameters", NetworkError("Too Many Requests"), 429, Meaning.WAIT),
    ("forbidden", Forbidden("Forbidden: bot was blocked by the user"), 403, Meaning.TARGET_GONE),
    ("moved", ChatMigrated(-1002), 400, Meaning.MOVED),
    ("another poller", Conflict("Conflict: terminated by other getUpdates request"), 409, Meaning.CONFLICT),
    ("too large", NetworkError("Request Entity Too Large"), 413, Meaning.REJECTED),
    ("a token that is none", InvalidToken("Unauthorized"), 401, Meaning.CHANNEL_DOWN),
]


@pytest.mark.parametrize(("error", "status", "meaning"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_signal_means_what_the_table_says(error, status, meaning):
    assert outcome_of(error, status).meaning is meaning


REFUSALS = {
    Meaning.SENT: ["message is not modified: specified new message content is the same"],
    Meaning.TOPIC_GONE: ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"],
    Meaning.TARGET_GONE: [
        "chat not found",
        "CHAT_WRITE_FORBIDDEN",
        "not enough rights to send text messages to the chat",
        "need administrator rights in the channel chat",
        "have no rights to send a message",
        "PEER_ID_INVALID",
        "user is deactivated",
        "group chat was upgraded to a supergroup chat",
        "chat_id is empty",
    ],
    Meaning.REJECTED: [
        'can\'t parse entities: Unsupported start tag "x" at byte offset 0',
        "message is too long",
        "message text is empty",
        "BUTTON_DATA_INVALID",
        "WEBPAGE_CURL_FAILED",
        "something that Telegram says for the first time",
    ],
}


@pytest.mark.parametrize(
    ("text", "meaning"), [(text, meaning) for meaning, texts in REFUSALS.items() for text in texts]
)
def test_a_refusal_means_what_its_text_says(text, meaning):
    assert outcome_of(BadRequest(f"Bad Request: {text}"), 400).meaning is meaning


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (NetworkError("Too Many Requests: retry after 7"), timedelta(seconds=7)),
        (NetworkError("Too Many Requests"), None),
    ],
    ids=["in the text", "not named"],
)
def test_a_wait_is_as_long_as_asked_for(error, wait):
    assert outcome_of(error, 429).wait == wait


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize("as_timedelta", ["true", "false"])
def test_flood_control_is_a_wait_in_both_forms_that_the_library_gives_it(monkeypatch, as_timedelta):
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)
    said = outcome_of(RetryAfter(43_837), 429)
    assert (said.meaning, said.wait) == (Meaning.WAIT, timedelta(seconds=43_837))


def test_a_chat_that_moved_says_where_to():
    assert outcome_of(ChatMigrated(-1002), 400).moved_to == "-1002"


def test_no_reason_holds_a_token():
    said = outcome_of(broken(httpx.ConnectError(f"http://api/bot{TOKEN}/x")), None)
    assert said.reason.startswith("ConnectError")
    for error in (InvalidToken(f"The token `{TOKEN}` was rejected"), NetworkError(f"https://x/bot{TOKEN}/sendMessage")):
        assert TOKEN.partition(":")[2] not in outcome_of(error, None).reason


def test_a_reason_is_short_enough_to_store():
    assert len(outcome_of(NetworkError("x" * 10_000), 500).reason) <= 300


def test_an_answer_that_nobody_understands_is_told_without_its_content():
    assert outcome_of(ValueError("secret"), 200) == Outcome(Meaning.SENT, "answer not understood: ValueError")
