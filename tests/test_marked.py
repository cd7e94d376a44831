"""YAML 1.2 with places: what values become, and that its traps are refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError, Problem
from bot.marked import MAX_BYTES, MAX_DEPTH, MAX_NODES, load, load_documents


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("text", "text"), ("no", "no"), ("on", "on"), ("Yes", "Yes"), ("12:30", "12:30"), ("2026-05-01", "2026-05-01"),
        ("1_000", "1_000"), ("0x1F", "0x1F"), ("true", True), ("FALSE", False), ("tRue", "tRue"), ("7", 7), ("-7", -7),
        ("+7", 7), ("007", 7), ("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("1.2.3", "1.2.3"), ("~", None),
        ("null", None), ("nUll", "nUll"), ("", None), ('""', ""), ("'7'", "7"), ('"true"', "true"), ("'~'", "~"),
        ("9" * 50, "9" * 50), ("|\n  7", "7\n"), (">-\n  a\n  b", "a b"), ("[a, 7]", ["a", 7]),
        ("{b: no}", {"b": "no"}),
    ],
)  # fmt: skip
def test_a_value_follows_yaml_1_2(written, value):
    found = load(f"key: {written}\n", "a.yaml").plain()["key"]
    assert found == value
    assert type(found) is type(value)


def test_every_node_knows_its_place():
    root = load('# first\na: one\nb:\n  - "two" # here\n  - {c: three four}\nd: five\n  six\n', "a.yaml")
    places = {node.raw: (node.line, node.column, node.end) for node in walk(root) if node.kind == "scalar"}
    assert places == {
        "a": (2, 1, (2, 2)), "one": (2, 4, (2, 7)), "b": (3, 1, (3, 2)), "two": (4, 5, (4, 10)), "c": (5, 6, (5, 7)),
        "three four": (5, 9, (5, 19)), "d": (6, 1, (6, 2)), "five six": (6, 4, (7, 6)),
    }  # fmt: skip


def walk(node):
    yield node
    for key, child in node.value if node.kind == "map" else ((None, item) for item in node.items()):
        yield from ((key,) if key else ())
        yield from walk(child)


def value_of(text, key="a"):
    node = load(text, "a.yaml").get(key)
    assert node is not None
    return node


def test_columns_count_characters():
    assert value_of("a: [北京, 𝔸, b]").items()[2].column == 12


def test_a_map_is_asked_by_key_and_in_its_order():
    node = load("b: 1\na: [x]\n", "a.yaml")
    assert [(key, at.line, value.plain()) for key, at, value in node.pairs()] == [("b", 1, 1), ("a", 2, ["x"])]
    assert node.get("c") is None
    assert (node.items(), list(value_of("a: [x]").pairs())) == ((), [])
    assert (value_of("a: 1").quoted, value_of("a: '1'").quoted) == (False, True)


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "~\n", "---\n...\n---\n"])
def test_an_empty_file_is_an_empty_map(text):
    assert load(text, "a.yaml").plain() == {}
    assert load_documents(text, "a.yaml") == ()


def test_documents_are_read_in_order_with_their_lines():
    documents = load_documents("a: 1\n---\n---\nb: 2\n", "a.yaml")
    assert [(document.plain(), document.line) for document in documents] == [({"a": 1}, 1), ({"b": 2}, 4)]


def mistake(text: str, read=load_documents) -> str:
    with pytest.raises(ConfigError) as caught:
        read(text, "a.yaml")
    return "\n".join(map(str, caught.value.problems))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", "a.yaml:3:1: error: `a` is given twice (first in line 1)", id="key-twice"),
        pytest.param("a: 1\n[b]: 2\n", "a.yaml:2:1: error: a key must be a single word", id="list-as-a-key"),
        pytest.param("a:\n\tb: 1\n", "a.yaml:2:1: error: a tab is used", id="tab"),
        pytest.param("a: @b\n", "a.yaml:1:4: error: text can't begin with `@`", id="at-sign"),
        pytest.param("a: [b, `c]\n", "a.yaml:1:8: error: text can't begin with a backtick", id="backtick"),
        pytest.param("a: *b\n", "a.yaml:1:4: error: text can't begin with `*`", id="unknown-alias"),
        pytest.param("a: [b\nc: d\n", "a.yaml:1:4: error: this `[` is not closed", id="bracket"),
        pytest.param("a: {b: c\nd: e\n", "a.yaml:1:4: error: this `{` is not closed", id="brace"),
        pytest.param("a: [", "a.yaml:1:5: error: a `[` or `{` before this is not closed", id="bracket-at-the-end"),
        pytest.param("a: 'b\nc: d\n", "a.yaml:1:4: error: this quote is not closed", id="quote"),
        pytest.param("a: 'it's'\n", "a.yaml:1:8: error: a text goes on after its closing quote", id="quote-within"),
        pytest.param('a: "\\d"\n', "a.yaml:1:5: error: a `\\` means something else", id="backslash"),
        pytest.param("a: b: c\n", "a.yaml:1:5: error: a colon with a space after it", id="colon"),
        pytest.param("a: > b\n", "a.yaml:1:6: error: not valid YAML", id="anything-else"),
        pytest.param("a: \x01\n", "a.yaml: error: not valid YAML", id="control-character"),
        pytest.param(f"a: {'x' * MAX_BYTES}", "a.yaml: error: the file is larger than", id="too-big"),
        pytest.param(f"a: {'ж' * (MAX_BYTES // 2)}", "a.yaml: error: the file is larger than", id="too-big-in-bytes"),
        pytest.param(f"[{'x,' * MAX_NODES}]", "more than 100,000 values", id="too-many"),
        pytest.param("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), "nested deeper than 40 levels", id="too-deep"),
        pytest.param("[" * 900_000, "nested deeper than 40 levels", id="far-too-deep"),
        pytest.param("&a [*a]", "nested deeper than 40 levels", id="alias-of-itself"),
    ],
)
def test_a_trap_is_refused(text, said):
    assert said in mistake(text)


def test_aliases_are_counted_as_what_they_stand_for():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than 100,000 values" in mistake("\n".join(lines))
    assert load("a: &a [x]\nb: *a\n", "a.yaml").plain() == {"a": ["x"], "b": ["x"]}


def test_depth_is_allowed_up_to_its_bound():
    assert load_documents("[" * MAX_DEPTH + "x" + "]" * MAX_DEPTH, "a.yaml")


def test_all_that_is_given_twice_is_told_at_once():
    assert mistake("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n").count("given twice") == 3


def test_a_second_document_is_refused_where_one_is_meant():
    assert mistake("a: 1\n---\nb: 2\n", load).startswith("a.yaml:3:1: error: a second document begins here")


TEXTS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=80)  # a key has 1,024 at most
VALUES = st.recursive(
    st.one_of(TEXTS, st.none(), st.booleans(), st.integers(-(10**9), 10**9)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=10,
)


@given(VALUES)
@settings(deadline=None)
def test_what_json_says_is_read_as_it_is(value):
    documents = load_documents(json.dumps(value), "a.yaml")
    assert [document.plain() for document in documents] == ([] if value is None else [value])


@given(st.text(st.sampled_from("ab:-[]{}'\"#&*!|>%@`\\, \n\t\r0.~?=<\ufeffж\u2028\x85\x00"), max_size=40))
@settings(deadline=None, max_examples=300)
def test_any_text_is_read_or_refused_with_a_place_in_it(text):
    try:
        for document in load_documents(text, "a.yaml"):
            assert document.line >= 1
    except ConfigError as error:
        for problem in error.problems:
            assert isinstance(problem, Problem)
            assert 0 <= problem.line <= len(text.splitlines()) + 1
            assert problem.mend
