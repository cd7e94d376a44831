"""Which targets an alert goes to: routes in order, first match wins unless it says `also`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Level, RuleHead, Target


@dataclass(frozen=True, slots=True)
class Route:
    """A line of `routes:` in config.yaml. An empty condition is always true; several must all hold.

    `level` means at least this level; `tags` and `rules` mean any of them.
    """

    target: Target
    level: Level | None = None
    tags: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    also: bool = False

    def takes(self, rule: RuleHead) -> bool:
        """Tell whether alerts of this rule go this way."""
        return (
            (self.level is None or rule.level >= self.level)
            and (not self.tags or bool(self.tags & rule.tags))
            and (not self.rules or rule.id in self.rules)
        )


def targets_for(rule: RuleHead, routes: Sequence[Route]) -> tuple[Target, ...]:
    """Return the targets of a rule's alerts, each once, in the order of the routes."""
    targets: dict[Target, None] = {}
    for route in routes:
        if route.takes(rule):
            targets[route.target] = None
            if not route.also:
                break
    return tuple(targets)
