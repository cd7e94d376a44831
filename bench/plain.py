"""What a matcher would cost that knows nothing of rules: a loop of regular expressions, and an Aho-Corasick pass."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence

from bot.model import Item

Lists = Sequence[Sequence[str]]  # a plain rule: a word of each list must be there


class RegexLoop:
    """One alternation a list, tried rule by rule."""

    def __init__(self, rules: Sequence[Lists]) -> None:
        self.rules = [[re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b") for words in lists] for lists in rules]

    def __call__(self, item: Item) -> list[int]:
        text = f"{item.title}\n{item.text}".lower()
        return [number for number, lists in enumerate(self.rules) if all(found.search(text) for found in lists)]


class AhoCorasick:
    """All words in one pass over the letters, then a count of each rule's lists."""

    def __init__(self, rules: Sequence[Lists]) -> None:
        lists_of: dict[str, list[tuple[int, int]]] = {}
        for number, lists in enumerate(rules):
            for which, words in enumerate(lists):
                for word in words:
                    lists_of.setdefault(f" {word} ", []).append((number, which))
        self.needed = len(rules[0]) if rules else 0
        self.steps: list[dict[str, int]] = [{}]
        self.found: list[tuple[tuple[int, int], ...]] = [()]
        for word, places in lists_of.items():
            self._add(word, tuple(places))
        self.fails = self._fall_back()

    def _add(self, word: str, places: tuple[tuple[int, int], ...]) -> None:
        state = 0
        for letter in word:
            if letter not in self.steps[state]:
                self.steps[state][letter] = len(self.steps)
                self.steps.append({})
                self.found.append(())
            state = self.steps[state][letter]
        self.found[state] = places

    def _fall_back(self) -> list[int]:
        fails = [0] * len(self.steps)
        todo = deque(self.steps[0].values())
        while todo:
            state = todo.popleft()
            for letter, after in self.steps[state].items():
                todo.append(after)
                back = fails[state]
                while back and letter not in self.steps[back]:
                    back = fails[back]
                fails[after] = self.steps[back].get(letter, 0)
                self.found[after] += self.found[fails[after]]
        return fails

    def __call__(self, item: Item) -> list[int]:
        state, hits = 0, set[tuple[int, int]]()
        steps, fails, found = self.steps, self.fails, self.found
        for letter in f" {' '.join(_words(item))} ":
            while state and letter not in steps[state]:
                state = fails[state]
            state = steps[state].get(letter, 0)
            if found[state]:
                hits.update(found[state])
        counts = Counter(number for number, _ in hits)
        return [number for number, count in counts.items() if count == self.needed]


def _words(item: Item) -> Iterable[str]:
    return re.findall(r"\w+", f"{item.title} {item.text}".lower())
