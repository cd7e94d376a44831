"""A parser process's own loop, run here over plain buffers: a frame in, a frame out, one job, one error."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Document, EntryData
from bot.sources import frames
from bot.sources.frames import Job
from bot.sources.worker import serve
from tests.feedserver import rss
from tests.sources.given import URL, item
from tests.values import NOW

FEED = rss("Troops march")
SMALL, LARGE = 1_000_000, 10**12


def served(*bodies, size=SMALL, cpu=5):
    """What comes back for these bodies, and the CPU seconds that were asked for."""
    jobs = b"".join(frames.pack_job(Job(body, URL, "", whole=False), cpu) for body in bodies)
    replies, allowed = io.BytesIO(), list[int]()
    serve(io.BytesIO(jobs), replies, allow=allowed.append, peak=lambda: size)
    return list(unpacked(replies.getvalue())), allowed


def unpacked(data):
    while data:
        head, body = frames.lengths(data[: 2 * frames.SIZE])
        start = 2 * frames.SIZE
        yield json.loads(data[start : start + head]), data[start + head : start + head + body]
        data = data[start + head + body :]


def test_one_job_after_the_other_is_done_in_order():
    replies, allowed = served(FEED, b"", rss("Troops halt"), cpu=7)
    assert [head["error"] for head, _ in replies] == [None, "the reply is empty", None]
    found = [frames.unpack_document(body).entries[0].title for _, body in replies if body]
    assert found == ["Troops march", "Troops halt"]
    assert allowed == [7, 7, 7]


def test_a_process_that_grew_large_says_so_and_ends():
    replies, _ = served(FEED, FEED, size=LARGE)
    assert [head["last"] for head, _ in replies] == [True]


def test_a_small_one_goes_on():
    replies, _ = served(FEED, FEED)
    assert [head["last"] for head, _ in replies] == [False, False]


def test_whatever_a_parser_raises_is_one_jobs_error():
    odd = frames.pack({"cpu": 5, "surprise": 1}, FEED)  # no parser takes this
    replies = io.BytesIO()
    serve(io.BytesIO(odd * 2), replies, allow=lambda cpu: None, peak=lambda: SMALL)
    heads = [head for head, _ in unpacked(replies.getvalue())]
    assert heads == [{"error": "the parser failed on it: TypeError", "last": False}] * 2


ENTRIES = st.builds(
    EntryData,
    guid=st.none() | st.text(max_size=20),
    link=st.none() | st.text(max_size=20),
    title=st.text(max_size=20),
    summary=st.text(max_size=20),
    published_at=st.none() | st.just(NOW),
    language=st.none() | st.text(max_size=5),
)


@given(st.builds(Document, st.text(), st.none() | st.text(), st.lists(ENTRIES, max_size=5).map(tuple), st.text()))
def test_a_document_comes_out_of_its_frame_as_it_went_in(document: Any):
    assert frames.unpack_document(frames.pack_document(document)) == document


def test_an_entry_without_a_title_is_left_to_the_slow_parser():
    ((_, packed),) = served(item("<title/>").encode())[0]
    assert frames.unpack_document(packed).parser == "feedparser"
