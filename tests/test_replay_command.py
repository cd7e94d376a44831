"""`wirewatch replay` as a person types it."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.cli.counts import print_counts
from bot.cli.options import read_config
from bot.cli.replay import plain, print_report, replayed, sparkline
from bot.errors import ConfigError
from bot.model import Firing, Match, Plan, RuleHead
from bot.rulebook import load_rulebook
from bot.store import Store
from tests.store.given import NOW, declared, entry

SEEN = NOW - timedelta(days=2)
DAY = f"{SEEN:%m-%d %H:%M}"
EVER = 3650  # days; the command looks back from the real now
DAYS = ("04-24", "04-25", "04-26", "04-27", "04-28", "04-29", "04-30", "05-01")
RULES = {
    "troops": "rule: troops\nmatch: [troops]\n",
    "coups": "rule: coups\nstatus: draft\nmatch: coup\n",
    "off": "rule: 'off'\nmatch: <nothing>\n",
}
TITLES = ["<b>Troops</b> march", "Troops land", "Coup in Arcadia", "Coup fails", "Rain", "Troops of old"]
LIVE = [(1, "troops"), (4, "troops"), (4, "before"), (3, "off")]


def wirewatch(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def config(tmp_path):
    """Fill a store: of two entries about troops one matched live, and of the others one that matches no more."""
    (tmp_path / "config.yaml").write_text("store: w.db\n", "utf-8")
    (tmp_path / "rules").mkdir()
    for name, text in RULES.items():
        (tmp_path / "rules" / f"{name}.yaml").write_text(text, "utf-8")
    entries = [entry(n, title=title, summary="", first_seen_at=SEEN, seeded=n == 2) for n, title in enumerate(TITLES)]
    entries[5] = replace(entries[5], first_seen_at=SEEN - timedelta(days=20))
    matches = [Match(f"m{n}{rule}", entries[n].id, "then", Firing(RuleHead(rule, rule), ()), SEEN) for n, rule in LIVE]

    async def fill():
        store = await Store.open(tmp_path / "w.db", SEEN)
        await store.apply(Plan(await declared(store), entries=tuple(entries), matches=tuple(matches)))
        await store.close()

    asyncio.run(fill())
    return tmp_path / "config.yaml"


@pytest.fixture
def replay(config):
    """Return a function that replays the days before NOW, and gives a report."""

    def replay(rule=None, days=7):
        settings = read_config(config)
        book = load_rulebook(settings.rules, config.parent / "cache")
        return replayed(settings, book, rule, NOW - timedelta(days=days), NOW)

    return replay


def printed(report, most=10):
    out = io.StringIO()
    print_report(report, ZoneInfo("UTC"), Console(file=out), most)
    return out.getvalue().splitlines()


def test_it_says_what_each_rule_fires_on_and_what_differs_from_live(replay):
    assert printed(replay()) == [
        "5 entries, 1 of them from a feed's first poll, 2026-04-24 to 2026-05-01",
        "",
        "before  gone",
        "  live: 1 match; 1 lost",
        f"  − {DAY}  Rain  (herald)",
        "",
        "coups  draft  2 matches, 2 stories",
        "  ·····█··  at most 2 a day",
        "  live: 0 matches; 2 new (1 from a first poll, when no rule runs)",
        f"  + {DAY}  Coup fails  (herald)",
        f"  + {DAY}  Coup in Arcadia  (herald, first poll)",
        "",
        "troops  2 matches, 2 stories",
        "  ·····█··  at most 2 a day",
        "  live: 2 matches; 1 new, 1 lost",
        f"  + {DAY}  Troops march  (herald)",
        f"  − {DAY}  Rain  (herald)",
        "",
        "Not replayed, because they are off: off (`wirewatch check` says why)",
    ]


def test_one_rule_alone_and_a_longer_look_back(replay):
    lines = printed(replay("troops", 30))
    assert lines[0].startswith("6 entries, ")
    assert [line for line in lines if line and line[0] != " "][1:] == ["troops  3 matches, 3 stories"]


def test_json_has_every_difference(replay):
    told = json.loads(json.dumps(plain(replay())))
    assert (told["entries"], told["first_poll"], told["off"]) == (5, 1, ["off"])
    before, coups, troops = told["rules"]
    assert (before["rule"], before["status"], len(before["lost"])) == ("before", "gone", 1)
    assert [one["first_poll"] for one in coups["new"]] == [False, True]
    assert (troops["matches"], troops["stories"], troops["live"]) == (2, 2, 2)
    assert troops["per_day"] == {f"2026-{day}": 2 * (day == "04-29") for day in DAYS}
    assert troops["new"] == [
        {
            "id": entry(0).id,
            "seen_at": SEEN.isoformat(),
            "feed": "herald",
            "title": "Troops march",
            "link": "https://herald.example/0",
            "first_poll": False,
        }
    ]


def test_the_command_prints_one_json_object(config):
    asked = wirewatch("replay", "troops", "--json", "--days", EVER, "-c", config)
    assert (asked.exit_code, asked.output.count("\n")) == (0, 1)
    assert [(one["rule"], one["matches"]) for one in json.loads(asked.output)["rules"]] == [("troops", 3)]


def test_another_folder_of_rules_can_be_tried_on_the_archive(config, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "rain.yaml").write_text("rule: rain\nmatch: rain\n", "utf-8")
    shown = wirewatch("replay", "--rules", other, "--days", EVER, "-c", config).output
    assert "rain  1 match, 1 story" in shown
    assert "Nothing:" not in shown


def test_ten_of_each_difference_are_shown_and_all_on_demand(config):
    async def more():
        store = await Store.open(config.parent / "w.db", SEEN)
        await store.declare_feeds([], SEEN)
        rows = [entry(n, title="Troops march", summary="", first_seen_at=SEEN) for n in range(100, 120)]
        await store.apply(Plan(await declared(store, "wire"), entries=tuple(replace(r, feed_id="wire") for r in rows)))
        await store.close()

    asyncio.run(more())
    shown = wirewatch("replay", "troops", "--days", EVER, "-c", config).output
    assert (shown.count("  + "), "+ ... and 12 more (--all)" in shown) == (11, True)
    assert wirewatch("replay", "troops", "--days", EVER, "--all", "-c", config).output.count("  + ") == 22


def test_rules_that_found_nothing_are_named_in_one_line(config):
    (config.parent / "rules" / "calm.yaml").write_text("rule: calm\nmatch: calm\n", "utf-8")
    assert "\nNothing: calm\n" in wirewatch("replay", "--days", EVER, "-c", config).output


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param("troop", "no rule is called 'troop'; Did you mean `troops`?", id="unknown"),
        pytest.param("off", "the rule 'off' is off, because it has an error", id="off"),
    ],
)
def test_a_rule_that_can_not_be_replayed_is_refused_in_words(rule, said, config):
    refused = wirewatch("replay", rule, "-c", config)
    assert isinstance(refused.exception, ConfigError)
    assert said in str(refused.exception)


def test_without_a_store_it_says_what_makes_one(config):
    (config.parent / "w.db").unlink()
    refused = wirewatch("replay", "-c", config)
    assert isinstance(refused.exception, ConfigError)
    assert "there is no store yet" in str(refused.exception)
    assert not (config.parent / "w.db").exists()


def test_a_service_that_writes_at_the_same_time_is_not_in_the_way(config):
    async def both():
        store = await Store.open(config.parent / "w.db", SEEN)
        state = await declared(store, "wire")
        shown = asyncio.create_task(asyncio.to_thread(wirewatch, "replay", "-c", config))
        written = 0
        while not shown.done():
            written += 1
            await store.apply(Plan(state, entries=(entry(1000 + written, "wire", first_seen_at=SEEN),)))
        await store.close()
        return await shown, written

    shown, written = asyncio.run(both())
    assert (shown.exit_code, written > 0) == (0, True)


@pytest.mark.parametrize(
    ("numbers", "bars"),
    [
        ((), ""),
        ((0, 0), "··"),
        ((0, 1, 0), "·█·"),
        ((1, 2, 4, 8), "▁▂▄█"),
        ((1, 1000), "▁█"),
        (tuple(range(9)), "·▁▂▃▄▅▆▇█"),
    ],
)
def test_bars_grow_with_the_numbers_and_nothing_is_a_dot(numbers, bars):
    assert sparkline(numbers) == bars


# --- what `check` says of the store ---------------------------------------------------------------


def counted(config, now=NOW):
    out = io.StringIO()
    settings = read_config(config)
    print_counts(settings, load_rulebook(settings.rules, config.parent / "cache"), Console(file=out), now)
    return out.getvalue()


def test_check_counts_what_each_rule_found_live(config):
    assert counted(config) == "found live in 30 days: troops 2 items; nothing by coups\n"
    assert counted(config, NOW + timedelta(days=60)) == "found live in 30 days: nothing by coups, troops\n"
    assert "found live in 30 days: " in wirewatch("check", "-c", config).output


def test_check_says_nothing_of_a_store_that_is_not_there_or_not_ours(config):
    (config.parent / "w.db").unlink()
    assert counted(config) == ""
    (config.parent / "w.db").write_text("no database", "utf-8")
    assert counted(config) == ""


def test_looking_brings_no_store_up_to_date(config):
    (config.parent / "w.db").unlink()
    (config.parent / "w.db").touch()
    assert counted(config) == ""
    refused = wirewatch("replay", "-c", config)
    assert "is of another version: `wirewatch run` brings an older one up to date" in str(refused.exception)
    with closing(sqlite3.connect(config.parent / "w.db")) as connection:
        assert connection.execute("select count(*) from sqlite_master").fetchone() == (0,)
