"""Keeps a second service off a store."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ConfigError


@contextmanager
def service_lock(path: Path) -> Iterator[None]:
    """Hold the store at `path` for one service while the block runs; the kernel lets go when the process dies.

    Raises ConfigError, naming the other's process id, where another service holds it. Commands that only write a row
    don't take this lock.
    """
    real = path.resolve()  # one file by two names is one store
    beside = real.with_name(real.name + ".lock")
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        file = beside.open("a+", encoding="ascii")
    except OSError as error:
        raise ConfigError(f"{beside}: the store's lock can't be opened: {error.strerror}") from error
    with file:
        # A forked worker would otherwise share the lock and keep it beyond the death of its parent.
        os.register_at_fork(after_in_child=file.close)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            message = f"another wirewatch service (process {holder}) runs on the store {path}"
            raise ConfigError(f"{message}: stop it first, or give this one its own store") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
