"""Tie concepts together: which are defined, which are used, and what is wrong between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.errors import Problem
from bot.rules.draft import ConceptDraft, Place, RuleDraft
from bot.rules.parts import AnyOf, Part, Ref, Words, walk
from bot.rules.reading import nearest
from bot.rules.special import Regex


class Concepts:
    """The concepts of a draft by name. `bad` are those that no rule can use; `problems` say why."""

    def __init__(self, drafts: Iterable[ConceptDraft]) -> None:
        self.problems: list[Problem] = []
        self.table: dict[str, ConceptDraft] = {}
        drafts = tuple(drafts)
        for draft in (draft for draft in drafts if not draft.extends):
            first = self.table.setdefault(draft.name, draft)
            if first is not draft:
                message = (
                    f"the concept `{draft.name}` is defined twice (first in {first.place.path}:{first.place.line})"
                )
                self.problems.append(draft.place.problem(message, "Keep one, or give this one another name."))
        for draft in (draft for draft in drafts if draft.extends):
            self._extend(draft)
        self._uses = {name: draft.refs for name, draft in self.table.items()}
        self.bad = {name for name, draft in self.table.items() if draft.broken}
        for name, draft in self.table.items():
            unknown = list(self.unknown(self._uses[name], draft.place))
            self.problems += unknown
            self.bad |= {name} if unknown else set()
        self._cycles()
        self._spread()

    def _extend(self, more: ConceptDraft) -> None:
        """Add to a concept; what can't be read leaves it as it was."""
        base = self.table.get(more.name)
        if base is None:
            message = f"there is no concept `{more.name}` to extend"
            self.problems.append(more.place.problem(message, nearest(more.name, self.table)))
        elif not more.broken and base.part is not None and more.part is not None:
            self.table[more.name] = replace(
                base,
                part=AnyOf((base.part, more.part)),
                content=f"{base.content}\n{more.content}",
                refs=(*base.refs, *more.refs),
                values=(*base.values, *more.values),
            )

    def parts(self) -> dict[str, Part]:
        """Return what the usable concepts stand for."""
        return {
            name: draft.part for name, draft in self.table.items() if draft.part is not None and name not in self.bad
        }

    def values(self) -> dict[str, dict[int, str]]:
        """Return, by concept, what each of its terms is captured as: its entry's id, else the word as written."""
        parts = self.parts()
        known: dict[str, dict[int, str]] = {}

        def of(name: str) -> dict[int, str]:
            if name not in known:
                found: dict[int, str] = {}
                for inner in walk(parts[name]):
                    if isinstance(inner, Ref):
                        found = {**of(inner.name), **found}
                    elif isinstance(inner, Words | Regex):
                        found.setdefault(inner.term.id, inner.term.written.removeprefix("="))
                known[name] = found | dict(self.table[name].values)
            return known[name]

        return {name: of(name) for name in parts}

    def unknown(self, used: Iterable[Ref], place: Place) -> Iterator[Problem]:
        """Yield a problem for each concept that is used at a place's file and defined nowhere."""
        for ref in used:
            if ref.name not in self.table:
                message = f"there is no concept `<{ref.name}>`"
                yield Problem(place.path, ref.line, ref.column, message, nearest(ref.name, self.table, "<{}>"))
            elif ref.only and ref.only.lstrip("!") not in (ids := self._ids(ref.name)):
                message = f"`{ref.name}` has no entry `{ref.only.lstrip('!')}`"
                yield Problem(place.path, ref.line, ref.column, message, _nearest_id(ref.only.lstrip("!"), ids))

    def _ids(self, name: str) -> set[str]:
        """Return the ids of the entries of a concept and of those that it contains."""
        return {entry_id for inner in self.closure([Ref(name)]) for _, entry_id in self.table[inner].values}

    def closure(self, used: Iterable[Ref]) -> list[str]:
        """Return the names of the concepts that these need, directly or through others, sorted."""
        needed: set[str] = set()
        waiting = [ref.name for ref in used]
        while waiting:
            name = waiting.pop()
            if name in self.table and name not in needed:
                needed.add(name)
                waiting += [ref.name for ref in self._uses[name]]
        return sorted(needed)

    def unused(self, rules: Iterable[RuleDraft]) -> Iterator[Problem]:
        """Yield a warning for each concept that no rule needs."""
        needed = set(self.closure(ref for rule in rules for ref in rule.refs))
        for name, draft in self.table.items():
            if name not in needed and not draft.broken:
                mend = f"Use it as `<{name}>` in a rule, or remove it."
                yield draft.place.problem(f"the concept `{name}` is used nowhere", mend, "warning")

    def _cycles(self) -> None:
        for name, draft in self.table.items():
            chain = self._way_back(name)
            # Every concept of a cycle would report it: only the first in name does.
            if chain and name == min(chain):
                message = f"the concept `{name}` contains itself: {' -> '.join([*chain, name])}"
                self.problems.append(draft.place.problem(message, "Take one of these steps out."))
            self.bad |= set(chain)

    def _way_back(self, start: str) -> list[str]:
        """Return the shortest chain of concepts from one back to itself; [] where there is none."""
        chains, seen = [[start]], {start}
        for chain in chains:
            for ref in self._uses.get(chain[-1], ()):
                if ref.name == start:
                    return chain
                if ref.name not in seen:
                    seen.add(ref.name)
                    chains.append([*chain, ref.name])
        return []

    def _spread(self) -> None:
        grown = True
        while grown:
            more = {name for name, used in self._uses.items() if any(ref.name in self.bad for ref in used)} - self.bad
            self.bad |= more
            grown = bool(more)


def _nearest_id(wanted: str, ids: set[str]) -> str:
    """Return the mend for an unknown id; of many ids it shows how they look."""
    if not ids:
        return "Give the concept `entries` with ids first."
    if len(ids) <= 12:
        return nearest(wanted, ids)
    some = ", ".join(f"`{one}`" for one in sorted(ids)[:3])
    return f"It has {len(ids)} ids, such as {some}; countries go by ISO 3166 (GB, not UK). `wirewatch concepts` helps."
