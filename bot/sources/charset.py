"""Turns a body in any charset into UTF-8 that an XML parser accepts."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ALLOWED = frozenset(
    (
        *("ascii", "utf-8", "koi8-r", "koi8-u", "cp866", "mac-cyrillic", "cp874"),
        *("big5", "big5hkscs", "gb18030", "cp932", "euc_jp", "iso2022_jp", "cp949", "euc_kr"),
        *(f"cp{n}" for n in range(1250, 1259)),
        *(f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    )
)
# What these names mean on the web: the larger charset that writers really used.
_WEB_NAMES = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "ks_c_5601-1987": "cp949",
}
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_ASCII = bytes(range(128))
_CONTROLS = bytes(n for n in range(32) if n not in b"\t\n\r")
_FORBIDDEN = ("\ufffe".encode(), "\uffff".encode())
_UTF8 = codecs.getincrementaldecoder("utf-8")  # unlike str.decode, it lets a last character that is cut in two pass
_MOST_DAMAGE = 0.3  # of the letters beyond ASCII: UTF-8 with a slip here and there, not another charset


def to_utf8(body: bytes, content_type: str = "") -> bytes:
    """Return the body as UTF-8 without BOM, NULs, and other characters that XML forbids; never fails.

    What the bytes show beats what is declared: a BOM, the NULs of UTF-16, valid UTF-8. Then the document's own
    declaration counts, then the HTTP header's.
    """
    data = _text(body, content_type).encode("utf-8", "replace").translate(None, _CONTROLS)
    for forbidden in _FORBIDDEN:
        if forbidden in data:
            data = data.replace(forbidden, b"")
    return data


def _text(body: bytes, content_type: str) -> str:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    start = body[:4]
    if start.count(0) == 2:
        return body.decode("utf-16-le" if start[1] == 0 else "utf-16-be", "replace")
    declared = _declared(body, content_type)
    if "iso2022_jp" in declared and b"\x1b" in body:  # seven-bit, so that it looks like UTF-8
        return body.decode("iso2022_jp", "replace")
    try:
        return _UTF8().decode(body)
    except UnicodeDecodeError:
        return _guess(body, declared)


def _guess(body: bytes, declared: list[str]) -> str:
    as_utf8 = body.decode("utf-8", "replace")
    beyond = len(body.translate(None, _ASCII)) / 2
    if as_utf8.count("\ufffd") / beyond < _MOST_DAMAGE:
        return as_utf8
    for name in declared:
        if name not in ("ascii", "utf-8"):
            return body.decode(name, "replace")
    return body.decode("cp1252", "replace")


def _declared(body: bytes, content_type: str) -> list[str]:
    found = [m[1].decode("ascii") for m in (_DECLARED.search(body, 0, 1000),) if m]
    found += [m[1] for m in (_CHARSET.search(content_type),) if m]
    return [name for one in found if (name := _codec(one))]


def _codec(name: str) -> str | None:
    """Return our name of a charset; None for what we don't know, or what is no charset (zip, idna, rot13)."""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        known = name.lower()
    known = _WEB_NAMES.get(known, known)
    return known if known in _ALLOWED else None
