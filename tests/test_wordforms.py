"""Where the forms of words come from: the cache, what is shipped, dictionaries; in this order."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bot.rulebook import read_folder
from bot.rules.compile import read_rules
from bot.rules.forms import by_language, forms_key
from bot.territories import country_names
from bot.wordforms import SHIPPED, forms_for, ship

WORDS = frozenset({("en", "march"), ("de", "marsch")})
RULES = Path(__file__).parent.parent / "rules"


def shipped_vocabulary(cache):
    return read_rules(dict(read_folder(RULES).texts), lambda: country_names(cache)).vocabulary


def test_what_is_shipped_is_used_and_not_copied(tmp_path):
    ship(WORDS, tmp_path / "shipped")
    (german,) = (tmp_path / "shipped").glob("forms-de-*.json.gz")
    table = json.loads(gzip.decompress(german.read_bytes()))
    table["forms"] = [["de", "marsch", ["marsch", "aufmarsch"]]]
    german.write_bytes(gzip.compress(json.dumps(table).encode()))
    forms = forms_for(WORDS, tmp_path / "cache", tmp_path / "shipped")
    assert set(forms.of("de", "marsch")) == {"marsch", "aufmarsch"}
    assert "marched" in forms.of("en", "march")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"no gzip", id="no-gzip"),
        pytest.param(gzip.compress(b"{"), id="no-json"),
        pytest.param(gzip.compress(b'{"key": "x", "forms": []}'), id="another-vocabulary"),
    ],
)
def test_a_shipped_table_that_cannot_be_read_is_made_anew(tmp_path, content):
    words = frozenset({("en", "march")})
    (tmp_path / f"forms-en-{forms_key(words)}.json.gz").write_bytes(content)
    assert "marched" in forms_for(words, tmp_path / "cache", tmp_path).of("en", "march")
    assert len(list((tmp_path / "cache").glob("forms-en-*.json"))) == 1


def test_shipping_takes_old_tables_away_and_makes_the_same_file_of_the_same_words(tmp_path):
    ship(frozenset({("en", "old")}), tmp_path)
    (old,) = tmp_path.iterdir()
    ship(frozenset({("en", "new")}), tmp_path)
    (new,) = tmp_path.iterdir()
    content = new.read_bytes()
    new.unlink()
    ship(frozenset({("en", "new")}), tmp_path)
    assert new.name != old.name
    assert new.read_bytes() == content


def test_the_tables_of_the_shipped_rules_are_shipped(tmp_path):
    parts = by_language(shipped_vocabulary(tmp_path)).items()
    wanted = {f"forms-{language}-{forms_key(part)}.json.gz" for language, part in parts}
    assert {path.name for path in SHIPPED.glob("*.gz")} == wanted, "run `make tables`"
