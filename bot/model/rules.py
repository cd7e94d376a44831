"""What rules find: items, evidence, firings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Level(IntEnum):
    """How loud an alert is, in the words of a wire desk; ordered."""

    INFO = 1
    NOTICE = 2
    URGENT = 3
    FLASH = 4


@dataclass(frozen=True, slots=True)
class Item:
    """What a rule sees of an entry: title and feed summary, never the article. `language` None means unknown.

    `source` is the feed's id; `country` the ISO 3166 code of the country that the feed is of, None where it is of none;
    `age` how long ago it was published, None where that is unknown.
    """

    title: str
    text: str = ""
    language: str | None = None
    source: str = ""
    source_tags: frozenset[str] = frozenset()
    country: str | None = None
    age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that made a rule fire: offsets into the item's own title or text, as given (before cleaning)."""

    field: str  # "title" or "text"
    start: int
    end: int
    words: str  # the item's own words, == item.<field>[start:end]
    term: str  # the rule's term that they matched, as the editor wrote it


@dataclass(frozen=True, slots=True)
class Raise:
    """So many independent sources, within a span or ever (None), make an alert this loud."""

    sources: int
    within: timedelta | None
    level: Level


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """How a rule's alerts speak: one per story (`per` empty) or per value of these roles; aloud again after a while
    (None: never); held until so many sources tell of it; louder as it grows."""

    per: tuple[str, ...] = ()
    again_after: timedelta | None = None
    wait_for: int = 1
    raises: tuple[Raise, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleHead:
    """What the world outside of the matcher needs to know of a rule."""

    id: str
    about: str
    level: Level = Level.NOTICE
    tags: frozenset[str] = frozenset()
    live: bool = True  # False: matched and counted, never sent
    alert: AlertPolicy = AlertPolicy()


@dataclass(frozen=True, slots=True)
class Least:
    """So many different rules, stories and independent sources, all three at once."""

    rules: int = 1
    stories: int = 1
    sources: int = 1


@dataclass(frozen=True, slots=True)
class Correlation:
    """What a rule with `when` counts: matches of `rules` within a span that name one thing in one of the roles `by`.

    With `versus` the stories must also be `times` as many as usual in that long before. It speaks of the same thing
    again after `again_after`.
    """

    rule: RuleHead
    rules: frozenset[str]
    by: tuple[str, ...]
    within: timedelta
    least: Least
    again_after: timedelta
    versus: timedelta | None = None
    times: float = 1

    @property
    def reach(self) -> timedelta:
        """Return how far back it looks: its span, and that which it compares with."""
        return self.within + (self.versus or timedelta(0))


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fired on an item, with the words that made it; evidence in order of field and position."""

    rule: RuleHead
    evidence: tuple[Evidence, ...]
    captures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A firing on a stored entry; `ruleset_hash` names the exact rules that found it.

    `story_id` and `source` are known once it is told: the entry's story, and whom it is credited to (None: nobody who
    counts).
    """

    id: str
    entry_id: str
    ruleset_hash: str
    firing: Firing
    matched_at: datetime
    story_id: str | None = None
    source: str | None = None
