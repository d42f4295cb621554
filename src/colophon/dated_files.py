"""Files about a source or work, each filed once: ``<part>/<kind>/<identifier>/<UTC day>-<name>.json``."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from colophon import canon, documents, faults, layout
from colophon.documents import Document
from colophon.model import Fault, Finding
from colophon.store import Entry, Tree

# What is wrong in a file: where, by which rule, in which words.
Wrong = tuple[str, str, str]
# Of one file.  Whoever mends these sees the next ones; a hostile file has thousands.
_MOST_TOLD = 50


def folders(tree: Tree, part: str) -> Iterator[tuple[str, Finding | None]]:
    """Yield the folder of every source of a part, and with its finding what else lies there."""
    for kind in tree.entries(part):
        path = f"{part}/{kind.name}"
        if kind.kind != "folder" or kind.name not in layout.KINDS:
            if (kind.name, kind.kind) != (".gitkeep", "file"):
                yield path, unexpected(path, kind, f"one of the folders {', '.join(layout.KINDS)}")
            continue
        for entry in tree.entries(path):
            folder = f"{path}/{entry.name}"
            is_folder = entry.kind == "folder"
            yield folder, None if is_folder else unexpected(folder, entry, "a folder for each source")


def experiments(tree: Tree, part: str) -> tuple[str, ...]:
    """Return the ids of the experiments that have a folder in a part, in order."""
    return tuple(one.name for one in tree.entries(part) if one.kind == "folder")


def beside_experiments(tree: Tree, part: str) -> Iterator[Finding]:
    """Yield what lies in a part beside the folders of the experiments."""
    for entry in tree.entries(part):
        if entry.kind != "folder" or not layout.EXPERIMENT.fullmatch(entry.name):
            yield unexpected(f"{part}/{entry.name}", entry, "a folder for each experiment")


def read(tree: Tree, folder: str, entries: Iterable[Entry], contract: str) -> Iterator[Document]:
    """Yield the documents of one folder, each judged by its name and its contract alone."""
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if layout.DATED.fullmatch(entry.name):
            yield documents.read_json(tree, path, entry, (contract,), "", "fast")
        else:
            yield Document(path, None, b"", (unexpected(path, entry, "a file named <UTC day>-<name>.json"),))


def misplaced(path: str, data: dict[str, Any], key: str) -> Iterator[Wrong]:
    """Yield what does not agree between a file and its place; ``key`` is where it names its source."""
    kind, identifier = data[key]["kind"], data[key]["identifier"]
    folder, _, name = path.rpartition("/")
    plain = layout.without_version(kind, identifier)
    if plain != identifier:
        yield f"/{key}/identifier", "S112", f"identifier is {identifier}, expected {plain}"
    expected = layout.source_folder(kind, identifier, path.partition("/")[0])
    if expected != folder:
        yield f"/{key}", "S112", f"the file lies in {folder}, expected {expected}"
    if not name.startswith(f"{data['date']}-"):
        yield "/date", "S112", f"date is {data['date']}, and the file's name does not begin with it"


def judged(document: Document, wrong: Iterable[Wrong]) -> Document:
    """Return a document that is in order by its contract with what else is wrong in it."""
    lines = canon.StoredLines(document.data)
    found = tuple(
        faults.finding(Fault(code, lines.line(pointer), pointer, message), document.path)
        for pointer, code, message in islice(wrong, _MOST_TOLD)
    )
    return Document(document.path, document.data, document.raw, found)


def later(document: Document, now: str | None) -> Iterator[Finding]:
    """Yield H101 for a file whose date lies after ``now`` (ISO date-time, UTC); never where that is None."""
    if document.data is not None and now is not None and document.data["date"] > now[:10]:
        message = f"date {document.data['date']} lies after the time of this check, {now}"
        line = canon.stored_line(document.data, "/date")
        yield faults.finding(Fault("H101", line, "/date", message), document.path)


def unexpected(path: str, entry: Entry, expected: str) -> Finding:
    """Return the finding for something that has no place where it lies."""
    code = "S108" if entry.kind == "other" else "S114"
    return faults.finding(Fault(code, 1, "", f"{entry.name!r} has no place here, expected {expected}"), path)
