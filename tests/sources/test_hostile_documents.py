"""Documents made to hurt a parser: each is read or refused, by a process that the kernel bounds; the rest goes on."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import TransientError
from bot.sources.frames import Job
from bot.sources.isolate import Parsers
from tests import hostile
from tests.feedserver import Reply, rss, zipped
from tests.sources.given import LIMITS, URL, ask, failure, opened, titles

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the bound on memory and /proc are Linux's")
FEED = rss("Troops march")
HARD = hostile.many_attributes()
BY_PROCESS = replace(LIMITS, parse_inline=0)
IMPATIENT = replace(BY_PROCESS, parse_wall=timedelta(seconds=0.5))


def job(body):
    return Job(body, URL, "", whole=False)


async def counting(turns):
    """Count the event loop's turns into a list until cancelled."""
    while True:
        turns[0] += 1
        await asyncio.sleep(0.001)


def huge():
    """A document of 13 MB, which takes more than 200 MB to read; no fetch would bring it."""
    text = "<description>😀".encode() + b"a " * 6_500_000 + b"</description>"
    return hostile.feed(hostile.ITEM % text + b"<item><title/></item>")


def about(process, name):
    return Path(f"/proc/{process.pid}/{name}").read_text()


def taken(process):
    """The most address space that a process has taken so far, in bytes."""
    (peak,) = (line for line in about(process, "status").splitlines() if line.startswith("VmPeak"))
    return int(peak.split()[1]) * 1024


@pytest.fixture
async def parsers():
    parsers = Parsers(LIMITS)
    yield parsers
    await parsers.close()


@pytest.mark.parametrize("name", hostile.DOCUMENTS)
async def test_a_hostile_document_is_read_for_what_is_in_it(server, source, name):
    server.routes["/x"] = zipped(hostile.DOCUMENTS[name]())
    assert titles(await ask(source, server.url("/x")))[0] == "Troops march"


@pytest.mark.parametrize("make", [hostile.laughs, hostile.laughs_in_attribute, hostile.quadratic_entity])
@pytest.mark.parametrize("limits", [LIMITS, BY_PROCESS], ids=["inline", "in-a-process"])
async def test_entities_are_not_expanded(server, make, limits):
    server.routes["/x"] = zipped(make())
    async with opened(limits) as source:
        fetched = await ask(source, server.url("/x"))
    assert fetched.document is not None
    assert sum(len(entry.title) + len(entry.summary) for entry in fetched.document.entries) < 5_000


@pytest.mark.parametrize("limits", [LIMITS, BY_PROCESS], ids=["inline", "in-a-process"])
async def test_nothing_that_a_document_names_is_asked_for(server, limits):
    server.routes["/x"] = Reply(hostile.external_dtd(server.url("")))
    async with opened(limits) as source:
        (title,) = titles(await ask(source, server.url("/x")))
    assert title.startswith("Troops march")
    assert [request.path for request in server.requests] == ["/x"]


async def test_a_long_feed_is_read_in_a_process_and_all_of_it(server, source):
    server.routes["/x"] = zipped(hostile.many_items(3_000))
    found = titles(await ask(source, server.url("/x")))
    assert (len(found), found[0], found[-1]) == (3_000, "Item 0", "Item 2999")


async def test_a_document_that_takes_too_much_cpu_stops_nobody_else():
    parsers = Parsers(replace(LIMITS, parse_cpu=1))
    turns = [0]
    watch = asyncio.create_task(counting(turns))
    hard = asyncio.create_task(parsers.parse(job(HARD)))
    other = await parsers.parse(job(FEED))
    assert [entry.title for entry in other.entries] == ["Troops march"]
    assert not hard.done()
    with pytest.raises(TransientError, match="more than 1 s of CPU"):
        await hard
    watch.cancel()
    assert turns[0] > 50  # the loop went on all the time
    again = await asyncio.gather(*(parsers.parse(job(FEED)) for _ in range(3)))
    assert all(document == other for document in again)
    await parsers.close()


async def test_a_document_that_takes_too_long_is_given_up(server):
    server.routes.update({"/x": zipped(HARD), "/rss": Reply(FEED)})
    async with opened(IMPATIENT) as source:
        assert (await failure(source, server.url("/x"))).reason == "parsing it takes too long"
    async with opened(BY_PROCESS) as source:
        assert titles(await ask(source, server.url("/rss"))) == ["Troops march"]


@LINUX
async def test_a_document_that_takes_too_much_memory_is_refused_and_the_next_one_read(parsers):
    await parsers.parse(job(FEED))
    bounded = Parsers(replace(LIMITS, parse_memory=taken(parsers._idle[0]) + 40_000_000))
    with pytest.raises(TransientError, match=r"too much memory|died on it|failed on it"):
        await bounded.parse(job(huge()))
    assert (await bounded.parse(job(FEED))).entries
    await bounded.close()


async def test_a_process_that_grew_large_makes_room_for_a_fresh_one(parsers):
    await parsers.parse(job(FEED))
    first = parsers._idle[0]
    await parsers.parse(job(huge()))
    assert parsers._idle == []
    assert first.returncode is not None
    assert (await parsers.parse(job(FEED))).entries


async def test_a_process_that_is_killed_is_one_documents_error(parsers):
    await parsers.parse(job(FEED))
    process = parsers._idle[0]
    hard = asyncio.create_task(parsers.parse(job(HARD)))
    await asyncio.sleep(0)
    assert parsers._idle == []
    process.kill()
    with pytest.raises(TransientError, match="the parser process died on it"):
        await hard
    assert (await parsers.parse(job(FEED))).entries


async def test_a_process_is_used_again(parsers):
    await parsers.parse(job(FEED))
    first = parsers._idle[0]
    with pytest.raises(TransientError, match="empty"):
        await parsers.parse(job(b""))
    assert parsers._idle == [first]


async def test_the_memory_of_the_program_that_asks_is_not_counted_as_the_process_own(parsers):
    ours = bytearray(250_000_000)  # more than a process may take and be kept
    ours[::4096] = b"x" * len(ours[::4096])
    await parsers.parse(job(rss("Troops march")))
    assert len(parsers._idle) == 1


async def test_a_process_killed_while_idle_costs_no_document(parsers):
    await parsers.parse(job(FEED))
    idle = parsers._idle[0]
    idle.kill()
    await idle.wait()
    assert (await parsers.parse(job(FEED))).entries


async def test_a_poll_that_is_cancelled_leaves_no_process_behind():
    parsers = Parsers(replace(LIMITS, parse_processes=1))
    await parsers.parse(job(FEED))
    process = parsers._idle[0]
    hard = asyncio.create_task(parsers.parse(job(HARD)))
    await asyncio.sleep(0)
    assert parsers._idle == []
    hard.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hard
    assert process.returncode is not None
    assert (await parsers.parse(job(FEED))).entries
    await parsers.close()
    await parsers.close()


@LINUX
async def test_no_secret_of_ours_goes_into_a_process(parsers, monkeypatch):
    monkeypatch.setenv("WIREWATCH_TOKEN", "s3cret-word")
    await parsers.parse(job(FEED))
    environ = about(parsers._idle[0], "environ")
    assert "PYTHONUTF8" in environ
    assert "s3cret-word" not in environ
