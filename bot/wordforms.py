"""The word forms that rules need: from the cache on disk, from what is shipped, or looked up in dictionaries."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot.rules.forms import Forms, Vocabulary, by_language, expand_part, forms_key, union

KEPT_TABLES = 64  # in the cache, one a language and version of the rules: the newest ones
SHIPPED = Path(__file__).parent / "tables"  # those of the shipped rules, so that a first start needs no dictionary


def cache_folder() -> Path:
    """Return the user's cache folder for wirewatch."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wirewatch"


def forms_for(vocabulary: Vocabulary, cache: Path, shipped: Path = SHIPPED) -> Forms:
    """Return the forms of a vocabulary; a table a language, so that a new word costs one dictionary only.

    What had to be looked up is kept under `cache`; a cache that can't be used costs seconds, nothing else.
    """
    parts = by_language(vocabulary)
    return union(vocabulary, [_table(language, part, cache, shipped) for language, part in parts.items()])


def ship(vocabulary: Vocabulary, into: Path = SHIPPED) -> None:
    """Write the tables of a vocabulary, and take away those of others."""
    into.mkdir(exist_ok=True)
    wanted = {f"{_name(language, forms_key(part))}.gz": (language, part) for language, part in _parts(vocabulary)}
    for old in into.glob("forms-*.json.gz"):
        if old.name not in wanted:
            old.unlink()
    for name, (language, part) in wanted.items():
        if not (into / name).exists():
            # Without a time in it, the same words make the same file.
            (into / name).write_bytes(gzip.compress(expand_part(language, part).to_json().encode(), mtime=0))


def _parts(vocabulary: Vocabulary) -> Iterator[tuple[str, Vocabulary]]:
    yield from by_language(vocabulary).items()


def _name(language: str, key: str) -> str:
    return f"forms-{language}-{key}.json"


def _table(language: str, part: Vocabulary, cache: Path, shipped: Path) -> Forms:
    key = forms_key(part)
    name = _name(language, key)
    with suppress(OSError, ValueError):
        return _read((cache / name).read_text("utf-8"), key)
    with suppress(OSError, ValueError, EOFError):
        return _read(gzip.decompress((shipped / f"{name}.gz").read_bytes()).decode(), key)
    forms = expand_part(language, part)
    with suppress(OSError):
        _keep(cache / name, forms.to_json())
    return forms


def _read(text: str, key: str) -> Forms:
    """Return the table in a file. Raises ValueError where it isn't the one asked for."""
    forms = Forms.from_json(text)
    if forms.key != key:
        raise ValueError("another vocabulary's table")
    return forms


def _keep(path: Path, text: str) -> None:
    """Write a table beside the others so that no reader sees half of it, and let go of the oldest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_text(text, encoding="utf-8")
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    tables = sorted(path.parent.glob("forms-*.json"), key=lambda table: table.stat().st_mtime)
    for old in tables[:-KEPT_TABLES]:
        old.unlink(missing_ok=True)
