"""`wirewatch search`: entries by their words, as a person reads them and as a program does."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.errors import ConfigError
from bot.model import Plan
from bot.store import Store
from tests.store.given import declared, entry, match

NOW = datetime.now(UTC)
CONFIG = """
rules: rules
store: wirewatch.db
feeds:
  - {id: bbc, name: BBC, url: https://news.example/rss}
channels:
  here: {kind: console}
routes:
  - to: here
"""


@pytest.fixture
def config(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text("rule: coups\nmatch: [coup]\n")
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)

    async def fill():
        store = await Store.open(tmp_path / "wirewatch.db", NOW)
        titles = ["Troops land in Oslo", "Ships leave Oslo", "Old troops"]
        ages = [timedelta(hours=1), timedelta(hours=2), timedelta(days=90)]
        entries = tuple(
            entry(
                n, title=title, summary="Line one\nof troops", first_seen_at=NOW - age, link=f"https://news.example/{n}"
            )
            for n, (title, age) in enumerate(zip(titles, ages, strict=True), 1)
        )
        await store.apply(Plan(await declared(store), entries=entries, matches=(match(entries[0]),)))
        await store.close()

    asyncio.run(fill())
    return path


def run(config, *words):
    result = CliRunner().invoke(app, ["search", *words, "--config", str(config)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_entries_are_shown_newest_first_with_their_links_and_the_rules_that_fired(config):
    lines = run(config, "oslo").splitlines()
    assert [line.split("  ", 2)[2] for line in lines if "Oslo" in line] == ["Troops land in Oslo", "Ships leave Oslo"]
    assert "  https://news.example/1" in lines
    assert sum(line.startswith("  fired: ") for line in lines) == 1
    assert lines[-1] == "2 entries in 30 days"


def test_the_summary_is_shown_where_the_words_stand_in_it(config):
    assert "  Line one of troops" in run(config, "line").splitlines()
    assert "Line one" not in run(config, "oslo")


def test_days_and_limit_narrow_and_say_so(config):
    assert run(config, "troops", "--days", "100", "--limit", "1").splitlines()[-1] == (
        "3 entries in 100 days, the newest 1 are shown"
    )
    assert run(config, "nothing-like-it").splitlines() == ["0 entries in 30 days"]


def test_a_program_reads_the_same_as_json(config):
    found = json.loads(run(config, "ships", "--json"))
    assert found["count"] == 1
    assert found["entries"][0]["title"] == "Ships leave Oslo"
    assert found["entries"][0]["fired"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["oslo", "--feed", "nobody"], "no feed has the id 'nobody'", id="feed"),
        pytest.param(["troops", "AND", "ships"], "`AND` is no operator here", id="operator"),
        pytest.param(["*"], "holds no word", id="no-word"),
    ],
)
def test_what_can_not_be_searched_is_said(config, words, said):
    with pytest.raises(ConfigError, match=said):
        run(config, *words)
