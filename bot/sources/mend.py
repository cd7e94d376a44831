"""Mends the two commonest breaks of XML in feeds, which all parsers repair badly: bare ampersands, HTML's entities."""

from __future__ import annotations

import re
from html.entities import html5

_REFERENCE = re.compile(
    rb"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))"  # no reference means anything in these
    rb"|&(?:#(?P<code>[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?",
    re.DOTALL,
)
_MOST = 20_000  # each costs a microsecond, on the event loop; no honest feed that is broken has as many
_XML = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def mend_references(data: bytes) -> bytes:
    """Return a UTF-8 document with `&eacute;` as its letter, `AT&T` as `AT&amp;T`, and no reference to a control.

    A document with absurdly many ampersands comes back as it is.
    """
    if data.count(b"&") > _MOST:
        return data
    return _REFERENCE.sub(_mended, data)


def _mended(match: re.Match[bytes]) -> bytes:
    if match[1] is not None or match["name"] in _XML:
        return match[0]
    if match["code"] is not None:
        return match[0] if _is_allowed(match["code"].decode().lower()) else b""
    letters = html5.get(f"{match['name'].decode()};") if match["name"] else None
    if letters is None:
        return b"&amp;" + match[0][1:]
    return "".join(f"&#{ord(letter)};" for letter in letters).encode()


def _is_allowed(code: str) -> bool:
    """Tell whether XML allows a character of this number."""
    point = int(code[1:], 16) if code.startswith("x") else int(code)
    return point in (9, 10, 13) or 32 <= point < 0xD800 or 0xDFFF < point < 0xFFFE or 0xFFFF < point <= 0x10FFFF
