"""A folder of rules: what is read, what is off, and the cache of word forms."""

from __future__ import annotations

import json
import os

import pytest

from bot.errors import ConfigError
from bot.model import Item
from bot.rulebook import load_rulebook
from bot.wordforms import KEPT_TABLES

COUPS = "rule: coups\nmatch: coup\ntests:\n  fires: [A coup, Coups, COUP]\n  silent: [Calm, Peace, Rain]\n"
FAILING = "rule: juntas\nmatch: junta\ntests:\n  fires: [A junta, Calm, Juntas]\n  silent: [Rain, Peace, Sun]\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    return folder


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache" / "below"


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")


def ids(book):
    return [rule.head.id for rule in book.ruleset.rules]


def test_rules_are_read_from_all_files_of_a_folder(folder, cache):
    write(folder, coups=COUPS)
    (folder / "more" / "deep").mkdir(parents=True)
    (folder / "more" / "deep" / "b.yml").write_text("rule: b\nmatch: b\n", "utf-8")
    for name in ("notes.txt", ".hidden.yaml", "c.yaml~"):
        (folder / name).write_text("rule: [", "utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "d.yaml").write_text("rule: [", "utf-8")
    book = load_rulebook(folder, cache)
    assert ids(book) == ["b", "coups"]
    assert (book.off, book.unreadable) == ((), ())
    assert [firing.rule.id for firing in book.ruleset.fire(Item("Two coups"))] == ["coups"]


def test_an_empty_folder_has_no_rules(folder, cache):
    book = load_rulebook(folder, cache)
    assert (book.ruleset.heads, book.problems, book.trials, book.off) == ((), (), (), ())


def test_a_rule_whose_own_test_fails_is_off_and_the_others_run(folder, cache):
    write(folder, coups=COUPS, juntas=FAILING)
    book = load_rulebook(folder, cache)
    (problem,) = book.problems
    assert (problem.path, problem.line, problem.column) == (str(folder / "juntas.yaml"), 4, 20)
    assert "the rule `juntas` is off: it does not fire on its test “Calm”" in problem.message
    assert (ids(book), book.off, book.unreadable) == (["coups"], ("juntas",), ())
    assert [trial.passed for trial in book.trials if trial.rule_id == "juntas"] == [True, False, True, True, True, True]
    assert book.ruleset.fire(Item("A junta")) == ()


def test_one_failing_test_names_each_headline(folder, cache):
    write(folder, juntas=FAILING.replace("Rain", "A junta").replace("Sun", "Junta"))
    assert [(problem.line, problem.column) for problem in load_rulebook(folder, cache).problems] == [
        (4, 20), (5, 12), (5, 28),
    ]  # fmt: skip


def test_what_is_wrong_in_all_files_is_told_at_once(folder, cache):
    write(folder, a="rule: a\nmatch: a ...\n", b="rule: [\n", coups=COUPS, juntas=FAILING, e="match: x\n")
    (folder / "f.yaml").write_bytes(b"rule: \xff\xfe")
    book = load_rulebook(folder, cache)
    named = {problem.path for problem in book.problems if problem.severity == "error"}
    assert {path.removeprefix(f"{folder}{os.sep}") for path in named} == {
        "a.yaml", "b.yaml", "e.yaml", "f.yaml", "juntas.yaml",
    }  # fmt: skip
    assert list(book.problems) == sorted(book.problems)
    assert (ids(book), book.off) == (["coups"], ("a", "juntas"))
    assert book.unreadable == (str(folder / "b.yaml"), str(folder / "f.yaml"))


def test_a_file_that_is_no_text_is_named(folder, cache):
    (folder / "a.yaml").write_bytes(COUPS.encode("utf-16"))
    (problem,) = load_rulebook(folder, cache).problems
    assert str(problem) == f"{folder / 'a.yaml'}: error: the file is not UTF-8 text — Save it with the encoding UTF-8."


def test_a_file_that_can_not_be_opened_is_named(folder, cache):
    write(folder, coups=COUPS)
    (folder / "gone.yaml").symlink_to(folder / "nowhere")
    book = load_rulebook(folder, cache)
    assert [problem.message for problem in book.problems] == ["the file can't be read: No such file or directory"]
    assert (ids(book), book.unreadable) == (["coups"], (str(folder / "gone.yaml"),))


def test_a_byte_order_mark_is_no_part_of_the_first_key(folder, cache):
    (folder / "a.yaml").write_text(COUPS, "utf-8-sig")
    assert load_rulebook(folder, cache).problems == ()


def test_line_ends_of_windows_are_fine(folder, cache):
    (folder / "a.yaml").write_bytes(COUPS.replace("\n", "\r\n").encode())
    book = load_rulebook(folder, cache)
    assert (book.problems, ids(book)) == ((), ["coups"])


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_a_folder_that_can_not_be_read_is_told(kind, tmp_path, cache):
    if kind == "file":
        (tmp_path / "rules").write_text("", "utf-8")
    with pytest.raises(ConfigError, match="the rules can't be read: No"):
        load_rulebook(tmp_path / "rules", cache)


def test_a_folder_that_leads_back_to_itself_is_read_once(folder, cache):
    write(folder, coups=COUPS)
    (folder / "again").symlink_to(folder, target_is_directory=True)
    book = load_rulebook(folder, cache)
    assert (ids(book), book.problems) == (["coups"], ())


# --- the cache -------------------------------------------------------------------------------------


def tables(cache):
    return sorted(cache.glob("forms-*.json"))


def test_word_forms_are_kept_and_read_back(folder, cache):
    write(folder, coups=COUPS)
    before = load_rulebook(folder, cache)
    (table,) = tables(cache)
    content = json.loads(table.read_text("utf-8"))
    content["forms"] = [["en", "coup", ["coup", "coups", "putsch"]]]
    table.write_text(json.dumps(content), "utf-8")
    after = load_rulebook(folder, cache)
    assert not before.ruleset.fire(Item("A putsch"))
    assert after.ruleset.fire(Item("A putsch"))
    assert list(cache.iterdir()) == [table]


@pytest.mark.parametrize(
    "broken",
    [b"", b"{", b"\xff\xfe", b"[]", b'{"key": "another", "forms": []}', b'{"key": 1, "forms": [[]]}'],
    ids=["empty", "half", "binary", "list", "of-another-key", "short-row"],
)
def test_a_broken_table_is_made_anew(broken, folder, cache):
    write(folder, coups=COUPS)
    load_rulebook(folder, cache)
    (table,) = tables(cache)
    good = table.read_bytes()
    table.write_bytes(broken)
    assert load_rulebook(folder, cache).ruleset.fire(Item("Two coups"))
    assert table.read_bytes() == good


def test_a_cache_that_can_not_be_written_costs_only_time(folder, tmp_path):
    write(folder, coups=COUPS)
    (tmp_path / "cache").write_text("a file", "utf-8")
    book = load_rulebook(folder, tmp_path / "cache" / "below")
    assert (book.problems, ids(book)) == ((), ["coups"])
    assert (tmp_path / "cache").read_text("utf-8") == "a file"


def test_a_folder_in_place_of_a_table_costs_only_time(folder, cache):
    write(folder, coups=COUPS)
    load_rulebook(folder, cache)
    (table,) = tables(cache)
    table.unlink()
    (table / "x").mkdir(parents=True)
    assert load_rulebook(folder, cache).ruleset.fire(Item("Two coups"))
    assert list(cache.iterdir()) == [table]


def test_other_words_make_another_table_and_the_oldest_go(folder, cache):
    cache.mkdir(parents=True)
    for number in range(KEPT_TABLES + 3):
        old = cache / f"forms-{number}.json"
        old.write_text("{}", "utf-8")
        os.utime(old, (1_000 + number, 1_000 + number))
    (cache / "other.json").write_text("{}", "utf-8")
    write(folder, coups=COUPS)
    load_rulebook(folder, cache)
    kept = {path.name for path in cache.iterdir()}
    assert {f"forms-{number}.json" for number in range(4, KEPT_TABLES + 3)} < kept
    assert len(tables(cache)) == KEPT_TABLES
    assert "other.json" in kept


def test_the_users_cache_folder_is_used_where_none_is_given(folder, tmp_path, monkeypatch):
    write(folder, coups=COUPS)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    load_rulebook(folder)
    assert len(tables(tmp_path / "xdg" / "wirewatch")) == 1
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    load_rulebook(folder)
    assert len(tables(tmp_path / "home" / ".cache" / "wirewatch")) == 1


def test_the_same_rules_have_the_same_hash_with_and_without_a_cache(folder, cache, tmp_path):
    write(folder, coups=COUPS)
    hashes = {load_rulebook(folder, where).ruleset.hash for where in (cache, cache, tmp_path / "fresh")}
    assert len(hashes) == 1


# --- correlation rules ---------------------------------------------------------------------------

PLACES = "concepts: {country: [Mali, Chad]}\n---\n"
COUNTED = PLACES + "rule: unrest\nmatch: <country as place> riot\n"
COUNTING = """
rule: many-riots
when: {rules: [unrest], by: place, in: 12h, at least: 2}
tests:
  fires:
    - sequence:
        - {at: 0m, source: a, title: Mali riot in the north}
        - {at: 1h, source: b, title: Another great Mali riot}
"""


def test_a_correlation_rule_is_tried_on_its_sequences(folder, cache):
    write(folder, counted=COUNTED, counting=COUNTING)
    book = load_rulebook(folder, cache)
    assert [(one.rule_id, one.passed) for one in book.rehearsals] == [("many-riots", True)]
    assert [head.id for head in book.ruleset.heads] == ["many-riots", "unrest"]
    assert (ids(book), book.off) == (["unrest"], ())


def test_a_correlation_rule_whose_sequence_fails_is_off_and_what_it_counts_is_on(folder, cache):
    write(folder, counted=COUNTED, counting=COUNTING.replace("1h", "13h"))
    book = load_rulebook(folder, cache)
    (problem,) = book.errors
    assert (problem.path, problem.line) == (str(folder / "counting.yaml"), 6)
    assert "`many-riots` is off: it does not fire on its sequence (Mali: 1 of 2 stories)" in problem.message
    assert ([head.id for head in book.ruleset.heads], book.off) == (["unrest"], ("many-riots",))


def test_a_correlation_rule_needs_every_rule_that_it_counts(folder, cache):
    failing = COUNTED + "tests: {fires: [A riot]}\n"
    write(folder, counted=failing, counting=COUNTING)
    book = load_rulebook(folder, cache)
    said = [problem.message for problem in book.errors]
    assert "the rule `many-riots` is off: it needs `unrest`, which has an error" in said
    assert (book.ruleset.heads, book.off, book.rehearsals) == ((), ("many-riots", "unrest"), ())


def test_the_hash_of_a_set_knows_what_its_correlation_rules_count(folder, cache):
    write(folder, counted=COUNTED, counting=COUNTING)
    before = load_rulebook(folder, cache).ruleset.hash
    write(folder, counting=COUNTING.replace("at least: 2", "at least: {sources: 2}"))
    assert load_rulebook(folder, cache).ruleset.hash != before
    write(folder, counting=COUNTING.replace("Another great", "Another"))
    assert load_rulebook(folder, cache).ruleset.hash == before


def test_a_correlation_rule_may_be_adjusted_and_filters_for_all_leave_it_alone(folder, cache):
    more = "---\nadjust: many-riots\nlevel: flash\nstatus: paused\nalert: {again after: 2 days}\n"
    more += "---\nfilters: [{filter: games, rules: all, unless: game, drops: [A game], keeps: [A riot]}]\n"
    write(folder, counted=COUNTED, counting=COUNTING + more)
    book = load_rulebook(folder, cache)
    (counting,) = book.ruleset.counting
    assert (counting.what.rule.level.name, counting.paused, counting.what.again_after.days) == ("FLASH", True, 2)
    assert (book.errors, book.ruleset.correlations) == ((), ())
    assert book.ruleset.fire(Item("Mali riot in a game", language="en")) == ()
