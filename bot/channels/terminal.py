"""Writes to the program's output so that a reader who is gone or asleep can't stop the service."""

from __future__ import annotations

import io
import os
import select
from typing import TextIO

from bot.model import Meaning, Outcome

_SENT = Outcome(Meaning.SENT)
_CLOSED = Outcome(Meaning.CHANNEL_DOWN, "the console is closed")
_FULL = Outcome(Meaning.NOT_SENT, "the console takes no more text for now")


class Terminal:
    """A text stream that is written to in whole messages.

    Where the stream has a file descriptor, text goes there in one system call past the stream's own buffer, so that
    a failed write leaves nothing behind that would come out later.
    """

    def __init__(self, stream: TextIO) -> None:
        """Take the stream; it stays the caller's."""
        self._stream = stream
        self._encoding = stream.encoding or "utf-8"

    @property
    def is_a_tty(self) -> bool:
        """Whether a human looks at it."""
        return not self._stream.closed and self._stream.isatty()

    def write(self, text: str) -> Outcome:
        """Write the text, signs that the encoding lacks replaced; never blocks on a pipe that nobody reads."""
        data = text.encode(self._encoding, "replace")
        if self._stream.closed:
            return _CLOSED
        try:
            descriptor = self._descriptor()
            if descriptor is None:
                self._stream.write(data.decode(self._encoding))
                self._stream.flush()
                return _SENT
            self._stream.flush()
            return _write_all(descriptor, data)
        except BrokenPipeError:
            return _CLOSED
        except OSError as error:  # a full disk below a redirected output, for one
            return Outcome(Meaning.NOT_SENT, f"the console can't be written to: {error.strerror or error}")

    def _descriptor(self) -> int | None:
        try:
            return self._stream.fileno()
        except io.UnsupportedOperation:
            return None


def _write_all(descriptor: int, data: bytes) -> Outcome:
    written = 0
    while written < len(data):
        if not _takes_more(descriptor):
            return Outcome(Meaning.AMBIGUOUS, "the console took a part of the text") if written else _FULL
        written += os.write(descriptor, data[written : written + select.PIPE_BUF])
    return _SENT


def _takes_more(descriptor: int) -> bool:
    """Ask without waiting; a pipe that says yes has room for PIPE_BUF bytes."""
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return bool(poll.poll(0))
