"""Correlation rules in the service: polls into a real store, one alert for what several entries say together."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cli.options import read_config
from bot.cli.replay import replayed
from bot.core.correlate import DAY
from bot.core.routing import Route
from bot.core.schedule import PollPolicy
from bot.core.tell import Telling
from bot.errors import Conflict
from bot.model import SourceKind
from bot.poll import Desk, Poller, declared
from bot.rulebook import load_rulebook
from bot.store import Store
from tests.fakes import HandClock, ScriptedSource
from tests.rules.given import ruleset
from tests.values import CHAT, FEED, MINUTE, NOW, document, entry_data

HOUR = timedelta(hours=1)
RULES = """
concepts:
  send: [sends, deploys]
  country:
    entries: {US: [US], PL: [Poland, Polish], DE: [Germany], GB: [Britain]}
---
rule: troops-abroad
match: <country as sender> ... <send> ... troops ... <country as host>
---
rule: pact-signed
match: <country as party> and <country as partner> sign
---
rule: many-alarms
level: flash
when:
  rules: [troops-abroad, pact-signed]
  by: [host, party]
  in: 12h
  at least: {rules: 2, stories: 3, sources: 3}
"""
VERSUS = RULES + "  versus: 7 days\n  times: 2\n"
EMPTY = document()
US = entry_data("US deploys 3,000 troops to Poland", link="https://a.example/1")
GERMANY = entry_data("Germany sends brigade troops to Poland", link="https://b.example/1")
PACT = entry_data("Poland and Britain sign mutual defence pact", link="https://c.example/1")


def feed(name, owner=None, kind=SourceKind.OUTLET):
    return replace(FEED, id=name, url=f"https://{name}.example/rss", name=name.title(), owner=owner or name, kind=kind)


FEEDS = [feed("herald"), feed("post"), feed("courier")]


class Newsroom:
    """A poller of several feeds on a real store; `brings` lets one of them publish."""

    def __init__(self, store, feeds=FEEDS, rules=RULES):
        self.store, self.feeds, self.clock, self.source = store, feeds, HandClock(), ScriptedSource()
        self.rules = ruleset(rules)
        self.poller = self.made_poller()
        self.source.answers = {one.id: [EMPTY] for one in feeds}

    def made_poller(self):
        return Poller(
            Desk(
                feeds={one.id: one for one in self.feeds},
                source=self.source,
                store=self.store,
                rules=lambda: self.rules,
                telling=Telling((Route(CHAT),)),
                policy=PollPolicy(),
                clock=self.clock,
                on_alerts=lambda: None,
            )
        )

    async def open(self):
        await self.store.declare_feeds(declared(self.feeds), self.clock.now())
        await self.poll()
        return self

    async def poll(self):
        await self.poller.tick(self.clock.now())
        await self.poller.idle()

    async def brings(self, after, **published):
        """Let some time pass, and each of these feeds publish an entry (or several)."""
        self.clock.at += after
        for name, entries in published.items():
            listed = entries if isinstance(entries, list) else [entries]
            self.source.answers[name] = [document(*listed)]
        await self.poll()

    async def alerts(self, rule="many-alarms"):
        owed = reversed(await self.store.deliveries(None, 500))
        return [one.alert for one in owed if one.alert.rule_id == rule]


@pytest.fixture
async def room(store):
    return await Newsroom(store).open()


async def test_three_stories_of_three_sources_are_one_more_alert_that_lists_them(room):
    await room.brings(HOUR, herald=US)
    await room.brings(HOUR, post=GERMANY)
    assert await room.alerts() == []
    await room.brings(HOUR, courier=PACT)
    (alert,) = await room.alerts()
    assert (alert.content.topic, alert.content.title) == ("Many alarms: PL", PACT.title)
    assert alert.content.tally == "3 stories, 3 sources, 2 rules in 12 hours"
    assert [(one.title, one.link, one.sources) for one in alert.content.counted] == [
        (US.title, US.link, ("herald",)),
        (GERMANY.title, GERMANY.link, ("post",)),
    ]
    assert len(await room.alerts("troops-abroad")) == 2
    assert len(await room.alerts("pact-signed")) == 1


async def test_it_speaks_again_only_when_its_time_has_come(room):
    for number, name in enumerate(("herald", "post", "courier", "herald", "post")):
        wave = f"{'wave' * (number + 1)} number {number}"
        titles = [f"US deploys troops of {wave} to Poland", f"Poland and Britain sign {wave} {number}"]
        await room.brings(HOUR, **{name: [entry_data(t, link=f"https://x.example/{t}") for t in titles]})
    assert len(await room.alerts()) == 1
    late = [entry_data(f"US deploys {n} {'late' * n} troops to Poland", link=f"https://y.example/{n}") for n in (1, 2)]
    await room.brings(9 * HOUR, herald=late[0])
    assert len(await room.alerts()) == 1
    await room.brings(HOUR, courier=late[1])
    assert [one.raised_at - NOW for one in await room.alerts()] == [3 * HOUR, 15 * HOUR]


async def test_what_copies_and_houses_and_first_polls_bring_is_not_enough(store):
    feeds = [feed("herald"), feed("post"), feed("courier", "herald"), feed("digest", kind=SourceKind.AGGREGATOR)]
    room = await Newsroom(store, feeds).open()
    await room.brings(HOUR, herald=replace(US, title=US.title + " (Reuters)"))
    await room.brings(HOUR, post=replace(US, title=US.title + " (Reuters)", link="https://z.example/9"))
    await room.brings(HOUR, courier=GERMANY, digest=PACT)
    assert await room.alerts() == []
    late = feed("late")
    more = Newsroom(store, [*feeds, late])
    more.clock.at = room.clock.at
    more.source.answers["late"] = [document(replace(PACT, title="Poland and Britain sign a first pact"))]
    await more.open()
    assert await more.alerts() == []
    await more.brings(
        HOUR, late=replace(PACT, guid="7", title="Poland and Britain sign seven more", link="https://l.example/7")
    )
    assert len(await more.alerts()) == 1


async def test_what_is_usual_does_not_fire(store):
    room = await Newsroom(store, rules=VERSUS).open()
    for day in range(1, 5):
        await room.brings(
            DAY - (HOUR if day > 1 else 0 * HOUR),
            herald=entry_data(f"US deploys troops number {day} {'a' * day} to Poland"),
        )
        await room.brings(HOUR, post=entry_data(f"Germany sends troops {day} {'b' * day} to Poland"))
    await room.brings(DAY - HOUR, herald=US)
    await room.brings(HOUR, post=GERMANY)
    await room.brings(0 * HOUR, courier=PACT)
    assert await room.alerts() == []


async def test_what_nobody_knows_to_be_unusual_does_not_fire_yet(store):
    room = await Newsroom(store, rules=VERSUS).open()
    await room.brings(2 * DAY, herald=US)
    await room.brings(HOUR, post=GERMANY, courier=PACT)
    assert await room.alerts() == []
    await room.brings(
        3 * DAY + 12 * HOUR, herald=replace(US, guid="2", title="US deploys other troops to Poland", link=None)
    )
    await room.brings(
        HOUR, post=replace(GERMANY, guid="3", title="Germany sends no end of troops to Poland", link=None)
    )
    assert await room.alerts() == []
    await room.brings(HOUR, courier=replace(PACT, guid="4", title="Poland and Britain sign up", link=None))
    assert [one.content.tally for one in await room.alerts()] == [
        "3 stories, 3 sources, 2 rules in 12 hours; usually 0.0",
    ]  # fmt: skip


class Hasty:
    """A store in front of which another poll goes through between a poll's question and its plan, once."""

    def __init__(self, store, between):
        self._store, self._between = store, between

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def answer(self, question):
        answer = await self._store.answer(question)
        if self._between is not None and question.lookouts:
            between, self._between = self._between, None
            await between()
        return answer


async def test_polls_at_the_same_time_lose_no_alert_and_raise_it_once(store):
    room = await Newsroom(store).open()
    other = await Newsroom(store, [feed("other")]).open()
    await room.brings(HOUR, herald=US)
    other.clock.at = room.clock.at + HOUR
    other.source.answers["other"] = [document(GERMANY)]
    room.store = Hasty(store, other.poll)
    room.poller = room.made_poller()
    await room.brings(HOUR, courier=PACT)
    (alert,) = await room.alerts()
    assert [one.title for one in alert.content.counted] == [US.title, GERMANY.title]


class Crashing(Hasty):
    """A store that fails while a plan is applied, once: after nothing, or after everything."""

    async def apply(self, plan):
        when, self._between = self._between, None
        if when == "before" and plan.matches:
            raise Conflict("the power went")
        await self._store.apply(plan)
        if when == "after" and plan.matches:
            raise Conflict("the power went")

    async def answer(self, question):
        return await self._store.answer(question)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_crash_loses_no_alert_and_raises_none_twice(store, when):
    room = await Newsroom(store).open()
    await room.brings(HOUR, herald=US)
    await room.brings(HOUR, post=GERMANY)
    room.store = Crashing(store, when)
    room.poller = room.made_poller()
    await room.brings(HOUR, courier=PACT)
    assert len(await room.alerts()) == 1


async def test_many_feeds_at_once_come_to_one_alert_and_none_gives_up(store):
    feeds = [feed(f"f{n}") for n in range(30)]
    room = await Newsroom(store, feeds).open()
    titles = [f"US deploys troops of {'x' * n} kind {n} to Poland" for n in range(15)]
    titles += [f"Poland and Britain sign {'y' * n} pact {n}" for n in range(15)]
    entries = {
        one.id: entry_data(title, link=f"https://{one.id}.example/1") for one, title in zip(feeds, titles, strict=True)
    }
    await room.brings(HOUR, **entries)
    assert len(await room.alerts()) == 1
    assert (await store.matched_since(NOW)) == {"troops-abroad": 15, "pact-signed": 15, "many-alarms": 1}


# --- replay --------------------------------------------------------------------------------------

NAMES = ("herald", "post", "courier", "globe")
TITLES = (
    "US deploys troops of kind {} to Poland",
    "Germany sends {} troops to Poland",
    "Poland and Britain sign {} pacts",
    "Britain and Germany sign {} papers",
    "US deploys {} troops in Germany",
    "Nothing new of {}",
)


def newsday(chance, number):
    """Return what one of the feeds publishes next: mostly of its own, at times a copy of what another has told."""
    word = chance.choice(["few", "many", "more", "heavy", "light", "lost"]) * chance.randint(1, 3)
    title = chance.choice(TITLES).format(f"{word} {number % 40}")
    credit = chance.choice(["", "", "", " (Reuters)"])
    link = chance.choice([None, f"https://shared.example/{number // 3}"])
    return entry_data(title + credit, guid=str(number), link=link)


@pytest.mark.parametrize("seed", range(3))
async def test_a_replay_fires_on_what_fired_live(tmp_path, seed):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text(VERSUS, "utf-8")
    rows = "".join(
        f"  - {{id: {name}, name: {name}, owner: {owner}, url: 'https://{name}.example/rss'}}\n"
        for name, owner in zip(NAMES, ("A", "B", "A", "C"), strict=True)
    )
    (tmp_path / "config.yaml").write_text(f"store: w.db\nfeeds:\n{rows}", "utf-8")
    settings = read_config(tmp_path / "config.yaml")
    store = await Store.open(settings.store, NOW)
    room = await Newsroom(store, list(settings.feeds), VERSUS).open()
    chance = random.Random(seed)
    for number in range(240):
        busy = number % 40 > 28  # a quiet week, and an evening on which much comes at once
        gap = chance.randint(16, 30) * MINUTE if busy else chance.randint(2, 5) * HOUR
        await room.brings(gap, **{chance.choice(NAMES): newsday(chance, number)})
    until = room.clock.at
    live = (await store.matched_since(NOW))["many-alarms"]
    await store.close()
    book = load_rulebook(settings.rules, tmp_path / "cache")

    def report(rule, since):
        (one,) = [one for one in replayed(settings, book, rule, since, until).rules if one.rule_id == "many-alarms"]
        return one.matches, one.live, one.new, one.lost

    assert live >= 3
    assert await asyncio.to_thread(report, None, NOW) == (live, live, (), ())
    assert await asyncio.to_thread(report, "many-alarms", NOW) == (live, live, (), ())
    matches, later, new, lost = await asyncio.to_thread(report, "many-alarms", until - 9 * DAY)
    assert 0 < matches == later < live
    assert (new, lost) == ((), ())
