"""Every row of the error table through the real library, over real HTTP, against the strict double."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from telegram.request import HTTPXRequest

from bot.channels import CHANNELS
from bot.channels.telegram.connection import WatchedRequest
from bot.model import Detail, Meaning, Target
from tests.botapi import TOKEN, BotApi, Chat, drop_after, drop_before, flood, garbled, refuse, slow
from tests.channels.scene import CHAT, context, impatient, open_one, telegram, told

BARE = '{"ok": true, "result": {"message_id": 7}}'


@pytest.fixture
async def api():
    async with BotApi([CHAT]) as server:
        yield server


async def once(api, fault=None, new_request=None, delivery=None, **options):
    """Send one delivery with one fault in its way."""
    if fault:
        api.inject(fault)
    channel = telegram(api.url, new_request, **options)
    try:
        return await channel.send(delivery or told())
    finally:
        await channel.close()


ROWS = [
    ("dropped before", drop_before(), Meaning.AMBIGUOUS, 0),
    ("dropped after", drop_after(), Meaning.AMBIGUOUS, 1),
    ("answered too late", slow(5), Meaning.AMBIGUOUS, 1),
    ("200 that is no JSON", garbled("<html>fine</html>"), Meaning.AMBIGUOUS, 1),
    ("200 without a result", garbled('{"ok": true}'), Meaning.AMBIGUOUS, 1),
    ("200 with half a message", garbled(BARE), Meaning.SENT, 1),
    ("200 with a date that is none", garbled(BARE.replace("7}", '7, "date": "x", "chat": {}}')), Meaning.SENT, 1),
    ("200 with a message that is a list", garbled("[]"), Meaning.SENT, 1),
    ("500", refuse(500, "Internal Server Error"), Meaning.AMBIGUOUS, 0),
    ("502 in HTML", garbled("<html>Bad Gateway</html>", status=502), Meaning.AMBIGUOUS, 1),
    ("503", refuse(503, "Service Unavailable"), Meaning.AMBIGUOUS, 0),
    ("504", refuse(504, "Gateway Timeout"), Meaning.AMBIGUOUS, 0),
    ("413", refuse(413, "Request Entity Too Large"), Meaning.REJECTED, 0),
    ("413 in HTML", refuse(413, ""), Meaning.REJECTED, 0),
    ("409", refuse(409, "Conflict: terminated by other getUpdates request"), Meaning.CONFLICT, 0),
    ("403", refuse(403, "Forbidden: bot was kicked from the channel chat"), Meaning.TARGET_GONE, 0),
    ("401", refuse(401, "Unauthorized"), Meaning.CHANNEL_DOWN, 0),
    ("404", refuse(404, "Not Found"), Meaning.CHANNEL_DOWN, 0),
    ("400 about the markup", refuse(400, "Bad Request: can't parse entities: x"), Meaning.REJECTED, 0),
    ("400 about the length", refuse(400, "Bad Request: message is too long"), Meaning.REJECTED, 0),
    ("400 about a button", refuse(400, "Bad Request: BUTTON_URL_INVALID"), Meaning.REJECTED, 0),
    ("400 about the rights", refuse(400, "Bad Request: not enough rights to send"), Meaning.TARGET_GONE, 0),
    ("400 about writing", refuse(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), Meaning.TARGET_GONE, 0),
    ("400 about the thread", refuse(400, "Bad Request: message thread not found"), Meaning.TOPIC_GONE, 0),
    ("400 about nothing new", refuse(400, "Bad Request: message is not modified: same"), Meaning.SENT, 0),
]


@pytest.mark.parametrize(("fault", "meaning", "arrived"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
async def test_a_fault_becomes_its_meaning(api, fault, meaning, arrived):
    outcome = await once(api, fault, impatient)
    assert outcome.meaning is meaning
    assert len(api.transcript) == arrived


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (flood(3), timedelta(seconds=3)),
        (flood(43_837), timedelta(seconds=43_837)),
        (flood(text="Too Many Requests: retry after 7"), timedelta(seconds=7)),
        (flood(text="Too Many Requests"), None),
    ],
    ids=["three seconds", "half a day", "in the text", "not named"],
)
async def test_a_limit_becomes_a_wait_and_nothing_arrives(api, fault, wait):
    outcome = await once(api, fault)
    assert (outcome.meaning, outcome.wait) == (Meaning.WAIT, wait)
    assert not api.transcript


class Failing(httpx.AsyncBaseTransport):
    """A network that fails in one way."""

    def __init__(self, error: type[httpx.RequestError]) -> None:
        self.error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self.error("no")


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (httpx.ConnectTimeout, Meaning.NOT_SENT),
        (httpx.ProxyError, Meaning.NOT_SENT),
        (httpx.UnsupportedProtocol, Meaning.NOT_SENT),
        (httpx.WriteError, Meaning.AMBIGUOUS),
        (httpx.WriteTimeout, Meaning.AMBIGUOUS),
        (httpx.ReadError, Meaning.AMBIGUOUS),
        (httpx.LocalProtocolError, Meaning.AMBIGUOUS),
        (httpx.DecodingError, Meaning.AMBIGUOUS),
    ],
)
async def test_a_failing_network_becomes_its_meaning(api, error, meaning):
    def new_request(size: int) -> HTTPXRequest:
        return WatchedRequest(connection_pool_size=size, httpx_kwargs={"transport": Failing(error)})

    assert (await once(api, new_request=new_request)).meaning is meaning


async def test_a_refused_connection_was_not_sent(api):
    channel = open_one("telegram", {"token": TOKEN, "chat": CHAT}, context(base_url="http://127.0.0.1:1"))
    outcome = await channel.send(told())
    await channel.close()
    assert (outcome.meaning, "ConnectError" in outcome.reason) == (Meaning.NOT_SENT, True)


async def test_a_call_that_finds_no_free_connection_was_not_sent(api):
    def new_request(size: int) -> HTTPXRequest:
        return WatchedRequest(connection_pool_size=1, pool_timeout=0.05, read_timeout=0.5)

    api.inject(slow(5))
    channel = telegram(api.url, new_request)
    outcomes = await asyncio.gather(channel.send(told()), channel.send(told()))
    await channel.close()
    assert {outcome.meaning for outcome in outcomes} == {Meaning.AMBIGUOUS, Meaning.NOT_SENT}


async def test_a_wrong_token_takes_the_channel_down_and_is_not_told(api):
    wrong = "987654321:" + "B" * 35
    outcome = await once(api, token=wrong)
    assert outcome.meaning is Meaning.CHANNEL_DOWN
    assert wrong not in outcome.reason


async def test_an_unknown_chat_is_gone(api):
    outcome = await once(api, delivery=told(target=Target("desk", "-5")))
    assert (outcome.meaning, outcome.reason) == (Meaning.TARGET_GONE, "Chat not found")


async def test_a_chat_that_moved_is_reached_at_its_new_id(api):
    api.world.chats[CHAT] = Chat(migrated_to=-1009)
    api.world.chats["-1009"] = Chat()
    outcome = await once(api)
    assert (outcome.meaning, outcome.moved_to) == (Meaning.MOVED, "-1009")
    again = await once(api, delivery=told(target=Target("desk", outcome.moved_to)))
    assert (again.meaning, [m.chat for m in api.transcript]) == (Meaning.SENT, ["-1009"])


@pytest.mark.parametrize("chat", [Chat(topics=frozenset({4}), closed=frozenset({5})), Chat()], ids=["closed", "none"])
async def test_a_topic_that_is_gone_is_told_and_the_chat_itself_still_takes_the_message(api, chat):
    api.world.chats[CHAT] = chat
    assert (await once(api, topic=5)).meaning is Meaning.TOPIC_GONE
    assert (await once(api, topic=5, delivery=told(without_thread=True))).meaning is Meaning.SENT


async def test_a_topic_gets_its_messages(api):
    api.world.chats[CHAT] = Chat(topics=frozenset({4}))
    assert (await once(api, topic=4)).meaning is Meaning.SENT
    assert api.transcript[0].thread == 4


async def test_what_arrived_is_known_by_its_message_id(api):
    outcome = await once(api)
    assert (outcome.meaning, outcome.message_id) == (Meaning.SENT, "1")


async def test_a_rich_message_asks_for_the_preview_of_its_article_and_a_plain_one_for_none(api):
    await once(api)
    await once(api, delivery=told(detail=Detail.PLAIN))
    rich, simple = (message.raw for message in api.transcript)
    assert rich["link_preview_options"] == '{"url": "https://herald.example/a?x=1&y=2"}'
    assert simple["link_preview_options"] == '{"is_disabled": true}'
    assert "parse_mode" not in simple


async def test_an_answer_to_one_call_says_nothing_of_the_next(api):
    channel = telegram(api.url, impatient)
    await channel.send(told())
    api.inject(drop_before())
    assert (await channel.send(told())).meaning is Meaning.AMBIGUOUS
    await channel.close()


async def test_channels_of_one_token_share_connections_until_the_last_one_closes(api):
    kind = CHANNELS["telegram"]
    api.world.chats["-2"] = Chat()
    options = {"a": kind.options(token=TOKEN, chat=CHAT), "b": kind.options(token=TOKEN, chat=-2)}
    channels = kind.open(options, context(base_url=api.url))
    assert (await channels["a"].send(told())).meaning is Meaning.SENT
    await channels["a"].close()
    await channels["a"].close()
    assert (await channels["b"].send(told(target=Target("b")))).meaning is Meaning.SENT
    await channels["b"].close()
    assert [message.chat for message in api.transcript] == [CHAT, "-2"]
    assert (await channels["b"].send(told())).meaning is Meaning.AMBIGUOUS


async def test_only_connected_channels_are_opened():
    kind = CHANNELS["telegram"]
    settings = {"no token": kind.options(chat=1), "no chat": kind.options(token=TOKEN)}
    assert kind.open(settings, context()) == {}


async def test_sending_needs_nothing_but_sending(api):
    await once(api)
    assert api.calls == ["sendMessage"]
