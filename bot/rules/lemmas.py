"""The lemma dictionaries, read as a stream: what is asked for is kept, and no dictionary stands in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

_CODES = {"no": "nb"}

Normal = Callable[[str], str]


def has_dictionary(language: str) -> bool:
    """Tell whether there is a dictionary for a language."""
    # Imported here because it costs time that a start with a warm cache doesn't owe.
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES  # noqa: PLC0415

    return _CODES.get(language, language) in SUPPORTED_LANGUAGES


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Yield each form of a language's dictionary with its lemma. Separable verbs are joined: `aan_vallen`."""
    # simplemma's own readers build the whole dictionary (389 MB for Polish) or search it record by record. Its
    # stream is not among what it promises to keep, so its version is bounded above.
    from simplemma.strategies.dictionaries import dictionary_factory, frontcode  # noqa: PLC0415

    data = dictionary_factory._read_decompressed(_CODES.get(language, language))
    backwards, _, start = frontcode._read_header(data)
    for _, key, value in frontcode._iter_records(data, start):
        form, lemma = (key[::-1], value[::-1]) if backwards else (key, value)
        yield form.decode(), lemma.decode().replace("_", "")


def lemmas_of(language: str, words: Collection[str], normal: Normal | None = None) -> dict[str, str]:
    """Return the lemmas of those words that the dictionary has. `normal` makes its spelling that of the words."""
    if normal is None:
        return {form: lemma for form, lemma in pairs(language) if form in words}
    return {key: normal(lemma) for form, lemma in pairs(language) if (key := normal(form)) in words}


def read_forms(
    language: str, lemmas: Collection[str], words: Collection[str], normal: Normal | None = None
) -> tuple[dict[str, set[str]], dict[str, str]]:
    """Return the forms of each of the lemmas, and the lemmas of the words as `lemmas_of` does.

    Where `normal` makes two spellings one, what is a lemma of its own is no form of another: Islam is none of peace.
    """
    members: dict[str, set[str]] = {lemma: {lemma} for lemma in lemmas}
    known: dict[str, str] = {}
    alone: set[str] = set()
    for form, lemma in pairs(language):
        key, base = (form, lemma) if normal is None else (normal(form), normal(lemma))
        if base in members:
            members[base].add(key)
        if key in words:
            known[key] = base
        if normal is not None and key == base:
            alone.add(key)
    return {
        lemma: {form for form in forms if form == lemma or form not in alone} for lemma, forms in members.items()
    }, known
