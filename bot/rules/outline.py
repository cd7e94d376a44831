"""What a concept comes to in an item's words, so that it is seen at a glance whether it may stand there."""

from __future__ import annotations

from collections.abc import Mapping

from bot.rules.lexicon import Lexicon
from bot.rules.parts import AnyOf, Part
from bot.rules.scan import Outline


def outlines(concepts: Mapping[str, Part], lexicon: Lexicon) -> dict[str, Outline]:
    """Return the outline of each concept."""
    return {name: _outline(part, lexicon) for name, part in concepts.items()}


def _outline(part: Part, lexicon: Lexicon) -> Outline:
    terms, others = (part.words, part.others) if isinstance(part, AnyOf) else (frozenset[int](), (part,))
    single: set[int] = set()
    phrases: list[int] = []
    for term in terms:
        spellings = lexicon.links[term]
        if all(len(spelling) == 1 for spelling in spellings):
            single.update(number for (number,) in spellings)
        else:
            phrases.append(term)
    return Outline(lexicon.group(single), frozenset(phrases), others)
