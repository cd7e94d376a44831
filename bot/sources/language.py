"""Guess the language of an item whose feed does not say it."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

from bot.rules.text import clean

# Those whose words rules know, and their neighbours: without these, Czech would pass for Polish.
LANGUAGES = frozenset({
    "en", "fr", "de", "es", "pt", "it", "nl", "sv", "ru", "uk", "pl", "ar", "fa", "tr", "zh", "ja", "ko", "el",
    "cs", "ro", "da", "fi", "hu", "id", "bg", "sr", "he", "hi", "vi", "ca", "hr", "ur", "no", "sk", "th",
})  # fmt: skip
SURE = 0.6  # of 1; see docs/decisions/language-detection.md
MIN_LETTERS = 10  # a character of Chinese, Japanese or Korean says as much as three letters
MAX_CHARACTERS = 400

_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


class _Model(Protocol):
    def classify(self, text: str) -> tuple[str, float]:
        """Return the likeliest language and how likely it is."""
        ...


def detect(title: str, text: str) -> str | None:
    """Return the code of the language that an item is written in; None where that is not clear.

    The model takes half a second and 100 MB when it is first asked, and gives the same answer every time.
    """
    said = f"{clean(title).text}\n{clean(text[: 4 * MAX_CHARACTERS]).text}"[:MAX_CHARACTERS]
    if sum(map(str.isalpha, said)) + 2 * len(_DENSE.findall(said)) < MIN_LETTERS:
        return None
    # In capitals alone it knows less; among small letters capitals say little.
    language, sure = _model().classify(said.lower() if said.isupper() else said)
    return language if sure >= SURE else None


@cache
def _model() -> _Model:
    # Imported here because it costs time and memory that feeds which say their language don't owe.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(sorted(LANGUAGES))
    found: _Model = model
    return found
