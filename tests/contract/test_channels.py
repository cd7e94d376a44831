"""What every kind of channel promises, run on all of them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import ValidationError

from bot.channels import CHANNELS, OpenContext
from bot.model import Detail, Meaning, Outcome, Pace
from tests.botapi import TOKEN, BotApi
from tests.channels.scene import CHAT, TITLE, context, evidence, noticed, open_one, telling, told

LINK = "https://herald.example/a?x=1&y=2"


@dataclass
class Place:
    """Where a kind's messages go, and what a reader sees there."""

    opened: OpenContext
    seen: Callable[[], list[str]]


@asynccontextmanager
async def chat() -> AsyncIterator[Place]:
    async with BotApi([CHAT]) as api:
        yield Place(context(base_url=api.url), lambda: [_with_links(message) for message in api.transcript])


def _with_links(message: Any) -> str:
    return "\n".join([message.text, *(entity.value for entity in message.entities if entity.kind == "a")])


@asynccontextmanager
async def screen() -> AsyncIterator[Place]:
    stream = io.StringIO()
    yield Place(context(stream), lambda: [text for text in stream.getvalue().split("\n\n") if text])


def closed_screen() -> OpenContext:
    stream = io.StringIO()
    stream.close()
    return context(stream)


@dataclass
class Sample:
    """A kind with the options that make it work, and a world in which it can't."""

    place: Callable[[], Any]
    broken: Callable[[], OpenContext]
    options: dict[str, Any] = field(default_factory=dict)
    secret: str | None = None


# A new kind needs a line here.
SAMPLES = {
    "console": Sample(screen, closed_screen),
    "telegram": Sample(chat, context, {"token": TOKEN, "chat": CHAT}, secret=TOKEN),
}


async def sent(kind: str, *deliveries: Any) -> tuple[list[Outcome], list[str]]:
    """Send deliveries through one channel; return their outcomes and what a reader sees."""
    sample = SAMPLES[kind]
    async with sample.place() as place:
        channel = open_one(kind, sample.options, place.opened)
        outcomes = [await channel.send(delivery) for delivery in deliveries]
        await channel.close()
        return outcomes, place.seen()


def test_every_kind_has_its_sample():
    assert set(SAMPLES) == set(CHANNELS)


@pytest.fixture(params=list(CHANNELS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_an_alert_arrives_once_with_all_that_a_reader_needs(kind):
    outcomes, seen = await sent(kind, told())
    assert [outcome.meaning for outcome in outcomes] == [Meaning.SENT]
    assert len(seen) == 1
    for part in ("Troops abroad", TITLE, "The Herald", "11:48", "12:00 UTC", "Why:", "a7f3c1", LINK):
        assert part in seen[0].replace("*", "")


@pytest.mark.parametrize("detail", Detail)
async def test_every_detail_arrives_with_headline_and_link(kind, detail):
    _, seen = await sent(kind, told(detail=detail))
    assert TITLE in seen[0].replace("*", "")
    assert LINK in seen[0]
    assert ("a7f3c1" in seen[0]) is (detail is not Detail.LINK)


@pytest.mark.parametrize("detail", Detail)
async def test_a_possible_copy_is_flagged(kind, detail):
    _, seen = await sent(kind, told(detail=detail), told(detail=detail, possible_dup=True))
    assert ["possible copy" in text for text in seen] == [False, True]


async def test_what_is_old_is_marked_earlier(kind):
    _, seen = await sent(kind, told(telling(earlier=True)))
    assert "earlier" in seen[0]


@pytest.mark.parametrize("detail", Detail)
async def test_a_notice_arrives_whatever_its_detail(kind, detail):
    outcomes, seen = await sent(kind, noticed("Chat desk <gone> & away", detail=detail))
    assert outcomes[0].meaning is Meaning.SENT
    assert "Chat desk <gone> & away" in seen[0] or "Chat desk & away" in seen[0]


async def test_a_message_without_a_thread_arrives(kind):
    outcomes, _ = await sent(kind, told(without_thread=True))
    assert outcomes[0].meaning is Meaning.SENT


async def test_hostile_text_arrives_as_text(kind):
    title = '</b></a><script>&#27;[2J\x1b[31m\u202e@everyone "quoted" 5 < 6 &lt;i&gt; \ud800' + "語" * 5000
    hostile = telling(
        title=title, topic="<i>" * 99, source="\x07\n" * 9, summary=title, evidence=evidence(title, "quoted")
    )
    outcomes, seen = await sent(kind, *(told(hostile, detail=detail) for detail in Detail))
    assert {outcome.meaning for outcome in outcomes} == {Meaning.SENT}
    assert len(seen) == len(Detail)
    assert not {char for text in seen for char in text} & set("\x1b\x07\u202e")


async def test_trouble_on_the_other_side_is_an_outcome(kind):
    sample = SAMPLES[kind]
    channel = open_one(kind, sample.options, sample.broken())
    outcome = await channel.send(told())
    await channel.close()
    assert outcome.meaning in (Meaning.NOT_SENT, Meaning.CHANNEL_DOWN)
    assert outcome.reason


async def test_opening_asks_nothing_and_closing_twice_is_fine(kind):
    sample = SAMPLES[kind]
    channel = open_one(kind, sample.options, sample.broken())
    await channel.close()
    await channel.close()


async def test_channels_of_one_kind_are_told_apart_and_work_side_by_side(kind):
    sample, made = SAMPLES[kind], CHANNELS[kind]
    async with sample.place() as place:
        options = made.options(**sample.options)
        channels = made.open({"one": options, "two": options}, place.opened)
        outcomes = await asyncio.gather(*(channel.send(told()) for channel in channels.values()))
        for channel in channels.values():
            await channel.close()
        assert [outcome.meaning for outcome in outcomes] == [Meaning.SENT, Meaning.SENT]
        assert len(place.seen()) == 2


def test_options_are_frozen_and_unknown_keys_are_refused(kind):
    options = CHANNELS[kind].options(**SAMPLES[kind].options)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(options, next(iter(type(options).model_fields)), None)
    with pytest.raises(ValidationError, match="no_such_key"):
        CHANNELS[kind].options(no_such_key=1)


def test_a_kind_knows_its_pace_its_address_and_whether_it_is_connected(kind):
    made, sample = CHANNELS[kind], SAMPLES[kind]
    options = made.options(**sample.options)
    assert isinstance(made.pace(options), Pace)
    assert made.address(options) == sample.options.get("chat", "")
    assert made.connected(options)
    assert made.connected(made.options()) or made.how_to_connect


def test_no_secret_shows(kind):
    made, sample = CHANNELS[kind], SAMPLES[kind]
    options = made.options(**sample.options)
    shown = f"{options!r} {made.pace(options)!r} {made.address(options)}"
    assert not sample.secret or sample.secret not in shown
