"""Every operator: one table of when it fires, written as an editor writes it."""

from __future__ import annotations

import pytest

from bot.rules.operators import COMPANIONS, OPERATORS
from tests.rules.given import fires, hits, only

# Operator -> (its match, what fires as (title, text), what stays silent).
Items = list[tuple[str, ...] | tuple[str, str, str | None]]
TABLE: dict[str, tuple[str, Items, Items]] = {
    "any": (
        "{any: [coup, martial law]}",
        [("A coup in Mali", ""), ("Calm", "Martial law is declared"), ("coup, martial law", "")],
        [("Calm in Mali", ""), ("A martial artist", "by law")],
    ),
    "all": (
        "{all: [coup, junta]}",
        [("A coup by a junta", ""), ("Junta rules", "after a coup")],
        [("A coup", "in Mali"), ("", "The junta rules")],
    ),
    "none": (
        "{all: [coup, none: [film, novel]]}",
        [("A coup in Mali", ""), ("A coup", "in Mali")],
        [("A film on a coup", ""), ("A coup", "in a novel"), ("Calm", "")],
    ),
    "near": (
        "{near: [missile, launch], within: 3 words}",
        [("missile launch", ""), ("A launch of a missile", ""), ("launch 1 2 3 missile", ""), ("", "launch a missile")],
        [("launch 1 2 3 4 missile", ""), ("missile", "launch"), ("missile missile", ""), ("launch", "")],
    ),
    "at least N": (
        "{at least 2: [coup, junta, army]}",
        [("A coup by a junta", ""), ("Army", "and a coup"), ("army, coup, junta", "")],
        [("A coup", "a coup"), ("Calm", "junta")],
    ),
    "a language code": (
        "{de: [putsch]}",
        [("Ein Putsch in Mali", "", "de"), ("Ein Putsch in Mali", "", None)],
        [("A putsch in Mali", "", "en"), ("Ruhe", "", "de")],
    ),
    "title": (
        "{title: coup}",
        [("A coup in Mali", ""), ("A coup", "a coup")],
        [("Calm", "after a coup"), ("", "coup")],
    ),
    "text": (
        "{text: [coup, junta]}",
        [("Calm", "after a coup"), ("A coup", "a junta")],
        [("A coup in Mali", ""), ("Junta", "calm")],
    ),
}  # fmt: skip
ROWS = [
    pytest.param(match, item, expected, id=f"{name}-{'fires' if expected else 'silent'}-{number}")
    for name, (match, firing, silent) in TABLE.items()
    for expected, items in ((True, firing), (False, silent))
    for number, item in enumerate(items)
]


@pytest.mark.parametrize(("match", "item", "expected"), ROWS)
def test_an_operator(match, item, expected):
    assert fires(match, *item) is expected


def test_every_operator_has_its_row():
    assert set(TABLE) == set(OPERATORS)
    assert set(COMPANIONS) == {"within"}
    assert all(firing and silent for _, firing, silent in TABLE.values())


@pytest.mark.parametrize(
    ("match", "item", "expected"),
    [
        pytest.param("[coup, junta]", ("The junta rules", ""), True, id="a-list-is-any"),
        pytest.param("{any: coup}", ("A coup", ""), True, id="one-item-needs-no-list"),
        pytest.param("{any: [coup], title: Mali}", ("A coup in Mali", ""), True, id="keys-of-a-map-are-all"),
        pytest.param("{any: [coup], title: Mali}", ("A coup", "in Mali"), False, id="keys-of-a-map-are-all-needed"),
        pytest.param("[coup, {all: [junta, Mali]}]", ("Mali junta", ""), True, id="a-map-in-a-list"),
        pytest.param("{title: {near: [a, b], within: 1}}", ("b x a", ""), True, id="near-in-the-title"),
        pytest.param("{title: {near: [a, b], within: 1}}", ("b", "x a"), False, id="near-across-fields"),
        pytest.param("{title: {all: [coup, none: film]}}", ("A coup", "A film"), True, id="none-of-one-field"),
        pytest.param("{text: {all: [coup, none: film]}}", ("x", "A coup film"), False, id="none-in-the-text"),
        pytest.param("{all: [coup, {none: {title: film}}]}", ("A film", "coup"), False, id="none-of-a-field"),
        pytest.param("{all: [coup, {none: {all: [a, b]}}]}", ("A coup", "and a thing"), True, id="none-of-all"),
        pytest.param("{all: [coup, {any: [army, {none: film}]}]}", ("A coup", ""), True, id="a-way-by-absence"),
        pytest.param("{all: [coup, {any: [army, {none: film}]}]}", ("A film of a coup", ""), False, id="no-way"),
        pytest.param("{all: [[a, b], [c, d]]}", ("d a", ""), True, id="all-of-any"),
        pytest.param("{all: [[a, b], [c, d]]}", ("a b", ""), False, id="all-of-any-misses"),
        pytest.param("{any: [{all: [a, b]}, {title: c}]}", ("c", ""), True, id="any-of-maps"),
    ],
)  # fmt: skip
def test_operators_together(match, item, expected):
    assert fires(match, *item) is expected


@pytest.mark.parametrize(
    ("match", "title", "expected"),
    [
        pytest.param("{near: [a, b], within: 0}", "a b", True, id="side-by-side"),
        pytest.param("{near: [a, b], within: 0}", "a x b", False, id="side-by-side-only"),
        pytest.param("{near: [a, b, c], within: 2}", "c x b a", True, id="three"),
        pytest.param("{near: [a, b, c], within: 2}", "c x x b a", False, id="first-to-last-counts"),
        pytest.param("{near: [a, a], within: 2}", "a x a", True, id="one-word-twice"),
        pytest.param("{near: [a, a], within: 2}", "a x x", False, id="a-word-counts-once"),
        pytest.param("{near: [[a, b], [b, c]], within: 2}", "b x", False, id="one-word-for-two-lists"),
        pytest.param("{near: [[a, b], [b, c]], within: 2}", "b a", True, id="two-words-for-two-lists"),
        pytest.param("{near: [x y, y z], within: 3}", "x y z", False, id="phrases-share-no-word"),
        pytest.param("{near: [x y, y z], within: 3}", "x y a y z", True, id="phrases-side-by-side"),
        pytest.param("{near: [[x, x y], [y, z], b], within: 3}", "x y b", True, id="shorter-words-make-room"),
        pytest.param("{near: [x, [y, w], y z], within: 3}", "x y z w", True, id="another-way-is-tried"),
        pytest.param("{near: [a ... b, c], within: 3}", "a x b c", True, id="a-template-within"),
        pytest.param("{near: [a, b], within: 3}", "One a. Then b", True, id="sentences-do-not-part"),
    ],
)  # fmt: skip
def test_near(match, title, expected):
    assert fires(match, title) is expected


def test_near_shows_each_group_once_and_the_closest_words():
    rules = only("{near: [missile, launch], within: 4}")
    assert hits(rules, "launch x missile x missile x x x x x x launch missile") == {
        "the-rule": ["launch", "missile", "launch", "missile"]
    }


def test_groups_of_near_share_no_words():
    assert hits(only("{near: [a, b], within: 2}"), "a b a") == {"the-rule": ["a", "b"]}


def test_evidence_is_in_order_of_field_and_place_and_named_once():
    rules = only("[junta, coup ... junta, {all: [coup, Mali]}]")
    assert hits(rules, "Mali: coup by junta", "Junta speaks in Mali") == {
        "the-rule": ["Mali", "coup", "junta", "Junta", "Mali"]
    }


def test_only_so_much_evidence_is_named():
    assert len(hits(only("coup"), "coup " * 100)["the-rule"]) == 24
