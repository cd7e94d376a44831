"""No secret in any log line, whatever writes it."""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import set_up_logs
from bot.redact import scrub, scrubber

TOKEN = "123456789:" + "A" * 35


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        pytest.param(f"POST https://tg.example/bot{TOKEN}/getMe", "POST https://tg.example/bot***/getMe", id="url"),
        pytest.param(f"The token `{TOKEN}` was rejected", "The token `***` was rejected", id="sentence"),
        pytest.param("https://me:pass@feeds.example/x", "https://***@feeds.example/x", id="userinfo"),
        pytest.param("https://e.example/f?id=7&api_key=abc&x=1", "https://e.example/f?id=7&api_key=***&x=1", id="q"),
        pytest.param("https://e.example/f?token=abc#top", "https://e.example/f?token=***#top", id="query-and-fragment"),
        pytest.param("Authorization: Bearer abc.def", "Authorization: Bearer ***", id="header"),
        pytest.param("https://e.example/monkey?keyword=tanks", "https://e.example/monkey?keyword=tanks", id="harmless"),
        pytest.param("at 12:30 the pact", "at 12:30 the pact", id="times"),
    ],
)  # fmt: skip
def test_scrub(text, clean):
    assert scrub(text) == clean


@given(st.text(), st.text(), st.text(min_size=6, max_size=40))
def test_a_known_secret_never_survives(before, after, secret):
    assert secret not in scrubber([secret])(before + secret + after) or secret in "***"


def test_short_words_are_no_secrets():
    assert scrubber(["a", "desk"])("a desk") == "a desk"


@pytest.mark.parametrize("form", ["keyvalue", "json"])
@pytest.mark.parametrize("terminal", [True, False])
def test_no_line_shows_a_secret_not_even_a_traceback_or_a_librarys(form, terminal, capsys):
    set_up_logs("debug", form, scrubber(["hunter2hunter2"]), console=terminal)
    log = structlog.get_logger("x")
    try:
        raise ValueError(f"bad token {TOKEN}")
    except ValueError:
        log.exception("broke", password="hunter2hunter2")
    logging.getLogger("some.library").warning("POST /bot%s/send", TOKEN)
    logging.getLogger("httpx").info("HTTP Request: POST /bot%s/getMe", TOKEN)
    printed = capsys.readouterr().err
    assert "bad token" in printed
    assert "***" in printed
    assert "some.library" in printed or "/send" in printed
    assert TOKEN not in printed
    assert "A" * 35 not in printed
    assert "hunter2" not in printed
    assert "HTTP Request" not in printed


def test_a_beat_that_finds_its_tick_still_running_is_no_news(capsys):
    set_up_logs("debug", "keyvalue", scrub)
    logging.getLogger("apscheduler.scheduler").warning("Execution of job skipped: maximum number of running instances")
    logging.getLogger("apscheduler.executors.default").error("the job raised")
    assert [line.split("event=")[1] for line in capsys.readouterr().err.splitlines()] == ["'the job raised'"]


def test_json_lines_are_json_and_levels_hold(capsys):
    set_up_logs("warning", "json", scrub)
    structlog.get_logger("x").info("quiet")
    structlog.get_logger("x").warning("Привет", feed="f")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line) | {"timestamp": ""} == {"event": "Привет", "feed": "f", "level": "warning", "timestamp": ""}
