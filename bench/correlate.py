"""Measure correlation rules: `python -m bench.correlate [--sightings 1400]`.

One process, one store. A value that was seen so many times in fourteen days is seen once more: what the store's answer
and the decision cost in CPU time; and what an entry on which no rule fires costs with and without correlation rules.
The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.read import News, Rules, read
from bot.core.tell import Polled, Telling, tell
from bot.model import Entry, Feed, FeedState, HostState, Plan
from bot.rulebook import load_rulebook
from bot.rules.ruleset import RuleSet
from bot.store import Store

NOW = datetime(2026, 5, 15, 12, tzinfo=UTC)
FEED = Feed("herald", "https://herald.example/rss", "The Herald", "Herald Ltd", language="en")
STATE = FeedState("herald", NOW, NOW, seeded_at=NOW)
ROUNDS = 20


def entry_of(number: int, title: str, at: datetime) -> Entry:
    """Return an entry of the bench's feed."""
    return Entry(f"{number:032x}", "herald", None, None, title, "", "en", at, at, str(number))


def alarm(number: int) -> str:
    """Return a headline on which a shipped rule fires, not much like the others; all that is asked for is there."""
    words = " ".join(f"{letter}{number * 7 % 97}" for letter in "abcdef")
    agency = ("Reuters", "AFP", "dpa")[number % 3]
    if number % 2:
        return f"Poland and Britain sign defence pact number {number} {words} ({agency})"
    return f"US sends {number + 2} soldiers of {words} to Poland ({agency})"


async def filled(store: Store, rules: Rules, sightings: int) -> None:
    """Store so many matches on one country, evenly over fourteen days."""
    await store.declare_feeds([(FEED, "herald.example")], NOW)
    for number in range(sightings):
        at = NOW - timedelta(days=14) * (sightings - number) / sightings
        reading = read(FEED, [entry_of(number, alarm(number), at)], rules, at)
        state = replace(STATE, seeded_at=at)
        polled = Polled(FEED, state, HostState("herald.example"), News(reading.entries, (), ()))
        await store.apply(tell(polled, reading, await store.answer(reading.question), Telling(()), at))


async def once_more(store: Store, rules: Rules, sightings: int) -> tuple[float, Plan]:
    """Return the CPU milliseconds of one more sighting: question, answer and decision, nothing applied."""
    entries = [entry_of(sightings, alarm(sightings), NOW)]
    begun = time.process_time()
    for _ in range(ROUNDS):
        reading = read(FEED, entries, rules, NOW)
        polled = Polled(FEED, STATE, HostState("herald.example"), News(reading.entries, (), ()))
        plan = tell(polled, reading, await store.answer(reading.question), Telling(()), NOW)
    return (time.process_time() - begun) / ROUNDS * 1000, plan


def idle(rules: Sequence[Rules], seconds: float) -> list[float]:
    """Return, for each of the rule sets in turns, microseconds for an entry on which nothing fires."""
    entries = [entry_of(n, f"Farmers market number {n} opens with cheese and apples", NOW) for n in range(200)]
    spent, done = [0.0] * len(rules), [0] * len(rules)
    while min(spent) < seconds:
        for number, one in enumerate(rules):
            begun = time.process_time()
            read(FEED, entries, one, NOW)
            spent[number] += time.process_time() - begun
            done[number] += len(entries)
    return [used / count * 1_000_000 for used, count in zip(spent, done, strict=True)]


async def measured(rules: RuleSet, alone: RuleSet, sightings: int) -> dict[str, float]:
    """Return what one more sighting costs, with correlation rules and without."""
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(Path(folder) / "w.db", NOW - timedelta(days=40))
        await filled(store, rules, sightings)
        counted, plan = await once_more(store, rules, sightings)
        plain, _ = await once_more(store, alone, sightings)
        await store.close()
    return {"sightings": sightings, "watches": len(plan.watches), "counted_ms": counted, "plain_ms": plain}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules-folder", type=Path, default=Path("rules"))
    parser.add_argument("--sightings", type=int, default=1400)
    parser.add_argument("--seconds", type=float, default=3.0, help="measured for each rule set")
    asked = parser.parse_args()
    rules = load_rulebook(asked.rules_folder).ruleset
    alone = rules.without(frozenset(one.rule.id for one in rules.correlations))
    figures = asyncio.run(measured(rules, alone, asked.sightings))
    figures["idle_us"], figures["idle_without_us"] = idle([rules, alone], asked.seconds)
    print(f"one more of {asked.sightings:,}: {figures['counted_ms']:.1f} ms; uncounted: {figures['plain_ms']:.1f} ms")
    print(f"nothing fires: {figures['idle_us']:.1f} us an entry, without correlations {figures['idle_without_us']:.1f}")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
