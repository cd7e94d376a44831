"""Who an entry is credited to, and which entries are copies of one text: what correlation rules count once.

Placing entries in stories will know both better; then this module goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.plaintext import clean
from bot.model import Entry, Feed, Sighting, SourceKind
from bot.rules.tokens import cut, fold

# Agencies as they are credited, and as their own feeds' owners may be called.
_AGENCIES = {
    "Reuters": ("Reuters", "Thomson Reuters"),
    "AFP": ("AFP", "Agence France-Presse"),
    "AP": ("AP", "Associated Press", "The Associated Press"),
    "dpa": ("dpa", "Deutsche Presse-Agentur"),
    "EFE": ("EFE", "Agencia EFE"),
    "ANSA": ("ANSA",),
    "PAP": ("PAP", "Polska Agencja Prasowa"),
    "TASS": ("TASS", "ТАСС"),
    "RIA Novosti": ("RIA Novosti", "РИА Новости"),
    "Interfax": ("Interfax", "Интерфакс"),
    "Ukrinform": ("Ukrinform", "Укрінформ"),
    "Xinhua": ("Xinhua", "新华社"),
    "Kyodo": ("Kyodo", "Kyodo News"),
    "Yonhap": ("Yonhap", "Yonhap News Agency", "연합뉴스"),
    "Anadolu": ("Anadolu", "Anadolu Agency"),
    "PTI": ("PTI", "Press Trust of India"),
}
_NAMES = {name: agency for agency, names in _AGENCIES.items() for name in names}
_OWNERS = {name.casefold(): agency for name, agency in _NAMES.items()}
_ANY = "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True))
_CREDIT = re.compile(rf"[(（\[](?P<inside>{_ANY})[)）\]]|\s[-–—|]\s(?P<end>{_ANY})\Z")
_EDGE = 120  # characters at either end of a summary where a credit stands

_ALIKE = 0.8  # of all words of two titles are common to both
_LEAST = 5  # words of a title that another may go on from
_MORE = 3  # words, such as a site's name
_COMPARED = 200  # of the newest sightings, so that no span can be made slow; copies come within hours


def credit_of(entry: Entry, feed: Feed) -> str | None:
    """Return whose report an entry is: the agency that it credits, else its feed's owner; None of an aggregator."""
    if feed.kind is SourceKind.AGGREGATOR:
        return None
    text = clean(entry.summary)
    found = _CREDIT.search(clean(entry.title)) or _CREDIT.search(text[:_EDGE]) or _CREDIT.search(text[-_EDGE:])
    if found:
        return _NAMES[found["inside"] or found["end"]]
    return _OWNERS.get(feed.owner.casefold(), feed.owner)


def told_once(sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Return the sightings, oldest first, copies made one story of one source.

    Titles that are nearly equal are one story, equal ones are one source too: the first. Never across different
    captures of one rule.
    """
    kept: list[tuple[Sighting, frozenset[str]]] = []
    for one in sorted(sightings, key=lambda s: (s.at, s.match_id)):
        words = _words(one.title)
        near = [(other, said) for other, said in kept[-_COMPARED:] if said and _alike(words, said)]
        twins = [(other, said) for other, said in near if _agree(one, other)]
        source = next((other.source for other, said in twins if said == words), one.source)
        story_id = twins[0][0].story_id if twins else one.story_id
        kept.append((replace(one, source=source, story_id=story_id) if twins else one, words))
    return tuple(one for one, _ in kept)


def _words(title: str) -> frozenset[str]:
    return frozenset(map(fold, cut(_CREDIT.sub(" ", clean(title)))))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    if common >= _ALIKE * len(one | other):
        return True
    shorter, longer = sorted((len(one), len(other)))
    return common == shorter >= _LEAST and longer - shorter <= _MORE


def _agree(one: Sighting, other: Sighting) -> bool:
    return one.rule_id != other.rule_id or one.captures == other.captures
