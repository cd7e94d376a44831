"""Imports go downwards only, without cycles, in the folders that the architecture has; style bounds hold."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BOT = ROOT / "bot"

# A module has the rank of its longest prefix here. Siblings of one rank never import each other.
RANKS = {
    "bot.model": 0,
    "bot.errors": -1,
    "bot.marked": 0,
    "bot.rules": 1,
    "bot.core": 1.5,
    "bot.ports": 2,
    "bot.http_errors": 3,
    "bot.redact": 3,
    "bot.config": 4,
    "bot.poll": 4,
    "bot.deliver": 4,
    "bot.rulebook": 4,
    "bot.sources": 4,
    "bot.channels": 4,
    "bot.store": 4,
    "bot.app": 5,
    "bot.beat": 4.5,
    "bot.reload": 4.5,
    "bot.clock": 3,
    "bot.territories": 3,
    "bot.wordforms": 3,
    "bot.tables": 5,
    "bot.logs": 4,
    "bot.cli": 6,
    "bot.__main__": 7,
}
PURE = ("bot.rules", "bot.core", "bot.model", "bot.errors", "bot.marked")
IMPURE_MODULES = frozenset(
    {"asyncio", "time", "random", "socket", "os", "pathlib", "logging", "subprocess", "uuid"}
    | {"structlog", "httpx", "sqlalchemy"}
)


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(BOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def home(module: str) -> str:
    parts = module.split(".")
    for n in range(len(parts), 0, -1):
        if (prefix := ".".join(parts[:n])) in RANKS:
            return prefix
    raise AssertionError(f"{module} has no place in the architecture")


def imports(path: Path) -> set[str]:
    """Return what a module names: of `from bot.store import desk` the module bot.store.desk, not its package."""
    known = modules()
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= inner if inner <= known.keys() else inner | {node.module or ""}
    return names


def own_imports(path: Path) -> set[str]:
    known = modules()
    return {name for name in imports(path) if name in known and name != "bot"}


MODULES = [name for name in modules() if name != "bot"]


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_downwards_only(name):
    here = home(name)
    for other in own_imports(modules()[name]):
        there = home(other)
        assert RANKS[there] < RANKS[here] or there == here, f"{name} imports {other}"


def test_there_is_no_import_cycle():
    graph = {name: own_imports(path) - {name} for name, path in modules().items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("name", [m for m in MODULES if m.startswith(PURE)])
def test_pure_modules_import_nothing_that_acts(name):
    assert not {i.split(".")[0] for i in imports(modules()[name])} & IMPURE_MODULES


@pytest.mark.parametrize("name", MODULES)
def test_modules_and_functions_stay_short(name):
    text = modules()[name].read_text("utf-8")
    assert text.count("\n") <= 300
    if "migrations.versions" in name:
        return  # a migration is one list of tables
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= 40, f"{node.name} has {lines} lines"
