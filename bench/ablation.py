"""Take each line out of each shipped rule in turn, and name the lines that no test of the rule needs.

`python -m bench.ablation [--rules FOLDER] [RULE ...]`: a line is an item of a list under `match`, `score`, `not in
sentence` or `unless`, at any depth, or such a key as a whole where it is written in one line. A line is needed where
without it a headline of the rule fails, or the rule has an error. The last line printed is JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.marked import Node
from bot.rulebook import read_folder
from bot.rules.compile import compile_rules, read_rules
from bot.rules.draft import Draft
from bot.rules.forms import Forms
from bot.rules.read import read_documents
from bot.rules.trial import run_trials
from bot.territories import country_names
from bot.wordforms import cache_folder, forms_for

ROOT = Path(__file__).parent.parent
PARTS = ("match", "score", "not in sentence", "unless")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a rule, with all that is written below it; `first` and `last` count from 1."""

    path: str
    rule_id: str
    first: int
    last: int


def lines_of(path: str, text: str) -> Iterator[Line]:
    """Yield the lines of every rule of a file."""
    written = text.splitlines()
    documents, _ = read_documents(path, text)
    for document in documents:
        rule = document.get("rule")
        if rule is None:
            continue
        for key, at, node in document.pairs():
            if key in PARTS:
                starts = list(_items(node, written)) or [at.line]
                yield from (Line(path, str(rule.value), start, _end(start, written)) for start in starts)


def _items(node: Node, written: Sequence[str]) -> Iterator[int]:
    for item in node.items():
        if written[item.line - 1][: item.column - 1].strip() == "-":
            yield item.line
        yield from _items(item, written)
    for _, _, value in node.pairs():
        yield from _items(value, written)


def _end(first: int, written: Sequence[str]) -> int:
    """Return the last line of what begins in line `first`: all that is indented deeper."""
    indent = _indent(written[first - 1])
    last = first
    for number in range(first + 1, len(written) + 1):
        line = written[number - 1]
        closing = line.strip() in ("]", "}") and _indent(line) == indent
        if line.strip() and _indent(line) <= indent and not closing:
            break
        last = number
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


class Ablation:
    """The rules of a folder, to be compiled again with copies of one rule that each lack a line."""

    def __init__(self, folder: Path) -> None:
        cache = cache_folder()
        self.texts = read_folder(folder).texts
        self.countries = country_names(cache)
        self.forms: Forms = forms_for(self.read(self.texts).vocabulary, cache)

    def read(self, texts: Mapping[str, str]) -> Draft:
        return read_rules(texts, lambda: self.countries)

    def spare(self, lines: Sequence[Line]) -> list[Line]:
        """Return those of one rule's lines that no test of the rule needs."""
        path = lines[0].path
        copies = {f"copy-{line.first}": line for line in lines}
        without = "\n---\n".join(_copy(self.texts[path], line, name) for name, line in copies.items())
        draft = self.read({**self.texts, path: f"{self.texts[path]}\n---\n{without}\n"})
        alone = replace(draft, rules=tuple(rule for rule in draft.rules if rule.head.id in copies))
        compiled = compile_rules(alone, self.forms)
        failed = {trial.rule_id for trial in run_trials(compiled) if not trial.passed}
        # What lacks a line and has an error now was not compiled, so the line is needed.
        return [copies[rule.head.id] for rule in compiled.ruleset.rules if rule.head.id not in failed]


def _copy(text: str, line: Line, name: str) -> str:
    """Return the rule's document without the line and without concepts, under another name."""
    written = text.splitlines()
    start = max((n for n in range(line.first) if written[n].startswith("---")), default=-1) + 1
    end = next((n for n in range(start, len(written)) if written[n].startswith("---")), len(written))
    kept = [one for number, one in enumerate(written[start:end], start + 1) if not line.first <= number <= line.last]
    body: list[str] = []
    skipped = False
    for one in kept:
        if one.strip() and not one[0].isspace() and one[0] not in "]}#":
            skipped = one.startswith(("concepts:", "filters:"))
        if not skipped:
            body.append(f"rule: {name}" if one.startswith("rule:") else one)
    return "\n".join(body)


def main(given: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", nargs="*", metavar="RULE", help="only these rules")
    parser.add_argument("--rules", dest="folder", type=Path, default=ROOT / "rules", metavar="FOLDER")
    asked = parser.parse_args(given)
    ablation = Ablation(asked.folder)
    lines = [line for path, text in ablation.texts.items() for line in lines_of(path, text)]
    chosen = [line for line in lines if not asked.rules or line.rule_id in asked.rules]
    spare = 0
    for rule_id in dict.fromkeys(line.rule_id for line in chosen):
        for line in ablation.spare([line for line in chosen if line.rule_id == rule_id]):
            spare += 1
            said = ablation.texts[line.path].splitlines()[line.first - 1].strip()
            print(f"{line.path}:{line.first}: no test of `{rule_id}` needs: {said}", flush=True)
    print(json.dumps({"lines": len(chosen), "not_needed": spare}))


if __name__ == "__main__":
    main(sys.argv[1:])
