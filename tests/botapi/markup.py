"""Reads Telegram's HTML as the Bot API does, and refuses what it refuses (and attributes that it would only ignore)."""

from __future__ import annotations

import re
from dataclasses import dataclass

ALIASES = {"strong": "b", "em": "i", "ins": "u", "strike": "s", "del": "s"}
ATTRIBUTES: dict[str, frozenset[str]] = {
    "b": frozenset(),
    "i": frozenset(),
    "u": frozenset(),
    "s": frozenset(),
    "a": frozenset({"href"}),
    "code": frozenset({"class"}),
    "pre": frozenset(),
    "tg-spoiler": frozenset(),
    "span": frozenset({"class"}),
    "tg-emoji": frozenset({"emoji-id"}),
    "blockquote": frozenset({"expandable"}),
}
_ENTITY = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NAME = re.compile(r"[^\s>/]*")
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z][a-zA-Z-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.-]+))?""")


class MarkupError(Exception):
    """The description of a 400."""


@dataclass(frozen=True)
class Entity:
    """A run of the text, offsets in UTF-16 units; `value` is a link's address, or "expandable"."""

    kind: str
    offset: int
    length: int
    value: str = ""


@dataclass
class _Open:
    kind: str
    name: str
    offset: int
    value: str


def utf16(text: str) -> int:
    """Return the length that Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """Return the text without its markup, and its entities; raises MarkupError."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, tuple[Entity, ...]]:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._character()
        if self.open:
            self._refuse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"', place=False)
        return "".join(self.text), tuple(self.entities)

    def _character(self) -> None:
        entity = _ENTITY.match(self.source, self.at)
        if entity:
            decimal, hexadecimal, name = entity.groups()
            char = _NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))
            self.at = entity.end()
        else:
            char = self.source[self.at]
            self.at += 1
        self.text.append(char)
        self.length += utf16(char)

    def _start_tag(self) -> None:
        name = self._name(self.at + 1)
        kind = ALIASES.get(name, name)
        if kind not in ATTRIBUTES:
            self._refuse(f'Unsupported start tag "{name}"')
        end = self.at + 1 + len(name)
        attributes: dict[str, str] = {}
        while found := _ATTRIBUTE.match(self.source, end):
            attributes[found[1].lower()] = (found[2] or "").strip("\"'")
            end = found.end()
        if not self.source.startswith(">", end):
            self._refuse(f'Unclosed start tag "{name}"')
        if not attributes.keys() <= ATTRIBUTES[kind]:
            self._refuse(f'Unexpected attribute in the tag "{name}"')
        self._nest(kind)
        value = _ENTITY.sub(_decoded, attributes.get("href", "")) or next(iter(attributes), "")
        self.open.append(_Open(kind, name, self.length, value))
        self.at = end + 1

    def _nest(self, kind: str) -> None:
        kinds = [tag.kind for tag in self.open]
        if "code" in kinds or ("pre" in kinds and kind != "code") or (kind == "blockquote" and kind in kinds):
            self._refuse(f'Tag "{kind}" must not be nested in "{kinds[-1]}"')

    def _end_tag(self) -> None:
        name = self._name(self.at + 2)
        end = self.at + 2 + len(name)
        if not self.source.startswith(">", end):
            self._refuse("Unclosed end tag")
        if not self.open:
            self._refuse("Unexpected end tag")
        tag = self.open.pop()
        if name and name != tag.name:
            self._refuse(f'Unmatched end tag, expected "</{tag.name}>", found "</{name}>"')
        if self.length > tag.offset:
            self.entities.append(Entity(tag.kind, tag.offset, self.length - tag.offset, tag.value))
        self.at = end + 1

    def _name(self, at: int) -> str:
        found = _NAME.match(self.source, at)
        return found[0].lower() if found else ""

    def _refuse(self, why: str, *, place: bool = True) -> None:
        offset = f" at byte offset {len(self.source[: self.at].encode())}" if place else ""
        raise MarkupError(f"Bad Request: can't parse entities: {why}{offset}")


def _decoded(entity: re.Match[str]) -> str:
    decimal, hexadecimal, name = entity.groups()
    return _NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))
