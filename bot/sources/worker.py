"""A parser process: reads jobs from stdin and writes documents to stdout, under limits that the kernel keeps.

It is started by `isolate.py`, and ends with its stdin, or by the kernel where a document takes too much.
"""

from __future__ import annotations

import contextlib
import json
import math
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import TransientError
from bot.model import Document
from bot.sources import frames
from bot.sources.parse import parse_quickly
from bot.sources.prepare import prepare
from bot.sources.reference import parse_by_reference

_PATIENCE = 5_000
_KEPT = 200_000_000  # bytes; a process that grew beyond this by one document makes room for a fresh one


def read(body: bytes, *, url: str, content_type: str, whole: bool) -> Document:
    """Return the document in a body by whichever parser can tell. Raises TransientError where it is no feed."""
    prepared = prepare(body, content_type, whole=whole)
    return parse_quickly(prepared, url, _PATIENCE) or parse_by_reference(prepared, url)


def serve(
    requests: BinaryIO,
    replies: BinaryIO,
    *,
    allow: Callable[[int], None],
    peak: Callable[[], int],
) -> None:
    """Do one job after the other until the requests end, or the process has grown too large.

    `allow` is told before each job how many seconds of CPU it may take; `peak` gives the process's size in bytes.
    """
    large = False
    while not large and (start := requests.read(2 * frames.SIZE)):
        head, body = _request(start, requests)
        allow(head.pop("cpu"))
        try:
            packed, error = frames.pack_document(read(body, **head)), None
        except TransientError as trouble:
            packed, error = b"", trouble.reason
        except MemoryError:
            packed, error = b"", "parsing it takes too much memory"
        except Exception as surprise:  # noqa: BLE001 - feedparser fails in any way on hostile input; one job, one error
            packed, error = b"", f"the parser failed on it: {type(surprise).__name__}"
        large = peak() > _KEPT
        replies.write(frames.pack({"error": error, "last": large}, packed))
        replies.flush()


def _request(start: bytes, requests: BinaryIO) -> tuple[dict[str, Any], bytes]:
    head_length, body_length = frames.lengths(start)
    head = json.loads(requests.read(head_length))
    return head, requests.read(body_length)


def _allow(cpu: int) -> None:
    """Let the kernel end this process after so many more seconds of CPU."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(usage.ru_utime + usage.ru_stime) + cpu, hard))


def _peak() -> int:
    """Return the most memory that this program has taken, in bytes."""
    # The kernel's ru_maxrss of a new process begins with what its parent had taken; VmHWM begins anew.
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> None:
    """Serve stdin and stdout; the first argument is the bound on address space in bytes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # some systems have no such limit
        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
    serve(sys.stdin.buffer, sys.stdout.buffer, allow=_allow, peak=_peak)


if __name__ == "__main__":
    main()
