"""Runs the double as a process of its own: `python -m tests.botapi --port N --transcript FILE --chats a,b`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from tests.botapi.methods import TOKEN
from tests.botapi.server import BotApi


def joined(words: list[str]) -> list[str]:
    """Return each option in one word with its value: a chat's id begins with a dash, as an option does."""
    left = iter(words)
    return [word if "=" in word else f"{word}={next(left, '')}" for word in left]


async def main() -> None:
    """Serve until SIGTERM or SIGINT; the first line of output is the address."""
    parser = argparse.ArgumentParser(prog="python -m tests.botapi")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--transcript", type=Path)
    parser.add_argument("--chats", default="", help="ids, separated by commas")
    parser.add_argument("--token", default=TOKEN)
    options = parser.parse_args(joined(sys.argv[1:]))
    chats = [chat for chat in options.chats.split(",") if chat]
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with BotApi(chats, token=options.token, port=options.port, file=options.transcript) as api:
        sys.stdout.write(api.url + "\n")
        sys.stdout.flush()
        await stop.wait()


asyncio.run(main())
