"""Parses documents in processes of their own, which the kernel ends where a document takes too much."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from typing import Any

from bot.errors import TransientError
from bot.model import Document
from bot.sources import frames
from bot.sources.limits import FetchLimits

_DIRECT = 100_000  # bytes; building a larger document is left to a thread, so that the event loop goes on


class Parsers:
    """A few parser processes, started when first needed, one job at a time each."""

    def __init__(self, limits: FetchLimits) -> None:
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.parse_processes)
        self._idle: list[asyncio.subprocess.Process] = []

    async def parse(self, job: frames.Job) -> Document:
        """Return the document in a body.

        Raises TransientError where it is no feed, or takes more CPU, memory or time than it may.
        """
        async with self._slots:
            process = await self._take()
            try:
                async with asyncio.timeout(self._limits.parse_wall.total_seconds()):
                    reply, packed = await self._exchange(process, job)
            except TimeoutError as error:
                await _end(process)
                raise TransientError("parsing it takes too long") from error
            except (asyncio.IncompleteReadError, OSError) as error:
                await _ended(process)
                raise TransientError(self._cause(process)) from error
            except BaseException:
                await _end(process)
                raise
            if reply["last"]:
                await _end(process)
            else:
                self._idle.append(process)
        if reply["error"] is not None:
            raise TransientError(reply["error"])
        if len(packed) < _DIRECT:
            return frames.unpack_document(packed)
        return await asyncio.to_thread(frames.unpack_document, packed)

    async def close(self) -> None:
        """End the processes; idempotent."""
        while self._idle:
            await _end(self._idle.pop())

    async def _take(self) -> asyncio.subprocess.Process:
        """Return an idle process, or a new one; an idle one may have been ended from outside meanwhile."""
        while self._idle:
            process = self._idle.pop()
            if process.returncode is None:
                return process
            await _end(process)
        return await self._start()

    async def _start(self) -> asyncio.subprocess.Process:
        # No secret of ours goes into the process, and a Ctrl-C in the terminal is not meant for it.
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)  # noqa: PTH109 - no path is touched
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot.sources.worker", str(self._limits.parse_memory)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": path, "PYTHONUTF8": "1"},
            start_new_session=True,
        )

    async def _exchange(self, process: asyncio.subprocess.Process, job: frames.Job) -> tuple[dict[str, Any], bytes]:
        assert process.stdin is not None  # noqa: S101 - for the type checker: PIPE was asked for
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(frames.pack_job(job, self._limits.parse_cpu))
        await process.stdin.drain()
        head, body = frames.lengths(await process.stdout.readexactly(2 * frames.SIZE))
        reply = json.loads(await process.stdout.readexactly(head))
        return reply, await process.stdout.readexactly(body)

    def _cause(self, process: asyncio.subprocess.Process) -> str:
        if process.returncode == -signal.SIGXCPU:
            return f"parsing it takes more than {self._limits.parse_cpu} s of CPU"
        return "the parser process died on it"


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Wait for a process that hung up; killing one that is dead already would lose the reason of its death."""
    try:
        async with asyncio.timeout(1):
            await process.wait()
    except TimeoutError:
        pass
    await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill a process unless it has ended, and wait until it is gone."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    await process.wait()
