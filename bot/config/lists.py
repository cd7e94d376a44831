"""Reads the lists of config.yaml, channels, routes and feeds, and checks what they say of one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import BaseModel

from bot.config.reading import Reading
from bot.config.sections import Condition, FeedSection, RouteSection
from bot.config.words import UnusableError, nearest, slug
from bot.core.routing import Route
from bot.marked import Node
from bot.model import Feed, Target

CONSOLE = "console"  # always there, so that an alert and a notice have somewhere to go

_NOT_CONNECTED = frozenset({"token", "chat"})  # without these a channel is there, but not connected
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """A channel as config.yaml declares it; `options` is the frozen model of its kind."""

    id: str
    kind: str
    options: BaseModel = field(repr=False)


def channel_names(node: Node | None) -> frozenset[str]:
    """Return the ids that a route may name, those of broken channels among them."""
    return frozenset({CONSOLE, *(key for key, _, _ in node.pairs())} if node else {CONSOLE})


def read_channels(
    reading: Reading, node: Node | None, kinds: Mapping[str, type[BaseModel]]
) -> tuple[ChannelConfig, ...]:
    """Return the channels in their order; the console is added in front where it isn't declared."""
    if node is not None and node.kind != "map":
        reading.blame(node, "`channels` must be a map of names", "Write `name:` on a line of its own, its keys below.")
        return ()
    pairs = list(node.pairs()) if node else []
    found = [_channel(reading, key, value, kinds) for _, key, value in pairs]
    if not any(key == CONSOLE for key, _, _ in pairs):
        found.insert(0, ChannelConfig(CONSOLE, CONSOLE, kinds[CONSOLE]()))
    return tuple(channel for channel in found if channel)


def _channel(reading: Reading, name: Node, node: Node, kinds: Mapping[str, type[BaseModel]]) -> ChannelConfig | None:
    try:
        slug(name.raw)
    except UnusableError as error:
        reading.blame(name, f"`{name.raw}` {error}", error.mend)
        return None
    kind = node.get("kind")
    if kind is None:
        reading.blame(name, f"channel `{name.raw}` has no `kind`", f"Add `kind:` below it: {', '.join(kinds)}.")
        return None
    if kind.raw not in kinds:
        hint = nearest(kind.raw, kinds)
        reading.blame(kind, f"`kind: {kind.raw}` is no kind of channel", f"{hint} Allowed: {', '.join(kinds)}.".strip())
        return None
    if name.raw == CONSOLE != kind.raw:
        reading.blame(name, f"`{CONSOLE}` is the name of the screen", f"Give the {kind.raw} channel another name.")
        return None
    model = kinds[kind.raw]
    options = reading.fill(
        model, node, points=frozenset(model.model_fields), unset=_NOT_CONNECTED, apart=frozenset({"kind"})
    )
    return ChannelConfig(name.raw, kind.raw, options) if options else None


def read_routes(reading: Reading, node: Node | None, names: frozenset[str]) -> tuple[Route, ...]:
    """Return the routes in their order; a route that none of the alerts can reach is a problem."""
    routes: list[Route] = []
    closed: Node | None = None
    for item in _listed(reading, node, "routes", "- to: desk"):
        if closed is not None:
            reading.blame(
                item,
                f"no alert gets here: the route in line {closed.line} takes everything",
                "Move this route above it, or add `also: true` to that one.",
            )
        route, condition = _route(reading, item, names), item.get("if")
        if route is None:
            continue
        routes.append(route)
        if closed is None and condition is None and not route.also:
            closed = item
    return tuple(routes)


def _route(reading: Reading, node: Node, names: frozenset[str]) -> Route | None:
    line = reading.fill(RouteSection, node, apart=frozenset({"if"}))
    where = node.get("if")
    condition = reading.fill(Condition, where) if where else Condition()
    if line is None or condition is None:
        return None
    if line.to not in names:
        check_name(reading, node.get("to") or node, "to", line.to, names)
        return None
    return Route(Target(line.to), condition.level, condition.tags, condition.rule, line.also)


def check_name(reading: Reading, node: Node, key: str, name: str, names: frozenset[str]) -> None:
    """Collect a problem where a name isn't one of the channels'."""
    if name not in names:
        mend = f"{nearest(name, names)} Channels: {', '.join(sorted(names))}."
        reading.blame(node, f"`{key}: {name}` names no channel", mend.strip())


def read_feeds(reading: Reading, node: Node | None) -> tuple[Feed, ...]:
    """Return the feeds in their order; an id or an address that is given twice is a problem."""
    feeds: list[Feed] = []
    ids: dict[str, int] = {}
    urls: dict[str, str] = {}
    for item in _listed(reading, node, "feeds", "- id: bbc-world"):
        line = reading.fill(FeedSection, item, points=frozenset({"url"}))
        if line is None:
            continue
        if line.id in ids:
            place = item.get("id") or item
            reading.blame(
                place, f"`id: {line.id}` is given twice (first in line {ids[line.id]})", "Give it another id."
            )
        if (address := _address(line.url)) in urls:
            place = item.get("url") or item
            reading.blame(place, f"feed `{line.id}` has the address of feed `{urls[address]}`", "Keep one of them.")
        ids.setdefault(line.id, item.line)
        urls.setdefault(address, line.id)
        if password := urlsplit(line.url).password:
            reading.secrets.append(password)
        feeds.append(
            Feed(
                line.id, line.url, line.name, line.owner or line.id, line.kind, line.language, line.tags, line.every,
                line.country,
            )
        )  # fmt: skip
    return tuple(feeds)


def _listed(reading: Reading, node: Node | None, key: str, sample: str) -> tuple[Node, ...]:
    if node is None or node.kind == "list":
        return node.items() if node else ()
    reading.blame(node, f"`{key}` must be a list", f"Begin each with a hyphen: `{sample}`.")
    return ()


def _address(url: str) -> str:
    """Return an address in the one form that every spelling of it shares."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else f":{parts.port}"
    login = parts.netloc.rpartition("@")[0]
    return f"{login}@{host}{port}{parts.path or '/'}?{parts.query}"
