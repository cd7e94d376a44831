"""`where`: which items a rule looks at, by what their feed says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.model import Item
from bot.rules.lexicon import primary


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions on an item's feed; an empty one is always true. An item of unknown language or age passes."""

    languages: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    not_sources: frozenset[str] = frozenset()
    source_tags: frozenset[str] = frozenset()
    fresh: timedelta | None = None

    def refusal(self, item: Item) -> str:
        """Return why an item is not looked at, "" where it is."""
        language = primary(item.language)
        if self.languages and language is not None and language not in self.languages:
            return f"`where: languages` leaves out `{language}`"
        if self.sources and item.source not in self.sources:
            return f"`where: sources` leaves out `{item.source or 'this source'}`"
        if item.source in self.not_sources:
            return f"`where: not sources` leaves out `{item.source}`"
        if self.source_tags and not self.source_tags & item.source_tags:
            return "`where: source tags` has none of this source's"
        if self.fresh is not None and item.age is not None and item.age > self.fresh:
            return "`where: fresh` leaves out what is older"
        return ""
