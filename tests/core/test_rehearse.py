"""Timed sequences: run through the real rules, stories and sources, in pairs that differ in one thing."""

from __future__ import annotations

import pytest

from bot.core.rehearse import rehearse
from tests.rules.given import compiled, errors

RULES = """
concepts:
  country:
    entries:
      US: [US, Washington]
      PL: [Poland, Polish]
      DE: [Germany, German]
      GB: [Britain, British]
---
rule: troops-abroad
match: <country as sender> ...4 [send, sends, deploys] ... troops ... <country as host>
---
rule: pact-signed
match: [<country as party> and <country as partner> sign, <country as party> signs]
---
rule: many-alarms
when:
  rules: [troops-abroad, pact-signed]
  by: [host, party]
  in: 12h
  at least: {rules: 2, stories: 3, sources: 3}
  versus: 14 days
  times: 3
"""
DESIGN = """
- {at: 0m,  source: reuters, title: "US deploys 3,000 troops to Poland"}
- {at: 50m, source: pap,     title: "Germany sends brigade troops to Poland"}
- {at: 3h,  source: bbc,     title: "Poland and Britain sign mutual defence pact"}
"""
RULES = RULES.replace("[send, sends, deploys]", "<send>").replace(
    "concepts:\n", "concepts:\n  send: [send, sends, deploys]\n"
)


def rehearsed(steps, kind="fires", more="", rules=RULES):
    lines = "\n".join(f"        {line}" for line in steps.strip().splitlines())
    result = compiled(f"{rules}tests:\n  {kind}:\n    - sequence:\n{lines}\n{more}")
    assert errors(result) == []
    (one,) = rehearse(result.ruleset)
    return one


def fires(steps, rules=RULES):
    one = rehearsed(steps, rules=rules)
    assert one.passed is not rehearsed(steps, "silent", rules=rules).passed
    return one.passed


def test_the_case_of_the_design_fires():
    one = rehearsed(DESIGN)
    assert one.passed
    assert one.fired == ("fired for PL after 3 hours: 3 stories, 3 sources, 2 rules in 12 hours; usually 0.0",)
    assert (one.problem(), one.uncounted) == (None, ())


COPIES = """
- {at: 0m, source: site-a, title: "US deploys 3,000 troops to Poland (Reuters)"}
- {at: 5m, source: site-b, title: "US deploys 3,000 troops to Poland (Reuters)"}
- {at: 9m, source: site-c, title: "US deploys 3,000 troops to Poland (Reuters)"}
"""
ONE_RULE = RULES.replace("{rules: 2, stories: 3, sources: 3}", "{stories: %s, sources: %s}").replace(
    "  versus: 14 days\n  times: 3\n", ""
)


@pytest.mark.parametrize(
    ("least", "fired"),
    [
        pytest.param((1, 3), False, id="three-sources"),
        pytest.param((1, 2), False, id="two-sources"),
        pytest.param((2, 1), False, id="two-stories"),
    ],
)
def test_one_wire_report_that_three_sites_copy_is_one_source_and_one_story(least, fired):
    rules = ONE_RULE % least
    assert fires(COPIES, rules) is fired
    own = COPIES.replace(" (Reuters)", "")
    for site, other in (("site-b", "Germany sends"), ("site-c", "Britain sends many")):
        own = own.replace(f'{site}, title: "US deploys 3,000', f'{site}, title: "{other}')
    assert fires(own, rules) is True


@pytest.mark.parametrize(
    ("change", "to"),
    [
        pytest.param("source: pap,", "source: reuters,", id="one-feed"),
        pytest.param("source: pap,", "source: pap, owner: reuters,", id="one-owner"),
        pytest.param("source: pap,", "source: pap, kind: aggregator,", id="an-aggregator"),
        pytest.param("troops to Poland\"}\n- {at: 3h", "troops to Poland (Reuters)\"}\n- {at: 3h", id="one-agency"),
        pytest.param("at: 3h", "at: 12h", id="too-late"),
        pytest.param("Germany sends brigade", "US deploys 3,000", id="one-story"),
        pytest.param("Poland and Britain sign", "Germany and Britain sign", id="another-country"),
        pytest.param("Poland and Britain sign mutual", "US sends troops of mutual pact to Poland:", id="one-rule"),
        pytest.param("Germany sends", "Germany mulls", id="not-told"),
    ],
)  # fmt: skip
def test_with_one_thing_changed_it_is_silent(change, to):
    assert change in DESIGN
    assert fires(DESIGN) is True
    assert fires(DESIGN.replace(change, to)) is False


def test_what_is_usual_is_counted_in_the_sequence_itself():
    before = "".join(
        f'- {{at: {day} days, source: herald, title: "{who} sends troops number {day} to Poland"}}\n'
        for day, who in ((0, "US"), (1, "Germany"), (2, "Britain"))
    )
    later = DESIGN.replace("3h, ", "75h, ").replace("50m", "73h").replace("at: 0m", "at: 72h")
    assert fires(later) is True
    assert fires(before + later) is False


def test_steps_are_taken_in_order_of_time():
    assert fires("\n".join(reversed(DESIGN.strip().splitlines()))) is True


def test_a_sequence_may_name_the_value():
    for value, passed in (("PL", True), ("GB", False)):
        assert rehearsed(DESIGN, more=f"      value: {value}\n").passed is passed
        assert rehearsed(DESIGN, "silent", more=f"      value: {value}\n").passed is not passed


def test_a_failure_says_how_near_it_came_and_what_was_not_counted():
    one = rehearsed(DESIGN.replace("Germany sends", "Germany mulls"))
    problem = one.problem()
    assert problem is not None
    assert "does not fire on its sequence" in problem.message
    assert one.why() == "PL: 2 of 3 stories, 2 of 3 sources; not counted: “Germany mulls brigade troops to Poland”"


def test_a_sequence_has_a_source_so_that_where_is_tried():
    rules = RULES.replace("...  <country as host>", "").replace(
        "rule: troops-abroad\n", "rule: troops-abroad\nwhere: {not sources: pap}\n"
    )
    assert fires(DESIGN, rules) is False


def test_drafts_and_paused_rules_are_tried_too():
    for status in ("draft", "paused"):
        rules = RULES.replace("rule: many-alarms\n", f"rule: many-alarms\nstatus: {status}\n")
        assert fires(DESIGN, rules) is True
    for status, counted in (("draft", True), ("paused", False)):
        rules = RULES.replace("rule: pact-signed\n", f"rule: pact-signed\nstatus: {status}\n")
        assert fires(DESIGN, rules) is counted


def test_other_correlation_rules_do_not_disturb():
    other = RULES + RULES[RULES.index("---\nrule: many-alarms") :].replace("many-alarms", "more-alarms")
    assert fires(DESIGN, other) is True
