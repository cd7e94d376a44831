"""The pages for users are true: their examples compile, and every key and limit that the program has is in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import marked
from bot.core.rehearse import rehearse
from bot.model import Level, SourceKind
from bot.rules import (
    operators,
    patterns,
    read_alert,
    read_changes,
    read_headlines,
    read_rule,
    read_sequences,
    read_when,
    read_where,
    terms,
    text,
    tokens,
)
from bot.rules.compile import compile_rules, read_rules
from bot.rules.forms import expand
from bot.rules.spans import spoken
from bot.rules.trial import run_trials

ROOT = Path(__file__).parent.parent
RULES = (ROOT / "docs" / "rules.md").read_text("utf-8")
MARKED = {operators.LANGUAGE, "drops", "keeps", "filter", "rules"}  # stand in an example, or in words
EXAMPLES = re.findall(r"```yaml\n(.*?)```", RULES, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: re.findall(r"rule: (\S+)", e)[0])
def test_an_example_compiles_and_its_headlines_pass(example):
    draft = read_rules({"docs/rules.md": example})
    compiled = compile_rules(draft, expand(draft.vocabulary))
    assert [str(problem) for problem in compiled.problems if problem.severity == "error"] == []
    assert [trial.why() for trial in run_trials(compiled) if not trial.passed] == []
    assert [one.why() for one in rehearse(compiled.ruleset) if not one.passed] == []


def test_what_the_page_says_of_an_exclusion_is_so():
    example = next(e for e in EXAMPLES if "rule: troops-sent" in e)
    draft = read_rules({"docs/rules.md": example + '    - "EU urges calm as Poland sends troops"\n'})
    (failed,) = [t for t in run_trials(compile_rules(draft, expand(draft.vocabulary))) if not t.passed]
    assert failed.headline.item.title == "EU urges calm as Poland sends troops"


@pytest.mark.parametrize(
    "key",
    [
        *read_rule.RULE_KEYS,
        *read_rule.STATUSES,
        *operators.OPERATORS,
        *operators.COMPANIONS,
        *read_headlines.TEST_KEYS,
        *read_headlines.HEADLINE_KEYS,
        *read_where.WHERE_KEYS,
        *read_alert.ALERT_KEYS,
        *read_when.WHEN_KEYS,
        *read_when.LEAST_KEYS,
        *read_sequences.SEQUENCE_KEYS,
        *read_sequences.STEP_KEYS,
        *SourceKind,
        *read_changes.ADJUST_KEYS,
        *read_changes.FILTER_KEYS,
        *(level.name.lower() for level in Level),
    ],
)
def test_every_key_and_word_is_on_the_page(key):
    assert re.search(rf"(`|\b){key}\b", RULES) if key in MARKED else re.search(rf"`{key}\b", RULES), key


@pytest.mark.parametrize(
    "said",
    [
        f"at most {patterns.GAP} words between",
        f"at least {terms.MIN_PREFIX} letters",
        f"{text.MAX_CHARACTERS:,} characters",
        f"{tokens.MAX_WORDS:,} words",
        f"{marked.MAX_BYTES:,} bytes",
        f"{marked.MAX_NODES:,} values",
        f"{marked.MAX_DEPTH} levels",
        f"go up to {patterns.MAX_GAP} words",
        f"from {operators.WIDE} on",
        f"up to {spoken(read_when.MAX_IN)}",
        f"at least and {spoken(read_when.MAX_VERSUS)} at most",
    ],
)
def test_every_limit_on_the_page_is_the_programs(said):
    assert said in " ".join(RULES.split())


TRAPS = (ROOT / "docs" / "decisions" / "traps.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", TRAPS))))
def test_a_test_that_keeps_us_out_of_a_trap_is_there(name):
    assert any(f"def {name}(" in path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(bot/[\w/]+\.py)`", TRAPS))))
def test_a_setting_that_keeps_us_out_of_a_trap_is_there(path):
    assert (ROOT / path).exists()
