"""What a message says, whatever the channel."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.byline import times
from bot.core.links import safe_link
from bot.core.message import Role, Style
from bot.core.render import VISIBLE, render
from bot.core.textwidth import units
from bot.model import Detail, Evidence
from tests.channels.nasty import TEXTS, thoroughly
from tests.channels.scene import SUMMARY, TITLE, evidence, noticed, telling, told
from tests.values import NOW

SEOUL, UTC_ZONE = ZoneInfo("Asia/Seoul"), ZoneInfo("UTC")


def line(message, role):
    return "".join(part.text for found in message.lines if found.role is role for part in found.parts)


def shown(**content):
    return render(told(telling(**content)), UTC_ZONE, NOW)


def matched(message):
    return [part.text for found in message.lines for part in found.parts if part.style is Style.MATCHED]


@pytest.mark.parametrize(
    ("published", "seen", "said"),
    [
        (NOW, NOW, "12:00 UTC"),
        (NOW - timedelta(minutes=5), NOW, "11:55 UTC"),
        (NOW - timedelta(minutes=12), NOW, "published 11:48, seen 12:00 UTC"),
        (NOW + timedelta(hours=3), NOW, "published 15:00, seen 12:00 UTC"),
        (None, NOW, "seen 12:00 UTC"),
        (NOW - timedelta(days=1), NOW, "published 30 Apr 12:00, seen 12:00 UTC"),
        (NOW - timedelta(days=400), NOW - timedelta(days=2), "published 27 Mar 2025 12:00, seen 29 Apr 12:00 UTC"),
        (datetime(1, 1, 1, tzinfo=UTC), NOW, "published 1 Jan 1 00:00, seen 12:00 UTC"),
    ],
    ids=["same", "close", "late", "ahead", "undated", "yesterday", "long ago", "year one"],
)
def test_times_say_what_a_reader_needs(published, seen, said):
    assert times(published, seen, UTC_ZONE, NOW) == said


def test_times_are_the_readers_and_days_turn_at_his_midnight():
    seen = datetime(2026, 4, 30, 16, tzinfo=UTC)
    assert times(seen, seen, SEOUL, NOW) == "01:00 KST"


def test_a_date_that_the_readers_zone_cant_hold_counts_as_none():
    assert times(datetime(9999, 12, 31, 23, tzinfo=UTC), NOW, SEOUL, NOW) == "seen 21:00 KST"


def test_two_zones_are_both_named_where_summer_time_began_between():
    before, after = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert times(before, after, ZoneInfo("Europe/Berlin"), after) == "published 28 Mar 13:00 CET, seen 14:00 CEST"


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        ("https://herald.example/a?x=1&y=2#z", "https://herald.example/a?x=1&y=2#z"),
        (" HTTP://Herald.example/ ", "http://Herald.example/"),
        ("https://herald.example:8443/a", "https://herald.example:8443/a"),
        ("https://herald.example/a b\"<'>", "https://herald.example/a%20b%22%3C'%3E"),
        ("https://herald.example/朝鲜?q=é", "https://herald.example/%E6%9C%9D%E9%B2%9C?q=%C3%A9"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("https://herald.example:/a", "https://herald.example/a"),
        ("https://user:pass@herald.example/", None),
        ("https://herald.example\\@evil.example/", None),
        ("javascript:alert(1)", None),
        ("tg://user?id=1", None),
        ("/relative", None),
        ("https:///nohost", None),
        ("https://[broken/", None),
        ("https://herald.example:99999/", None),
        ("https://her ald.example/", None),
        ("https://" + "ü" * 80 + ".example/", None),
        ("https://herald.example/" + "a" * 3000, None),
        ("", None),
        (None, None),
    ],
)
def test_only_a_plain_web_address_becomes_a_link(raw, link):
    assert safe_link(raw) == link


@thoroughly
@given(st.one_of(TEXTS, TEXTS.map("https://herald.example/{}".format), TEXTS.map("https://{}/".format)))
def test_any_link_is_short_printable_ascii(raw):
    link = safe_link(raw)
    assert link is None or (link.isascii() and link.isprintable() and " " not in link and len(link) <= 2048)
    assert link is None or not set(link) & set("<>\"'\\") - {"'"}


def test_an_alert_says_topic_headline_source_times_why_and_reference():
    message = shown()
    assert [found.role for found in message.lines] == [
        Role.TOPIC,
        Role.HEADLINE,
        Role.BYLINE,
        Role.SUMMARY,
        Role.REASON,
    ]
    assert line(message, Role.TOPIC) == "Troops abroad"
    assert line(message, Role.HEADLINE) == TITLE
    assert line(message, Role.BYLINE) == "The Herald · published 11:48, seen 12:00 UTC"
    assert line(message, Role.SUMMARY).startswith("South Korea’s intelligence service")
    assert line(message, Role.REASON) == f"Why: “{TITLE}” · a7f3c1"
    assert matched(message) == ["sends", "troops", "Russia"]


@pytest.mark.parametrize(
    ("delivery", "topic"),
    [
        (told(telling(earlier=True)), "Troops abroad · earlier"),
        (told(possible_dup=True), "Troops abroad · possible copy"),
        (told(telling(earlier=True), possible_dup=True), "Troops abroad · earlier · possible copy"),
        (told(telling(topic="")), "troops"),
    ],
    ids=["earlier", "possible copy", "both", "a rule that says nothing of itself"],
)
def test_the_first_line_flags_what_a_reader_must_know(delivery, topic):
    assert line(render(delivery, UTC_ZONE, NOW), Role.TOPIC) == topic


def test_evidence_in_the_summary_is_quoted_as_a_snippet():
    text = "<p>" + "Nothing happened here. " * 10 + "Then <b>troops</b> crossed the border at dawn.</p>"
    message = shown(title="Morning briefing", summary=text, evidence=evidence(text, "troops", field="text"))
    assert matched(message) == ["troops"]
    assert line(message, Role.REASON).startswith("Why: “…")
    assert "Then troops crossed" in line(message, Role.REASON)


def test_evidence_in_headline_and_summary_shows_both():
    found = evidence(TITLE, "troops") + evidence(SUMMARY, "ship", field="text")
    message = shown(evidence=found)
    assert matched(message) == ["troops", "ship"]
    assert " · in the text “" in line(message, Role.REASON)


def test_evidence_that_moved_is_found_again_and_lost_evidence_is_still_told():
    moved = (Evidence("title", 900, 906, "troops", "troops"),)
    assert matched(shown(evidence=moved)) == ["troops"]
    lost = (Evidence("title", 0, 5, "tanks", "tank*"), Evidence("text", 3, 3, "", ""))
    assert line(shown(evidence=lost), Role.REASON) == "Why: tanks · a7f3c1"


def test_evidence_across_markup_is_marked_as_it_is_read():
    title = "Seoul: <i>troops</i> &amp; tanks"
    found = (Evidence("title", 7, len(title), title[7:], "troops & tanks"),)
    assert matched(shown(title=title, evidence=found)) == ["troops & tanks"]


def test_an_alert_without_evidence_gives_its_reference_alone():
    assert line(shown(evidence=()), Role.REASON) == "a7f3c1"


@pytest.mark.parametrize(
    "summary",
    ["", "<p></p>", TITLE, f"<b>{TITLE}</b>  Seoul Times", "Too short."],
    ids=["none", "empty", "the headline", "the headline and its source", "short"],
)
def test_a_summary_that_adds_nothing_is_left_out(summary):
    assert line(shown(summary=summary, evidence=()), Role.SUMMARY) == ""


@pytest.mark.parametrize(
    ("title", "summary", "headline"),
    [("", "What happened.", "What happened."), ("<b></b>", "", "(no headline)")],
)
def test_there_is_always_a_headline_to_touch(title, summary, headline):
    assert line(shown(title=title, summary=summary, evidence=()), Role.HEADLINE) == headline


def test_the_barest_form_holds_the_headline_and_the_link_alone():
    message = render(told(detail=Detail.LINK), UTC_ZONE, NOW)
    assert [found.role for found in message.lines] == [Role.HEADLINE]
    assert message.link == "https://herald.example/a?x=1&y=2"
    flagged = render(told(detail=Detail.LINK, possible_dup=True), UTC_ZONE, NOW)
    assert line(flagged, Role.TOPIC) == "possible copy"


def test_a_notice_keeps_its_lines_and_is_flagged_like_an_alert():
    message = render(noticed("Chat gone:\n\n\x1b[2Jdesk\u202e", possible_dup=True), UTC_ZONE, NOW)
    assert message.level is None
    assert line(message, Role.TOPIC) == "wirewatch · possible copy"
    assert [found.parts[0].text for found in message.lines[1:]] == ["Chat gone:", "[2Jdesk"]


def test_a_long_notice_is_cut():
    message = render(noticed("word " * 1000), UTC_ZONE, NOW)
    assert units(line(message, Role.NOTICE)) <= 1500


def test_text_from_right_to_left_is_isolated_from_its_line():
    title = "كوريا الشمالية ترسل قوات"
    message = shown(title=title, source="الجزيرة", evidence=evidence(title, "قوات"))
    assert line(message, Role.BYLINE).startswith("\u2068الجزيرة\u2069 · ")
    assert line(message, Role.REASON) == f"Why: “\u2068{title}\u2069” · a7f3c1"


@st.composite
def deliveries(draw):
    title, summary = draw(TEXTS), draw(TEXTS)
    found = [
        Evidence(field, start, start + length, text[start : start + length], "t")
        for field, text in (("title", title), ("text", summary))
        for start, length in draw(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 30)), max_size=4))
    ]
    topic, source, link = draw(TEXTS), draw(TEXTS), draw(st.none() | TEXTS.map("https://herald.example/{}".format))
    alert = telling(title=title, summary=summary, evidence=tuple(found), topic=topic, source=source, link=link)
    return told(alert, possible_dup=draw(st.booleans()), detail=draw(st.sampled_from(Detail)))


@thoroughly
@given(deliveries())
def test_any_message_stays_within_what_a_reader_takes_in(delivery):
    message = render(delivery, SEOUL, NOW)
    assert sum(1 + sum(units(part.text) for part in found.parts) for found in message.lines) <= VISIBLE
    for found in message.lines:
        text = "".join(part.text for part in found.parts)
        strange = {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert strange <= set("\u200c\u200d\u2068\u2069")
        assert text.count("\u2068") == text.count("\u2069")
