"""Works: cited source papers with what they say of themselves, read from all files of their folders together.

Claims add up from file to file.  A later file may strike a claim of an earlier one, and nothing is edited.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from colophon import canon, contracts, dated_files, layout
from colophon.contracts.work_manifest import Strike, WorkClaim, WorkManifest
from colophon.dated_files import Wrong
from colophon.documents import Document
from colophon.language import figures
from colophon.model import Finding
from colophon.store import Tree

CONTRACT = "work-manifest-v1"
# An id has three digits.
_MOST_CLAIMS = 999


@dataclass(frozen=True, slots=True)
class FiledWork:
    """One file about a work, with the digest of its bytes."""

    path: str
    sha256: str
    manifest: WorkManifest


@dataclass(frozen=True, slots=True)
class FiledClaim:
    """One claim with the file that brought it and every later strike, each with its file."""

    claim: WorkClaim
    filed: FiledWork
    strikes: tuple[tuple[FiledWork, Strike], ...]

    @property
    def is_struck(self) -> bool:
        """Whether a later file struck it out."""
        return bool(self.strikes)


@dataclass(frozen=True, slots=True)
class Work:
    """A source paper: its files in order of their names, and the claims of all of them."""

    kind: str
    identifier: str
    files: tuple[FiledWork, ...]
    claims: tuple[FiledClaim, ...]

    @property
    def title(self) -> str:
        """The title that the newest file gives, or the identifier where that is blank."""
        return self.files[-1].manifest.title.strip() or self.identifier

    @property
    def authors(self) -> tuple[str, ...] | None:
        """The authors of the newest file that lists any."""
        return next((one.manifest.authors for one in reversed(self.files) if one.manifest.authors), None)


def all_works(tree: Tree) -> Iterator[Work]:
    """Yield every work of a registry in order of its folder; only one is held at a time."""
    for folder, stray in dated_files.folders(tree, "works"):
        work = None if stray is not None else _of_folder(tree, folder)
        if work is not None:
            yield work


def of_source(tree: Tree, kind: str, identifier: str) -> Work | None:
    """Return the work that a source is, by any version of its identifier, or None."""
    return _of_folder(tree, layout.source_folder(kind, identifier, "works"))


def findings(tree: Tree, now: str | None = None) -> Iterator[Finding]:
    """Yield what is wrong with the files of all works, in order of their paths.

    Dates are judged where the time of the check, ``now``, is given (ISO date-time, UTC).
    """
    for folder, stray in dated_files.folders(tree, "works"):
        if stray is not None:
            yield stray
            continue
        for document in _documents(tree, folder):
            yield from (*document.findings, *dated_files.later(document, now))


def findings_of(tree: Tree, paths: Iterable[str], now: str | None = None) -> Iterator[Finding]:
    """Yield what is wrong with single files of works, each read beside the others of its work.

    ``now`` as in :func:`findings`.
    """
    for folder, group in groupby(sorted(paths, key=_split), key=lambda path: _split(path)[0]):
        wanted = set(group)
        for document in _documents(tree, folder):
            if document.path in wanted:
                yield from (*document.findings, *dated_files.later(document, now))


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _of_folder(tree: Tree, folder: str) -> Work | None:
    """Return the work of one folder, of the files that are in order; None when there is none."""
    files = tuple(
        FiledWork(found.path, canon.digest(found.raw), cast(WorkManifest, contracts.read(found.data)))
        for found in _documents(tree, folder)
        if found.data is not None and not found.findings
    )
    if not files:
        return None
    struck: dict[str, list[tuple[FiledWork, Strike]]] = {}
    for filed in files:
        for strike in filed.manifest.strikes:
            struck.setdefault(strike.claim, []).append((filed, strike))
    claims = tuple(
        FiledClaim(claim, filed, tuple(struck.get(claim.id, ())))
        for filed in files
        for claim in filed.manifest.claims
    )
    named = files[-1].manifest.work
    return Work(named.kind, named.identifier, files, claims)


def _documents(tree: Tree, folder: str) -> Iterator[Document]:
    """Yield the files of one work in order of their names, each judged beside the earlier ones."""
    entries = tree.entries(folder)
    names: dict[str, list[str]] = {}
    for entry in entries:
        if layout.DATED.fullmatch(entry.name):
            names.setdefault(_slug(entry.name), []).append(entry.name)
    earlier: set[str] = set()
    for document in dated_files.read(tree, folder, entries, CONTRACT):
        if document.data is None:
            yield document
            continue
        yield dated_files.judged(document, _wrong(document.path, document.data, names, earlier))
        earlier.update(claim["id"] for claim in document.data["claims"])


def _slug(name: str) -> str:
    """Return the name of a file without its day and ending."""
    return name[len("2026-01-01-") :].removesuffix(".json")


def _wrong(
    path: str, data: dict[str, Any], names: dict[str, list[str]], earlier: Collection[str]
) -> Iterator[Wrong]:
    """Yield what does not agree inside one file, with its place, and with the other files of the work."""
    yield from dated_files.misplaced(path, data, "work")
    name = _split(path)[1]
    for other in names[_slug(name)]:
        # Both are named: whichever was filed later, a change that brings it is refused.
        if other != name:
            yield (
                "",
                "S112",
                f"{other} lies here too, and claims of both have the same ids; choose another name",
            )
    for at, claim in enumerate(data["claims"]):
        yield from _misnumbered(at, claim["id"], _slug(name))
        yield from _claim(f"/claims/{at}", claim)
    yield from _strikes(data["strikes"], earlier)


def _misnumbered(at: int, named: str, slug: str) -> Iterator[Wrong]:
    expected = f"{slug}-c{at + 1:03}"
    if at >= _MOST_CLAIMS:
        yield f"/claims/{at}", "S113", f"a file has at most {_MOST_CLAIMS} claims; add a file for the others"
    elif named != expected:
        yield f"/claims/{at}/id", "S113", f"id is {named}, expected {expected}"


def _claim(pointer: str, claim: dict[str, Any]) -> Iterator[Wrong]:
    """Yield what a claim's figures have that its text has not, and a commit of what has none."""
    measures = [(f"{pointer}/values/{at}", value) for at, value in enumerate(claim["values"])]
    for at, score in enumerate(claim["scores"]):
        measures.append((f"{pointer}/scores/{at}/value", score["value"]))
    for place, measure in measures:
        if not figures.stands_in(measure["text"], claim["text"]):
            yield f"{place}/text", "S113", f"{measure['text']!r} does not stand in the claim's text"
        elif not figures.reads_as(measure["text"], measure["value"]):
            yield f"{place}/value", "S113", f"value is {measure['value']}, the text is {measure['text']!r}"
    read = claim["read_in"]
    if read["commit"] is not None and read["where"] in ("paper", "abstract"):
        message = f"commit is {read['commit']}, but a paper has none, expected null"
        yield f"{pointer}/read_in/commit", "S113", message


def _strikes(strikes: list[dict[str, Any]], earlier: Collection[str]) -> Iterator[Wrong]:
    seen: set[str] = set()
    for at, strike in enumerate(strikes):
        if strike["claim"] not in earlier:
            message = f"{strike['claim']} is no claim of an earlier file of this work"
            yield f"/strikes/{at}/claim", "S113", message
        elif strike["claim"] in seen:
            yield f"/strikes/{at}/claim", "S113", f"{strike['claim']} is struck twice in this file"
        seen.add(strike["claim"])
