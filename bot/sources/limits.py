"""Every number of fetching and parsing, with its default, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """The bounds of one fetch. Sizes are bytes; `total` covers redirects and the body, but not parsing.

    `raw` bounds the bytes on the wire, `decoded` those after decompression.
    """

    connect: timedelta = timedelta(seconds=5)
    read: timedelta = timedelta(seconds=10)
    total: timedelta = timedelta(seconds=30)
    raw: int = 5 * MEGABYTE
    decoded: int = 10 * MEGABYTE
    headers: int = 64_000
    redirects: int = 5
    # A cache that answers 304 for ever is found out by asking without validators this often.
    validators_for: timedelta = timedelta(days=8)
    # A longer document is parsed in a process of its own, so that the event loop never waits for it.
    parse_inline: int = 256_000
    parse_processes: int = 2
    parse_cpu: int = 5  # seconds; the kernel counts whole ones
    parse_wall: timedelta = timedelta(seconds=60)
    parse_memory: int = 1_000 * MEGABYTE  # address space
