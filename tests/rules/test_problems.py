"""Every mistake in a rule file is named with its place and its mend; one golden pair per mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.rehearse import rehearse
from bot.errors import Problem
from bot.rules.trial import run_trials
from tests.rules.given import compiled

GOLDEN = Path(__file__).parent.parent / "golden" / "rules"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))


def problems(name: str) -> list[Problem]:
    result = compiled({f"{name}.yaml": (GOLDEN / f"{name}.yaml").read_text("utf-8")})
    tried = [*(trial.problem() for trial in run_trials(result)), *(one.problem() for one in rehearse(result.ruleset))]
    failures = [problem for problem in tried if problem is not None]
    return sorted([*result.problems, *failures])


def told(name: str) -> str:
    return "".join(f"{problem}\n" for problem in problems(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_is_named_with_its_place_and_its_mend(name):
    assert told(name) == (GOLDEN / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_problem_stands_in_the_file_and_says_what_to_do(name):
    lines = (GOLDEN / f"{name}.yaml").read_text("utf-8").splitlines()
    for problem in problems(name):
        assert 1 <= problem.line <= len(lines) + 1
        assert 1 <= problem.column <= len([*lines, ""][problem.line - 1]) + 1
        assert problem.mend.endswith((".", "?"))
        assert not problem.message.endswith(".")


def test_every_broken_file_has_its_expected_messages():
    assert set(NAMES) == {path.stem for path in GOLDEN.glob("*.txt")}
    assert all(path.stat().st_size for path in GOLDEN.glob("*.txt"))
    assert len(NAMES) >= 40
