"""The outlines of a whole registry at one commit, kept so that the next change need not read it all.

The file is disposable: it names the tree and the program that it was made of, and is made anew, or brought
up to date record by record, whenever these differ.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from colophon import atomic, bundle, canon, packed
from colophon.examination import examined
from colophon.executor import Progress
from colophon.folder import record_folders
from colophon.judgement import flaws_across
from colophon.layout import record_folder
from colophon.outline import Outline, dumps, loads, outline_of
from colophon.placement import place
from colophon.repository import Repository
from colophon.store import GitTree, MergedTree, admitted

# (record, code, pointer, message, severity) of a flaw that only the whole registry shows; the severity is
# empty for that of the rule.
Across = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Outlines by id, and what registry-wide audits found over them."""

    outlines: Mapping[str, Outline]
    across: frozenset[Across]

    @property
    def findings(self) -> int:
        """How many findings the registry has."""
        return sum(outline.findings for outline in self.outlines.values()) + len(self.across)


@dataclass(frozen=True, slots=True)
class Place:
    """A registry at one commit: where its files are, and its prefix of display ids.

    With ``head`` it is what a merge of that commit would leave: its files at ``changed``, paths from the
    registry's root, and those of ``commit`` elsewhere.
    """

    repository: Repository
    commit: str
    folder: str
    prefix: str
    head: str = ""
    changed: frozenset[str] = frozenset()

    @property
    def tree(self) -> GitTree | MergedTree:
        """The registry's files."""
        tip = GitTree(self.repository.root, self.commit, self.folder)
        return MergedTree(tip, replace(tip, commit=self.head), self.changed) if self.head else tip

    @property
    def oid(self) -> str:
        """The id of the registry's tree; equal trees have one id, whatever commit they belong to."""
        return self.repository.tree_oid(self.commit, self.folder) or ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot of an earlier tree of the registry, and the ids of the records that differ since.

    ``commit`` is the last of those whose order the outlines tell; empty when they tell none.
    """

    snapshot: Snapshot
    changed: frozenset[str]
    is_current: bool
    commit: str


def kept(place: Place, file: Path | None) -> Kept | None:
    """Return what ``file`` keeps, or None when the registry has to be read whole all the same."""
    found = _read(file)
    if found is None:
        return None
    tree, commit, snapshot = found
    if tree == place.oid:
        return Kept(snapshot, frozenset(), is_current=True, commit=commit)
    changed = _changed(place, tree)
    return None if changed is None else Kept(snapshot, changed, is_current=False, commit=commit)


def taken(
    place: Place, known: Kept | None, file: Path | None, executor: Executor, progress: Progress
) -> Snapshot:
    """Return the snapshot of a registry, made of what is ``known`` where that helps; ``file`` keeps it."""
    followed = known if known and place.repository.is_on_line(known.commit, place.commit) else None
    if followed is not None and followed.is_current:
        return followed.snapshot
    if known is None:
        outlines = _outlines(place, record_folders(place.tree), executor, progress)
        found = {outline.id: outline for outline in outlines}
    else:
        fresh = _outlines(place, _folders(place, known.changed), executor, progress)
        rest = {key: one for key, one in known.snapshot.outlines.items() if key not in known.changed}
        found = {**rest, **{outline.id: outline for outline in fresh}}
    numbers = _numbers(place, followed)
    made = of(_in_order(found, numbers or {}))
    if file is not None:
        _keep(file, place.oid, "" if numbers is None else place.commit, made)
    return made


def _numbers(place: Place, known: Kept | None) -> dict[str, int] | None:
    """Return in which order records came, of which an earlier commit of the line may tell a part; or None."""
    held = known.snapshot.outlines.values() if known is not None else ()
    before = {one.id: one.admitted for one in held if one.admitted is not None}
    since, last = (known.commit, max(before.values(), default=0)) if known is not None else ("", 0)
    more = admitted(place.repository, place.commit, place.folder, since, last)
    return None if more is None else {**more, **before}


def _in_order(outlines: Mapping[str, Outline], numbers: Mapping[str, int]) -> dict[str, Outline]:
    """Return the outlines with their numbers, which have no gaps, however they were found out."""
    given = sorted({numbers[key] for key in outlines if key in numbers})
    ranks = {number: rank for rank, number in enumerate(given, 1)}
    ordered = {}
    for key, one in outlines.items():
        rank = ranks[numbers[key]] if key in numbers else None
        ordered[key] = one if one.admitted == rank else one._replace(admitted=rank)
    return ordered


def of(outlines: Mapping[str, Outline]) -> Snapshot:
    """Return the snapshot of outlines, with what registry-wide audits find over them."""
    flaws = flaws_across(outlines.values())
    across = frozenset(
        (record, rule.code, flaw.pointer, flaw.message, flaw.severity or "") for rule, record, flaw in flaws
    )
    return Snapshot(dict(sorted(outlines.items())), across)


def after(before: Snapshot, outlines: Mapping[str, Outline], touched: Iterable[str]) -> Snapshot:
    """Return the snapshot of what a change of the records ``touched`` makes of a registry.

    What is found across records does not depend on what was found in each, and most corrections change
    nothing else of an outline.
    """
    if all(_alone(outlines.get(record)) == _alone(before.outlines.get(record)) for record in touched):
        return Snapshot(dict(sorted(outlines.items())), before.across)
    return of(outlines)


def _alone(outline: Outline | None) -> Outline | None:
    return None if outline is None else outline._replace(findings=0)


def _outlines(
    place: Place, folders: Iterable[tuple[str, str]], executor: Executor, progress: Progress
) -> Iterator[Outline]:
    for item in examined(place.tree, folders, place.prefix, executor, progress):
        if item.facts is not None:
            yield outline_of(item.facts, len(item.findings), item.signature)


def _folders(place: Place, records: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (id, folder) of those records that exist at the commit."""
    for record in records:
        folder = record_folder(record)
        if place.tree.entries(folder):
            yield record, folder


def _changed(at: Place, tree: str) -> frozenset[str] | None:
    """Return the records that differ from another tree of the registry; None when it is not in the clone."""
    paths = at.repository.changed_paths(tree, at.oid)
    if paths is None:
        return None
    places = [place(path, "") for path in paths]
    return frozenset(found.record for found in places if found is not None) - {""}


def _read(file: Path | None) -> tuple[str, str, Snapshot] | None:
    """Return what a file keeps, as (tree, commit, snapshot); None when it cannot be used."""
    if file is None:
        return None
    with suppress(OSError, ValueError, TypeError, LookupError):
        digest, _, rest = file.read_bytes().partition(b"\n")
        head, _, body = rest.partition(b"\n")
        about: dict[str, Any] = orjson.loads(head)
        if digest.decode("ascii") == canon.digest(rest) and about["program"] == bundle.digest():
            across = frozenset(tuple(item) for item in about["across"])
            return about["tree"], about["commit"], Snapshot(_outlined(body), across)
    return None


def _outlined(body: bytes) -> dict[str, Outline]:
    """Return outlines by id."""
    with packed.staying():
        return {one.id: one for one in loads(body)}


def _keep(file: Path, tree: str, commit: str, snapshot: Snapshot) -> None:
    about = {
        "program": bundle.digest(),
        "tree": tree,
        "commit": commit,
        "across": sorted(snapshot.across),
    }
    rest = orjson.dumps(about) + b"\n" + dumps(snapshot.outlines.values())
    atomic.write(file, canon.digest(rest).encode() + b"\n" + rest)
