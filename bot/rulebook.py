"""The rules on disk as one frozen value: read, compiled, tried on their own headlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.core.rehearse import Rehearsal, rehearse
from bot.errors import ConfigError, Problem
from bot.rules.compile import compile_rules, read_rules
from bot.rules.ruleset import RuleSet
from bot.rules.trial import Trial, run_trials
from bot.territories import country_names
from bot.wordforms import cache_folder, forms_for


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """The rule files of a folder, path -> text, and what is wrong with those that could not be read."""

    texts: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What a folder of rules came to.

    `ruleset` holds the rules that are on, `off` names those with an error or a failing test; `problems` are those
    of all files, sorted; `rehearsals` are the sequences of correlation rules, as `trials` are headlines; `unreadable`
    are the paths that could not be read at all; `texts` is what it was made of, `folder` and `cache` where that stands
    (None: in no folder, and in the user's cache).
    """

    ruleset: RuleSet
    problems: tuple[Problem, ...]
    trials: tuple[Trial, ...]
    unreadable: tuple[str, ...]
    off: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    folder: Path | None = None
    cache: Path | None = None
    rehearsals: tuple[Rehearsal, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that are more than warnings."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def load_rulebook(folder: Path, cache: Path | None = None) -> Rulebook:
    """Read and compile every `.yaml` and `.yml` file under a folder.

    Word forms are cached under `cache` (None: the user's cache folder); a cache that can't be used costs a second,
    nothing else. Raises ConfigError only where the folder can't be read.
    """
    return replace(compile_book(read_folder(folder), cache), folder=folder, cache=cache)


def compile_book(files: RuleFiles, cache: Path | None = None) -> Rulebook:
    """Compile what `read_folder` gave, and try the rules on their own headlines."""
    where = cache_folder() if cache is None else cache
    draft = read_rules(files.texts, lambda: country_names(where))
    compiled = compile_rules(draft, forms_for(draft.vocabulary, where))
    trials = run_trials(compiled)
    failed = {trial.rule_id for trial in trials if not trial.passed}
    needy = [problem for one in compiled.ruleset.counting for problem in one.lacks(failed)]
    failed |= {one.what.rule.id for one in compiled.ruleset.counting if one.what.rules & failed}
    ruleset = compiled.ruleset.without(frozenset(failed)) if failed else compiled.ruleset
    rehearsals = rehearse(ruleset)
    silly = frozenset(one.rule_id for one in rehearsals if not one.passed)
    problems = [*files.problems, *compiled.problems, *needy]
    told = [*(trial.problem() for trial in trials), *(one.problem() for one in rehearsals)]
    problems += [problem for problem in told if problem is not None]
    unreadable = {*draft.unreadable, *(problem.path for problem in problems if problem.path not in files.texts)}
    return Rulebook(
        ruleset.without(silly) if silly else ruleset,
        tuple(sorted(problems)),
        trials,
        tuple(sorted(unreadable)),
        tuple(sorted({*compiled.off, *failed, *silly})),
        files.texts,
        rehearsals=rehearsals,
    )


def rule_paths(folder: Path) -> list[Path]:
    """Return the rule files under a folder, sorted; hidden ones are none. Raises OSError."""
    return sorted(path for path in _walk(folder) if path.suffix in (".yaml", ".yml"))


def read_folder(folder: Path) -> RuleFiles:
    """Read every rule file under a folder. Raises ConfigError where the folder can't be read."""
    files: dict[str, str] = {}
    problems: list[Problem] = []
    try:
        paths = rule_paths(folder)
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
    return RuleFiles(files, tuple(problems))


def _walk(folder: Path, above: frozenset[Path] = frozenset()) -> list[Path]:
    """Return the files under a folder, hidden ones left out; a link back to a folder `above` leads nowhere."""
    found: list[Path] = []
    within = above | {folder.resolve()}
    for path in folder.iterdir():
        if not path.name.startswith(".") and path.resolve() not in within:
            found += _walk(path, within) if path.is_dir() else [path]
    return found
