"""Say how near a rule came to firing on an item: the words that hit, and those that missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.rules.order import Near
from bot.rules.parts import AllOf, AnyOf, InField, NoneOf, Part
from bot.rules.ruleset import Rule
from bot.rules.scan import Scan, Span
from bot.rules.special import InLanguage
from bot.rules.weights import AtLeast, Score


@dataclass(frozen=True, slots=True)
class Nearness:
    """How much of a part an item holds: `found` of `needed` things, where they stand, and what was missed."""

    found: int
    needed: int
    spans: tuple[Span, ...] = ()
    missed: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Return how much was found, from 0 to 1."""
        return self.found / self.needed


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule fired or did not: the words that hit, the parts that missed, and the exclusion that dropped it."""

    fired: bool
    nearness: Nearness
    dropped_by: str = ""


def explain(rule: Rule, item: Scan) -> Reason:
    """Return why a rule fires on an item, or how near it came; from the same evaluation as firing itself."""
    spans, why = rule.judge(item)
    if spans is not None:
        return Reason(True, Nearness(1, 1, tuple(spans)))
    if why.startswith("`where"):
        return Reason(False, Nearness(0, 1), why)
    exclusion = {"unless": rule.unless, "not in sentence": rule.outside, "different": rule.match}.get(why)
    if exclusion is not None:
        found = tuple(exclusion.find(item) or ())
        return Reason(False, Nearness(1, 1, found), why)
    return Reason(False, nearness(rule.match, item))


@dataclass(frozen=True, slots=True)
class Branch:
    """One node of an explanation: what it asks for, whether that holds, and the words that made it."""

    text: str
    holds: bool
    spans: tuple[Span, ...]
    children: tuple[Branch, ...] = ()


def tree(part: Part, item: Scan) -> Branch:
    """Return a part and all parts in it with what each finds in the item; from the same evaluation as firing itself.

    Of a list of alternatives only those are told apart that hold, or say more than one word.
    """
    view = item.only(part.field) if isinstance(part, InField) else item.whole if part.joins == "none" else item
    spans = part.find(item)
    children = tuple(tree(child, view) for child in part.children)
    if part.joins == "any":
        children = tuple(one for one in children if one.holds or one.children)
    return Branch(_label(part), spans is not None, tuple(spans or ()), children)


def _label(part: Part) -> str:
    """Return what a node asks for in a few words; what its children say is left to them."""
    kinds: dict[type, str] = {AnyOf: "any of", AllOf: "all of", NoneOf: "none of"}
    if isinstance(part, InField):
        return f"in the {part.field}"
    if isinstance(part, InLanguage):
        return f"in items in `{part.language}`"
    if isinstance(part, Near):
        return f"near each other, {part.within} words apart at most"
    if isinstance(part, AtLeast):
        return f"at least {part.needs} of"
    if isinstance(part, Score):
        return f"{part.needs} points or more"
    return kinds.get(type(part), str(part))


def nearness(part: Part, item: Scan) -> Nearness:
    """Return how much of a part an item holds."""
    return _JOINS[part.joins](part, item)


def _word(part: Part, item: Scan) -> Nearness:
    spans = part.find(item)
    return Nearness(1, 1, tuple(spans)) if spans else Nearness(0, 1, (), (str(part),))


def _any(part: Part, item: Scan) -> Nearness:
    each = [nearness(child, item) for child in part.children]
    best = max(each, key=lambda one: (one.share, one.found))
    if best.found or len(each) == 1:
        return best
    return Nearness(0, 1, (), (str(part),))


def _all(part: Part, item: Scan) -> Nearness:
    view = item.only(part.field) if isinstance(part, InField) else item
    each = [nearness(child, view) for child in part.children]
    missed = tuple(text for one in each for text in one.missed)
    apart = not missed and part.find(item) is None  # all there, but not in this order or not this near
    return Nearness(
        sum(one.found for one in each),
        sum(one.needed for one in each) + apart,
        tuple(span for one in each for span in one.spans),
        (f"together: {part}",) if apart else missed,
    )


def _counted(part: Part, item: Scan) -> Nearness:
    """Return how far a count or a score got; each child that is there counts as one thing found."""
    each = [nearness(child, item) for child in part.children]
    if part.find(item) is not None:
        return Nearness(1, 1, tuple(span for one in each if one.share == 1 for span in one.spans))
    there = [one for one in each if one.share == 1]
    spans = tuple(span for one in there for span in one.spans)
    return Nearness(len(there), len(each) + 1, spans, (str(part),))


def _none(part: Part, item: Scan) -> Nearness:
    if part.find(item) is not None:
        return Nearness(1, 1)
    spans = tuple(span for child in part.children for span in child.find(item.whole) or ())
    return Nearness(0, 1, spans, (str(part),))


_JOINS: dict[str, Callable[[Part, Scan], Nearness]] = {
    "word": _word,
    "any": _any,
    "all": _all,
    "none": _none,
    "at least": _counted,
    "score": _counted,
}
