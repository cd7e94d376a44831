"""Our own pass over an XML document: what fastfeedparser drops or gets wrong, and whether it may be asked at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from bot.sources import dates, texts
from bot.sources.mend import mend_references

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_SHORT = {
    "": "rss",
    "http://purl.org/rss/1.0/": "rss",
    "http://my.netscape.com/rdf/simple/0.9/": "rss",
    "http://channel.netscape.com/rdf/simple/0.9/": "rss",
    "http://backend.userland.com/rss2": "rss",
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
}
_GUIDS = ("rss:guid", "atom:id")
_TITLES = ("rss:title", "atom:title")
_SUMMARIES = ("rss:description", "atom:summary")
_DATES = (
    *("rss:pubDate", "rss:pubdate", "rss:date", "rss:published", "rss:updated", "rss:modified", "rss:lastBuildDate"),
    *("atom:published", "atom:updated", "atom:issued", "atom:modified"),
    *("dc:date", "dcterms:issued", "dcterms:created", "dcterms:modified"),
)
# What an honest feed never has, and costs fastfeedparser far more than the bytes tell: time grows with the square.
_TOO_MANY_ATTRIBUTES = etree.XPath("boolean(//*[count(@*) > 100])")
_UNHARMING = frozenset({"NS_ERR_UNDEFINED_NAMESPACE", "NS_ERR_XML_NAMESPACE", "WAR_NS_URI", "WAR_NS_URI_RELATIVE"})


@dataclass(frozen=True, slots=True)
class ScannedEntry:
    """What one entry's elements say. `dated`: it names a date. `summarised`: it has a summary of its own."""

    guid: str | None
    link: str | None
    language: str | None
    dated: bool
    summarised: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """What our own pass found; entries in document order.

    `plain` tells that fastfeedparser reads this document rightly; `guesses` counts the entries whose date it has to
    guess at, which takes it up to a millisecond each.
    """

    language: str | None
    entries: tuple[ScannedEntry, ...]
    plain: bool
    guesses: int


def inspect(data: bytes, url: str) -> tuple[bytes, Scan | None]:
    """Scan a document, mended where that helps; return what was scanned, too."""
    found = scan(data, url)
    if found is not None or (mended := mend_references(data)) == data:
        return data, found
    return mended, scan(mended, url)


def scan(data: bytes, url: str) -> Scan | None:
    """Read a document that came from `url`; None where it is not well-formed, so that nothing in it can be trusted.

    An undeclared prefix is forgiven: it changes no text.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, collect_ids=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser, base_url=url)
    except etree.XMLSyntaxError:
        return None
    if root is None or any(error.type_name not in _UNHARMING for error in parser.error_log):
        return None
    items = list(root.iter("{*}item", "{*}entry"))
    children = [_children(item) for item in items]
    plain = not any(_marked_up(found) for found in children) and not _TOO_MANY_ATTRIBUTES(root)
    entries = tuple(_entry(item, found, url) for item, found in zip(items, children, strict=True))
    return Scan(_language(root), entries, plain, sum(_guessed(found) for found in children))


_Children = dict[str, list[etree._Element]]


def _children(item: etree._Element) -> _Children:
    found: _Children = {}
    for child in item.iterchildren("*"):
        if name := _name(child):
            found.setdefault(name, []).append(child)
    return found


def _name(element: etree._Element) -> str:
    """Return "rss:title" and the like; "" for what is none of our business."""
    space, _, local = str(element.tag)[1:].rpartition("}") if element.tag[0] == "{" else ("", "", element.tag)
    short = _SHORT.get(space)
    return f"{short}:{local}" if short else ""


def _entry(item: etree._Element, found: _Children, url: str) -> ScannedEntry:
    guid = next(_texts(found, _GUIDS), None) or item.get(_ABOUT)
    title = next((e for name in _TITLES for e in found.get(name, ())), None)
    language = item.get(_LANG) or next(_texts(found, ("dc:language",)), None)
    return ScannedEntry(
        guid=texts.guid(guid),
        link=_link(item, found, url),
        language=texts.language(language or (title.get(_LANG) if title is not None else None)),
        dated=any(dates.is_date(written) for written in _texts(found, _DATES)),
        summarised=next(_texts(found, _SUMMARIES), None) is not None,
    )


def _link(item: etree._Element, found: _Children, url: str) -> str | None:
    """Return where an entry leads: its own link, else an alternate one, else an id that is an address."""
    for element in found.get("rss:link", ()):
        if good := texts.link(element.text or element.get("href"), element.base or url):
            return good
    for element in sorted(found.get("atom:link", ()), key=_is_no_page):
        if element.get("rel", "alternate") == "alternate" and (
            good := texts.link(element.get("href"), element.base or url)
        ):
            return good
    for element in [e for name in _GUIDS for e in found.get(name, ())]:
        if element.get("isPermaLink", "true").lower() != "false" and _is_address(element.text):
            return texts.link(element.text, url)
    return texts.link(item.get(_ABOUT), url)


def _is_no_page(element: etree._Element) -> bool:
    return element.get("type", "text/html") not in ("text/html", "application/xhtml+xml")


def _is_address(written: str | None) -> bool:
    return (written or "").strip().startswith(("http://", "https://"))


def _marked_up(found: _Children) -> bool:
    """Tell whether a title or summary holds elements, of which fastfeedparser reads only the first text."""
    return any(len(element) for name in _TITLES + _SUMMARIES for element in found.get(name, ()))


def _guessed(found: _Children) -> bool:
    """Tell whether an entry makes fastfeedparser guess at its date; one without a date it guesses from the guid."""
    written = list(_texts(found, _DATES))
    if written:
        return not all(dates.is_usual(one) for one in written)
    return any(not _is_address(one) for one in _texts(found, _GUIDS))


def _language(root: etree._Element) -> str | None:
    channel = next(root.iterchildren("{*}channel"), None)
    own = [_children(element) for element in (channel, root) if element is not None]
    written = [one for found in own for one in _texts(found, ("rss:language", "dc:language"))]
    written += [element.get(_LANG, "") for element in (channel, root) if element is not None]
    return next((tag for one in written if (tag := texts.language(one))), None)


def _texts(found: _Children, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for element in found.get(name, ()):
            if element.text and (written := element.text.strip()):
                yield written
