"""The console on real descriptors: a terminal, a pipe, a reader that leaves, sleeps, or runs out of disk."""

from __future__ import annotations

import contextlib
import io
import os
from dataclasses import replace

import pytest

from bot.channels.terminal import Terminal
from bot.model import Level, Meaning
from tests.channels.scene import context, open_one, telling, told


@pytest.fixture
def pipe():
    """A pipe's reading end, and its writing end as a stream."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8", closefd=False) as stream:
        yield reading, stream
    for descriptor in (reading, writing):
        try:
            os.close(descriptor)
        except OSError:
            continue  # the test closed it


@pytest.fixture
def terminal():
    master, slave = os.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as stream:
        yield master, stream
    os.close(master)


async def printed(end, delivery=None, environ=None, **options):
    reading, stream = end
    channel = open_one("console", options, context(stream, **(environ or {})))
    outcome = await channel.send(delivery or told())
    assert outcome.meaning is Meaning.SENT
    return os.read(reading, 65_536).decode()


async def test_an_alert_is_one_write(pipe):
    text = await printed(pipe)
    assert text.startswith("URGENT Troops abroad\n")
    assert text.endswith("a7f3c1\n\n")


async def test_words_in_the_streams_own_buffer_come_first(pipe):
    pipe[1].write("before\n")
    assert (await printed(pipe)).startswith("before\nURGENT")


@pytest.mark.parametrize(
    ("color", "environ", "coloured"),
    [
        ("auto", {}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("never", {}, False),
        ("always", {"NO_COLOR": "1"}, True),
    ],
)
async def test_a_terminal_is_coloured_as_asked(terminal, color, environ, coloured):
    text = await printed(terminal, environ=environ, color=color)
    assert ("\x1b[" in text) is coloured


@pytest.mark.parametrize(("color", "coloured"), [("auto", False), ("always", True)])
async def test_a_pipe_is_plain_unless_told_otherwise(pipe, color, coloured):
    assert ("\x1b[" in await printed(pipe, color=color)) is coloured


async def test_every_level_has_a_colour_of_its_own(pipe):
    heads = set()
    for level in Level:
        text = await printed(pipe, told(replace(telling(), level=level)), color="always")
        heads.add(text.split("m", 1)[0])
    assert len(heads) == len(Level)


async def test_a_reader_who_left_closes_the_channel_and_breaks_nothing(pipe):
    reading, stream = pipe
    os.close(reading)
    channel = open_one("console", {}, context(stream))
    assert [(await channel.send(told())).meaning for _ in range(2)] == [Meaning.CHANNEL_DOWN] * 2


async def test_a_reader_who_sleeps_never_blocks_the_service_and_gets_all_of_it_later(pipe):
    reading, stream = pipe
    channel = open_one("console", {}, context(stream))
    sent = 0
    while (outcome := await channel.send(told())).meaning is Meaning.SENT:
        sent += 1
    assert outcome.meaning is Meaning.NOT_SENT
    assert os.read(reading, 1 << 20).decode().count("Troops abroad") == sent
    assert (await channel.send(told())).meaning is Meaning.SENT


async def test_a_full_disk_is_said_and_the_alert_is_kept():
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: ASYNC230, PTH123 - a device
        outcome = await open_one("console", {}, context(full)).send(told())
    assert (outcome.meaning, "No space left" in outcome.reason) == (Meaning.NOT_SENT, True)


def test_a_text_of_which_only_a_part_fits_may_have_arrived(pipe):
    reading, stream = pipe
    os.set_blocking(stream.fileno(), False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(stream.fileno(), b"x" * 4096)
    os.set_blocking(stream.fileno(), True)
    os.read(reading, 4096)
    assert Terminal(stream).write("y" * 8192).meaning is Meaning.AMBIGUOUS


async def test_a_closed_stream_is_an_outcome():
    stream = io.StringIO()
    channel = open_one("console", {}, context(stream))
    stream.close()
    assert (await channel.send(told())).meaning is Meaning.CHANNEL_DOWN
    assert open_one("console", {}, context(stream))


async def test_a_stream_without_a_descriptor_is_written_to():
    stream = io.StringIO()
    await open_one("console", {}, context(stream)).send(told())
    assert stream.getvalue().startswith("URGENT Troops abroad\n")


async def test_signs_that_the_terminal_lacks_are_replaced(tmp_path):
    with (tmp_path / "out").open("w", encoding="ascii") as stream:
        await open_one("console", {}, context(stream)).send(told(telling(title="語 wins", evidence=())))
    assert "? wins" in (tmp_path / "out").read_text("ascii")
