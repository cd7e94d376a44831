"""Decides which address of a feed may stand in a message as a link."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

_LONGEST = 2048  # characters; Telegram and terminals take no longer ones
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?", re.IGNORECASE
)
_ADDRESS = re.compile(r"\[[0-9a-fA-F:.]+\]")
_KEPT = "/?:@!$&'()*+,;=~%-._"


def safe_link(raw: str | None) -> str | None:
    """Return the address in ASCII, or None where it is no plain http(s) address: then the message has no link.

    An address with `user:pass@` is refused: it shows another host than it leads to, or a secret.
    """
    try:
        parts = urlsplit((raw or "").strip())
        port = parts.port
    except ValueError:
        return None
    host = _ascii_host(parts.netloc.rpartition("@")[2], port)
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc or host is None:
        return None
    path, query, fragment = (quote(part, safe=_KEPT, errors="ignore") for part in parts[2:])
    link = urlunsplit((parts.scheme.lower(), host, path, query, fragment))
    return link if len(link) <= _LONGEST else None


def _ascii_host(netloc: str, port: int | None) -> str | None:
    host = netloc if port is None else netloc[: netloc.rindex(":")]
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    name = name.rstrip(":") if port is None else name
    if not (_HOST.fullmatch(name) or _ADDRESS.fullmatch(name)):
        return None
    return name if port is None else f"{name}:{port}"
