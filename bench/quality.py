"""Measure how well the rules in rules/ tell labelled headlines apart: precision, recall and every error.

`python -m bench.quality [--half even|odd] [LABELLED.jsonl] [BACKGROUND.jsonl]`: the first file has a headline a line
with `title`, `labels` and `event_status` (`text`, `language`, and `ambiguous`, topics to skip for this row, if known),
the second unlabelled headlines of everyday news. `--half` takes the rows whose id has an even or odd hash: write rules
on one half and believe the figures of the other. The last line printed is JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from bot.model import Item
from bot.rulebook import load_rulebook

ROOT = Path(__file__).parent.parent
OWN_SAMPLE = Path(__file__).parent / "data" / "headlines.jsonl"

# What a label of the samples asks of the rules: a topic is hit if any of its rules fires. Rules that stand in no line
# (exercises, arms deliveries, cyber attacks ...) are about something that the samples don't label.
RULES_OF_LABEL = {
    "troop_deployment": ("troops-abroad", "troops-at-home"),
    "military_attack": ("military-attack", "armed-group-attack", "attack-threatened", "attack-on-shipping"),
    "missile_or_nuclear_test": ("missile-or-nuclear-test",),
    "treaty_or_pact": ("defence-pact-signed", "treaty-made", "treaty-left", "treaty-talks"),
    "sanctions": ("sanctions-package", "sanctions-lifted", "sanctions-at-issue"),
    "ceasefire_or_peace_talks": ("ceasefire-or-talks", "prisoner-exchange"),
    "coup_or_unrest": ("coup-or-unrest",),
    "summit_or_diplomacy": ("summit-or-visit", "talks-between-states", "diplomatic-rupture", "state-warns-state"),
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
                if label in row.get("ambiguous", ()):
                    continue
                raised = not fired.isdisjoint(rules)
                due = label in row["labels"] and row["event_status"] in DEEDS
                note(scores[label], row, raised, due)
        return scores

    def background(self, sample: Iterable[Row]) -> list[tuple[int, str, list[str]]]:
        """Return (line, title, rules) of every row on which any rule fires."""
        fired = ((line, row["title"], sorted(self.fired(row))) for line, row in enumerate(sample, start=1))
        return [(line, title, rules) for line, title, rules in fired if rules]


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


def in_half(row: Row, half: str) -> bool:
    digest = blake2b(row["id"].encode(), digest_size=8).hexdigest()
    return int(digest, 16) % 2 == (half == "odd")


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="?", type=Path, default=OWN_SAMPLE)
    parser.add_argument("background", nargs="?", type=Path)
    parser.add_argument("--half", choices=("even", "odd"), help="take the rows whose id's hash is so")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> None:
    asked = arguments(given)
    bench = Bench()
    scores = bench.scores(row for row in rows(asked.labelled) if asked.half is None or in_half(row, asked.half))
    show(scores)
    per_thousand = None
    if asked.background:
        background = rows(asked.background)
        fired = bench.background(background)
        for line, title, rules in fired:
            print(f"  background {line}: {', '.join(rules)}: {title}")
        per_thousand = round(1000 * len(fired) / len(background), 2)
    figures = {label: score.figures() for label, score in scores.items()}
    print(json.dumps({"topics": figures, "fired_per_1000": per_thousand}))


if __name__ == "__main__":
    main(sys.argv[1:])
