"""The sections of config.yaml as frozen models: every key, its default, and what may stand there."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from bot.config.words import (
    Country,
    Host,
    Language,
    LevelWord,
    LogFormat,
    LogFormatWord,
    LogLevel,
    LogLevelWord,
    PrivateHost,
    Slug,
    SomeSpan,
    SourceKindWord,
    Span,
    Text,
    WebAddress,
    Words,
    Zone,
)
from bot.core.outcomes import DeliveryPolicy
from bot.core.schedule import PollPolicy
from bot.model import SourceKind

# Each number has one home: the policies of core; this file only gives them names for people.
_POLL = PollPolicy()
_DELIVERY = DeliveryPolicy()


class Section(BaseModel):
    """A map of keys in config.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True)


class General(Section):
    """The keys at the left margin that hold a single value. Paths are relative to the file's folder."""

    store: Text = "wirewatch.db"
    rules: Text = "rules"
    timezone: Zone = ZoneInfo("UTC")
    operator: Slug = "console"


class PollSection(Section):
    """How feeds are polled."""

    every: SomeSpan = _POLL.every
    host_gap: Span = _POLL.host_gap
    hosts: dict[Host, Span] = Field(default_factory=dict)
    at_once: Annotated[StrictInt, Field(ge=1, le=512)] = _POLL.at_once
    longest_wait: SomeSpan = _POLL.longest_wait
    host_hold: SomeSpan = _POLL.hold
    longest_host_hold: SomeSpan = _POLL.longest_hold
    earlier: Span = _POLL.earlier
    allow_private: tuple[PrivateHost, ...] = ()
    user_agent: Text | None = None

    def policy(self) -> PollPolicy:
        """Return the numbers that the polling decisions work with."""
        return PollPolicy(
            every=self.every,
            longest_wait=self.longest_wait,
            hold=self.host_hold,
            longest_hold=self.longest_host_hold,
            host_gap=self.host_gap,
            # The most exact name first: old.reddit.com before reddit.com.
            host_gaps=tuple(sorted(self.hosts.items(), key=lambda pair: -len(pair[0]))),
            at_once=self.at_once,
            earlier=self.earlier,
        )


class DeliverySection(Section):
    """How alerts are sent and sent again."""

    hold: Span = _DELIVERY.hold
    first_retry: SomeSpan = _DELIVERY.first_retry
    longest_retry: SomeSpan = _DELIVERY.longest_retry
    drain: Span = timedelta(seconds=8)

    def policy(self) -> DeliveryPolicy:
        """Return the numbers that the delivery decisions work with."""
        return DeliveryPolicy(hold=self.hold, first_retry=self.first_retry, longest_retry=self.longest_retry)


class RetentionSection(Section):
    """How long the store remembers."""

    text: SomeSpan = timedelta(days=30)
    ids: SomeSpan = timedelta(days=180)


class TelegramSection(Section):
    """What all Telegram channels share."""

    base_url: WebAddress = "https://api.telegram.org"


class LogSection(Section):
    """What the program writes about itself."""

    level: LogLevelWord = LogLevel.INFO
    format: LogFormatWord = LogFormat.KEYVALUE


class Condition(Section):
    """What a route asks of an alert; all of it must hold."""

    level: LevelWord | None = None
    tags: Words = frozenset()
    rule: Words = frozenset()


class RouteSection(Section):
    """One line of `routes:`."""

    to: Slug
    also: StrictBool = False


class FeedSection(Section):
    """One feed."""

    id: Slug
    url: WebAddress = Field(repr=False)
    name: Text
    owner: Text | None = None
    kind: SourceKindWord = SourceKind.OUTLET
    language: Language | None = None
    tags: Words = frozenset()
    every: SomeSpan | None = None
    country: Country | None = None
