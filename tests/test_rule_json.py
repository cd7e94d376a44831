"""`check --json` and `test --json`: one JSON object for programs, with the exit codes that people get."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app

TESTS = "tests: {fires: [Troops march, Troops land, Troops leave], silent: [Cake, Rain, Snow]}\n"
GOOD = f"rule: troops\nlevel: urgent\nmatch: [troops]\n{TESTS}"


def wirewatch(*words):
    """Return what a command printed, as JSON, and its exit code; nothing else may be printed."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.stderr == ""
    return json.loads(done.stdout), done.exit_code


@pytest.fixture
def rules(tmp_path):
    """Return a function that writes rule files, given as name -> text, and gives their folder."""

    def write(**texts):
        (tmp_path / "rules").mkdir()
        for name, text in texts.items():
            (tmp_path / "rules" / f"{name}.yaml").write_text(text, "utf-8")
        return tmp_path / "rules"

    return write


def test_check_tells_every_problem_rule_and_what_is_off(rules):
    silent = "rule: quiet\nstatus: paused\nmatch: [junta]\ntests: {fires: [A junta], silent: [Rain, Snow, Cake]}\n"
    folder = rules(bad="rule: bad\nlevel: lout\nmatch: [coup]\n" + TESTS, good=f"{GOOD}---\n{silent}")
    said, code = wirewatch("check", "--json", "--rules", folder)
    assert said == {
        "problems": [
            {
                "path": str(folder / "bad.yaml"),
                "line": 2,
                "column": 8,
                "severity": "error",
                "message": "`lout` is not a level",
                "mend": "Use one of: `info`, `notice`, `urgent`, `flash`.",
            },
            {
                "path": str(folder / "good.yaml"),
                "line": 9,
                "column": 16,
                "severity": "warning",
                "message": "the rule `quiet` has 1 `fires` headline",
                "mend": "Give at least 3 under `tests:`, `fires:`.",
            },
        ],
        "rules": [
            {"id": "quiet", "level": "notice", "status": "paused", "fires": 1, "silent": 3},
            {"id": "troops", "level": "urgent", "status": "live", "fires": 3, "silent": 3},
        ],
        "off": ["bad"],
    }
    assert code == 2


def test_warnings_alone_end_well(rules):
    said, code = wirewatch("check", "--json", "--rules", rules(a="rule: troops\nstatus: draft\nmatch: [troops]\n"))
    assert [problem["severity"] for problem in said["problems"]] == ["warning", "warning"]
    assert [rule["status"] for rule in said["rules"]] == ["draft"]
    assert code == 0


def test_the_configuration_and_a_missing_folder_are_problems_like_any_other(tmp_path):
    (tmp_path / "config.yaml").write_text("timezone: 5\n", "utf-8")
    said, code = wirewatch("check", "--json", "-c", tmp_path / "config.yaml")
    assert [(problem["path"], problem["line"]) for problem in said["problems"]] == [
        (str(tmp_path / "config.yaml"), 1),
        (str(tmp_path / "rules"), 0),
    ]
    assert (said["rules"], said["off"], code) == ([], [], 2)


def test_test_tells_how_each_rule_fared(rules):
    failing = GOOD.replace("Rain", "Troops in the rain").replace("Troops land", "Ships land")
    folder = rules(a=failing, b="rule: bad\nmatch: [<x>]\n", c=GOOD.replace("rule: troops", "rule: well"), d="rule: [")
    said, code = wirewatch("test", "--json", "--rules", folder)
    path = str(folder / "a.yaml")
    missing = {"headline": "Ships land", "expected": "fires", "hit": [], "missed": ["troops"]}
    loud = {"headline": "Troops in the rain", "expected": "silent", "hit": ["Troops"], "missed": []}
    assert said == {
        "rules": [
            {"id": "bad", "passed": False, "failed": []},
            {
                "id": "troops",
                "passed": False,
                "failed": [{**missing, "path": path, "line": 4}, {**loud, "path": path, "line": 4}],
            },
            {"id": "well", "passed": True, "failed": []},
        ],
        "unreadable": [str(folder / "d.yaml")],
    }
    assert code == 2


@pytest.mark.parametrize(
    ("rule", "code"),
    [pytest.param("troops", 1, id="fails"), pytest.param("well", 0, id="passes"), pytest.param("bad", 2, id="off")],
)
def test_one_rule_alone_has_its_own_exit_code(rules, rule, code):
    failing = GOOD.replace("Rain", "Troops in the rain")
    folder = rules(a=failing, b="rule: bad\nmatch: [<x>]\n", c=GOOD.replace("rule: troops", "rule: well"))
    said, ended = wirewatch("test", rule, "--json", "--rules", folder)
    assert [one["id"] for one in said["rules"]] == [rule]
    assert ended == code


def test_what_should_have_been_captured_is_missed(rules):
    rule = "rule: coups\nmatch: coup ... <land as place>\nconcepts: {land: {entries: {ML: [Mali], TD: [Chad]}}}\n"
    tests = "tests: {fires: [{title: Coup in Mali, captures: {place: TD}}], silent: [Rain, Snow, Cake]}\n"
    said, code = wirewatch("test", "--json", "--rules", rules(coups=rule + tests))
    (failed,) = said["rules"][0]["failed"]
    assert (failed["hit"], failed["missed"], code) == (["Coup", "Mali"], ["place: TD"], 1)


def test_an_unknown_rule_is_an_error_in_words(rules):
    done = CliRunner().invoke(app, ["test", "troop", "--json", "--rules", str(rules(a=GOOD))])
    assert "no rule is called 'troop'; there are: troops" in str(done.exception)
    assert done.stdout == ""


COUNTED = """
concepts: {country: [Mali, Chad]}
---
rule: unrest
match: <country as place> riot
tests: {fires: [Mali riot, Chad riot, A Mali riot], silent: [Calm, Rain, Snow]}
---
rule: many-riots
level: flash
when: {rules: unrest, by: place, in: 12h, at least: 2}
tests:
  fires:
    - &one
      sequence: [{at: 0m, source: a, title: Mali riot}, {at: 1h, source: b, text: A riot}]
    - *one
    - *one
  silent: [*one, *one, *one]
"""


def test_sequences_are_told_as_headlines_are(rules):
    folder = rules(counted=COUNTED)
    said, code = wirewatch("test", "many-riots", "--json", "--rules", folder)
    (rule,) = said["rules"]
    assert (rule["id"], rule["passed"], len(rule["failed"]), code) == ("many-riots", False, 3, 1)
    assert rule["failed"][0] == {
        "headline": "Mali riot → A riot",
        "expected": "fires",
        "hit": [],
        "missed": ["Mali: 1 of 2 stories", "A riot"],
        "path": str(folder / "counted.yaml"),
        "line": 13,
    }


def test_check_tells_of_correlation_rules_too(rules):
    folder = rules(counted=COUNTED.replace("text: A riot", "text: Great Mali riot at noon"))
    said, code = wirewatch("check", "--json", "--rules", folder)
    assert (said["off"], code) == (["many-riots"], 2)
    folder.joinpath("counted.yaml").write_text(COUNTED.replace("  fires:\n", "  silent:\n").split("  silent: [*")[0])
    said, code = wirewatch("check", "--json", "--rules", folder)
    assert said["rules"] == [
        {"id": "many-riots", "level": "flash", "status": "live", "fires": 0, "silent": 3},
        {"id": "unrest", "level": "notice", "status": "live", "fires": 3, "silent": 3},
    ]
