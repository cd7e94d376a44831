"""One request over a network that a test scripts: what no honest loopback server can be made to do."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any, cast

import httpcore
import pytest

from bot.errors import TransientError
from bot.http_errors import Trouble
from bot.sources.addresses import read_address
from bot.sources.guard import GuardedBackend
from bot.sources.http import FetchLimits
from bot.sources.transport import Transport
from tests import hostile

URL = read_address("http://herald.example/")


class Network:
    """A network that answers with these bytes and then an error, or fails to connect; it never waits."""

    def __init__(
        self, at_connect: Exception | None = None, at_read: Exception | None = None, data: bytes = b""
    ) -> None:
        self._at_connect, self._at_read, self._data = at_connect, at_read, data

    async def connect_tcp(self, host: str, port: int, **options: Any) -> Stream:
        if self._at_connect is not None:
            raise self._at_connect
        return Stream(self._data, self._at_read)


class Stream(httpcore.AsyncNetworkStream):
    """The connection of such a network."""

    def __init__(self, data: bytes, error: Exception | None) -> None:
        self._data, self._error = data, error

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        data, self._data = self._data[:max_bytes], self._data[max_bytes:]
        if not data and self._error is not None:
            raise self._error
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        pass

    async def aclose(self) -> None:
        pass


async def asked(network):
    transport = Transport(FetchLimits(), cast(GuardedBackend, network))
    try:
        return await transport.ask(URL, {})
    finally:
        await transport.close()


def because(error, cause):
    error.__context__ = cause  # as httpcore passes it on
    return error


@pytest.mark.parametrize(
    ("network", "trouble"),
    [
        pytest.param(
            Network(because(httpcore.ConnectError(), socket.gaierror(-2, "x"))), Trouble.NO_NAME, id="no-name"
        ),
        pytest.param(Network(httpcore.ConnectError()), Trouble.NO_CONNECTION, id="refused"),
        pytest.param(Network(httpcore.ConnectTimeout()), Trouble.CONNECT_TIMEOUT, id="no-answer"),
        pytest.param(
            Network(because(httpcore.ConnectError(), ssl.SSLCertVerificationError("x"))),
            Trouble.CERTIFICATE,
            id="certificate",
        ),
        pytest.param(Network(because(httpcore.ConnectError(), ssl.SSLError("x"))), Trouble.TLS, id="handshake"),
        pytest.param(Network(at_read=ssl.SSLError("bad record mac")), Trouble.TLS, id="broken-record"),
        pytest.param(Network(at_read=httpcore.ReadError()), Trouble.CUT_OFF, id="reset"),
        pytest.param(Network(at_read=httpcore.ReadTimeout()), Trouble.READ_TIMEOUT, id="silent"),
        pytest.param(Network(at_read=httpcore.RemoteProtocolError("x")), Trouble.PROTOCOL, id="nonsense"),
    ],
)
async def test_trouble_of_a_connection_is_named(network, trouble):
    with pytest.raises(TransientError) as raised:
        await asked(network)
    assert raised.value.reason == trouble


async def test_thousands_of_chunks_that_come_at_once_leave_the_others_their_turns():
    turns = 0

    async def work():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    busy = asyncio.create_task(work())
    reply = await asked(Network(data=hostile.chunked_tinily(b"x" * 20_000)))
    busy.cancel()
    assert reply.body == b"x" * 20_000
    assert turns > 150


async def test_of_a_header_that_comes_twice_the_first_counts():
    head = b"HTTP/1.1 200 OK\r\nETag: one\r\nETAG: two\r\nContent-Length: 0\r\n\r\n"
    reply = await asked(Network(data=head))
    assert (reply.headers["etag"], reply.whole) == ("one", True)


async def test_a_header_in_any_bytes_is_kept_byte_by_byte():
    reply = await asked(Network(data=b"HTTP/1.1 304 Whatever\r\nETag: \xd0\xb3\xff\r\n\r\n"))
    assert (reply.headers["etag"], reply.body) == ("\xd0\xb3\xff", None)
