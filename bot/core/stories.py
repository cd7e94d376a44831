"""Which story an entry tells of: the one pure decision that every joining of entries goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.identity import digest
from bot.model import Entry, Story


def keys_of(entry: Entry) -> frozenset[str]:
    """Return the identities that make two entries one story: the canonical link, or the entry's own id without one."""
    return frozenset({f"link:{entry.canonical_link}" if entry.canonical_link else f"entry:{entry.id}"})


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an entry belongs, and why; `story` already holds the entry."""

    story: Story
    opened: bool
    reason: str


def place(entry: Entry, candidates: Sequence[Story]) -> Placement:
    """Return the story that the entry joins: one with a key in common, else a new one. Deterministic.

    Of several candidates the oldest wins (then the smallest id), so that the order of an answer does not matter.
    """
    keys = keys_of(entry)
    for story in sorted(candidates, key=lambda s: (s.opened_at, s.id)):
        if shared := keys & story.keys:
            joined = replace(story, keys=story.keys | keys, entry_ids=(*story.entry_ids, entry.id))
            return Placement(joined, False, f"same item: {min(shared)}")
    story = Story(digest("story", *sorted(keys)), 0, keys, entry.first_seen_at, (entry.id,))
    return Placement(story, True, "first of its story")
