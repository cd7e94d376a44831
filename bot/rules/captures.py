"""Which roles a rule captured: who sent, to where. Taken from the tightest reading of the item."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rules.scan import NOWHERE, Span, said_of

Captures = tuple[tuple[str, str], ...]  # (role, value), by role


def roles_of(span: Span) -> dict[str, str]:
    """Return what a span captures, by role; of two values for one role the first in the alphabet."""
    return {role: value for role, _, value in (said.partition("=") for said in sorted(said_of(span), reverse=True))}


def differing(spans: Sequence[Span], different: Sequence[str]) -> list[Span]:
    """Return the spans in which these roles, as far as they are captured, have different values."""
    if not different:
        return list(spans)
    return [span for span in spans if _differ(roles_of(span), different)]


def captured(spans: Sequence[Span], different: Sequence[str]) -> Captures:
    """Return the roles captured by the tightest span, and from the next tightest those that it lacks."""
    found: dict[str, str] = {}
    if not any(leaf[3] for span in spans for leaf in span[2]):
        return ()
    for span in sorted(spans, key=_tightness):
        more = {**roles_of(span), **found}
        if _differ(more, different):
            found = more
    return tuple(sorted(found.items()))


def can_differ(spans: Sequence[Span], different: Sequence[str]) -> bool:
    """Tell whether the roles that must differ, as far as any span captures them, can all be captured so."""
    offered = {role for span in spans for role in roles_of(span)} & set(different)
    return offered <= dict(captured(spans, different)).keys()


def _differ(roles: dict[str, str], different: Sequence[str]) -> bool:
    values = [roles[role] for role in different if role in roles]
    return len(set(values)) == len(values)


def _tightness(span: Span) -> tuple[int, int, int]:
    # What was said in so many words comes before a feed's own country.
    return -len(said_of(span)), int(span[0] == NOWHERE), span[1] - span[0]
