"""The way in: what the README says can be typed, and the Makefile makes .venv once or says what is missing."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import typer

from bot.cli.commands import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11", "python3")

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def commands(group: typer.Typer, prefix: str = "wirewatch") -> set[str]:
    """Return every command that can be typed, with those of its groups."""
    found = {f"{prefix} {one.name or getattr(one.callback, '__name__', '')}" for one in group.registered_commands}
    for inner in group.registered_groups:
        assert inner.typer_instance
        found |= commands(inner.typer_instance, f"{prefix} {inner.name}")
    return found


def test_the_readme_lists_every_command_and_no_other():
    listed = set(re.findall(r"^\| `(wirewatch [a-z ]+[a-z])", README, re.MULTILINE))
    assert listed == commands(app)


def test_the_readme_names_only_targets_that_the_makefile_has():
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    named = set(re.findall(r"(?:^|`|\s)make ([a-z]+)\b", "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))))
    assert {"run", "test", "demo"} <= named <= targets


def test_the_plain_commands_of_the_tests_are_those_of_the_makefile():
    recipe = re.search(r"^test: .*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert recipe
    steps = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe[1].splitlines()]
    assert "\n".join(steps) in README


def test_the_links_of_the_readme_lead_somewhere():
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / link).exists(), link


def test_ci_calls_make_test_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")][-1] == "exec make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR


def test_every_pin_is_exact_and_has_hashes_and_no_address_is_named():
    text = (ROOT / "constraints.txt").read_text("utf-8")
    pins = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    assert len(pins) > 20
    assert all(re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", pin) for pin in pins)
    assert "://" not in text
    assert "/" not in text.replace("# Made by `make constraints` from pyproject.toml", "")


def test_every_dependency_is_pinned():
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE))
    wanted = set(re.findall(r'^  "([a-z0-9-]+)[\[>=]', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE))
    assert wanted
    assert wanted <= pinned


# --- the Makefile, with stand-ins for Python -------------------------------------------------------


def stand_ins(folder: Path, script: str) -> Path:
    """Make a folder in which every name of Python is this shell script."""
    for name in PYTHONS:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (folder / name).chmod(0o755)
    return folder


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run make in a copy of the checkout's outer files, with the stand-ins found first."""
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    environ = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "LANG": "C"}
    return subprocess.run(["make", *words], cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def bin_folder(tmp_path):
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


@needs_make
def test_a_machine_without_a_new_enough_python_is_told_so(tmp_path, bin_folder):
    stand_ins(bin_folder, "exit 1")
    done = make(tmp_path, "run")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert not (tmp_path / ".venv").exists()


@needs_make
def test_a_python_without_ensurepip_is_told_how_to_get_it(tmp_path, bin_folder):
    stand_ins(bin_folder, 'case "$2" in *ensurepip*) exit 1;; esac')
    done = make(tmp_path, "run")
    assert done.returncode != 0
    assert "python3.14 can't make a virtual environment" in done.stderr
    assert "sudo apt install python3-venv" in done.stderr


# Makes a virtual environment of two scripts that write down how they were called.
FAKE = """
case "$1 $2" in
  "-m venv")
    mkdir -p "$3/bin"
    printf '#!/bin/sh\\necho "python $*" >> ../calls\\n' > "$3/bin/python"
    printf '#!/bin/sh\\necho "wirewatch $*" >> ../calls\\n' > "$3/bin/wirewatch"
    chmod +x "$3/bin/python" "$3/bin/wirewatch";;
esac
"""


@needs_make
def test_the_second_call_installs_nothing(tmp_path, bin_folder):
    stand_ins(bin_folder, FAKE)
    folder = tmp_path / "checkout"
    folder.mkdir()
    shutil.copytree(bin_folder, folder / "bin")
    calls = tmp_path / "calls"
    assert make(folder, "run").returncode == 0
    first = calls.read_text("utf-8").splitlines()
    assert [line.split(" ")[0] for line in first] == ["python", "python", "wirewatch"]
    assert "--require-hashes -r constraints.txt" in first[0]
    assert "--no-deps --no-build-isolation -e ." in first[1]
    calls.write_text("", "utf-8")
    again = subprocess.run(["make", "run"], cwd=folder, capture_output=True, text=True, check=True)
    assert calls.read_text("utf-8") == "wirewatch run\n"
    assert again.stderr == ""


@needs_make
def test_new_pins_are_installed_into_the_environment_that_is_there(tmp_path, bin_folder):
    folder = tmp_path / "checkout"
    folder.mkdir()
    shutil.copytree(stand_ins(bin_folder, FAKE), folder / "bin")
    make(folder, "run")
    (tmp_path / "calls").write_text("", "utf-8")
    stamp = (folder / ".venv" / ".installed").stat().st_mtime
    os.utime(folder / "constraints.txt", (stamp + 5, stamp + 5))
    done = subprocess.run(["make", "run"], cwd=folder, capture_output=True, text=True, check=True)
    assert "Making .venv" not in done.stderr
    called = (tmp_path / "calls").read_text("utf-8").splitlines()
    assert "--require-hashes" in called[1]
    assert called[-1] == "wirewatch run"
