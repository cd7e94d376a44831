"""What makes two entries the same item: ids, canonical links, title and day."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

from bot.model import EntryData, Identity

# Query parameters that say how a reader came, not what is read.
_TRACKING = re.compile(
    r"(utm_\w+|at_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ocid|cmpid|ns_\w+|xtor)\Z", re.IGNORECASE
)
_ITEM = re.compile(r"(?!:~:)(?=[!/]|.*[0-9])[^=]*\Z")  # #2, #post-17, #/story/2; not #top, #xtor=RSS-1, #:~:text=...
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def digest(*parts: str) -> str:
    """Return a 32-digit hex hash of the parts; parts can't run into one another."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


def canonical_link(link: str | None) -> str | None:
    """Return a link without scheme, host case, default port, `www.`, tracking parameters and final slash.

    A fragment stays where it names an item: `page#1` and `page#2`, `site/#/story/2`.

    None where it is no http address. Two links with one canonical form lead to one article.
    """
    try:
        parts = urlsplit((link or "").strip())
        if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
            return None
        host = _host(parts)
    except ValueError:  # a broken IPv6 address or port
        return None
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)]
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._").rstrip("/")
    fragment = parts.fragment if _ITEM.match(parts.fragment) else ""
    return f"{host}{path}" + (f"?{urlencode(sorted(kept))}" if kept else "") + (f"#{fragment}" if fragment else "")


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower().rstrip(".").removeprefix("www.")
    port = str(parts.port or "")
    return host if port in ("", _DEFAULT_PORTS[parts.scheme.lower()]) else f"{host}:{port}"


def identify(feed_id: str, entries: Sequence[EntryData], now: datetime) -> tuple[Identity, ...]:
    """Return each entry's identity: its guid, else its link, else a hash of title and summary.

    A guid that one document repeats counts together with its link, so that a careless feed's entries stay apart.
    """
    guids = Counter(entry.guid for entry in entries if entry.guid)
    return tuple(_identity(feed_id, entry, guids, now) for entry in entries)


def _identity(feed_id: str, entry: EntryData, guids: Counter[str], now: datetime) -> Identity:
    canonical = canonical_link(entry.link)
    if entry.guid and guids[entry.guid] == 1:
        own = ("guid", entry.guid)
    elif entry.guid:
        own = ("guid+link", entry.guid + "\x1f" + (entry.link or ""))
    elif entry.link:
        own = ("link", canonical or entry.link)
    else:
        own = ("text", entry.title + "\x1f" + entry.summary)
    day = (entry.published_at or now).date().isoformat()
    title = " ".join(entry.title.split()).casefold()
    return Identity(digest(feed_id, *own), canonical, digest(title, day) if title else None)


def text_hash(entry: EntryData) -> str:
    """Return a hash that changes when a reader would see another text."""
    return digest(entry.title, entry.summary)
