"""First half of `decide`: what is new in a document, which rules fire on it, and what to ask the Store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.core.identity import digest, text_hash
from bot.core.stories import keys_of
from bot.core.watch import lookouts
from bot.model import (
    Correlation,
    Document,
    Entry,
    EntryData,
    EntryEdit,
    Feed,
    Firing,
    Identity,
    Item,
    Match,
    Memory,
    Question,
)

MAX_EDITS = 24  # an entry that changes more often than that is a ticker; docs/polling notes the source


class Rules(Protocol):
    """The rule set as decisions see it."""

    @property
    def hash(self) -> str:
        """Name these exact rules."""
        ...

    @property
    def correlations(self) -> tuple[Correlation, ...]:
        """Return what the rules with `when` count."""
        ...

    def fire(self, item: Item) -> tuple[Firing, ...]:
        """Return every rule that fires on the item."""
        ...


@dataclass(frozen=True, slots=True)
class News:
    """What a document holds that the store does not: new entries, silent edits, and the ids it lists now."""

    entries: tuple[Entry, ...]
    edits: tuple[EntryEdit, ...]
    listed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules found in the fresh entries, and the question that `tell` needs answered."""

    matches: tuple[Match, ...]
    entries: tuple[Entry, ...]  # those with a match, in the order in which they are told
    question: Question


def sort_news(
    feed: Feed, document: Document, identities: Sequence[Identity], memory: Memory, *, seeded: bool, now: datetime
) -> News:
    """Sort a document's entries into new ones, edits and known ones.

    A new id with a known canonical link, or with a known title on the same day, is a known item: so a feed that gives
    all its entries new ids floods nobody, and what is truly new beside them is still told.
    """
    new: dict[str, Entry] = {}
    edits: dict[str, EntryEdit] = {}
    links = set(memory.links)
    title_days = set(memory.title_days)
    for data, identity in zip(document.entries, identities, strict=True):
        if identity.entry_id in new:
            continue
        if identity.entry_id in memory.entries:
            if edit := _edit(identity.entry_id, data, memory):
                edits[identity.entry_id] = edit
        elif not _known(identity, links, title_days):
            new[identity.entry_id] = _entry(feed, document, data, identity, seeded=not seeded, now=now)
            links.update(filter(None, [identity.canonical_link]))
            title_days.update(filter(None, [identity.title_day]))
    listed = tuple(dict.fromkeys(identity.entry_id for identity in identities))
    return News(tuple(new.values()), tuple(edits.values()), listed)


def _known(identity: Identity, links: set[str], title_days: set[str]) -> bool:
    return identity.canonical_link in links or identity.title_day in title_days


def _edit(entry_id: str, data: EntryData, memory: Memory) -> EntryEdit | None:
    known_hash, edits = memory.entries[entry_id]
    changed = text_hash(data)
    if changed == known_hash or edits >= MAX_EDITS:
        return None
    return EntryEdit(entry_id, data.title, data.summary, changed, edits + 1)


def _entry(
    feed: Feed, document: Document, data: EntryData, identity: Identity, *, seeded: bool, now: datetime
) -> Entry:
    return Entry(
        id=identity.entry_id,
        feed_id=feed.id,
        link=data.link,
        canonical_link=identity.canonical_link,
        title_day=identity.title_day,
        title=data.title,
        summary=data.summary,
        language=data.language or feed.language or document.language,
        published_at=data.published_at,
        first_seen_at=now,
        text_hash=text_hash(data),
        seeded=seeded,
    )


def item_of(entry: Entry, feed: Feed, now: datetime) -> Item:
    """Return what rules see of an entry and its feed."""
    return Item(
        entry.title,
        entry.summary,
        entry.language,
        source=feed.id,
        source_tags=feed.tags,
        country=feed.country,
        age=now - entry.published_at if entry.published_at else None,
    )


def unspoken(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries of which nothing says the language."""
    return tuple(entry for entry in entries if entry.language is None)


def with_languages(news: News, languages: Mapping[str, str | None]) -> News:
    """Return the news with the languages of these entries, by their ids."""
    told = (replace(e, language=languages[e.id]) if e.id in languages else e for e in news.entries)
    return replace(news, entries=tuple(told))


def read(feed: Feed, entries: Sequence[Entry], rules: Rules, now: datetime) -> Reading:
    """Run the rules on a feed's entries and say what the Store must be asked for, keeping their order."""
    matches: list[Match] = []
    fired: list[Entry] = []
    for entry in entries:
        firings = rules.fire(item_of(entry, feed, now))
        if firings:
            fired.append(entry)
        for firing in firings:
            match_id = digest("match", entry.id, firing.rule.id, rules.hash)
            matches.append(Match(match_id, entry.id, rules.hash, firing, now))
    keys = frozenset(key for entry in fired for key in keys_of(entry))
    asked = lookouts(rules.correlations, matches, {entry.id: entry for entry in fired}, now) if matches else ()
    return Reading(tuple(matches), tuple(fired), Question(keys, asked))
