"""Takes secrets out of any text before it is logged, stored or shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_PATTERNS = (
    # A Telegram bot token: numeric bot id, colon, 35 characters (30 and up, to be safe against change).
    (re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{30,}"), "***"),
    (re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^\s/@?#]+@", re.IGNORECASE), r"\g<scheme>***@"),
    (
        re.compile(
            r"(?P<name>[?&;](?:[\w.-]*(?:token|secret|passw|apikey|api_key|signature|auth)[\w.-]*|key|sig|pwd)=)[^&;#\s'\"]+",
            re.IGNORECASE,
        ),
        r"\g<name>***",
    ),
    (re.compile(r"(?P<name>\bauthorization:?\s+(?:basic|bearer)\s+)\S+", re.IGNORECASE), r"\g<name>***"),
)


def scrub(text: str) -> str:
    """Replace what looks like a secret: bot tokens, `user:pass@`, query values named like secrets, auth headers."""
    for pattern, mask in _PATTERNS:
        text = pattern.sub(mask, text)
    return text


def scrubber(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return a `scrub` that also knows these secrets by heart; those under 6 characters would mangle plain text."""
    known = sorted({s for s in secrets if len(s) >= 6}, key=len, reverse=True)

    def scrub_known(text: str) -> str:
        for secret in known:
            text = text.replace(secret, "***")
        return scrub(text)

    return scrub_known
