"""Log lines for a human or a machine, on stderr, with every secret taken out."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

import structlog

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
# The INFO and DEBUG lines of the first three hold URLs with tokens; those of the others say nothing to an operator.
QUIET = ("httpx", "httpcore", "telegram", "apscheduler", "alembic")


def set_up_logs(level: str, form: str, scrub: Callable[[str], str], *, console: bool | None = None) -> None:
    """Send our log lines and those of libraries to stderr; `scrub` sees the finished text, tracebacks included.

    `level` is debug, info, warning or error; `form` is json, or keyvalue for anything else.
    `console` True colours the lines for a terminal; None asks whether stderr is one. Calling again replaces the set-up.
    """
    terminal = sys.stderr.isatty() if console is None else console
    renderer: Any
    if form == "json":
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    elif terminal:
        renderer = structlog.dev.ConsoleRenderer(
            pad_event_to=0,
            # A coloured traceback would cut a secret into pieces that no pattern finds again.
            exception_formatter=structlog.dev.plain_traceback,
        )
    else:
        renderer = structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
        structlog.processors.StackInfoRenderer(),
        *([] if terminal and form != "json" else [structlog.processors.format_exc_info]),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Scrubbed(scrub, shared, renderer))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_LEVELS[level])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of every beat that found its tick still running


class _Scrubbed(structlog.stdlib.ProcessorFormatter):
    """Formats a line, then takes secrets out of the whole of it."""

    def __init__(self, scrub: Callable[[str], str], shared: list[Any], renderer: Any) -> None:
        super().__init__(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
        self._scrub = scrub

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line without secrets."""
        return self._scrub(super().format(record))
