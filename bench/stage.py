"""What benches and whole-program tests need around the service: a feed, a strict Bot API server, the subprocess."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOKEN = "123456:" + "T" * 35


@dataclass
class Press:
    """A feed whose number of items is set from outside."""

    items: int = 0
    asked_at: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def asked(self) -> int:
        """Return how often the feed was asked for."""
        return len(self.asked_at)

    def document(self) -> bytes:
        """Return the feed as it is now, newest item first."""
        with self.lock:
            self.asked_at.append(time.time())
            rows = "".join(
                f"<item><guid>{n}</guid><title>Troops march, part {n}.</title><link>https://e.example/{n}</link></item>"
                for n in range(self.items, -1, -1)
            )
        return f"<rss version='2.0'><channel><title>Crash</title>{rows}</channel></rss>".encode()


@contextlib.contextmanager
def feed_server(press: Press) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = press.document()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def bot_api(transcript: Path, chats: tuple[str, ...]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "tests.botapi", "--port", str(port), "--transcript", str(transcript)]
    server = subprocess.Popen([*command, "--chats=" + ",".join(chats), "--token", TOKEN])
    try:
        wait_for(lambda: answers(port), 20, "the Bot API server")
        yield port
    finally:
        server.terminate()
        server.wait()


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/bot{TOKEN}/getMe", timeout=1).close()
    except OSError:
        return False
    return True


def wait_for(ready: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not come within {seconds} s")
        time.sleep(0.02)


def start(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bot", "run", "--config", str(folder / "config.yaml")]
    log = (folder / "service.log").open("ab")
    with log:
        environ = os.environ | {"TOKEN": TOKEN, "XDG_CACHE_HOME": str(folder / "cache")}
        return subprocess.Popen(command, env=environ, stdout=log, stderr=log)


def rows(store: Path, question: str) -> list[tuple[Any, ...]]:
    if not store.exists():
        return []
    with contextlib.closing(sqlite3.connect(store, timeout=10)) as db:
        try:
            return db.execute(question).fetchall()
        except sqlite3.OperationalError:  # not migrated yet
            return []


def accepted(transcript: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in transcript.read_text("utf-8").splitlines()] if transcript.exists() else []
