"""Life of an entry: the unmodified program as a subprocess between a real feed server and a strict Bot API server."""

from __future__ import annotations

import signal
import time

import pytest

from bench.crash import crash
from bench.stage import TOKEN, Press, accepted, bot_api, feed_server, rows, start, wait_for

CONFIG = """
store: life.db
timezone: Europe/Berlin
poll: {{every: 1s, host_gap: 0s, allow_private: [127.0.0.1]}}
telegram: {{base_url: "http://127.0.0.1:{api}"}}
log: {{level: debug}}
channels:
  desk: {{kind: telegram, token: $TOKEN, chat: "-1001"}}
routes:
  - {{to: desk}}
feeds:
  - {{id: herald, name: The Herald, owner: Herald, url: "http://127.0.0.1:{feed}/feed"}}
"""
RULE = "rule: troops\nabout: Troops on the move\nlevel: urgent\nmatch: [troops march]\n"


@pytest.fixture
def newsroom(tmp_path):
    """Yield the folder, the press and the transcript of a service's surroundings."""
    press, transcript = Press(), tmp_path / "transcript.jsonl"
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "troops.yaml").write_text(RULE, "utf-8")
    with feed_server(press) as feed, bot_api(transcript, ("-1001",)) as api:
        (tmp_path / "config.yaml").write_text(CONFIG.format(api=api, feed=feed), "utf-8")
        yield tmp_path, press, transcript


def test_a_new_matching_item_is_in_the_chat_within_two_seconds_once_with_valid_markup(newsroom):
    folder, press, transcript = newsroom
    service = start(folder)
    try:
        wait_for(lambda: rows(folder / "life.db", "select 1 from feed where seeded_at is not null") != [], 30, "a poll")
        assert accepted(transcript) == []  # the first poll seeds silently
        press.items = 1
        polls = press.asked
        wait_for(lambda: press.asked > polls, 30, "the next poll")
        polled_at = press.asked_at[polls]
        wait_for(lambda: accepted(transcript) != [], 30, "the alert")
        polls = press.asked
        wait_for(lambda: press.asked > polls + 2, 30, "two more polls")
    finally:
        service.send_signal(signal.SIGTERM)
        began = time.monotonic()
        code = service.wait(timeout=15)
    (message,) = accepted(transcript)
    assert message["at"] - polled_at < 2
    assert message["chat"] == "-1001"
    assert "Troops march, part 1." in message["text"]
    assert (code, time.monotonic() - began < 10) == (0, True)
    log = (folder / "service.log").read_text("utf-8")
    assert "wirewatch runs" in log
    assert TOKEN not in log
    assert TOKEN[8:] not in log


def test_a_second_service_on_the_same_store_refuses_in_words(newsroom):
    folder, press, _ = newsroom
    first = start(folder)
    try:
        wait_for(lambda: press.asked > 0, 30, "a poll")
        second = start(folder)
        assert second.wait(timeout=20) == 2
        assert str(first.pid) in (folder / "service.log").read_text("utf-8")
        assert first.poll() is None
    finally:
        first.terminate()
        assert first.wait(timeout=15) == 0


def test_ten_kills_lose_nothing(tmp_path):
    figures = crash(kills=10, items=40, seed=7, folder=tmp_path)
    assert (figures["lost"], figures["unflagged_copies"], figures["strangers"]) == (0, 0, 0)
    assert figures["copies"] <= figures["kills"]
    assert (figures["alerts"], figures["exit_code"]) == (80, 0)
