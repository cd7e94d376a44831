"""The rules on disk as one frozen value: read, compiled, tried on their own headlines."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigError, Problem
from bot.rules.compile import compile_rules, read_rules
from bot.rules.draft import Draft
from bot.rules.forms import Forms, Vocabulary, by_language, expand_part, forms_key, union
from bot.rules.ruleset import RuleSet
from bot.rules.trial import Trial, run_trials
from bot.territories import country_names

KEPT_TABLES = 64  # in the cache, one a language and version of the rules: the newest ones


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What a folder of rules came to.

    `ruleset` holds the rules that are on, `off` names those with an error or a failing test; `problems` are those
    of all files, sorted; `unreadable` are the paths that could not be read at all.
    """

    ruleset: RuleSet
    problems: tuple[Problem, ...]
    trials: tuple[Trial, ...]
    unreadable: tuple[str, ...]
    off: tuple[str, ...] = ()


def load_rulebook(folder: Path, cache: Path | None = None) -> Rulebook:
    """Read and compile every `.yaml` and `.yml` file under a folder.

    Word forms are cached under `cache` (None: the user's cache folder); a cache that can't be used costs a second,
    nothing else. Raises ConfigError only where the folder can't be read.
    """
    files, problems = _read(folder)
    draft = read_rules(files, lambda: country_names(_cache_folder() if cache is None else cache))
    compiled = compile_rules(draft, _forms(draft, _cache_folder() if cache is None else cache))
    trials = run_trials(compiled)
    failed = {trial.rule_id: trial for trial in trials if not trial.passed}
    problems += compiled.problems
    problems += [problem for trial in trials if (problem := trial.problem()) is not None]
    unreadable = {*draft.unreadable, *(problem.path for problem in problems if problem.path not in files)}
    return Rulebook(
        compiled.ruleset.without(frozenset(failed)) if failed else compiled.ruleset,
        tuple(sorted(problems)),
        trials,
        tuple(sorted(unreadable)),
        tuple(sorted({*compiled.off, *failed})),
    )


def _read(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    files: dict[str, str] = {}
    problems: list[Problem] = []
    try:
        paths = sorted(path for path in _walk(folder) if path.suffix in (".yaml", ".yml"))
    except OSError as error:
        message, mend = f"the rules can't be read: {error.strerror}", "Give the folder that holds the rule files."
        raise ConfigError(Problem(str(error.filename), 0, 0, message, mend)) from error
    for path in paths:
        try:
            files[str(path)] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            problems.append(Problem(str(path), 0, 0, "the file is not UTF-8 text", "Save it with the encoding UTF-8."))
        except OSError as error:
            problems.append(Problem(str(path), 0, 0, f"the file can't be read: {error.strerror}", "Check its rights."))
    return files, problems


def _walk(folder: Path, above: frozenset[Path] = frozenset()) -> list[Path]:
    """Return the files under a folder, hidden ones left out; a link back to a folder `above` leads nowhere."""
    found: list[Path] = []
    within = above | {folder.resolve()}
    for path in folder.iterdir():
        if not path.name.startswith(".") and path.resolve() not in within:
            found += _walk(path, within) if path.is_dir() else [path]
    return found


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wirewatch"


def _forms(draft: Draft, cache: Path) -> Forms:
    """Return the forms of a draft's words; a table a language, so that a new word costs one dictionary only."""
    parts = by_language(draft.vocabulary)
    return union(draft.vocabulary, [_table(language, part, cache) for language, part in parts.items()])


def _table(language: str, part: Vocabulary, cache: Path) -> Forms:
    key = forms_key(part)
    path = cache / f"forms-{language}-{key}.json"
    with suppress(OSError, ValueError):
        known = Forms.from_json(path.read_text(encoding="utf-8"))
        if known.key == key:
            return known
    forms = expand_part(language, part)
    with suppress(OSError):
        _keep(path, forms.to_json())
    return forms


def _keep(path: Path, text: str) -> None:
    """Write a table beside the others so that no reader sees half of it, and let go of the oldest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_text(text, encoding="utf-8")
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    tables = sorted(path.parent.glob("forms-*.json"), key=lambda table: table.stat().st_mtime)
    for old in tables[:-KEPT_TABLES]:
        old.unlink(missing_ok=True)
