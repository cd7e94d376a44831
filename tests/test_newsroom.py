"""The demo's newsroom: real documents over real HTTP, on a day that a script gives."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import fastfeedparser
import pytest
import yaml

from bot.cli.newsroom import open_newsroom, read_day
from bot.clock import ScaledClock, SystemClock
from tests.fakes import HandClock

MIDNIGHT = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def day():
    return read_day(yaml.safe_load((files("bot.cli") / "newsday.yaml").read_text("utf-8")), MIDNIGHT)


def get(address, feed, etag=None):
    request = urllib.request.Request(f"{address}/{feed}", headers={"If-None-Match": etag} if etag else {})
    with urllib.request.urlopen(request, timeout=5) as reply:
        return reply.read(), reply.headers


def titles(body):
    return [entry.title for entry in fastfeedparser.parse(body).entries]


def test_the_script_holds_what_a_day_in_a_newsroom_has(day):
    assert len({stand.language for stand in day.stands}) >= 4
    assert {stand.format for stand in day.stands} == {"rss", "atom", "json"}
    assert any(stand.breaks for stand in day.stands)
    assert any(piece.edited for piece in day.pieces)
    assert any(len(piece.feeds) > 1 for piece in day.pieces)
    assert day.start < min(piece.at for piece in day.pieces if piece.at > MIDNIGHT) < day.ends_at
    names = {stand.id for stand in day.stands}
    assert all(set(piece.feeds) <= names for piece in day.pieces)


@pytest.mark.parametrize("feed", ["meridian", "harbour-post", "le-fanal", "der-kompass", "daily-digest"])
def test_every_feed_parses_and_grows_with_the_day(day, feed):
    clock = HandClock(day.start)
    with open_newsroom(day, clock.now) as address:
        early = titles(get(address, feed)[0])
        clock.at = day.ends_at
        late = titles(get(address, feed)[0])
    assert len(late) > len(early)
    assert late[len(late) - len(early) :] == early


def test_a_headline_is_edited_a_feed_breaks_and_validators_work(day):
    edited = next(piece for piece in day.pieces if piece.edited)
    broken = next(stand for stand in day.stands if stand.breaks)
    clock = HandClock(edited.at)
    with open_newsroom(day, clock.now) as address:
        body, headers = get(address, edited.feeds[0])
        assert titles(body)[0] == edited.title
        with pytest.raises(urllib.error.HTTPError, match="304"):
            get(address, edited.feeds[0], headers["ETag"])
        clock.at = edited.edited[0]
        assert edited.edited[1] in titles(get(address, edited.feeds[0], headers["ETag"])[0])
        clock.at = broken.breaks[0]
        assert get(address, broken.id)[1]["Content-Type"] == "text/html"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(address, "nobody")


def test_clocks_are_aware_and_a_scaled_one_runs_ahead():
    assert SystemClock().now().tzinfo is UTC
    clock = ScaledClock(MIDNIGHT, 1e9)
    first = clock.now()
    assert MIDNIGHT <= first < clock.now() + timedelta(1)
