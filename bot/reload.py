"""Rules that change on disk while the service runs: noticed, tried, and swapped in as far as they are good."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from bot.errors import ConfigError, Problem
from bot.model import RuleHead
from bot.rulebook import Rulebook, RuleFiles, compile_book, read_folder, rule_paths

log = structlog.get_logger("rules")

MAX_RETRIED = 8  # files that are tried one by one, at a compilation each

Compile = Callable[[RuleFiles], Rulebook]


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a look at the rule files came to.

    `book` runs from now on: the live one itself where nothing could be used. `errors` is what is wrong with the files
    as they are on disk; `kept` are the changed files that are not used for that reason.
    """

    book: Rulebook
    errors: tuple[Problem, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of rules, sorted: what one rulebook has otherwise than the one before it; `off` have an error."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    off: tuple[str, ...]


def choose(live: Rulebook, found: RuleFiles, compiled: Compile) -> Reloaded:
    """Return the book to run, made of the files found, with the live text in place of each changed one with an error.

    A new file with an error is left out. Where a good change breaks a file that did not change, no change is used.
    """
    unread = frozenset(problem.path for problem in found.problems)
    first = compiled(RuleFiles(_mixed(live, found, unread)))
    wrong = _wrong(first, live)
    blamed = unread | {problem.path for problem in wrong if _differs(first, live, problem.path)}
    book = first if blamed == unread else compiled(RuleFiles(_mixed(live, found, blamed)))
    if _wrong(book, live) or (live.ruleset.heads and not book.ruleset.heads):
        return _refused(live, found, (*found.problems, *wrong))
    for path in sorted(blamed - unread)[:MAX_RETRIED] if len(blamed) > 1 else ():
        # Its errors may be another file's doing: a rule that uses a concept of a broken file is good itself.
        again = compiled(RuleFiles(_mixed(live, found, blamed - {path})))
        if not _wrong(again, live):
            book, blamed = again, blamed - {path}
    own = [problem for problem in first.errors if problem.path in blamed]
    old = [problem for problem in book.errors if problem.path not in blamed]
    book = live if book.texts == live.texts else book
    return Reloaded(book, tuple(sorted({*found.problems, *own, *old})), tuple(sorted(blamed)))


def _mixed(live: Rulebook, found: RuleFiles, kept: frozenset[str]) -> dict[str, str]:
    texts = {path: text for path, text in found.texts.items() if path not in kept}
    return texts | {path: text for path, text in live.texts.items() if path in kept}


def _differs(book: Rulebook, live: Rulebook, path: str) -> bool:
    return book.texts.get(path) != live.texts.get(path)


def _wrong(book: Rulebook, live: Rulebook) -> list[Problem]:
    """Return the errors that the live book has not: in changed files every one, in others those at new places."""
    # By place and not by text, since a text may name a line of another file.
    known = {(problem.path, problem.line, problem.column) for problem in live.errors}
    return [
        problem
        for problem in book.errors
        if _differs(book, live, problem.path) or (problem.path, problem.line, problem.column) not in known
    ]


def _refused(live: Rulebook, found: RuleFiles, wrong: Sequence[Problem]) -> Reloaded:
    if not wrong:
        wrong = [Problem(str(live.folder or ""), 0, 0, "no rule is left to run", "Put a rule file back.")]
    changed = {path for path in (*live.texts, *found.texts) if live.texts.get(path) != found.texts.get(path)}
    return Reloaded(live, tuple(sorted(set(wrong))), tuple(sorted(changed)))


def changes(before: Rulebook, after: Rulebook) -> Changes:
    """Return which rules are new, say something else, are gone or are off; tests and layout make no difference."""
    was, now = _said(before), _said(after)
    both = sorted(was.keys() & now.keys())
    return Changes(
        new=tuple(sorted(now.keys() - was.keys())),
        changed=tuple(name for name in both if was[name] != now[name]),
        gone=tuple(sorted(was.keys() - now.keys() - set(after.off))),
        off=after.off,
    )


def _said(book: Rulebook) -> dict[str, tuple[str, RuleHead]]:
    """Return what each rule says."""
    counting = {one.what.rule.id: (one.says, one.what.rule) for one in book.ruleset.counting}
    return counting | {rule.head.id: (rule.says, rule.head) for rule in book.ruleset.rules}


Signature = tuple[tuple[str, ...] | tuple[str, int, int, int], ...]


def signature(folder: Path) -> Signature:
    """Return what changes when a rule file is saved, added or removed: cheap enough for every few seconds."""
    try:
        return tuple(_stamp(path) for path in rule_paths(folder))
    except OSError as error:
        return (("", str(error)),)


def _stamp(path: Path) -> tuple[str, ...] | tuple[str, int, int, int]:
    try:
        seen = path.stat()
    except OSError as error:  # a link into nowhere, or a file that is being replaced
        return (str(path), str(error.strerror))
    return (str(path), seen.st_mtime_ns, seen.st_size, seen.st_ino)


class Reloader:
    """Looks at the folder of a rulebook; `book` is the one to run at this moment.

    `tell` is called with what is wrong with the files, once each time that this has changed, until it succeeds.
    """

    def __init__(
        self,
        book: Rulebook,
        tell: Callable[[Reloaded, datetime], Awaitable[None]],
        compiled: Callable[[RuleFiles, Path | None], Rulebook] = compile_book,
    ) -> None:
        """Begin with a rulebook; one that stands in no folder never changes."""
        self.book = book
        self._tell, self._compiled = tell, compiled
        self._untold: tuple[Reloaded, datetime] | None = None
        self._errors = book.errors
        self._files = RuleFiles(book.texts)
        self._seen: Signature | None = None
        self._judged: Signature | None = None

    async def tick(self, now: datetime) -> None:
        """Look at the folder, and use what has changed in it once it has stayed as it is from one tick to the next."""
        await self._tell_untold()
        if self.book.folder is None:
            return
        seen = await asyncio.to_thread(signature, self.book.folder)
        settled, self._seen = seen == self._seen, seen  # a file that is still being written is left alone
        if not settled or seen == self._judged:
            return
        self._judged = seen
        reloaded = await asyncio.to_thread(self._judge, self.book.folder)
        if reloaded is not None:
            self._use(reloaded, now)
            await self._tell_untold()

    def _judge(self, folder: Path) -> Reloaded | None:
        """Read and compile, in a thread; None where the files say what they said before."""
        try:
            files = read_folder(folder)
        except ConfigError as error:
            files = RuleFiles({}, tuple(p for p in error.problems if isinstance(p, Problem)))
        if files == self._files:
            return None
        live = self.book
        with _no_collections():
            reloaded = choose(live, files, lambda some: self._compiled(some, live.cache))
        self._files = files
        if reloaded.book is live:
            return reloaded
        return replace(reloaded, book=replace(reloaded.book, folder=live.folder, cache=live.cache))

    def _use(self, reloaded: Reloaded, now: datetime) -> None:
        before, self.book = self.book, reloaded.book
        if self.book is not before:
            _say_changes(changes(before, self.book), rules=len(self.book.ruleset.heads))
        if reloaded.errors == self._errors:
            return
        self._errors = reloaded.errors
        if not reloaded.errors:
            self._untold = None
            log.info("the rule files are mended: all of them are in force")
            return
        for problem in reloaded.errors:
            log.error(str(problem))
        self._untold = (reloaded, now)

    async def _tell_untold(self) -> None:
        if self._untold:
            await self._tell(*self._untold)
            self._untold = None


@contextlib.contextmanager
def _no_collections() -> Iterator[None]:
    """Keep the garbage collector still: so many new objects set off full passes, which stop the loop for 0.1 s each."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _say_changes(what: Changes, rules: int) -> None:
    named: Mapping[str, tuple[str, ...]] = {
        "new": what.new, "changed": what.changed, "gone": what.gone, "off": what.off
    }  # fmt: skip
    log.info("rules reloaded", rules=rules, **{word: ",".join(names) for word, names in named.items() if names})
