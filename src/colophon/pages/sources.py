"""The cited sources: which papers cite the same one."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from colophon.judgement import Judged
from colophon.model import Page
from colophon.pages import Output, _links, _lists, _log, _words, registry_page, render
from colophon.views import RegistryView

_SHOWN = 20
_TITLE, _IDENTIFIER = 80, 200
_NAME_LENGTH = 120
_VERSION = re.compile(r"v[0-9]+$")
_PLAIN = re.compile(r"[a-z0-9.-]")


@dataclass(frozen=True, slots=True)
class Source:
    """One cited source and the papers that cite it, newest first."""

    kind: str
    identifier: str
    papers: tuple[Judged, ...]

    @property
    def shown(self) -> str:
        """The kind and the identifier, shortened for a list."""
        return _words.short(_links.with_kind(self.kind, self.identifier), _IDENTIFIER)

    @property
    def href(self) -> str:
        """The source's own address; empty unless it is safe."""
        return _links.of_source(self.kind, self.identifier, None)

    @property
    def base(self) -> str:
        """The path of its own page without the ending; cut, with a digest, when it would be too long."""
        name = f"{self.kind}-{escaped(self.identifier)}"
        # A web address may differ from another in upper and lower case alone; file names may not.
        exact = self.identifier == self.identifier.lower()
        if len(name) > _NAME_LENGTH or not exact:
            name = f"{name[:_NAME_LENGTH]}_{hashlib.sha256(self.identifier.encode()).hexdigest()[:16]}"
        return f"sources/{name}"


@registry_page("sources")
def sources(view: RegistryView) -> Iterator[Output]:
    """Yield the list of sources, and a page for each that many papers cite."""
    found = by_source(view.listed)
    total, papers = _words.counted(len(found), "source"), _words.counted(len(view.listed), "paper")
    text = f"{total}, cited by {sum(bool(item.facts.sources) for item in view.listed):,} of {papers}"
    for part in _lists.parts("sources", _rows(view, found)):
        body = render("sources.html", part=part, text=text, withheld=len(view.withheld))
        yield Page(part.path, part.titled("Sources"), f"{text}, the most cited first.", "sources", body)
    for source in found:
        if len(source.papers) > _SHOWN:
            yield from _own_pages(view, source)


def by_source(listed: Sequence[Judged]) -> list[Source]:
    """Return every cited source once, without its version, the most cited first."""
    cited: dict[tuple[str, str], dict[str, Judged]] = {}
    for item in _lists.newest_first(listed):
        for kind, identifier in item.facts.sources:
            cited.setdefault((kind, without_version(kind, identifier)), {})[item.id] = item
    found = [Source(kind, name, tuple(papers.values())) for (kind, name), papers in cited.items()]
    return sorted(found, key=lambda source: (-len(source.papers), source.kind, source.identifier))


def without_version(kind: str, identifier: str) -> str:
    """Return an identifier without its arXiv version; arXiv identifiers and DOIs are in lower case."""
    if kind == "arxiv":
        return _VERSION.sub("", identifier.lower())
    return identifier.lower() if kind == "doi" else identifier


def escaped(identifier: str) -> str:
    """Return an identifier for paths: lower case, every character outside ``[a-z0-9.-]`` as ``_<hex>_``."""
    return "".join(c if _PLAIN.fullmatch(c) else f"_{ord(c):x}_" for c in identifier.lower())


def _rows(view: RegistryView, found: Sequence[Source]) -> Iterator[str]:
    """Yield the sources as rows; what stands there of a paper is made once, however many it cites."""
    papers = {
        item.id: (item.id, _words.short(_log.titled(item), _TITLE), _log.standing(item))
        for item in view.listed
    }
    for source in found:
        yield render(
            "_source_row.html",
            source=source,
            papers=[papers[item.id] for item in source.papers[:_SHOWN]],
            count=len(source.papers),
            more=len(source.papers) > _SHOWN,
        )


def _own_pages(view: RegistryView, source: Source) -> Iterator[Page]:
    """Yield the list of papers that cite one source."""
    rows = _lists.paper_rows(source.papers, view.settings, "../")
    total = _words.counted(len(source.papers), "paper")
    # An escape is closed by "_", so no source has a path that ends in "__2".
    for part in _lists.parts(source.base, rows, divider="__"):
        body = render("sources_one.html", part=part, source=source, total=total)
        yield Page(part.path, part.titled(source.shown), f"{total} citing {source.shown}.", "sources", body)
