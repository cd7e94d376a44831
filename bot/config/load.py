"""Reads config.yaml into one frozen value, or says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from bot.config.lists import ChannelConfig, channel_names, check_name, read_channels, read_feeds, read_routes
from bot.config.reading import NOTHING, Reading
from bot.config.sections import (
    DeliverySection,
    General,
    LogSection,
    PollSection,
    RetentionSection,
    Section,
    TelegramSection,
)
from bot.core.outcomes import DeliveryPolicy
from bot.core.routing import Route
from bot.core.schedule import PollPolicy
from bot.errors import ConfigError, Problem
from bot.marked import Node, load
from bot.model import Feed, Target

_Section = TypeVar("_Section", bound=Section)

_APART = frozenset({"poll", "delivery", "retention", "telegram", "log", "channels", "routes", "feeds"})


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that config.yaml says. `secrets` are the texts that must never be shown.

    A route's target holds the channel's id only: the address in it is the channel's to know. `user_agent` None means
    the program's own.
    """

    path: Path
    store: Path
    rules: Path
    timezone: ZoneInfo
    operator: str
    poll: PollPolicy
    allow_private: tuple[str, ...]
    user_agent: str | None
    delivery: DeliveryPolicy
    drain: timedelta
    retention: RetentionSection
    telegram: TelegramSection = field(repr=False)
    log: LogSection
    channels: tuple[ChannelConfig, ...]
    routes: tuple[Route, ...]
    feeds: tuple[Feed, ...]
    secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The sections that are maps of plain values."""

    general: General
    poll: PollSection
    delivery: DeliverySection
    retention: RetentionSection
    telegram: TelegramSection
    log: LogSection


@dataclass(frozen=True, slots=True)
class _Lists:
    """The sections whose entries people name themselves."""

    channels: tuple[ChannelConfig, ...]
    routes: tuple[Route, ...]
    feeds: tuple[Feed, ...]


def load_config(path: Path, environ: Mapping[str, str], kinds: Mapping[str, type[BaseModel]]) -> Config:
    """Read a config.yaml; `kinds` gives each kind of channel the frozen model of its options, `console` among them.

    Raises ConfigError with every problem at once, in the order of the file. Relative paths start from its folder.
    """
    root = load(_text(path), str(path))
    reading = Reading(path, environ)
    parts = _parts(reading, root)
    names = channel_names(root.get("channels"))
    lists = _Lists(
        read_channels(reading, root.get("channels"), kinds),
        read_routes(reading, root.get("routes"), names),
        read_feeds(reading, root.get("feeds")),
    )
    if parts is not None:
        check_name(reading, root.get("operator") or root, "operator", parts.general.operator, names)
    if parts is None or reading.problems:
        raise ConfigError(*sorted(reading.problems))
    return _config(path, parts, lists, tuple(reading.secrets))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(Problem(str(path), 0, 0, "the file is not UTF-8 text", "Save it as UTF-8.")) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(Problem(str(path), 0, 0, f"can't be read: {why}", "Check the path.")) from error


def _parts(reading: Reading, root: Node) -> _Parts | None:
    general = reading.fill(General, root, apart=_APART)
    poll = _section(reading, root, "poll", PollSection)
    delivery = _section(reading, root, "delivery", DeliverySection)
    retention = _section(reading, root, "retention", RetentionSection)
    telegram = _section(reading, root, "telegram", TelegramSection, frozenset({"base_url"}))
    log = _section(reading, root, "log", LogSection)
    if general and poll and delivery and retention and telegram and log:
        return _Parts(general, poll, delivery, retention, telegram, log)
    return None


def _section(
    reading: Reading, root: Node, key: str, model: type[_Section], points: frozenset[str] = NOTHING
) -> _Section | None:
    node = root.get(key)
    return model() if node is None else reading.fill(model, node, points=points)


def _config(path: Path, parts: _Parts, lists: _Lists, secrets: tuple[str, ...]) -> Config:
    general, poll = parts.general, parts.poll
    return Config(
        path=path,
        store=path.parent / Path(general.store).expanduser(),
        rules=path.parent / Path(general.rules).expanduser(),
        timezone=general.timezone,
        operator=general.operator,
        poll=poll.policy(),
        allow_private=poll.allow_private,
        user_agent=poll.user_agent,
        delivery=parts.delivery.policy(),
        drain=parts.delivery.drain,
        retention=parts.retention,
        telegram=parts.telegram,
        log=parts.log,
        channels=lists.channels,
        routes=lists.routes or (Route(Target(general.operator)),),
        feeds=lists.feeds,
        secrets=secrets,
    )
