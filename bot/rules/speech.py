"""What is particular to the inflection of each language, beside its dictionary."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.rules import germanic, romance, semitic, slavic, turkic
from bot.rules.lemmas import Normal
from bot.rules.paradigms import Paradigms, inflect
from bot.rules.tokens import fold


def _none(_: str) -> frozenset[str]:
    return frozenset()


def _never(_: str, __: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Speech:
    """How a language inflects.

    `words` and `names` are endings. `verbs` tells of which bases a regular form counts even if the dictionary has
    another word that looks the same; `more` gives forms that endings can't; `other` tells which of the dictionary's
    forms of a base are words of their own; `normal` is the spelling in which dictionary and rules meet. A word is
    looked up with a `capital` too where nouns have one; in a language that `joins` words, an unknown one may end in a
    known one.
    """

    words: Paradigms = field(default_factory=dict)
    names: Paradigms = field(default_factory=dict)
    verbs: Callable[[str, str], bool] = _never
    more: Callable[[str], frozenset[str]] = _none
    other: Callable[[str, str], bool] = _never
    normal: Normal | None = None
    capital: bool = False
    joins: bool = False

    def regular(self, base: str, *, name: bool) -> frozenset[str]:
        """Return the forms that a base has by rule."""
        return inflect(self.names if name else self.words, base) | self.more(base)


def _ends(pattern: str) -> Callable[[str, str], bool]:
    ends = re.compile(pattern)
    return lambda base, _: bool(ends.match(base))


def _persian(word: str) -> str:
    return fold(word.replace("\u200c", ""))


SPEECHES = {
    "ru": Speech(slavic.RU, slavic.RU_NAMES, other=slavic.is_another, joins=True),
    "uk": Speech(slavic.UK, slavic.UK_NAMES, verbs=_ends(r".{3,}[иа]ти\Z"), other=slavic.is_another, joins=True),
    "pl": Speech(slavic.PL, slavic.PL_NAMES, other=slavic.is_another, joins=True),
    "fr": Speech(romance.FR, verbs=_ends(r".{2,}(?:er|ir)\Z")),
    "es": Speech(romance.ES, verbs=_ends(r".{2,}[aei]r\Z")),
    "pt": Speech(romance.PT, verbs=_ends(r".{2,}[aei]r\Z")),
    "it": Speech(romance.IT, verbs=_ends(r".{2,}[aei]re\Z")),
    "de": Speech(
        germanic.DE, germanic.DE_NAMES, verbs=_ends(r"[a-zäöü]{2}.*en\Z"), capital=True,
        joins=True,
    ),
    "nl": Speech(germanic.NL, germanic.NL_NAMES, verbs=_ends(r"[a-zäöü]{2}.*en\Z"), joins=True),
    "sv": Speech(germanic.SV, germanic.SV_NAMES, verbs=_ends(r".{2,}a\Z"), joins=True),
    "tr": Speech(more=turkic.inflect, other=turkic.is_derived),
    "ar": Speech(
        semitic.ARABIC, verbs=semitic.is_verb, more=semitic.conjugate, other=semitic.has_article, normal=fold
    ),
    "fa": Speech(semitic.PERSIAN, normal=_persian),
}  # fmt: skip
PLAIN = Speech()
