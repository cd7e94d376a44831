"""Fetches feeds over HTTP: one conditional, guarded, bounded request, its redirects, and the document it brings."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime

import httpx

from bot.errors import PermanentError, TransientError
from bot.http_errors import Trouble, read_retry_after, status_error, trouble_error
from bot.model import Document, Feed, FeedState, Fetched, Validators
from bot.sources.addresses import follow, login, read_address, same_origin, without_login
from bot.sources.frames import Job
from bot.sources.guard import Allowed, GuardedBackend, RefusedError, Resolve, resolve_name, widen_resolver
from bot.sources.isolate import Parsers
from bot.sources.limits import FetchLimits
from bot.sources.parse import parse_quickly
from bot.sources.prepare import prepare
from bot.sources.transport import Reply, Transport

__all__ = ["FetchLimits", "HttpSource", "widen_resolver"]

_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PATIENCE = 30  # dates to guess at before a parser process is asked: the event loop waits for them
_LONGEST_VALIDATOR = 1_000  # it goes into every request; a longer one is not worth its bytes


@dataclass(frozen=True, slots=True)
class _Known:
    """The validators that may be sent, and the address that they belong to."""

    validators: Validators
    url: str

    def headers(self, url: httpx.URL) -> dict[str, str]:
        """Return the conditional headers for an address; none for any other than the validators came from."""
        if self.url != without_login(url):
            return {}
        pairs = (("If-None-Match", self.validators.etag), ("If-Modified-Since", self.validators.last_modified))
        return {name: value for name, value in pairs if value}


class HttpSource:
    """The Source of feeds that are addresses on the web.

    `allow_private` names hosts, host:port pairs, addresses or networks (CIDR) of our own network that may be asked.
    `user_agent` is "name/version (+url)".
    """

    def __init__(
        self,
        limits: FetchLimits,
        *,
        user_agent: str,
        allow_private: frozenset[str] = frozenset(),
        resolve: Resolve = resolve_name,
    ) -> None:
        self._limits = limits
        self._headers = {
            "User-Agent": user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",  # what else a server may send can't be undone within a bound
            "Connection": "close",
        }
        self._transport = Transport(limits, GuardedBackend(Allowed.read(allow_private), resolve))
        self._parsers = Parsers(limits)

    async def fetch(self, feed: Feed, state: FeedState, now: datetime) -> Fetched:
        """Make one conditional request, follow its redirects, and parse what came.

        The document is None on 304 and where the body is the one known. Raises TransientError, or PermanentError for
        an address that can't be asked and for refusals that last (4xx).
        """
        start = read_address(feed.url)
        known = self._known(state, start, now)
        try:
            async with asyncio.timeout(self._limits.total.total_seconds()):
                reply, conditional = await self._follow(start, known)
        except TimeoutError as error:
            raise trouble_error(Trouble.TOTAL_TIMEOUT) from error
        validators = _validators(reply, known.validators if conditional else Validators(), now)
        url = without_login(reply.url)
        if reply.status == 304 and conditional:
            return Fetched(validators, url, state.body_hash, None, 304)
        if reply.status == 304:
            raise TransientError("HTTP 304 although nothing was asked conditionally")
        if reply.body is None:
            raise status_error(reply.status, read_retry_after(reply.headers.get("retry-after"), now))
        body_hash = hashlib.sha256(reply.body).hexdigest()
        if body_hash == state.body_hash:
            return Fetched(validators, url, body_hash, None)
        return Fetched(validators, url, body_hash, await self._parse(reply, reply.body, url))

    async def close(self) -> None:
        """Let go of connections and parser processes; idempotent."""
        await self._transport.close()
        await self._parsers.close()

    def _known(self, state: FeedState, start: httpx.URL, now: datetime) -> _Known:
        """Return the validators to send; none after a failure, or after eight days of them: a cache may be stuck."""
        validators = state.validators
        stale = validators.since is not None and now - validators.since >= self._limits.validators_for
        return _Known(Validators() if stale or state.failures else validators, state.final_url or without_login(start))

    async def _follow(self, start: httpx.URL, known: _Known) -> tuple[Reply, bool]:
        """Return the last reply of a chain of redirects, and whether it was asked for conditionally."""
        url, seen = start, {str(start)}
        for hop in range(self._limits.redirects + 1):
            headers = known.headers(url)
            reply = await self._hop(url, headers, start, redirected=hop > 0)
            location = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not location:
                return reply, bool(headers)
            url = follow(url, _as_text(location))
            if str(url) in seen:
                raise TransientError("redirected in a circle")
            seen.add(str(url))
        raise TransientError(f"more than {self._limits.redirects} redirects")

    async def _hop(self, url: httpx.URL, headers: dict[str, str], start: httpx.URL, *, redirected: bool) -> Reply:
        secret = login(url) or (login(start) if same_origin(url, start) else None)
        if secret:
            headers = {**headers, "Authorization": secret}
        try:
            return await self._transport.ask(url, {**self._headers, **headers})
        except RefusedError as error:
            if redirected:
                raise TransientError(f"redirected into our own network: {error}") from error
            raise PermanentError(f"{error}; name it in allow_private where that is meant") from error

    async def _parse(self, reply: Reply, body: bytes, url: str) -> Document:
        content_type = reply.headers.get("content-type", "")
        if len(body) <= self._limits.parse_inline:
            document = parse_quickly(prepare(body, content_type, whole=reply.whole), url, _PATIENCE)
            if document is not None:
                return document
        return await self._parsers.parse(Job(body, url, content_type, reply.whole))


def _validators(reply: Reply, sent: Validators, now: datetime) -> Validators:
    """Return the validators to keep: those of the reply, as they came; a 304 without them confirms those sent."""
    etag, modified = (_bounded(reply.headers.get(name)) for name in ("etag", "last-modified"))
    if reply.status == 304:
        etag, modified = etag or sent.etag, modified or sent.last_modified
    return Validators(etag, modified, sent.since or now) if etag or modified else Validators()


def _bounded(value: str | None) -> str | None:
    return value if value and len(value) <= _LONGEST_VALIDATOR else None


def _as_text(location: str) -> str:
    """Return a Location header as text: servers send raw UTF-8 where only ASCII is allowed."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return location
