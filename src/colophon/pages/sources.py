"""The cited sources: which papers cite the same one, what is held of it, and which claims rest on it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from colophon import layout
from colophon.evidence import InHand
from colophon.judgement import Judged
from colophon.model import Page
from colophon.pages import Output, _links, _lists, _log, _words, registry_page, render, rendered
from colophon.pages._held import held_in_words, status_in_words
from colophon.views import RegistryView

_SHOWN = 20
_TITLE, _IDENTIFIER = 80, 200
_NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Source:
    """One cited source and the papers that cite it, newest first.

    ``claims`` has for each of them how many of its claims rest on the source; None where that was not looked
    up in what is held today.  ``in_hand`` is None where nothing is held.
    """

    kind: str
    identifier: str
    papers: tuple[Judged, ...]
    claims: tuple[int | None, ...] = ()
    in_hand: InHand | None = None

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
        return f"sources/{file_name(self.kind, self.identifier)}"

    @property
    def work(self) -> str:
        """The path of the page about it as a work, where it has one."""
        return f"works/{file_name(self.kind, layout.without_version(self.kind, self.identifier))}.html"


@registry_page("sources")
def sources(view: RegistryView) -> Iterator[Output]:
    """Yield the list of sources, and a page for each that many papers cite."""
    found = by_source(view.listed)
    total, papers = _words.counted(len(found), "source"), _words.counted(len(view.listed), "paper")
    text = f"{total}, cited by {sum(bool(item.facts.sources) for item in view.listed):,} of {papers}"
    for part in _lists.parts("sources", rendered("_source_rows.html", _rows(view, found))):
        body = render(
            "sources.html", part=part, text=text, withheld=len(view.withheld), works=len(view.works)
        )
        yield Page(part.path, part.titled("Sources"), f"{text}, the most cited first.", "sources", body)
    for source in found:
        if len(source.papers) > _SHOWN:
            yield from _own_pages(view, source)


def by_source(listed: Sequence[Judged]) -> list[Source]:
    """Return every cited source once, without its version, the most cited first."""
    cited: dict[tuple[str, str], list[tuple[Judged, int]]] = {}
    for item in _lists.newest_first(listed):
        for place, (kind, identifier) in enumerate(item.facts.sources):
            cited.setdefault((kind, without_version(kind, identifier)), []).append((item, place))
    found = []
    # There are several sources a paper, and what is known of one is needed no longer once it is made.
    while cited:
        (kind, name), papers = cited.popitem()
        found.append(_source(kind, name, papers))
    return sorted(found, key=lambda source: (-len(source.papers), source.kind, source.identifier))


def _source(kind: str, name: str, cited: Sequence[tuple[Judged, int]]) -> Source:
    """Return a source with what the facts of the papers say of it; a paper may cite several versions."""
    held = (item.facts.evidence.in_hand[place] for item, place in cited if item.facts.evidence.in_hand)
    in_hand = next((one for one in held if one is not None), None)
    by_paper = groupby(cited, key=lambda one: one[0].id)
    papers = [(group[0][0], [place for _, place in group]) for group in (list(one) for _, one in by_paper)]
    claims = tuple(_resting(item, places) for item, places in papers)
    return Source(kind, name, tuple(item for item, _ in papers), claims, in_hand)


def _resting(item: Judged, places: Sequence[int]) -> int | None:
    known = item.facts.evidence
    claims = sum(known.resting[place] for place in places) if known.resting else 0
    return claims if claims or known.is_grounded else None


def without_version(kind: str, identifier: str) -> str:
    """Return an identifier in one spelling, without its arXiv version; addresses keep their letters' case."""
    return layout.without_version(kind, identifier) if kind in ("arxiv", "doi") else identifier


def file_name(kind: str, identifier: str) -> str:
    """Return what the pages about a source are called, without their ending."""
    name = f"{kind}-{layout.escaped(identifier)}"
    # A web address may differ from another in upper and lower case alone; file names may not.
    exact = identifier == identifier.lower()
    if len(name) > _NAME_LENGTH or not exact:
        name = f"{name[:_NAME_LENGTH]}_{hashlib.sha256(identifier.encode()).hexdigest()[:16]}"
    return name


def paths_of_works(view: RegistryView) -> frozenset[str]:
    """Return the paths of the pages about works."""
    return frozenset(f"works/{file_name(one.kind, one.identifier)}.html" for one in view.works)


def resting(claims: int | None, of: int | None) -> str:
    """Return in words how many claims of a paper rest on a source."""
    if of is None:
        return "claims not shown"
    if claims is None:
        return f"{_words.counted(of, 'claim')}, not looked up"
    return f"{claims:,} of {_words.counted(of, 'claim')}"


def _rows(view: RegistryView, found: Sequence[Source]) -> Iterator[dict[str, Any]]:
    """Yield the sources for their rows; what stands there of a paper is made once, however many it cites."""
    papers = {
        item.id: (item.id, _words.short(_log.titled(item), _TITLE), _log.standing(item))
        for item in view.listed
    }
    works = paths_of_works(view)
    for source in found:
        cited = zip(source.papers[:_SHOWN], source.claims, strict=False)
        yield {
            "source": source,
            "held": held_in_words(source.in_hand),
            "status": status_in_words(source.in_hand),
            "work": source.work if source.work in works else "",
            "papers": [(*papers[item.id], resting(claims, item.facts.claims)) for item, claims in cited],
            "count": len(source.papers),
            "more": len(source.papers) > _SHOWN,
        }


def _own_pages(view: RegistryView, source: Source) -> Iterator[Page]:
    """Yield the list of papers that cite one source."""
    rows = (
        render(
            "_citing_row.html",
            row=_lists.paper_row(item, view.settings),
            claims=claims,
            resting=resting(claims, item.facts.claims),
        )
        for item, claims in zip(source.papers, source.claims, strict=True)
    )
    works = paths_of_works(view)
    total = _words.counted(len(source.papers), "paper")
    # An escape is closed by "_", so no source has a path that ends in "__2".
    for part in _lists.parts(source.base, rows, divider="__"):
        body = render(
            "sources_one.html",
            part=part,
            source=source,
            total=total,
            held=held_in_words(source.in_hand),
            status=status_in_words(source.in_hand),
            work=f"../{source.work}" if source.work in works else "",
        )
        yield Page(part.path, part.titled(source.shown), f"{total} citing {source.shown}.", "sources", body)
