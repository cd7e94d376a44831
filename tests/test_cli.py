"""The commands as a person types them: what they print, and their exit codes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from bot.cli.commands import app, main
from bot.model import Attempt, DeliveryState, FeedState, Meaning, Outcome, Plan, Settlement, Story
from bot.poll import declared
from bot.store import Store
from tests.values import FEED, NOW, alert, delivery

DOCS = Path(__file__).parent.parent / "docs" / "commands.md"


def wirewatch(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text("store: w.db\n", "utf-8")
    (tmp_path / "rules").mkdir()
    rule = "rule: troops\nmatch: [troops]\ntests:\n  fires: [Troops march, Troops land, Troops leave]\n"
    rule += "  silent: [Cake contest, Rain, Snow]\n"
    (tmp_path / "rules" / "troops.yaml").write_text(rule, "utf-8")
    return tmp_path


@pytest.fixture
def outbox(folder):
    """Fill a store with one dead letter, one waiting and one sent delivery; return its configuration."""
    alerts = [replace(alert(ref=f"aaaa{n}", title=f"Troops {n}"), id=f"alert{n}", story_id=f"s{n}") for n in range(3)]
    rows = [
        replace(
            delivery(n, alert=a), id=f"{n}00000000000000f", dedup_key=f"k{n}", created_at=NOW + timedelta(seconds=n)
        )
        for n, a in enumerate(alerts)
    ]

    async def fill():
        store = await Store.open(folder / "w.db", NOW)
        await store.declare_feeds(declared([FEED]), NOW)
        stories = tuple(Story(a.story_id, 0, frozenset({a.id}), NOW) for a in alerts)
        plan = Plan(FeedState("herald", NOW, NOW), stories=stories, alerts=tuple(alerts), deliveries=tuple(rows))
        await store.apply(plan)
        for row, state in ((rows[0], DeliveryState.DEAD), (rows[2], DeliveryState.SENT)):
            attempt = Attempt(f"try-{row.id}", row.id, row.target, NOW)
            await store.begin(attempt)
            ended = replace(attempt, ended_at=NOW, outcome=Outcome(Meaning.REJECTED, "can't parse entities"))
            await store.settle(Settlement(replace(row, state=state, reason="can't parse entities"), ended))
        await store.close()

    asyncio.run(fill())
    return folder / "config.yaml"


def test_list_shows_what_is_not_delivered_and_all_shows_everything(outbox):
    listed = wirewatch("outbox", "list", "-c", outbox)
    assert listed.exit_code == 0
    assert "Troops 0" in listed.output
    assert "Troops 1" in listed.output
    assert "Troops 2" not in listed.output
    assert "Troops 2" in wirewatch("outbox", "list", "--all", "-c", outbox).output
    dead = wirewatch("outbox", "list", "--state", "dead", "-c", outbox).output
    assert "Troops 0" in dead
    assert "Troops 1" not in dead


def test_the_outbox_shows_headlines_that_look_like_markup_and_references_in_full(folder):
    async def fill():
        store = await Store.open(folder / "w.db", NOW)
        await store.declare_feeds(declared([FEED]), NOW)
        told = replace(alert(ref="d07694", title="Junta [/b] says [red]"), id="a", story_id="s")
        row = replace(delivery(1, alert=told), id="8c63a6a4b9901234", dedup_key="k")
        story = Story("s", 0, frozenset({"s"}), NOW)
        await store.apply(Plan(FeedState("herald", NOW, NOW), stories=(story,), alerts=(told,), deliveries=(row,)))
        await store.close()

    asyncio.run(fill())
    listed = wirewatch("outbox", "list", "-c", folder / "config.yaml")
    assert listed.exit_code == 0
    assert "8c63a6a4b9901234" in listed.output
    assert "[d07694]" in listed.output.replace("\n", "")


def test_an_empty_outbox_says_so(outbox):
    assert "Nothing there" in wirewatch("outbox", "list", "--state", "uncertain", "-c", outbox).output


def test_show_tells_every_attempt_by_id_or_reference(outbox):
    for name in ("000", "aaaa0"):
        shown = wirewatch("outbox", "show", name, "-c", outbox)
        assert "rejected: can't parse entities" in shown.output
        assert "https://herald.example/1" in shown.output


def test_replay_and_drop(outbox):
    assert "will be sent" in wirewatch("outbox", "replay", "000", "-c", outbox).output
    assert "will not be sent" in wirewatch("outbox", "drop", "000", "-c", outbox).output
    assert "dropped by the operator" in wirewatch("outbox", "show", "000", "-c", outbox).output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["outbox", "show", "zzz"], "zzz", id="unknown"),
        pytest.param(["outbox", "replay", "200"], "200", id="replay-of-a-sent-one"),
        pytest.param(["outbox", "drop", "200"], "200", id="drop-of-a-sent-one"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_code_2(outbox, words, said, monkeypatch, capsys):
    assert run_main(monkeypatch, *words, "-c", outbox) == 2
    assert said in capsys.readouterr().err


def run_main(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["wirewatch", *(str(word) for word in words)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_without_a_store_the_outbox_says_what_makes_one(folder, monkeypatch, capsys):
    assert run_main(monkeypatch, "outbox", "list", "-c", folder / "config.yaml") == 2
    assert "there is no store yet" in capsys.readouterr().err


def test_a_broken_configuration_ends_with_code_2_and_every_problem(folder, monkeypatch, capsys):
    (folder / "config.yaml").write_text("stor: x\ntimezone: Mars\n", "utf-8")
    assert run_main(monkeypatch, "run", "-c", folder / "config.yaml") == 2
    said = capsys.readouterr().err
    assert "config.yaml:1:1" in said
    assert "config.yaml:2:" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("rule: [", "troops.yaml:", id="no-yaml"),
        pytest.param("rule: troops\nmatsch: [troops]\n", "troops.yaml:2:1", id="no-rule-left"),
        pytest.param("concepts: {a: [b]}\n", "no rule is left", id="no-rule-at-all"),
    ],
)
def test_run_refuses_rules_that_nobody_could_name(folder, monkeypatch, capsys, text, said):
    (folder / "rules" / "troops.yaml").write_text(text, "utf-8")
    assert run_main(monkeypatch, "run", "-c", folder / "config.yaml") == 2
    assert said in capsys.readouterr().err


def test_check_test_and_try(folder):
    config = folder / "config.yaml"
    checked = wirewatch("check", "-c", config)
    assert (checked.exit_code, "troops" in checked.output) == (0, True)
    assert wirewatch("test", "-c", config).exit_code == 0
    tried = wirewatch("try", "Troops march north", "-c", config)
    assert tried.exit_code == 0
    assert "troops" in tried.output


def test_check_says_what_is_wrong_with_both_the_configuration_and_the_rules(folder):
    (folder / "config.yaml").write_text("timezone: Mars\n", "utf-8")
    (folder / "rules" / "troops.yaml").write_text("rule: troops\nmatsch: [troops]\n", "utf-8")
    checked = wirewatch("check", "-c", folder / "config.yaml")
    assert checked.exit_code == 2
    assert "config.yaml:1:" in checked.output
    assert "matsch" in checked.output


def test_a_failing_headline_fails_the_test_command(folder):
    path = folder / "rules" / "troops.yaml"
    path.write_text(path.read_text("utf-8").replace("Rain", "Troops in the rain"), "utf-8")
    failed = wirewatch("test", "--rules", folder / "rules")
    assert failed.exit_code == 1
    assert "Troops in the rain" in failed.output


# --- rules -------------------------------------------------------------------


@pytest.fixture
def rules(tmp_path):
    """Return a function that writes rule files, given as name -> text, and gives their folder."""

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        return tmp_path

    return write


TESTS = "tests: {fires: [Troops march, Troops land, Troops leave], silent: [Cake, Rain, Snow]}\n"


def test_check_reads_a_rule_back_in_plain_words(rules):
    match = "match: [{title: [<army> ... march, {near: [<army>, land], within: 3}]}, =leave]\nunless: film\n"
    concept = "concepts: {army: [troops, soldiers]}\n"
    folder = rules(troops=f"rule: troops\nlevel: urgent\nabout: Troops move\n{match}{concept}{TESTS}")
    checked = wirewatch("check", "--rules", folder)
    assert checked.output.splitlines() == [
        "troops  urgent  Troops move",
        "  fires on any of these:",
        "    - <army>, then within 8 words march in the title",
        "    - <army> and land within 3 words in the title",
        "    - =leave",
        "  unless: film",
        "  tested on 3 headlines that must fire and 3 that must stay silent",
        "",
        "1 rule on; 0 errors, 0 warnings",
    ]
    assert checked.exit_code == 0


def test_check_tells_errors_from_warnings_and_says_which_rules_are_off(rules):
    folder = rules(bad="rule: bad\nmatch: [<nowhere>]\n", good=f"rule: troops\nmatch: [troops]\n{TESTS}")
    checked = wirewatch("check", "--rules", folder)
    assert checked.exit_code == 2
    assert "bad.yaml:2:9: error: there is no concept `<nowhere>`" in checked.output
    assert checked.output.splitlines()[-1] == "1 rule on, 1 off (bad); 1 error, 2 warnings"


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        pytest.param("match: [troops]\n" + TESTS, "troops: 6 headlines as they should be", 0, id="well"),
        pytest.param("match: [march]\n" + TESTS, "troops: 2 of 6 headlines fail", 1, id="two-fail"),
        pytest.param("match: [troops]\n", "troops: no headlines", 0, id="none"),
        pytest.param("match: [<x>]\n" + TESTS, "troops: not tried, because it has an error", 2, id="off"),
        pytest.param("match: [", "troops.yaml", 2, id="unreadable"),
    ],
)
def test_the_test_command_says_how_each_rule_fared(rules, text, said, code):
    tested = wirewatch("test", "--rules", rules(troops=f"rule: troops\n{text}"))
    assert said in tested.output.replace("\n", " ")
    assert tested.exit_code == code


def test_one_rule_alone_can_be_tested_and_an_unknown_one_is_named(rules, monkeypatch, capsys):
    folder = rules(a=f"rule: troops\nmatch: [troops]\n{TESTS}", b=f"rule: other\nmatch: [march]\n{TESTS}")
    assert wirewatch("test", "troops", "--rules", folder).exit_code == 0
    assert run_main(monkeypatch, "test", "troop", "--rules", folder) == 2
    assert "no rule is called 'troop'; there are: other, troops" in capsys.readouterr().err


def test_try_marks_the_words_and_names_what_they_stand_for(rules):
    folder = rules(a=f"rule: troops\nstatus: draft\nmatch: [troops]\n{TESTS}", b="rule: off\nmatch: [<x>]\n")
    said = wirewatch("try", "Two TROOPS march", "--text", "A troop of ten", "--rules", folder).output.splitlines()
    assert said == [
        " NOTICE  troops  (draft: counted, never sent)",
        "  Two *TROOPS* march",
        "  A *troop* of ten",
        "  because of: TROOPS, troop (troops)",
        "Not asked, because they are off: off (`wirewatch check` says why)",
    ]


def test_try_says_which_rules_came_near_and_what_was_missed(rules):
    excluded = f"rule: troops\nmatch: [troops]\nunless: [film]\n{TESTS}"
    folder = rules(
        a=excluded, b="rule: pair\nmatch: {all: [film, actor]}\n", c="rule: p\nstatus: paused\nmatch: film\n"
    )
    said = wirewatch("try", "Film about troops", "--rules", folder).output.splitlines()
    assert said == [
        "No rule fires.",
        "Near: troops — it would fire, but `unless` drops it: Film",
        "Near: pair — found: Film; missed: actor",
    ]
    assert wirewatch("try", "Nothing at all", "--rules", folder).output.splitlines() == ["No rule fires."]


def test_explain_shows_each_part_and_the_words_that_it_found(rules):
    concepts = "concepts: {land: {entries: {ML: [Mali]}}, army: [troops, soldiers]}\n---\n"
    match = "match: [{title: <army> ... <land as place>}, {all: [coup, none: [film]]}]\nunless: parade\n"
    folder = rules(a=f"{concepts}rule: troops\n{match}")
    said = wirewatch("explain", "troops", "Soldiers reach Mali", "--rules", folder)
    assert said.output.splitlines() == [
        "troops fires",
        "  place: ML",
        "match",
        "  ✓ any of: Soldiers, Mali",
        "    ✓ in the title: Soldiers, Mali",
        "      ✓ <army>, then within 8 words <land as place>: Soldiers, Mali",
        "        ✓ <army>: Soldiers",
        "        ✓ <land as place>: Mali",
        "    ✗ all of",
        "      ✗ coup",
        "      ✓ none of",
        "        ✗ film",
        "unless",
        "  ✗ parade",
    ]
    dropped = wirewatch("explain", "troops", "Parade of troops in Mali", "--rules", folder)
    assert dropped.output.splitlines()[0] == "troops does not fire: `unless` drops it"


COUNTED = """
concepts: {country: {entries: {ML: [Mali], TD: [Chad]}}}
---
rule: unrest
match: [<country as place> ... riot, riot]
---
rule: coups
match: <country as place> ... coup
---
rule: many-alarms
about: Many alarms about one country
level: flash
status: draft
when:
  rules: [unrest, coups]
  by: place
  in: 90m
  at least: {stories: 2, sources: 2}
  versus: 14 days
  times: 2.5
tests:
  silent:
    - sequence: [{at: 0m, source: a, title: Mali riot}]
"""


def test_a_correlation_rule_is_read_back_in_plain_words(tmp_path):
    (tmp_path / "a.yaml").write_text(COUNTED, "utf-8")
    shown = wirewatch("check", "--rules", tmp_path).output
    assert shown[shown.index("many-alarms  flash") :] == (
        "many-alarms  flash · draft: counted, never sent  Many alarms about one country\n"
        "  fires when within 90 minutes at least 2 stories and 2 sources name the same thing as place, and that is 2.5"
        " times the usual number of stories of the last 14 days\n"
        "  counts what these rules find: coups, unrest\n"
        "  speaks of the same thing again after 90 minutes\n"
        "  tested on 0 sequences that must fire and 1 that must stay silent\n\n"
        "3 rules on; 0 errors, 6 warnings\n"
    )


def test_without_versus_it_says_nothing_of_what_is_usual(tmp_path):
    text = COUNTED.replace("  versus: 14 days\n  times: 2.5\n", "").replace("{stories: 2, sources: 2}", "2")
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    said = "  fires when within 90 minutes at least 2 stories name the same thing as place\n"
    assert said in wirewatch("check", "--rules", tmp_path).output


@pytest.mark.parametrize(
    ("change", "said", "code"),
    [
        pytest.param(("", ""), "many-alarms: 1 sequence as they should be\n", 0, id="well"),
        pytest.param(("  silent:", "  fires:"), "many-alarms: 1 of 1 sequence fails\n", 1, id="failing"),
        pytest.param(
            ("silent:\n    - sequence: [{at: 0m, source: a, title: Mali riot}]", "silent: []"),
            "many-alarms: no sequences\n",
            0,
            id="untested",
        ),
        pytest.param(
            ("by: place", "by: host"),
            "many-alarms: not tried, because it has an error (`wirewatch check` shows it)\n",
            2,
            id="error",
        ),
    ],
)
def test_the_test_command_says_how_sequences_fared(tmp_path, change, said, code):
    (tmp_path / "a.yaml").write_text(COUNTED.replace(*change), "utf-8")
    tested = wirewatch("test", "many-alarms", "--rules", tmp_path)
    assert (tested.output.endswith(said), tested.exit_code) == (True, code)
    assert ("many-alarms` is off: it does not fire on its sequence" in tested.output) is (code == 1)


def test_try_and_explain_say_what_a_headline_counts_for(tmp_path):
    (tmp_path / "a.yaml").write_text(COUNTED, "utf-8")
    assert "Counted by many-alarms for ML\n" in wirewatch("try", "Mali riot", "--rules", tmp_path).output
    assert "Counted" not in wirewatch("try", "A riot", "--rules", tmp_path).output
    explained = {
        title: wirewatch("explain", "many-alarms", title, "--rules", tmp_path).output
        for title in ("Mali coup and riot", "A riot", "Calm")
    }
    assert explained["Mali coup and riot"].startswith(
        "many-alarms counts it\n  by coups (place: ML), for ML\n  by unrest (place: ML), for ML\n"
        "It fires when within 90 minutes at least 2 stories and 2 sources"
    )
    assert explained["A riot"].startswith("many-alarms does not count it\n  unrest fires, and captures none of place\n")
    assert explained["Calm"].startswith(
        "many-alarms does not count it\n  none of its rules fires on it: coups, unrest\n"
    )


def test_explain_of_a_rule_that_is_off_or_nowhere_says_so(rules, monkeypatch, capsys):
    folder = rules(a=f"rule: troops\nmatch: [troops]\n{TESTS}", b="rule: off\nmatch: [<x>]\n")
    assert run_main(monkeypatch, "explain", "off", "Coup", "--rules", folder) == 2
    assert "the rule off is off because of an error" in capsys.readouterr().err
    assert run_main(monkeypatch, "explain", "trops", "Coup", "--rules", folder) == 2
    assert "Did you mean `troops`?" in capsys.readouterr().err


def test_missed_names_the_rules_that_fire_and_those_that_came_near(rules):
    folder = rules(a="rule: one\nmatch: troops\n", b="rule: two\nmatch: {all: [troops, boats]}\n")
    said = wirewatch("missed", "Troops march", "--rules", folder).output.splitlines()
    assert said == ["one fires on it", "Near: two — found: Troops; missed: boats"]
    assert "No rule came near" in wirewatch("missed", "Nothing", "--rules", folder).output


def test_concepts_are_listed_with_their_words_and_users(rules, monkeypatch, capsys):
    text = "concepts: {army: [a, b, c, d, e, f, g], force: [<army>, navy], land: {en: [Mali], fr: [le Mali]}}\n---\n"
    folder = rules(a=f"{text}rule: one\nmatch: <force> near <land>\n")
    said = wirewatch("concepts", "--rules", folder).output.splitlines()
    assert "army  used by one" in said
    assert "  en: a, b, c, d, e, f, and 1 more" in said
    assert wirewatch("concepts", "MALI", "--rules", folder).output.splitlines() == [
        "land  used by one", "  en: Mali", "  fr: le Mali",
    ]  # fmt: skip
    assert run_main(monkeypatch, "concepts", "forse", "--rules", folder) == 2
    assert "Did you mean `force`?" in capsys.readouterr().err


def test_forms_of_a_word_and_of_a_concept(rules, monkeypatch, capsys):
    folder = rules(a="concepts: {army: {en: [march*], de: [marsch]}}\n---\nrule: one\nmatch: <army>\n")
    said = wirewatch("forms", "send", "--rules", folder).output
    assert said.startswith("en  send: ")
    assert {"sent", "sends", "sending"} <= set(said.split(": ")[1].strip().split("/"))
    assert wirewatch("forms", "army", "--lang", "en", "--rules", folder).output == "en  march*: march*\n"
    assert len(wirewatch("forms", "army", "--rules", folder).output.splitlines()) == 2
    assert run_main(monkeypatch, "forms", "army", "--lang", "fr", "--rules", folder) == 2
    assert run_main(monkeypatch, "forms", "x*", "--rules", folder) == 2
    assert "too short a prefix" in capsys.readouterr().err


def test_version(monkeypatch):
    assert wirewatch("--version").output.startswith("wirewatch 0.")


def commands(group, name="wirewatch"):
    """Yield (full name, command) of every command below a group."""
    for word, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} {word}")
        else:
            yield f"{name} {word}", command


ALL = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_option_is_documented_and_helps(name):
    page = DOCS.read_text("utf-8")
    assert f"## `{name}" in page
    section = page.split(f"## `{name}", 1)[1].split("\n## ", 1)[0]
    for parameter in ALL[name].params:
        flag = max(parameter.opts, key=len)
        assert (flag if flag.startswith("-") else flag.upper()) in section, flag
    helped = wirewatch(*name.split()[1:], "--help")
    assert helped.exit_code == 0
    assert ALL[name].help
