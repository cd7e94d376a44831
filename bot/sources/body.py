"""Collects a reply's body within bounds, undoing its compression by hand."""

from __future__ import annotations

import io
import re
import zlib

from bot.errors import TransientError
from bot.http_errors import Trouble, trouble_error
from bot.sources.limits import FetchLimits

_GZIP = 16 + zlib.MAX_WBITS
_MAGIC = b"\x1f\x8b"
_MOST_MEMBERS = 100  # a gzip body may be many files in a row; honest ones are one, and each costs memory to open


class Body:
    """Takes the raw chunks of one reply.

    gzip and deflate are undone; anything else, or one upon another, is refused: only gzip was asked for. A body that
    is not compressed although its header says so is taken as it is.
    """

    def __init__(self, content_encoding: str, limits: FetchLimits) -> None:
        self._encoding = _encoding(content_encoding)
        self._limits = limits
        self._raw = 0
        self._head = b""
        self._started = False
        self._members = 1
        self._over = False  # the compressed data has ended; what still comes is padding
        self._inflater: zlib._Decompress | None = None
        self._out = io.BytesIO()

    def add(self, chunk: bytes) -> None:
        """Take a chunk. Raises TransientError where a bound is passed or the compression is broken."""
        self._raw += len(chunk)
        if self._raw > self._limits.raw:
            raise trouble_error(Trouble.TOO_LARGE, f"more than {self._limits.raw:,} bytes")
        if not self._started:
            self._head += chunk
            if len(self._head) < 2:
                return
            chunk = self._start()
        self._write(chunk)

    def finish(self) -> bytes:
        """Return the decoded body. Raises TransientError where the compressed data is not complete."""
        if not self._started:
            self._write(self._start())
        if self._inflater is not None and not self._inflater.eof:
            raise trouble_error(Trouble.CUT_OFF, "compressed data ends early")
        return self._out.getvalue()

    def _start(self) -> bytes:
        self._started = True
        wbits = _wbits(self._encoding, self._head)
        if wbits is not None:
            self._inflater = zlib.decompressobj(wbits)
        head, self._head = self._head, b""
        return head

    def _write(self, data: bytes) -> None:
        if self._inflater is None:
            self._keep(data)
            return
        try:
            while data and not self._over:
                self._keep(self._inflater.decompress(data, self._room() + 1))
                data = self._rest()
        except zlib.error as error:
            raise trouble_error(Trouble.ENCODING, "broken compression") from error

    def _rest(self) -> bytes:
        """Return what follows the end of a gzip member that another one follows; b"" else."""
        inflater = self._inflater
        if inflater is None or not inflater.eof:
            return b""
        behind = inflater.unused_data
        if not behind.startswith(_MAGIC):
            self._over = not _MAGIC.startswith(behind)
            return b""
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise trouble_error(Trouble.ENCODING, f"more than {_MOST_MEMBERS} gzip members")
        self._inflater = zlib.decompressobj(_GZIP)
        return behind

    def _keep(self, data: bytes) -> None:
        if len(data) > self._room():
            raise trouble_error(Trouble.TOO_LARGE, f"more than {self._limits.decoded:,} bytes decoded")
        self._out.write(data)

    def _room(self) -> int:
        return self._limits.decoded - self._out.tell()


def _encoding(header: str) -> str:
    """Return "", "gzip" or "deflate". Raises TransientError for all that was not asked for."""
    names = [name for part in header.lower().split(",") if (name := part.strip()) not in ("", "identity", "none")]
    if len(names) > 1:
        raise trouble_error(Trouble.ENCODING, "one compression upon another")
    name = names[0].removeprefix("x-") if names else ""
    if name not in ("", "gzip", "deflate"):
        raise TransientError(f"{Trouble.ENCODING} ({_printable(name)}, though only gzip was asked for)")
    return name


def _wbits(encoding: str, head: bytes) -> int | None:
    """Return how to open the compressed data, or None for a plain body; the data's own mark beats the header."""
    if head.startswith(_MAGIC):
        return _GZIP
    if encoding != "deflate" or re.match(rb"\s*[<{\xef]", head):
        return None
    is_zlib = len(head) > 1 and head[0] & 0x0F == 8 and (head[0] * 256 + head[1]) % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def _printable(name: str) -> str:
    return re.sub(r"[^a-z0-9._-]", "?", name[:20])
