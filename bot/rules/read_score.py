"""Read `score` and `needs`: lines worth points."""

from __future__ import annotations

import re

from bot.marked import Node
from bot.rules.operators import read_match
from bot.rules.parts import Part
from bot.rules.prefilter import needs_words
from bot.rules.reading import Reading
from bot.rules.weights import Score

POINTS = re.compile(r"[+-][1-9][0-9]?\Z")
_WRITE = "Write `- +3: words` or `- -4: words`."


def read_score(rule: Node, reading: Reading) -> Part | None:
    """Return a rule's score; None without one, or where it can't be read."""
    node, needs = rule.get("score"), rule.get("needs")
    if node is None:
        if needs is not None:
            reading.error(needs, "`needs` without `score`", "Put it beside the `score` that it belongs to.")
        return None
    lines = [_line(item, reading) for item in node.items()]
    if not lines:
        reading.error(node, "`score` is not a list of lines", _WRITE)
    goal = needs.value if needs is not None else None
    if not isinstance(goal, int) or isinstance(goal, bool) or goal < 1:
        reading.error(needs or node, "`score` needs a number of points to reach", "Write `needs: 5` beside it.")
        return None
    good = [line for line in lines if line is not None]
    if not good or len(good) < len(lines):
        return None
    score = Score(tuple(points for points, _ in good), tuple(part for _, part in good), goal)
    return _checked(score, node, reading)


def _line(item: Node, reading: Reading) -> tuple[int, Part] | None:
    pairs = list(item.pairs())
    if len(pairs) != 1 or not POINTS.match(pairs[0][0]):
        reading.error(item, "a line of `score` is not its points and what they are for", _WRITE)
        return None
    part = read_match(pairs[0][2], reading)
    return None if part is None else (int(pairs[0][0]), part)


def _checked(score: Score, node: Node, reading: Reading) -> Part | None:
    gains = [points for points in score.points if points > 0]
    if sum(gains) < score.needs:
        message = f"`needs: {score.needs}` can't be reached: all lines together give {sum(gains)}"
        reading.error(node, message, "Ask for less, or give more.")
        return None
    if not needs_words(score):
        reading.error(node, "`score` can reach its goal without a single word", "Ask for words in its positive lines.")
        return None
    if max(gains) >= score.needs and len(score.points) > 1:
        number = score.points.index(max(gains)) + 1
        message = f"line {number} of `score` alone reaches `needs: {score.needs}`"
        reading.warn(node, message, "Give it fewer points, so that it needs company; or put it into `match`.")
    return score
