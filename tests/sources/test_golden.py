"""Golden pairs: each feed in tests/golden/feeds beside what is read from it, by both parsers where both can.

`UPDATE_GOLDEN=1 pytest tests/sources/test_golden.py` writes the expectations anew; read the difference before keeping
it. All feeds are invented.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sources.parse import parse_quickly
from bot.sources.prepare import prepare
from bot.sources.reference import parse_by_reference
from tests.sources.given import URL, parsed

GOLDEN = Path(__file__).parent.parent / "golden" / "feeds"
FEEDS = sorted(path for path in GOLDEN.iterdir() if path.suffix in (".xml", ".json"))


def shown(document):
    """A document as its golden file shows it."""
    lines = [f"read by: {document.parser}", f"title: {document.title}", f"language: {document.language}"]
    for entry in document.entries:
        lines += ["", f"guid: {entry.guid}", f"link: {entry.link}", f"title: {entry.title}"]
        lines.append(f"summary: {json.dumps(entry.summary, ensure_ascii=False)}")
        lines += [f"published_at: {entry.published_at}", f"language: {entry.language}"]
    return "\n".join([*lines, ""])


def by_each_parser(body):
    """What the quick parser and the reference make of a document, as far as they take it."""
    prepared = prepare(body)
    read = [parse_quickly(prepared, URL, 1_000)]
    if not prepared.is_json:
        read.append(parse_by_reference(prepared, URL))
    return [document for document in read if document is not None]


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_a_feed_is_read_as_its_golden_file_says(path):
    got, expected = shown(parsed(path.read_bytes())), path.with_suffix(".txt")
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(got, "utf-8")
    assert got == expected.read_text("utf-8")


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_both_parsers_read_the_same(path):
    first, *others = by_each_parser(path.read_bytes())
    for other in others:
        assert shown(replace(other, parser="")) == shown(replace(first, parser=""))


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_windows_newlines_change_nothing(path):
    body = path.read_bytes()
    assert shown(parsed(body.replace(b"\n", b"\r\n"))) == shown(parsed(body))


def test_every_golden_file_has_its_feed():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {path.stem for path in FEEDS}
