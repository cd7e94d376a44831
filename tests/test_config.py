"""config.yaml: what it gives, and that every mistake in it is named with its place and its mend."""

from __future__ import annotations

import re
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from bot.channels import CHANNELS
from bot.config import Config, load_config
from bot.config.sections import (
    Condition,
    DeliverySection,
    FeedSection,
    General,
    LogSection,
    PollSection,
    RetentionSection,
    RouteSection,
    TelegramSection,
)
from bot.config.words import UnusableError, host, slug, some_span, span, web_address
from bot.core.outcomes import DeliveryPolicy
from bot.core.routing import Route
from bot.core.schedule import PollPolicy
from bot.errors import ConfigError
from bot.model import Level, SourceKind, Target

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "config"
TOKEN = "27182818:AAH-this-must-never-be-shown-to-anyone"
ENVIRON = {"DESK_TOKEN": TOKEN, "BAD_TOKEN": "bad-" + TOKEN, "EMPTY": ""}


class Screen(BaseModel):
    """The options of a channel that needs none."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Chat(BaseModel):
    """The options of a channel with everything that an option can be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: SecretStr | None = None
    chat: str | None = None
    url: str | None = None
    thread: int | None = None
    pass_phrase: SecretStr | None = None
    label: Annotated[str, Field(max_length=8)] = ""
    color: Literal["red", "blue"] = "red"

    @field_validator("token")
    @classmethod
    def _known(cls, token: SecretStr | None) -> SecretStr | None:
        if token and token.get_secret_value().startswith("bad"):
            raise ValueError(f"{token.get_secret_value()} is not the token of a bot")
        return token


KINDS: dict[str, type[BaseModel]] = {"console": Screen, "chat": Chat}
SHIPPED_KINDS = {name: kind.options for name, kind in CHANNELS.items()}
FEED = 'feeds:\n  - {id: a, url: "https://a.example/feed", name: A, owner: A Media%s}\n'


def read(folder: Path, text: str, environ: dict[str, str] = ENVIRON) -> Config:
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    return load_config(path, environ, KINDS)


def mistakes(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return str(caught.value).replace(str(folder / "config.yaml"), "config.yaml").replace(str(folder), "FOLDER")


# --- mistakes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.yaml")))
def test_a_mistake_is_named_with_its_place_and_its_mend(name, tmp_path):
    expected = (GOLDEN / f"{name}.txt").read_text("utf-8")
    assert mistakes(tmp_path, (GOLDEN / f"{name}.yaml").read_text("utf-8")) + "\n" == expected


def test_every_broken_file_has_its_expected_messages():
    assert {p.stem for p in GOLDEN.glob("*.yaml")} == {p.stem for p in GOLDEN.glob("*.txt")}


def test_mistakes_are_told_in_the_order_of_the_file(tmp_path):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, (GOLDEN / "several_mistakes.yaml").read_text("utf-8"))
    places = [(p.line, p.column) for p in caught.value.problems if not isinstance(p, str)]
    assert places == sorted(places)
    assert len(places) == 12


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: error: can't be read: No such file"):
        load_config(tmp_path / "nowhere.yaml", {}, KINDS)


def test_a_file_that_is_no_text_is_named(tmp_path):
    (tmp_path / "config.yaml").write_bytes(b"timezone: \xff\xfe")
    with pytest.raises(ConfigError, match="not UTF-8 text"):
        load_config(tmp_path / "config.yaml", {}, KINDS)


# --- values ----------------------------------------------------------------------------------------


def test_an_empty_file_gives_the_defaults_and_sends_everything_to_the_console(tmp_path):
    config = read(tmp_path, "")
    assert config.poll == PollPolicy()
    assert config.delivery == DeliveryPolicy()
    assert config.drain == timedelta(seconds=8)
    assert (config.retention.text, config.retention.ids) == (timedelta(days=30), timedelta(days=180))
    assert config.telegram.base_url == "https://api.telegram.org"
    assert (config.log.level, config.log.format) == ("info", "keyvalue")
    assert [(c.id, c.kind, c.options) for c in config.channels] == [("console", "console", Screen())]
    assert config.routes == (Route(Target("console")),)
    assert (config.feeds, config.secrets, config.allow_private, config.user_agent) == ((), (), (), None)


def test_paths_start_from_the_folder_of_the_file(tmp_path):
    config = read(tmp_path, "store: data/watch.db\nrules: /srv/rules\n")
    assert config.store == tmp_path / "data" / "watch.db"
    assert config.rules == Path("/srv/rules")


def test_every_number_of_polling_reaches_its_policy(tmp_path):
    config = read(
        tmp_path,
        """
poll:
  {every: 1h30m, host_gap: 0s, hosts: {Reddit.com: 61s, old.reddit.com: 5s}, at_once: 4, longest_wait: 2 days,
   host_hold: 10 minutes, longest_host_hold: 1 week, earlier: 0s,
   allow_private: [LOCALHOST, "127.0.0.1:8080", 10.0.0.0/8, fd00::/8], user_agent: harbour/1}
delivery: {hold: 200ms, first_retry: 0.5s, longest_retry: 90 sec, drain: 0s}
timezone: Asia/Tokyo
""",
    )
    assert config.poll == PollPolicy(
        every=timedelta(minutes=90),
        host_gap=timedelta(0),
        host_gaps=(("old.reddit.com", timedelta(seconds=5)), ("reddit.com", timedelta(seconds=61))),
        at_once=4,
        longest_wait=timedelta(days=2),
        hold=timedelta(minutes=10),
        longest_hold=timedelta(days=7),
        earlier=timedelta(0),
    )
    assert config.poll.gap("old.reddit.com") == timedelta(seconds=5)
    assert config.delivery == DeliveryPolicy(
        hold=timedelta(milliseconds=200),
        first_retry=timedelta(milliseconds=500),
        longest_retry=timedelta(seconds=90),
    )
    assert config.allow_private == ("localhost", "127.0.0.1:8080", "10.0.0.0/8", "fd00::/8")
    assert (config.user_agent, config.drain) == ("harbour/1", timedelta(0))
    assert config.timezone == ZoneInfo("Asia/Tokyo")


def test_routes_keep_their_order_and_conditions(tmp_path):
    config = read(
        tmp_path,
        """
channels: {night: {kind: chat}, desk: {kind: chat}}
routes:
  - {if: {level: flash}, to: night, also: true}
  - {if: {tags: defence, rule: [coups, sanctions]}, to: night}
  - {to: desk, also: true}
  - to: console
""",
    )
    assert config.routes == (
        Route(Target("night"), level=Level.FLASH, also=True),
        Route(Target("night"), tags=frozenset({"defence"}), rules=frozenset({"coups", "sanctions"})),
        Route(Target("desk"), also=True),
        Route(Target("console")),
    )


def test_without_routes_alerts_go_to_the_operator(tmp_path):
    config = read(tmp_path, "operator: desk\nchannels: {desk: {kind: chat}}\n")
    assert config.routes == (Route(Target("desk")),)


def test_a_declared_console_is_not_added_again(tmp_path):
    config = read(tmp_path, "channels: {desk: {kind: chat}, console: {kind: console}}\n")
    assert [c.id for c in config.channels] == ["desk", "console"]


def test_a_feed_keeps_all_that_its_line_says(tmp_path):
    line = ", kind: wire, language: pt-BR, tags: world, every: 5m"
    (feed,) = read(tmp_path, FEED % line).feeds
    assert (feed.id, feed.url, feed.name, feed.owner) == ("a", "https://a.example/feed", "A", "A Media")
    assert (feed.kind, feed.language, feed.tags) == (SourceKind.WIRE, "pt-BR", frozenset({"world"}))
    assert feed.every == timedelta(minutes=5)


def test_a_feed_without_an_owner_is_its_own(tmp_path):
    (feed,) = read(tmp_path, 'feeds: [{id: harbour-post, url: "https://a.example/feed", name: A}]').feeds
    assert (feed.owner, feed.kind) == ("harbour-post", SourceKind.OUTLET)


def test_two_addresses_with_two_logins_or_queries_are_two_feeds(tmp_path):
    lines = (
        "https://a.example/feed",
        "https://a.example/feed?x=1",
        "https://me@a.example/feed",
        "https://a.example:444/feed",
    )
    rows = [f'  - {{id: f{n}, url: "{url}", name: A, owner: A}}\n' for n, url in enumerate(lines)]
    assert [feed.url for feed in read(tmp_path, "feeds:\n" + "".join(rows)).feeds] == list(lines)


# --- secrets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["$DESK_TOKEN", "${DESK_TOKEN}", "'$DESK_TOKEN'", "{file: token}", "$FROM_ENV"])
def test_a_token_comes_from_the_environment_or_a_file(written, tmp_path):
    (tmp_path / "token").write_text(TOKEN + "\n", "utf-8")
    text = f"channels:\n  desk:\n    kind: chat\n    token: {written}\n"
    config = read(tmp_path, text, {**ENVIRON, "FROM_ENV": f" {TOKEN}\n"})
    (options,) = (c.options for c in config.channels if c.id == "desk")
    assert isinstance(options, Chat)
    assert options.token == SecretStr(TOKEN)
    assert config.secrets == (TOKEN,)


@pytest.mark.parametrize("variable", ["NOT_SET", "EMPTY"])
def test_a_chat_without_its_variable_is_not_connected(variable, tmp_path):
    config = read(tmp_path, f"channels: {{desk: {{kind: chat, token: ${variable}, chat: ${variable}}}}}\n")
    assert config.channels[1].options == Chat(token=None, chat=None)
    assert config.secrets == ()


def test_addresses_and_their_passwords_count_as_secrets_and_chats_do_not(tmp_path):
    config = read(
        tmp_path,
        """
channels: {desk: {kind: chat, chat: $CHAT, url: $HOOK}}
telegram: {base_url: $BASE}
feeds:
  - {id: a, url: $FEED, name: A, owner: A}
  - {id: b, url: "https://anna:sesame-open@b.example/feed", name: B, owner: B}
""",
        {
            "CHAT": "@desk",
            "HOOK": "https://h.example/T0/B0",
            "BASE": "http://127.0.0.1:9/",
            "FEED": "http://f.example/k",
        },
    )
    assert config.secrets == ("https://h.example/T0/B0", "http://f.example/k", "sesame-open")
    assert config.telegram.base_url == "http://127.0.0.1:9/"
    assert config.feeds[0].url == "http://f.example/k"


def test_nothing_secret_shows_in_the_repr_of_the_configuration(tmp_path):
    config = read(
        tmp_path,
        "channels: {desk: {kind: chat, token: $DESK_TOKEN, url: $HOOK}}\nfeeds:\n"
        '  - {id: b, url: "https://anna:sesame-open@b.example/feed", name: B, owner: B}\n',
        {**ENVIRON, "HOOK": "https://hook.example/T0/B0"},
    )
    shown = repr(config) + str(config) + repr(config.channels) + repr(config.feeds)
    assert not [secret for secret in config.secrets if secret in shown]
    assert len(config.secrets) == 3


@pytest.mark.parametrize(
    "text",
    [
        "channels: {desk: {kind: chat, token: $BAD_TOKEN}}\n",
        f"channels: {{desk: {{kind: chat, token: '{TOKEN}'}}}}\n",
        f"channels: {{desk: {{kind: chat, pass_phrase: '{TOKEN}'}}}}\n",
        f"channels: {{desk: {{kind: chat, thread: '{TOKEN}'}}}}\n",
        f"channels: {{desk: {{kind: chat, chat: $DESK_TOKEN, tokn: '{TOKEN}'}}}}\n",
        "channels: {desk: {kind: chat, token: $DESK_TOKEN, thread: $DESK_TOKEN}}\n",
        "feeds:\n  - {id: a, url: $DESK_TOKEN, name: A, owner: A}\n",
        f"feeds:\n  - {{id: a, url: 'https://u:{TOKEN}@h.example/a b', name: A, owner: A}}\n",
        f"timezone: '{TOKEN}'\n",
    ],
)
def test_nothing_secret_shows_in_a_mistake_or_its_traceback(text, tmp_path):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert TOKEN[9:] not in told


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "is no text"), (b"x" * 20_000, "is too long for a secret")],
    ids=["empty", "blank", "binary", "huge"],
)
def test_a_secret_file_that_holds_no_secret_is_named(content, complaint, tmp_path):
    (tmp_path / "token").write_bytes(content)
    assert complaint in mistakes(tmp_path, "channels: {desk: {kind: chat, token: {file: token}}}\n")


@pytest.mark.parametrize("written", ["{file: }", "{file: a, mode: b}", "{path: a}", "{file: [a]}"])
def test_a_map_that_names_no_file_is_no_pointer(written, tmp_path):
    assert "`chat` must be text" in mistakes(tmp_path, f"channels: {{desk: {{kind: chat, chat: {written}}}}}\n")


def test_a_dollar_inside_a_value_is_just_a_dollar(tmp_path):
    config = read(tmp_path, "channels: {desk: {kind: chat, chat: US$ desk}}\n")
    assert config.channels[1].options == Chat(chat="US$ desk")


# --- words -----------------------------------------------------------------------------------------

UNITS = {"ms": 0.001, "s": 1, "sec": 1, "seconds": 1, "m": 60, "min": 60, "hours": 3600, "h": 3600, "days": 86400}
PARTS = st.lists(st.tuples(st.integers(0, 500), st.sampled_from(sorted(UNITS))), min_size=1, max_size=4)


@given(PARTS, st.sampled_from(["", " "]), st.sampled_from(["", " "]))
def test_a_span_is_the_sum_of_its_parts(parts, inner, outer):
    written = outer.join(f"{number}{inner}{unit}" for number, unit in parts)
    expected = sum(number * UNITS[unit] * 1000 for number, unit in parts)
    assert span(written) == timedelta(milliseconds=expected)


@given(st.text(max_size=30))
def test_any_text_is_a_span_or_a_plain_refusal(text):
    try:
        assert span(text) >= timedelta(0)
    except UnusableError as error:
        assert error.mend


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_plain_refusal(text):
    for prefix in ("", "http://", "https://a.example:"):
        try:
            assert web_address(prefix + text) == prefix + text
        except UnusableError as error:
            assert error.mend


@given(st.text(max_size=80))
def test_a_proposed_id_is_itself_allowed(text):
    try:
        slug(text)
    except UnusableError as error:
        proposal = error.mend.removeprefix("Write it like ").rstrip(".").strip("`")
        assert slug(proposal) == proposal


@pytest.mark.parametrize("value", [None, True, 5, ["a"], "", " ", "http://", "https://[::1", "https://a.example:0/"])
def test_what_is_no_address_is_refused(value):
    with pytest.raises(UnusableError):
        web_address(value)


@pytest.mark.parametrize(
    "value", ["localhost", "a.example", "127.0.0.1:8080", "[::1]", "[::1]:80", "xn--bcher-kva.example"]
)
def test_a_host_may_be_a_name_or_an_address_with_a_port(value):
    assert host(value.upper()) == value


def test_some_spans_may_not_be_nothing():
    with pytest.raises(UnusableError):
        some_span("0s")


# --- the shipped file and the documentation --------------------------------------------------------


def shipped() -> Config:
    return load_config(ROOT / "config.yaml", {}, SHIPPED_KINDS)


def test_the_shipped_file_has_at_least_fifty_feeds_fully_described():
    feeds = shipped().feeds
    assert len(feeds) >= 50
    assert all(feed.owner and feed.language and feed.tags for feed in feeds)


def test_the_shipped_file_runs_without_any_secret():
    config = shipped()
    assert [(c.id, c.kind) for c in config.channels] == [("console", "console"), ("desk", "telegram")]
    assert config.routes == (Route(Target("desk")),)
    assert config.store == ROOT / "wirewatch.db"
    assert config.secrets == ()


def test_feeds_of_one_owner_are_spelled_alike():
    owners = {feed.owner for feed in shipped().feeds}
    assert len({owner.casefold() for owner in owners}) == len(owners)


# Where the page writes a key's name -> the model that knows its default.
PAGE: dict[str, type[BaseModel]] = {
    "": General,
    "poll.": PollSection,
    "delivery.": DeliverySection,
    "retention.": RetentionSection,
    "telegram.": TelegramSection,
    "log.": LogSection,
    "routes.": RouteSection,
    "routes.if.": Condition,
    "feeds.": FeedSection,
}


def documented() -> dict[str, str]:
    """Return each key of the page with the default that it gives."""
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", page, re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a key is documented twice"
    return {key: default.strip().strip("`") for key, default in rows}


def defaults() -> dict[str, object]:
    """Return each key that config.yaml may hold with its real default."""
    models: dict[str, type[BaseModel]] = {
        **PAGE,
        **{f"channels.{kind}.": options for kind, options in SHIPPED_KINDS.items()},
    }
    known: dict[str, object] = {"channels.ID.kind": REQUIRED, "routes.if": None}
    for prefix, model in models.items():
        for key, info in model.model_fields.items():
            known[prefix + key] = REQUIRED if info.is_required() else info.get_default(call_default_factory=True)
    return known


REQUIRED = object()


def test_every_key_is_documented_and_no_other():
    assert set(documented()) == set(defaults())


@pytest.mark.parametrize("key", sorted(defaults()))
def test_the_documented_default_is_the_real_one(key):
    said, real = documented()[key], defaults()[key]
    if said in ("required", "none"):
        assert real is REQUIRED if said == "required" else not real
    elif isinstance(real, timedelta):
        assert span(said) == real
    elif isinstance(real, bool):
        assert said == str(real).lower()
    else:
        assert said == str(real)


@pytest.mark.parametrize(
    "text", re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/configuration.md").read_text("utf-8"), re.S)
)
def test_every_example_of_the_page_can_be_used(text, tmp_path):
    desks = "channels: {desk: {kind: chat}, night-shift: {kind: chat}, economy-desk: {kind: chat}}\n"
    (tmp_path / "config.yaml").write_text(text if "channels:" in text else desks + text, "utf-8")
    assert load_config(tmp_path / "config.yaml", {}, {**SHIPPED_KINDS, "chat": Chat})
