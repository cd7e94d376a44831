from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from bot.errors import ConfigError
from bot.store import Store, service_lock
from tests.store.given import NOW, declared

HOLD = (
    "import os, pathlib, signal, sys\n"
    "from bot.store import service_lock\n"
    "with service_lock(pathlib.Path(sys.argv[1])):\n"
    "    who = os.fork() if sys.argv[2] == 'fork' else 1\n"
    # One write a line: two processes share the pipe.
    "    os.write(1, f'{who}\\n'.encode())\n"
    "    signal.pause()\n"
)


@contextmanager
def hold(path, how="alone"):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path), how], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_second_service_is_refused_with_the_first_ones_process_id(path):
    with hold(path) as first:
        first.stdout.readline()
        with pytest.raises(ConfigError, match=rf"process {first.pid}\) runs on the store"), service_lock(path):
            pass


def test_the_lock_goes_with_a_killed_process(path):
    with hold(path) as first:
        first.stdout.readline()
        first.send_signal(signal.SIGKILL)
        first.wait()
    with service_lock(path):
        assert path.with_name("wirewatch.db.lock").read_text() == f"{os.getpid()}\n"


def test_a_forked_worker_that_outlives_its_service_does_not_keep_the_lock(path):
    with hold(path, "fork") as first:
        worker = max(int(first.stdout.readline()), int(first.stdout.readline()))
        first.kill()
        first.wait()
        try:
            with service_lock(path):
                pass
        finally:
            os.kill(worker, signal.SIGKILL)


def test_a_lock_that_was_let_go_can_be_taken_again(path):
    for _ in range(2):
        with service_lock(path):
            pass


def test_a_lock_in_a_place_that_does_not_exist_is_refused_in_words(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="lock can't be opened"), service_lock(tmp_path / "file" / "wirewatch.db"):
        pass


async def test_a_command_may_write_while_the_service_runs(path):
    with service_lock(path):
        store = await Store.open(path, NOW)
        await declared(store)
        await store.close()


def test_a_store_by_another_name_is_the_same_store(path, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "w.db").symlink_to(path)
    with service_lock(path), pytest.raises(ConfigError, match="runs on the store"):  # noqa: SIM117
        with service_lock(tmp_path / "elsewhere" / "w.db"):
            pass
