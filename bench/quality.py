"""Measure how well the rules in rules/ tell labelled headlines apart: precision, recall and every error.

`python -m bench.quality [LABELLED.jsonl] [BACKGROUND.jsonl]`: the first file has a headline a line with `title`,
`labels` and `event_status` (`text` and `language` if known), the second unlabelled headlines of everyday news. The
last line printed is JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.model import Item
from bot.rulebook import load_rulebook

ROOT = Path(__file__).parent.parent
OWN_SAMPLE = Path(__file__).parent / "data" / "headlines.jsonl"

# What a label of the samples asks of the rules. `treaty_or_pact` is wider than its rule: it counts trade and climate
# too.
RULES_OF_LABEL = {
    "troop_deployment": ("troops-abroad",),
    "treaty_or_pact": ("defence-pact-signed",),
    "missile_or_nuclear_test": ("missile-or-nuclear-test",),
    "sanctions": ("sanctions-package",),
    "ceasefire_or_peace_talks": ("ceasefire-or-talks",),
    "coup_or_unrest": ("coup-or-unrest",),
}
# A label counts only where something comes or came about; talk, denial and history must stay silent.
DEEDS = frozenset({"happened", "ongoing", "announced_or_threatened"})

Row = dict[str, Any]


@dataclass(slots=True)
class Score:
    """What one topic's rules did on a sample: the titles that they got right, wrongly raised, and missed."""

    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float | int | None]:
        """Return counts and ratios; a ratio of nothing is None."""
        tp, fp, fn = len(self.right), len(self.wrong), len(self.missed)
        return {"precision": ratio(tp, tp + fp), "recall": ratio(tp, tp + fn), "tp": tp, "fp": fp, "fn": fn}


def ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


class Bench:
    """The shipped rules with a count of what they say."""

    def __init__(self, rules: Path = ROOT / "rules") -> None:
        book = load_rulebook(rules)
        for problem in book.problems:
            print(problem, file=sys.stderr)
        self.ruleset = book.ruleset

    def fired(self, row: Row) -> frozenset[str]:
        item = Item(row["title"], row.get("text") or "", row.get("language") or "en")
        return frozenset(firing.rule.id for firing in self.ruleset.fire(item))

    def scores(self, sample: Iterable[Row]) -> dict[str, Score]:
        scores = {label: Score() for label in RULES_OF_LABEL}
        for row in sample:
            fired = self.fired(row)
            for label, rules in RULES_OF_LABEL.items():
                raised = not fired.isdisjoint(rules)
                due = label in row["labels"] and row["event_status"] in DEEDS
                note(scores[label], row, raised, due)
        return scores

    def background(self, sample: Iterable[Row]) -> list[tuple[str, str]]:
        """Return (rule, title) of every firing, in order."""
        return [(rule, row["title"]) for row in sample for rule in sorted(self.fired(row))]


def note(score: Score, row: Row, raised: bool, due: bool) -> None:
    if raised and due:
        score.right.append(row["title"])
    elif raised:
        score.wrong.append(f"[{row['event_status']}: {', '.join(row['labels'])}] {row['title']}")
    elif due:
        score.missed.append(row["title"])


def show(scores: dict[str, Score]) -> None:
    for label, score in scores.items():
        print(f"{label} -> {', '.join(RULES_OF_LABEL[label])}: {score.figures()}")
        for kind, titles in (("wrong", score.wrong), ("missed", score.missed)):
            for title in titles:
                print(f"  {kind}: {title}")


def main(arguments: Sequence[str]) -> None:
    paths = [Path(argument) for argument in arguments] or [OWN_SAMPLE]
    bench = Bench()
    scores = bench.scores(rows(paths[0]))
    show(scores)
    per_thousand = None
    if len(paths) > 1:
        background = rows(paths[1])
        firings = bench.background(background)
        for rule, title in firings:
            print(f"  background: {rule}: {title}")
        per_thousand = round(1000 * len(firings) / len(background), 2)
    figures = {label: score.figures() for label, score in scores.items()}
    print(json.dumps({"topics": figures, "fired_per_1000": per_thousand}))


if __name__ == "__main__":
    main(sys.argv[1:])
