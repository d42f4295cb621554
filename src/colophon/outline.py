"""Outlines: the little of each record that judging the whole registry needs.

An outline takes well below 1 KB, so those of one hundred thousand records are read in a moment: that is how a
change of one file is judged against the whole registry without opening it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from sys import intern
from typing import Any, NamedTuple

import orjson

from colophon import near_duplicates
from colophon.characters import inert
from colophon.fold import Record
from colophon.index import Facts
from colophon.matching import did_you_mean

# Characters of a title in a message.
_TITLE = 160


class Outline(NamedTuple):
    """One record.

    ``successors`` holds (slug of the event, paper that it names).  ``lengths`` are those of
    :class:`colophon.index.Facts`.  ``findings`` counts what was found in the record alone.  ``signature``
    and ``admitted`` are those of :class:`colophon.near_duplicates.Signed`.
    """

    id: str
    folder: str
    title: str
    publisher: str
    supersedes: str | None
    successors: tuple[tuple[str, str], ...]
    lengths: tuple[tuple[str, int, bool], ...]
    findings: int = 0
    signature: str = ""
    admitted: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a paper that is not there, with the file and the place where it stands."""

    record: str
    path: str
    pointer: str
    message: str


def outline_of(facts: Facts, findings: int = 0, signature: str = "", admitted: int | None = None) -> Outline:
    """Return the outline of a record."""
    named = tuple((step.slug, step.names) for step in facts.events if step.names is not None)
    publisher, lengths = intern(facts.publisher), _interned(facts.lengths)
    return Outline(
        facts.id, facts.folder, facts.title, publisher, facts.supersedes, named, lengths, findings,
        signature, admitted,
    )  # fmt: skip


def signature_of(record: Record) -> str:
    """Return the signature of what a record said when it was filed."""
    manifest = record.as_filed().manifest
    abstract = manifest.abstract or ""
    texts = (manifest.title, manifest.research_question or "", abstract)
    claims = (claim.text for claim in manifest.claims or ())
    return str(near_duplicates.signature(texts, abstract, claims))


def _interned(lengths: Iterable[Iterable[Any]]) -> tuple[tuple[str, int, bool], ...]:
    """Return lengths whose pointers are held once for all records: they are a third of an outline."""
    return tuple([(intern(pointer), length, ends) for pointer, length, ends in lengths])


def dumps(outlines: Iterable[Outline]) -> bytes:
    """Return outlines as one line of JSON each."""
    return b"".join(orjson.dumps(tuple(outline), option=orjson.OPT_APPEND_NEWLINE) for outline in outlines)


def loads(raw: bytes) -> Iterator[Outline]:
    """Yield the outlines of :func:`dumps`.  Raises ValueError, TypeError or LookupError for anything else."""
    for line in raw.splitlines():
        row: list[Any] = orjson.loads(line)
        row[3], row[5:7] = intern(row[3]), (tuple(map(tuple, row[5])), _interned(row[6]))
        yield Outline(*row)


def broken_links(outlines: Iterable[Outline], known: Mapping[str, Any]) -> Iterator[Link]:
    """Yield the links between papers that lead nowhere; ``known`` has the title, or the outline, by id."""
    for outline in outlines:
        named = [(f"{outline.folder}/manifest.json", "/supersedes", "supersedes", outline.supersedes)]
        named += [
            (f"{outline.folder}/corrections/{slug}.yaml", "/successor", "names as successor", paper)
            for slug, paper in outline.successors
        ]
        for path, pointer, verb, paper in named:
            message = _wrong(outline.id, verb, paper, known)
            if message is not None:
                yield Link(outline.id, path, pointer, message)


def _wrong(record: str, verb: str, paper: str | None, known: Mapping[str, Any]) -> str | None:
    if paper is None:
        return None
    if paper == record:
        return "the record supersedes itself"
    if paper in known:
        return None
    return f"{verb} {paper}, which is not in this registry{meant(paper, known)}"


def meant(paper: str, known: Mapping[str, Any]) -> str:
    """Return in words which record was probably meant by an id that misses, with its title; or nothing."""
    nearest = did_you_mean(paper, known)
    return f"; did you mean {nearest} ({inert(known[nearest].title)[:_TITLE]})?" if nearest else ""
