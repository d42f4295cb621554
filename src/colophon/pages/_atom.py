"""Atom feeds (RFC 4287), written as text: every value is escaped on its way in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

NEWEST = 50
MEDIA_TYPE = "application/atom+xml"
# Stored text may hold these two; XML 1.0 may not.
_NOT_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.  ``categories`` are (scheme or "", term, label); ``text`` is (element, plain text)."""

    id: str
    title: str
    updated: str
    published: str
    author: str
    href: str
    categories: Sequence[tuple[str, str, str]]
    text: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed.  ``href`` is its own address, ``alternate`` that of the page it follows."""

    id: str
    title: str
    subtitle: str
    opened: str
    href: str
    alternate: str
    author: str


def feed(of: Feed, entries: Sequence[Entry]) -> bytes:
    """Return the file of a feed; without any entry it changed when the registry was opened."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        _element("title", of.title, "text"),
        _element("subtitle", of.subtitle, "text"),
        _element("id", of.id),
        _element("updated", max((entry.updated for entry in entries), default=f"{of.opened}T00:00:00Z")),
        *([f"<author>{_element('name', of.author)}</author>"] if of.author else []),
        _link("self", of.href, MEDIA_TYPE),
        _link("alternate", of.alternate, "text/html"),
        *_lines(entries),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        yield "<entry>"
        yield _element("title", entry.title, "text")
        yield _element("id", entry.id)
        yield _element("updated", entry.updated)
        if entry.published:
            yield _element("published", entry.published)
        if entry.author:
            yield f"<author>{_element('name', entry.author)}</author>"
        yield _link("alternate", entry.href, "text/html")
        for scheme, term, label in entry.categories:
            begin = f'scheme="{_attribute(scheme)}" ' if scheme else ""
            yield f'<category {begin}term="{_attribute(term)}" label="{_attribute(label)}"/>'
        yield _element(*entry.text, "text")
        yield "</entry>"


def _element(name: str, text: str, kind: str = "") -> str:
    start = f'{name} type="{kind}"' if kind else name
    return f"<{start}>{escape(text.translate(_NOT_XML))}</{name}>"


def _link(rel: str, href: str, media_type: str) -> str:
    return f'<link rel="{rel}" type="{media_type}" href="{_attribute(href)}"/>'


def _attribute(text: str) -> str:
    return escape(text.translate(_NOT_XML), {'"': "&quot;"})
