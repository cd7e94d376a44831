"""English inflection by rule, for words and forms that the dictionary lacks."""

from __future__ import annotations

import re

# Words that are never inflected: `for` is no verb here, and `might` is not `may`.
FIXED = frozenset({
    "a", "about", "above", "across", "after", "against", "all", "along", "amid", "among", "an", "and", "any",
    "are", "around", "as", "at", "be", "before", "behind", "below", "between", "beyond", "but", "by", "can",
    "could", "despite", "down", "due", "during", "each", "for", "from", "if", "in", "inside", "into", "is", "it",
    "its", "like", "may", "might", "more", "most", "must", "near", "no", "nor", "not", "of", "off", "on", "onto",
    "or", "out", "over", "own", "per", "shall", "should", "since", "so", "some", "such", "than", "that", "the",
    "their", "them", "then", "these", "they", "this", "those", "through", "till", "to", "toward", "towards",
    "under", "until", "up", "upon", "versus", "via", "was", "were", "what", "when", "where", "which", "while",
    "who", "whom", "whose", "why", "will", "with", "within", "without", "would", "yet", "you", "your",
})  # fmt: skip
# Irregular past forms that the lemma dictionary files under themselves only.
IRREGULAR = {
    "bound": "bind", "broke": "break", "came": "come", "dug": "dig", "felt": "feel", "gone": "go", "left": "leave",
    "lit": "light", "rose": "rise", "shot": "shoot", "swore": "swear", "wound": "wind", "won": "win",
}  # fmt: skip

_VOWEL = re.compile(r"[aeiouy]")
_DOUBLING = re.compile(r"[^aeiou][aeiouy][bcdfgklmnprtvz]\Z")
_SIBILANT = re.compile(r"(s|x|z|ch|sh)\Z")
_CONSONANT_Y = re.compile(r"[^aeiou]y\Z")


def inflect(word: str) -> frozenset[str]:
    """Return the regular -s, -ed and -ing forms of a word, possible spellings alike; not the word itself."""
    if len(word) < 3 or not word.isalpha() or not _VOWEL.search(word):
        return frozenset()
    stems = {word}
    if _DOUBLING.search(word):
        stems.add(word + ("k" if word.endswith("c") else word[-1]))
    if word.endswith("ie"):
        return frozenset({word + "s", word + "d", word[:-2] + "ying"})
    if word.endswith("e"):
        return frozenset({word + "s", word + "d", word[:-1] + "ing"} | ({word + "ing"} if word[-2] in "eoy" else set()))
    if _CONSONANT_Y.search(word):
        return frozenset({word[:-1] + "ies", word[:-1] + "ied", word + "ing"})
    plural = {word + "es"} if _SIBILANT.search(word) else {word + "s"}
    if word.endswith("o"):
        plural.add(word + "es")
    return frozenset(plural | {stem + "ed" for stem in stems} | {stem + "ing" for stem in stems})


def strip(word: str) -> frozenset[str]:
    """Return every word of which `word` would be a regular form."""
    guesses: set[str] = set()
    for suffix, ends in (("s", ("",)), ("es", ("",)), ("ies", ("y",)), ("ied", ("y",)), ("d", ("",))):
        if word.endswith(suffix):
            guesses.update(word[: -len(suffix)] + end for end in ends)
    for suffix in ("ed", "ing"):
        if word.endswith(suffix):
            stem = word[: -len(suffix)]
            guesses.update((stem, stem + "e", stem[:-1]))
            if suffix == "ing" and stem.endswith("y"):
                guesses.add(stem[:-1] + "ie")
    return frozenset(guess for guess in guesses if word in inflect(guess))
