"""From a document to a plan: what is new, what fires, which story, who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.identity import identify
from bot.core.read import MAX_EDITS, item_of, read, sort_news
from bot.core.routing import Route
from bot.core.tell import Polled, Telling, tell, worth_matching
from bot.model import Answer, FeedState, HostState, Level, Memory, RuleHead, Story
from tests.values import CHAT, CONSOLE, FEED, NOW, WordRules, document, entry_data, seeded

NOTHING_KNOWN = Memory({}, frozenset(), frozenset())
TELLING = Telling((Route(CHAT),), (CONSOLE,), timedelta(hours=24))


def news_of(*entries, memory=NOTHING_KNOWN, state=None):
    doc = document(*entries)
    identities = identify(FEED.id, doc.entries, NOW)
    is_seeded = (state or seeded()).seeded_at is not None
    return sort_news(FEED, doc, identities, memory, seeded=is_seeded, now=NOW)


def plan_of(*entries, state=None, rules=None, answer=None, memory=NOTHING_KNOWN, telling=TELLING):
    state = state or seeded()
    news = news_of(*entries, memory=memory, state=state)
    reading = read(FEED, worth_matching(news, state, telling, NOW), rules or WordRules(), NOW)
    return tell(Polled(FEED, state, HostState("herald.example"), news), reading, answer or Answer(), telling, NOW)


def remember(*entries):
    identities = identify(FEED.id, entries, NOW)
    news = news_of(*entries)
    return Memory(
        {e.id: (e.text_hash, e.edits) for e in news.entries},
        frozenset(i.canonical_link for i in identities if i.canonical_link),
        frozenset(i.title_day for i in identities if i.title_day),
    )


def test_a_new_matching_entry_is_stored_matched_and_owed_to_the_routes_target():
    plan = plan_of(entry_data("Troops march", link="https://h.example/1?utm_source=rss"), entry_data("Cake contest"))
    assert [e.title for e in plan.entries] == ["Troops march", "Cake contest"]
    assert [m.firing.rule.id for m in plan.matches] == ["troops"]
    (alert,), (delivery,) = plan.alerts, plan.deliveries
    assert (alert.content.title, alert.content.source, alert.level, len(alert.ref)) == (
        "Troops march",
        "The Herald",
        Level.URGENT,
        6,
    )
    assert (delivery.target, delivery.alert) == (CHAT, alert)
    assert plan.feed.listed == tuple(e.id for e in plan.entries)


def test_known_entries_change_nothing_but_the_feeds_own_row():
    known = entry_data("Troops march", link="https://h.example/1")
    plan = plan_of(known, memory=remember(known))
    assert (plan.entries, plan.edits, plan.matches, plan.stories, plan.deliveries) == ((), (), (), (), ())


def test_a_changed_text_is_a_silent_edit():
    known = entry_data("Troops march", guid="1", link="https://h.example/1")
    plan = plan_of(replace(known, title="Troops march on"), memory=remember(known))
    assert [(edit.title, edit.edits) for edit in plan.edits] == [("Troops march on", 1)]
    assert plan.deliveries == ()


def test_an_entry_is_edited_24_times_at_most():
    known = entry_data("Troops march", guid="1")
    (entry_id,) = remember(known).entries
    worn = Memory({entry_id: ("old", MAX_EDITS)}, frozenset(), frozenset())
    assert news_of(known, memory=worn).edits == ()


def test_new_ids_with_known_links_or_titles_are_known_items_and_news_beside_them_is_told():
    old = [entry_data(f"Troops {n}", guid=str(n), link=f"https://h.example/{n}") for n in range(4)]
    reset = [replace(e, guid=f"new-{e.guid}", link=e.link if n < 2 else None) for n, e in enumerate(old)]
    plan = plan_of(*reset, entry_data("Troops land", guid="5"), memory=remember(*old))
    assert [e.title for e in plan.entries] == ["Troops land"]
    assert len(plan.deliveries) == 1


def test_an_entry_listed_twice_is_one_entry():
    one = entry_data("Troops march", guid="1")
    assert len(plan_of(one, one).entries) == 1


def test_a_later_day_may_bring_the_same_title_again():
    known = entry_data("Morning briefing", guid="1")
    again = replace(known, guid="2", published_at=NOW + timedelta(days=1))
    assert len(news_of(again, memory=remember(known)).entries) == 1


def test_a_first_poll_is_silent():
    plan = plan_of(entry_data("Troops march"), state=FeedState("herald", NOW, NOW))
    assert plan.entries[0].seeded
    assert (plan.matches, plan.deliveries, plan.feed.seeded_at) == ((), (), NOW)


def test_a_first_poll_of_an_empty_store_shows_the_last_day_to_the_console_alone():
    state = FeedState("herald", NOW, NOW, shows_earlier=True)
    old, recent = (entry_data(f"Troops {n}", at=NOW - timedelta(hours=n)) for n in (25, 3))
    plan = plan_of(old, recent, replace(recent, title="Troops undated", guid="u", published_at=None), state=state)
    assert [(d.target, d.alert.content.title, d.alert.content.earlier) for d in plan.deliveries] == [
        (CONSOLE, "Troops 3", True)
    ]
    assert len(plan.entries) == 3


def test_the_same_link_in_another_feed_joins_the_story_and_is_not_told_again():
    first = plan_of(entry_data("Troops march", guid="a", link="https://h.example/1"))
    (story,) = first.stories
    answer = Answer((replace(story, version=3),), frozenset({("troops", story.id)}))
    second = plan_of(entry_data("Troops march!", guid="b", link="http://www.h.example/1/#x"), answer=answer)
    assert second.deliveries == second.alerts == ()
    (joined,) = second.stories
    assert (joined.id, joined.version, len(joined.entry_ids)) == (story.id, 3, 2)


def test_another_rule_may_tell_of_a_known_story():
    rules = WordRules(RuleHead("troops", "Troops"), RuleHead("march", "Marches"))
    first = plan_of(entry_data("Troops stay", guid="a", link="https://h.example/1"), rules=rules)
    answer = Answer(first.stories, frozenset({("troops", first.stories[0].id)}))
    second = plan_of(entry_data("Troops march", guid="b", link="https://h.example/1"), rules=rules, answer=answer)
    assert [a.rule_id for a in second.alerts] == ["march"]


def test_two_entries_of_one_document_with_one_link_are_one_story():
    plan = plan_of(entry_data("Troops A", guid="a"), entry_data("Troops B", guid="b"))
    assert len(plan.stories) == len(plan.alerts) == 2  # no link: each is its own item
    known = Story("s", 1, frozenset({"link:h.example/1"}), NOW, ("x",))
    plan = plan_of(entry_data("Troops A", guid="a", link="https://h.example/1"), answer=Answer((known,)))
    assert [(s.id, s.version) for s in plan.stories] == [("s", 1)]


def test_the_oldest_of_several_stories_wins_whatever_the_order_of_the_answer():
    keys = frozenset({"link:h.example/1"})
    stories = (Story("b", 1, keys, NOW), Story("a", 1, keys, NOW - timedelta(hours=1)))
    for order in (stories, stories[::-1]):
        plan = plan_of(entry_data("Troops A", link="https://h.example/1"), answer=Answer(order))
        assert [s.id for s in plan.stories] == ["a"]


def test_a_draft_is_matched_and_never_told():
    plan = plan_of(entry_data("Troops march"), rules=WordRules(RuleHead("troops", "T", live=False)))
    assert len(plan.matches) == 1
    assert plan.deliveries == plan.alerts == ()


def test_routes_first_match_wins_unless_also():
    telling = Telling(
        (
            Route(CONSOLE, level=Level.URGENT, also=True),
            Route(CHAT, tags=frozenset({"economy"})),
            Route(replace(CHAT, address="rules"), rules=frozenset({"troops"})),
            Route(replace(CHAT, address="last")),
        )
    )
    plan = plan_of(entry_data("Troops march"), telling=telling)
    assert [d.target.address or d.target.channel_id for d in plan.deliveries] == ["console", "rules"]
    quiet = plan_of(entry_data("Troops march"), telling=telling, rules=WordRules(RuleHead("troops", "T", Level.INFO)))
    assert [d.target.address for d in quiet.deliveries] == ["rules"]


def test_deciding_twice_gives_the_same_plan():
    assert plan_of(entry_data("Troops march")) == plan_of(entry_data("Troops march"))


def test_rules_see_an_entry_with_what_is_known_of_its_feed():
    feed = replace(FEED, tags=frozenset({"world"}), country="PL")
    (entry,) = news_of(entry_data("Troops march", summary="They do.", at=NOW - timedelta(hours=2))).entries
    seen = item_of(entry, feed, NOW)
    assert (seen.title, seen.text, seen.language, seen.source) == ("Troops march", "They do.", "en", "herald")
    assert (seen.source_tags, seen.country, seen.age) == (frozenset({"world"}), "PL", timedelta(hours=2))
    assert item_of(replace(entry, published_at=None), feed, NOW).age is None


def test_an_entry_that_fires_two_rules_is_two_alerts_and_one_message_the_loudest():
    rules = WordRules(RuleHead("march", "March", Level.NOTICE), RuleHead("troops", "Troops", Level.FLASH))
    plan = plan_of(entry_data("Troops march"), entry_data("A march"), rules=rules)
    assert [alert.rule_id for alert in plan.alerts] == ["troops", "march", "march"]
    assert [(d.alert.rule_id, d.alert.content.title) for d in plan.deliveries] == [
        ("troops", "Troops march"), ("march", "A march"),
    ]  # fmt: skip


def test_the_quieter_rule_reaches_the_targets_that_the_louder_one_does_not():
    rules = WordRules(
        RuleHead("march", "March", Level.NOTICE, frozenset({"roads"})), RuleHead("troops", "Troops", Level.FLASH)
    )
    routes = (Route(CONSOLE, tags=frozenset({"roads"}), also=True), Route(CHAT))
    plan = plan_of(entry_data("Troops march"), rules=rules, telling=replace(TELLING, routes=routes))
    assert {(d.alert.rule_id, d.target) for d in plan.deliveries} == {("troops", CHAT), ("march", CONSOLE)}
