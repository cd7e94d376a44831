"""Messages as each channel writes them: golden files for the look, properties for what must always hold.

`UPDATE_GOLDEN=1 pytest tests/channels/test_messages.py` writes the files anew; read the difference before keeping it.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.console import text_of
from bot.channels.telegram.markup import plain_text, quiet, rich_text
from bot.core.message import Line, Message, Part, Role, Style
from bot.core.render import render
from bot.model import Counted, Detail, Level
from tests.botapi import Chat
from tests.botapi.markup import parse_html, utf16
from tests.botapi.methods import World, call, live_calls
from tests.channels.nasty import TEXTS, thoroughly
from tests.channels.scene import CHAT, evidence, noticed, telling, told
from tests.channels.test_render import deliveries
from tests.values import NOW

GOLDEN = Path(__file__).parent.parent / "golden" / "messages"
BERLIN = ZoneInfo("Europe/Berlin")
ARABIC = "كوريا الشمالية ترسل قوات إلى روسيا"
BRIEFING = (
    "Morning briefing from the region. " * 4
    + "Officials confirmed that <b>troops</b> crossed the river at dawn & dug in. "
    + "More follows in the afternoon edition."
)


def at_level(level):
    return told(replace(telling(), level=level))


HOSTILE = '</a><b>@everyone & "friends"'
COUNTING = telling(
    topic="One country many alarms: PL",
    title="Poland and Britain sign mutual defence pact",
    summary="",
    evidence=(),
    tally="9 stories, 4 sources, 2 rules in 12 hours; usually 0.4",
    counted=(
        *(Counted(f"Earlier story {n}", f"https://old.example/{n}", ("A",), ("troops-abroad",), NOW) for n in range(3)),
        Counted("US deploys 3,000 troops to Poland", "https://a.example/1?x=1&y=2", ("Reuters", "BBC"), (), NOW),
        Counted(ARABIC, None, ("الجزيرة",), (), NOW),
        Counted(HOSTILE, "javascript:alert(1)", ("<Evil> & Co", "x" * 60), (), NOW),
        Counted("", "https://b.example/2", ("B",), (), NOW),
        Counted("Ministers " * 30, "https://c.example/3", ("C",), (), NOW),
    ),
)

CASES = {
    "urgent": told(),
    "flash": at_level(Level.FLASH),
    "notice_level": at_level(Level.NOTICE),
    "info": at_level(Level.INFO),
    "earlier": told(telling(earlier=True, published_at=NOW - timedelta(hours=20))),
    "possible_copy": told(possible_dup=True),
    "no_link": told(telling(link="javascript:alert(1)", summary="")),
    "undated": told(telling(published_at=None, evidence=())),
    "right_to_left": told(telling(title=ARABIC, source="الجزيرة", evidence=evidence(ARABIC, "قوات"))),
    "in_the_text": told(
        telling(title="Briefing", summary=BRIEFING, evidence=evidence(BRIEFING, "troops", field="text"))
    ),
    "hostile": told(
        telling(
            title='</a><b>@everyone & "friends" <script>x</script>/start \x1b[2J\u202etxt.exe',
            source="<Evil> & Co",
            link='https://evil.example/?a="><b>&b=1',
            evidence=(),
        )
    ),
    "long": told(telling(title="Ministers 🇰🇵🇷🇺 " * 40, summary="A long summary of the day. " * 60, evidence=())),
    "counted": told(COUNTING),
    "counted_plain": told(COUNTING, detail=Detail.PLAIN),
    "plain": told(detail=Detail.PLAIN),
    "link": told(detail=Detail.LINK),
    "link_copy": told(detail=Detail.LINK, possible_dup=True),
    "operator": noticed("Channel desk is down: Unauthorized.\nIts alerts wait in the outbox."),
}


def telegram_text(delivery):
    message = render(delivery, BERLIN, NOW)
    return rich_text(message) if delivery.detail is Detail.RICH else plain_text(message)


def console_text(delivery):
    return text_of(render(delivery, BERLIN, NOW), coloured=delivery.detail is Detail.RICH).replace("\x1b", "␛")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("channel", "write"), [("telegram", telegram_text), ("console", console_text)])
def test_a_message_looks_like_its_golden_file(case, channel, write):
    file = GOLDEN / f"{case}.{channel}"
    text = write(CASES[case]).rstrip("\n") + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_every_golden_file_has_its_case():
    assert {file.stem for file in GOLDEN.iterdir()} == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_telegram_takes_every_golden_message(case):
    mode = {"parse_mode": "HTML"} if CASES[case].detail is Detail.RICH else {}
    world = World({CHAT: Chat()})
    call(world, "sendMessage", {"chat_id": CHAT, "text": telegram_text(CASES[case]), **mode}, 0.0)
    assert world.transcript[0].calls == ()


@st.composite
def countings(draw):
    """Draw a delivery of a correlation rule's alert."""
    links = st.none() | TEXTS.map("https://herald.example/{}".format)
    sources = st.lists(TEXTS, max_size=3).map(tuple)
    counted = draw(st.lists(st.builds(Counted, TEXTS, links, sources, st.just(()), st.just(NOW)), max_size=9))
    alert = telling(title=draw(TEXTS), tally="9 stories in 12 hours", counted=tuple(counted), evidence=())
    return told(alert, detail=draw(st.sampled_from(Detail)))


EVERY = st.one_of(deliveries(), countings())


@thoroughly
@given(EVERY)
def test_any_delivery_is_valid_markup_within_telegrams_limits(delivery):
    message = render(delivery, BERLIN, NOW)
    text, _ = parse_html(rich_text(message))
    assert 0 < utf16(text.strip()) <= 4096
    assert 0 < utf16(plain_text(message).strip()) <= 4096
    assert not live_calls(text)


@thoroughly
@given(EVERY)
def test_markup_changes_nothing_of_what_is_said(delivery):
    message = replace(render(delivery, BERLIN, NOW), link=None)
    assert parse_html(rich_text(message))[0] == plain_text(message)


@thoroughly
@given(EVERY)
def test_no_delivery_brings_a_control_character_to_the_terminal(delivery):
    text = text_of(render(delivery, BERLIN, NOW), coloured=False)
    assert "Cc" not in {unicodedata.category(char) for char in text.replace("\n", "")}


@thoroughly
@given(TEXTS)
def test_quiet_text_calls_nobody_and_reads_the_same(text):
    assert not live_calls(quiet(text))
    assert quiet(text).replace("\u2060", "") == text.replace("\u2060", "")


@pytest.mark.parametrize("text", ["@nato said", "(@nato)", "mail a@nato.example", "/@nato", "/stop now", "#war"])
def test_mentions_commands_and_hashtags_are_neutralised(text):
    assert "\u2060" in quiet(text)


@pytest.mark.parametrize("text", ["1/2 done", "24/7", "5 @ 3", "and/or"])
def test_ordinary_signs_are_left_alone(text):
    assert quiet(text) == text


def test_a_mention_that_begins_in_the_matched_word_and_goes_on_after_it_calls_nobody():
    parts = (Part("see "), Part("@", Style.MATCHED), Part("nato_hq and /"), Part("stop", Style.MATCHED))
    line = Line(Role.REASON, parts)
    assert live_calls(rich_text(Message((line,), Detail.RICH))) == ()
    assert live_calls(plain_text(Message((line,), Detail.RICH))) == ()
