"""What config.yaml may say of a channel, and what never shows."""

from __future__ import annotations

import io
import logging
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.channels import CHANNELS
from bot.channels.telegram import TelegramOptions
from tests.botapi import TOKEN, BotApi, drop_before, garbled, refuse
from tests.channels.scene import CHAT, impatient, telegram, told

SECRET = TOKEN.partition(":")[2]


def read_options(**facts: Any) -> TelegramOptions:
    """Return options as the configuration reads them."""
    return TelegramOptions.model_validate(facts)


@pytest.mark.parametrize(
    ("chat", "read"),
    [(-1001234567890, "-1001234567890"), ("-100", "-100"), (" 7 ", "7"), ("@desk_news", "@desk_news")],
)
def test_a_chat_is_a_number_or_a_public_name(chat, read):
    assert read_options(chat=chat).chat == read


@pytest.mark.parametrize("chat", ["desk", "@a", "https://t.me/desk", "", True, 1.5, "-"])
def test_what_is_no_chat_is_refused(chat):
    with pytest.raises(ValidationError):
        read_options(chat=chat)


@pytest.mark.parametrize("token", ["", "no-token", f"x{TOKEN}", f"{TOKEN}\n{TOKEN}"])
def test_what_is_no_token_is_refused_without_repeating_it(token):
    with pytest.raises(ValidationError) as refused:
        read_options(token=token)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "options",
    [{"topic": 0}, {"gap": -1}, {"per_minute": 0}, {"per_second": 0}, {"colour": "red"}],
    ids=lambda options: next(iter(options)),
)
def test_numbers_out_of_range_and_unknown_keys_are_refused(options):
    with pytest.raises(ValidationError):
        read_options(**options)


def test_the_pace_keeps_telegrams_limits_and_can_be_set():
    pace = CHANNELS["telegram"].pace
    usual = pace(read_options(token=TOKEN))
    assert (usual.gap, usual.per_minute, usual.per_second) == (timedelta(seconds=1.05), 18, 25)
    fast = pace(read_options(token=TOKEN, gap=0, per_minute=1000, per_second=500))
    assert (fast.gap, fast.per_minute, fast.per_second) == (timedelta(0), 1000, 500)


def test_channels_of_one_token_share_a_pool_that_doesnt_tell_it():
    pace = CHANNELS["telegram"].pace
    pools = [pace(read_options(token=token, chat=chat)).pool for token, chat in [(TOKEN, 1), (TOKEN, 2), ("1:a", 1)]]
    assert pools[0] == pools[1] != pools[2]
    assert SECRET not in pools[0]


@pytest.mark.parametrize(
    ("options", "connected"),
    [({}, False), ({"token": TOKEN}, False), ({"chat": 1}, False), ({"token": TOKEN, "chat": 1}, True)],
)
def test_a_channel_is_connected_once_it_has_a_token_and_a_chat(options, connected):
    assert CHANNELS["telegram"].connected(read_options(**options)) is connected


def test_options_dont_show_their_token():
    options = read_options(token=TOKEN)
    assert SECRET not in f"{options!r} {options} {options.model_dump()}"


async def test_nothing_that_is_logged_at_debug_holds_the_token(caplog):
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    root = logging.getLogger()
    root.addHandler(handler)
    before = root.level
    root.setLevel(logging.DEBUG)
    try:
        async with BotApi([CHAT]) as api:
            channel = telegram(api.url, impatient)
            api.inject(drop_before(), refuse(401, f"The token {TOKEN} is wrong"), garbled("no json"), refuse(500, "x"))
            outcomes = [await channel.send(told()) for _ in range(5)]
            await channel.close()
            logging.getLogger("telegram.Bot").warning("the log works")
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert "the log works" in lines.getvalue()
    assert SECRET not in lines.getvalue() + caplog.text + repr(outcomes)
