"""The service put together: what it opens, what it says at the start, and a whole day of the demo's newsroom."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import Surroundings, notices_of, notices_of_reload, serve, wire
from bot.channels import CHANNELS
from bot.cli.commands import app
from bot.clock import SystemClock
from bot.config import load_config
from bot.errors import ConfigError
from bot.logs import set_up_logs
from bot.model import Level, RuleHead, Target
from bot.redact import scrub
from bot.reload import Reloaded
from bot.rulebook import load_rulebook
from tests.fakes import HandClock
from tests.values import MINUTE, NOW

TOKEN = "123456:" + "T" * 35
RULE = "rule: troops\nmatch: [troops]\n"
BROKEN = "---\nrule: pacts\nmatch: [<nothing>]\n"
TELEGRAM = "channels:\n  desk: {kind: telegram, token: $TOKEN, chat: '-100'}\nroutes: [{to: desk}]\noperator: desk\n"


def config(folder: Path, text: str = "", environ=None):
    path = folder / "config.yaml"
    path.write_text(text or "{}\n", "utf-8")
    return load_config(path, environ or {}, {name: kind.options for name, kind in CHANNELS.items()})


def book(folder: Path, text: str = RULE):
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "troops.yaml").write_text(text, "utf-8")
    return load_rulebook(folder / "rules", folder / "cache")


async def run(settings, rules, seconds=0.5):
    """Run the service for a moment and return what its console shows."""
    out, stop = io.StringIO(), asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await serve(settings, rules, Surroundings(SystemClock(), out, timedelta(milliseconds=20)), stop)
    return out.getvalue()


async def test_a_channel_without_a_token_gives_its_routes_and_notices_to_the_console(tmp_path, capsys):
    settings = config(tmp_path, TELEGRAM)
    wiring = wire(settings, Surroundings(HandClock(), io.StringIO()))
    assert set(wiring.channels) == {"console"}
    assert [route.target for route in wiring.routes] == [Target("console")]
    assert wiring.operator == Target("console")
    assert wiring.unconnected == ("desk",)
    set_up_logs("info", "keyvalue", scrub)
    await run(settings, book(tmp_path), 0.1)
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "not connected" in line]
    assert "TELEGRAM_TOKEN" in line
    assert "README.md" in line


async def test_a_connected_channel_gets_its_routes_and_the_console_alone_prints_what_is_earlier(tmp_path):
    wiring = wire(config(tmp_path, TELEGRAM, {"TOKEN": TOKEN}), Surroundings(HandClock(), io.StringIO()))
    assert set(wiring.channels) == {"console", "desk"}
    assert [route.target for route in wiring.routes] == [Target("desk", "-100")]
    assert wiring.operator == Target("desk", "-100")
    assert wiring.earlier == (Target("console"),)
    for channel in wiring.channels.values():
        await channel.close()


async def test_the_operators_channel_is_told_of_a_broken_rule_once(tmp_path):
    rules = book(tmp_path, RULE + BROKEN)
    settings = config(tmp_path)
    shown = await run(settings, rules)
    assert "Rules that are off: pacts." in shown
    assert "there is no concept `<nothing>`" in shown
    assert "troops.yaml:5:9" in shown
    assert await run(settings, rules) == ""


def test_a_notice_of_many_errors_shows_the_first_and_counts_the_rest(tmp_path):
    rules = book(tmp_path, RULE + "".join(BROKEN.replace("pacts", f"pacts-{n}") for n in "abcdefgh"))
    (told,) = notices_of(rules, Target("console"), NOW)
    assert str(told.notice).count("there is no concept") == 5
    assert "... and 3 more" in str(told.notice)
    assert notices_of(book(tmp_path), Target("console"), NOW) == ()


def test_a_long_error_in_a_notice_leaves_room_for_the_others(tmp_path):
    concepts = "".join(f"---\nconcepts: {{concept-of-the-number-{n}: [a{n}b]}}\n" for n in range(60))
    rules = book(tmp_path, RULE + BROKEN + BROKEN.replace("pacts", "zeal").replace("nothing", "x") + concepts)
    (told,) = notices_of(rules, Target("console"), NOW)
    first, second = [line for line in str(told.notice).splitlines() if "there is no concept" in line]
    assert "`<nothing>`" in first
    assert first.endswith(" …")
    assert "`<x>`" in second


async def test_a_rule_file_saved_while_the_service_runs_is_used_and_one_with_an_error_is_told(tmp_path, capsys):
    rules = book(tmp_path)
    (tmp_path / "rules" / "pacts.yaml").write_text("rule: pacts\nmatch: pact\n", "utf-8")
    loop = asyncio.get_running_loop()
    loop.call_later(0.3, (tmp_path / "rules" / "troops.yaml").write_text, RULE + BROKEN)
    set_up_logs("info", "keyvalue", scrub)
    shown = await run(config(tmp_path), rules, 2)
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "rules reloaded" in line]
    assert "new='pacts'" in line
    assert "Changed rule files that are not used: troops.yaml. What ran before runs on." in shown
    assert "troops.yaml:5:9" in shown
    assert shown.count("there is no concept `<nothing>`") == 1


def test_a_notice_of_saved_files_names_some_and_each_state_has_its_own(tmp_path):
    rules = book(tmp_path, RULE + BROKEN)
    kept = tuple(f"rules/{n}.yaml" for n in range(8))
    first, again = (
        notices_of_reload(Reloaded(rules, rules.errors, kept), Target("console"), at)[0] for at in (NOW, NOW + MINUTE)
    )
    assert "not used: 0.yaml, 1.yaml, 2.yaml, 3.yaml, 4.yaml and 3 more. What ran" in str(first.notice)
    assert first.dedup_key != again.dedup_key
    (left,) = notices_of_reload(Reloaded(rules, rules.errors), Target("console"), NOW)
    assert str(left.notice).startswith("Rules that are off: pacts.")


async def test_without_internet_it_says_so_once_and_keeps_running(tmp_path, capsys):
    feeds = "".join(
        f"  - {{id: f{n}, name: F, owner: F, url: 'http://127.0.0.1:{n}/'}}\n" for n in range(1, 7)
    )  # ports that nobody listens on
    text = f"poll: {{host_gap: 0s, allow_private: [127.0.0.1]}}\nfeeds:\n{feeds}"
    set_up_logs("info", "keyvalue", scrub)
    await run(config(tmp_path, text), book(tmp_path), 1)
    lines = capsys.readouterr().err.splitlines()
    assert sum("no internet" in line for line in lines) == 1
    assert "stopping" in lines[-1]
    assert sum("feed fails" in line for line in lines) < 3  # before it was clear whose fault it is


async def test_a_newer_store_is_refused_before_anything_is_polled(tmp_path):
    settings = config(tmp_path)
    await run(settings, book(tmp_path), 0)
    with sqlite3.connect(settings.store) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(ConfigError, match="newer version of wirewatch"):
        await run(settings, book(tmp_path), 0)


async def test_a_start_tries_a_channel_that_was_down_again_and_names_what_waits_for_one_that_is_gone(tmp_path, capsys):
    settings, rules = config(tmp_path), book(tmp_path, RULE + BROKEN)
    await run(settings, rules, 0)
    for query in (
        "update delivery set state = 'pending', finished_at = null, due_at = '2999-01-01 00:00:00.000000'",
        "insert into channel (id, down_until) values ('console', '2999-01-01 00:00:00.000000')",
        "insert into target (channel_id, address, rechecks) values ('newsdesk', '-1', 0)",
    ):
        with closing(sqlite3.connect(settings.store)) as connection, connection:
            connection.execute(query)
    set_up_logs("info", "keyvalue", scrub)
    assert "Rules that are off: pacts." in await run(settings, rules)
    with closing(sqlite3.connect(settings.store)) as connection, connection:
        connection.execute("update delivery set state = 'pending', finished_at = null, target_id = 2")
    await run(settings, rules, 0)
    assert "channel='newsdesk' count=1" in capsys.readouterr().err


# --- the demo ----------------------------------------------------------------


def test_the_demo_tells_each_event_of_its_day_once_and_nothing_else():
    shown = CliRunner().invoke(app, ["demo", "--seconds", "15"])
    assert shown.exit_code == 0
    titles = [line.strip() for line in shown.stdout.splitlines() if line.startswith("  ") and "http" not in line]
    told = [line for line in titles if "·" not in line and not line.startswith("Why:")]
    assert sorted(told) == [
        "Ceasefire between Armenia and Azerbaijan takes effect at midnight",
        "EU imposes new sanctions on Belarus over jailed journalists",
        "Japan and the Philippines sign mutual defence pact",
        "North Korea fires ballistic missile into the sea, Seoul says",
        "Poland sends 2,000 troops to Lithuania after border incident",
        "Soldiers seize state television in Niger, declare government dissolved",
        "Sudan's army and rebels agree to ceasefire after talks in Jeddah",
        "United States deploys marines to Haiti to secure airport",
    ]
    assert "URGENT Ceasefire or talks · earlier\n" in shown.stdout


def test_the_demos_first_alert_shows_within_ten_seconds_of_the_command():
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as demo:
        out = demo.stdout
        assert out

        async def first_line() -> str:
            async with asyncio.timeout(10):
                return await asyncio.to_thread(out.readline)

        try:
            assert "Ceasefire or talks · earlier" in asyncio.run(first_line())
        finally:
            demo.kill()


def test_levels_are_ordered_for_routes():
    assert RuleHead("a", "a", Level.FLASH).level > Level.URGENT
