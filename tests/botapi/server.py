"""The HTTP side of the double: reads requests, applies faults, answers, keeps the transcript."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from time import perf_counter
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.botapi.faults import Fault
from tests.botapi.methods import TOKEN, Accepted, Chat, Refused, World, call

_PHRASES = {200: "OK"}


class BotApi:
    """A Bot API server on loopback; an async context manager.

    `url` is what `telegram.base_url` is set to. Every accepted message is in `transcript` and, as one line of JSON
    flushed at once, in `file` where one is given.
    """

    def __init__(
        self, chats: Iterable[str] = (), *, token: str = TOKEN, port: int = 0, file: Path | None = None
    ) -> None:
        self.world = World({chat: Chat() for chat in chats}, token)
        self.calls: list[str] = []  # every call that came in, refused ones too
        self._port = port
        self._file = file.open("a", encoding="utf-8") if file else None
        self._faults: dict[tuple[str, str | None], deque[Fault]] = {}
        self._server: asyncio.Server | None = None
        self._busy: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server
        self._server.close()
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)
        await self._server.wait_closed()
        if self._file:
            self._file.close()

    @property
    def url(self) -> str:
        """The address for `telegram.base_url`."""
        assert self._server
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    @property
    def transcript(self) -> list[Accepted]:
        """The accepted messages and edits, in order."""
        return self.world.transcript

    def inject(self, *faults: Fault, chat: str | None = None, method: str = "sendMessage") -> None:
        """Let these faults meet the next calls of the method, one each; those for a chat come before those for any."""
        self._faults.setdefault((method, chat), deque()).extend(faults)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._busy.add(task)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                target, headers, body = await _request(reader)
                answer = await self._answer(target, headers, body)
                if answer is None:
                    break
                writer.write(_response(*answer))
                await writer.drain()
        writer.close()
        self._busy.discard(task)

    async def _answer(self, target: str, headers: dict[str, str], body: bytes) -> tuple[int, str] | None:
        path = urlsplit(target).path
        if path == "/control/faults":
            order = json.loads(body)
            self.inject(Fault(**order["fault"]), chat=order.get("chat"), method=order.get("method", "sendMessage"))
            return 200, "{}"
        token, _, method = path.removeprefix("/bot").partition("/")
        try:
            fields = dict(parse_qsl(urlsplit(target).query)) | _fields(headers.get("content-type", ""), body)
        except ValueError:
            return _error(400, "Bad Request: strings must be encoded in UTF-8", {})
        self.calls.append(method)
        fault = self._fault(method, str(fields.get("chat_id", "")))
        if fault is None:
            return self._outcome(token, method, fields)
        real = self._outcome(token, method, fields) if fault.accept else None
        await asyncio.sleep(fault.delay)
        if fault.drop:
            return None
        if fault.body is not None:
            return fault.status, fault.body
        return real or _error(fault.status, fault.description, fault.parameters)

    def _fault(self, method: str, chat: str) -> Fault | None:
        for key in ((method, chat), (method, None)):
            if self._faults.get(key):
                return self._faults[key].popleft()
        return None

    def _outcome(self, token: str, method: str, fields: dict[str, Any]) -> tuple[int, str]:
        if ":" not in token:
            return _error(404, "Not Found", {})
        if token != self.world.token:
            return _error(401, "Unauthorized", {})
        before = len(self.transcript)
        try:
            result = call(self.world, method, fields, perf_counter())
        except Refused as refused:
            return _error(refused.status, refused.description, refused.parameters)
        for message in self.transcript[before:]:
            self._record(message)
        return 200, json.dumps({"ok": True, "result": result})

    def _record(self, message: Accepted) -> None:
        if self._file:
            self._file.write(json.dumps(asdict(message), ensure_ascii=False) + "\n")
            self._file.flush()


async def _request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return head[0].split(" ")[1], headers, body


def _fields(content_type: str, body: bytes) -> dict[str, Any]:
    """Read a body as PTB (form), browsers (multipart) and curl users (JSON) send it; invalid UTF-8 is refused."""
    if content_type.startswith("application/json"):
        found = json.loads(body)
        return dict(found)
    if content_type.startswith("multipart/form-data"):
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
        parts = [part for part in message.iter_parts() if "filename" not in part["content-disposition"].params]
        return {part["content-disposition"].params["name"]: _utf8(part.get_payload(decode=True)) for part in parts}
    return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))


def _utf8(payload: object) -> str:
    assert isinstance(payload, bytes)
    return payload.decode()


def _error(status: int, description: str, parameters: dict[str, Any]) -> tuple[int, str]:
    answer = {"ok": False, "error_code": status, "description": description}
    return status, json.dumps(answer | ({"parameters": parameters} if parameters else {}))


def _response(status: int, body: str) -> bytes:
    data = body.encode()
    head = f"HTTP/1.1 {status} {_PHRASES.get(status, 'Error')}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data
