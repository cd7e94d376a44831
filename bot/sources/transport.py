"""One HTTP request and its bounded reply; the only place that knows httpx's transport and its faults."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpcore
import httpx

from bot.http_errors import Trouble, trouble_error
from bot.sources.body import Body
from bot.sources.guard import GuardedBackend
from bot.sources.limits import FetchLimits

_CHUNKS_A_TURN = 100


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said. `body` is None unless the status is 200; `whole`: the body's length was declared."""

    status: int
    url: httpx.URL = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    whole: bool = False


class Transport:
    """Makes single requests: no redirects, cookies, proxies from the environment, or kept connections."""

    def __init__(self, limits: FetchLimits, backend: GuardedBackend) -> None:
        self._limits = limits
        self._http = _GuardedTransport(backend)

    async def ask(self, url: httpx.URL, headers: Mapping[str, str]) -> Reply:
        """Make one GET request. Raises TransientError for trouble on the way, RefusedError for our own network."""
        limits = self._limits
        connect, read = limits.connect.total_seconds(), limits.read.total_seconds()
        timeout = httpx.Timeout(read, connect=connect).as_dict()
        # Header values go out as the bytes that they came in as.
        pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        try:
            response = await self._http.handle_async_request(
                httpx.Request("GET", url, headers=pairs, extensions={"timeout": timeout})
            )
            try:
                return await self._reply(url, response)
            finally:
                await response.aclose()
        except (httpx.TransportError, ssl.SSLError) as error:  # httpx lets broken TLS records through
            raise trouble_error(_trouble(error)) from error

    async def close(self) -> None:
        """Let go of what is open; idempotent."""
        await self._http.aclose()

    async def _reply(self, url: httpx.URL, response: httpx.Response) -> Reply:
        raw = response.headers.raw
        if sum(len(name) + len(value) for name, value in raw) > self._limits.headers:
            raise trouble_error(Trouble.TOO_LARGE, f"more than {self._limits.headers:,} bytes of headers")
        headers: dict[str, str] = {}
        for name, value in raw:
            headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
        body = None
        if response.status_code == 200:
            body = await self._body(response, headers.get("content-encoding", ""))
        whole = "content-length" in headers
        return Reply(response.status_code, url, headers, body, whole)

    async def _body(self, response: httpx.Response, content_encoding: str) -> bytes:
        body = Body(content_encoding, self._limits)
        stream = response.stream
        if not isinstance(stream, httpx.AsyncByteStream):
            raise TypeError("an async transport gives async streams")
        count = 0
        async for chunk in stream:  # raw: httpx would decode without a bound
            body.add(chunk)
            count += 1
            if count % _CHUNKS_A_TURN == 0:  # thousands of tiny ones may wait in one read
                await asyncio.sleep(0)
        return body.finish()


class _GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over a network of ours, which httpx itself offers no way to hand in.

    Without kept connections: a large pool costs 24 ms of CPU a request, and a feed is asked once in minutes. HTTP/2 is
    off: it costs twice the CPU and failed requests.
    """

    def __init__(self, backend: GuardedBackend) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=0,
            http1=True,
            http2=False,
            network_backend=backend,
        )


def _trouble(error: Exception) -> Trouble:
    """Return what an error of httpx means; the cause of a failed connection is found behind it."""
    for kind, trouble in _TROUBLES:
        if any(isinstance(cause, kind) for cause in _causes(error)):
            return trouble
    if isinstance(error, httpx.RemoteProtocolError) and "without" in str(error):  # "closed without sending ..."
        return Trouble.CUT_OFF
    return Trouble.PROTOCOL


_TROUBLES: tuple[tuple[type[BaseException], Trouble], ...] = (
    (socket.gaierror, Trouble.NO_NAME),
    (ssl.SSLCertVerificationError, Trouble.CERTIFICATE),
    (ssl.SSLError, Trouble.TLS),
    (httpx.ConnectTimeout, Trouble.CONNECT_TIMEOUT),
    (httpx.ConnectError, Trouble.NO_CONNECTION),
    (httpx.TimeoutException, Trouble.READ_TIMEOUT),
    (httpx.NetworkError, Trouble.CUT_OFF),
)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
