"""What rule files say before it is compiled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.errors import Problem
from bot.model import AlertPolicy, Feed, Item, Least, Level, RuleHead
from bot.rules.parts import Part, Ref
from bot.rules.terms import Term
from bot.rules.where import Where


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a rule file; line and column count from 1."""

    path: str
    line: int
    column: int

    def problem(self, message: str, mend: str, severity: str = "error") -> Problem:
        """Return a Problem at this place."""
        return Problem(self.path, self.line, self.column, message, mend, severity)


@dataclass(frozen=True, slots=True)
class Headline:
    """An item that a rule's author has judged: it must fire, or must stay silent."""

    item: Item
    fires: bool
    place: Place
    captures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """An item of a timed sequence: what a feed brings, so long after the sequence begins."""

    after: timedelta
    feed: Feed
    item: Item


@dataclass(frozen=True, slots=True)
class TimedSequence:
    """What comes in, in order of time, that a correlation rule must or must not fire on; `value` "" is on any value."""

    steps: tuple[Step, ...]
    fires: bool
    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class WhenDraft:
    """What a rule counts, as written; names and roles with their places."""

    rules: tuple[tuple[str, Place], ...]
    by: tuple[tuple[str, Place], ...]
    within: timedelta
    least: Least
    versus: timedelta | None
    times: float
    sequences: tuple[TimedSequence, ...]


@dataclass(frozen=True, slots=True)
class ConceptDraft:
    """A concept as written. `broken` if some of it could not be read; `refs` are all concepts that it names."""

    name: str
    part: Part | None
    place: Place
    content: str
    broken: bool
    refs: tuple[Ref, ...]
    values: tuple[tuple[int, str], ...] = ()  # term id, and the id of the entry that it stands for
    extends: bool = False  # adds to a concept of this name that stands elsewhere


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as written. `broken` if some of it could not be read, and `match` may then be None.

    `refs` are all concepts that it names, in what could not be read too. A correlation rule has `when` and no match.
    """

    head: RuleHead
    match: Part | None
    outside: Part | None
    unless: Part | None
    headlines: tuple[Headline, ...]
    paused: bool
    place: Place
    content: str
    broken: bool
    refs: tuple[Ref, ...]
    different: tuple[str, ...] = ()
    where: Where | None = None
    when: WhenDraft | None = None


@dataclass(frozen=True, slots=True)
class AdjustDraft:
    """What a document changes of a rule that another defines; None where it leaves it as it is."""

    rule_id: str
    level: Level | None
    tags: frozenset[str]
    status: str | None
    outside: Part | None
    unless: Part | None
    alert: AlertPolicy
    place: Place
    content: str
    broken: bool
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class FilterDraft:
    """An exclusion that many rules share; its headlines that `fires` must be dropped, the others kept."""

    name: str
    rules: frozenset[str]
    outside: Part | None
    unless: Part | None
    headlines: tuple[Headline, ...]
    place: Place
    content: str
    broken: bool
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that was read, good and bad.

    `vocabulary` holds the (language, word) pairs whose forms are needed; `unreadable` the paths that are not YAML.
    """

    rules: tuple[RuleDraft, ...]
    concepts: tuple[ConceptDraft, ...]
    terms: tuple[Term, ...]
    problems: tuple[Problem, ...]
    vocabulary: frozenset[tuple[str, str]]
    unreadable: tuple[str, ...]
    adjusts: tuple[AdjustDraft, ...] = ()
    filters: tuple[FilterDraft, ...] = ()
