"""What is changed from outside: extended concepts, adjusted rules, shared filters; and how a rule speaks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import AlertPolicy, Item, Level, Raise
from tests.rules.given import compiled, errors, hits, ruleset

BASE = "concepts:\n  army: [troops]\n---\nrule: march\ntags: [war]\nmatch: <army> march\n---\n"


def fired(files: str, title: str) -> list[str]:
    return [firing.rule.id for firing in ruleset(files).fire(Item(title, language="en"))]


@pytest.mark.parametrize(
    ("more", "title", "expected"),
    [
        pytest.param("extend: army\nwords: [sailors]", "sailors march", ["march"], id="new-words"),
        pytest.param("extend: army\nwords: [sailors]", "troops march", ["march"], id="old-words"),
        pytest.param("extend: army\nwords: {en: sailors, fr: [marins]}", "sailors march", ["march"], id="by-language"),
        pytest.param("adjust: march\nunless: parade", "troops march in parade", [], id="adjusted-unless"),
        pytest.param("adjust: march\nnot in sentence: parade", "troops march. A parade", ["march"], id="sentence"),
        pytest.param("adjust: march\nstatus: paused", "troops march", [], id="paused"),
        pytest.param("filters: [{filter: f, rules: all, unless: film}]", "troops march in film", [], id="for-all"),
        pytest.param("filters: [{filter: f, rules: march, unless: film}]", "film: troops march", [], id="for-one"),
        pytest.param("filters: [{filter: f, rules: all, unless: film}]", "troops march", ["march"], id="passes"),
    ],
)
def test_a_change(more, title, expected):
    assert fired(BASE + more, title) == expected


def test_a_filter_for_one_rule_leaves_the_others():
    other = "rule: other\nmatch: troops\n---\n"
    both = BASE + other + "filters: [{filter: f, rules: [march], unless: film}]"
    assert fired(both, "film: troops march") == ["other"]


def test_an_adjustment_changes_level_tags_and_status_and_the_rules_digest():
    before = ruleset(BASE)
    after = ruleset(BASE + "adjust: march\nlevel: flash\ntags: night\nstatus: draft\nalert: {again after: 6h}")
    (head,) = after.heads
    assert (head.level, head.tags, head.live) == (Level.FLASH, {"war", "night"}, False)
    assert head.alert.again_after == timedelta(hours=6)
    assert before.hash != after.hash


def test_an_adjustment_that_cannot_be_read_leaves_the_rule_running_as_it_was():
    result = compiled(BASE + "adjust: march\nlevel: loud\nunless: parade")
    assert len(errors(result)) == 1
    assert result.off == ()
    assert hits(result.ruleset, "troops march in parade") == {"march": ["troops", "march"]}


def test_a_filter_whose_headlines_fail_is_off():
    result = compiled(BASE + "filters: [{filter: f, rules: all, unless: film, drops: [Rain], keeps: [Sun]}]")
    assert [e.message for e in errors(result)] == ["the filter `f` is off: it does not drop its headline “Rain”"]
    assert hits(result.ruleset, "film: troops march")


def test_an_extension_with_entries_gives_words_to_ids():
    files = "concepts: {land: {entries: {ML: Mali}}}\n---\nrule: r\nmatch: <land as place> burns\n---\n"
    rules = ruleset(files + "extend: land\nentries: {ML: Bamako, TD: [Chad]}")
    assert [rules.fire(Item(f"{name} burns"))[0].captures for name in ("Mali", "Bamako", "Chad")] == [
        (("place", "ML"),), (("place", "ML"),), (("place", "TD"),),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "policy"),
    [
        pytest.param("", AlertPolicy(), id="nothing"),
        pytest.param("alert: {per: story}", AlertPolicy(), id="per-story"),
        pytest.param("alert: {per: [who]}", AlertPolicy(per=("who",)), id="per-role"),
        pytest.param("alert: {again after: 90 minutes}", AlertPolicy(again_after=timedelta(minutes=90)), id="again"),
        pytest.param("alert: {wait for: 2 sources}", AlertPolicy(wait_for=2), id="wait"),
        pytest.param(
            "alert: {raise: {3 sources: urgent, 8 sources in 2h: flash}}",
            AlertPolicy(raises=(Raise(3, None, Level.URGENT), Raise(8, timedelta(hours=2), Level.FLASH))),
            id="raise",
        ),
    ],
)
def test_how_a_rule_speaks(said, policy):
    (head,) = ruleset(f"concepts: {{army: [troops]}}\n---\nrule: r\nmatch: <army as who>\n{said}\n").heads
    assert head.alert == policy
