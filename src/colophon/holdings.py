"""What is held of sources: text under a license that allows it, tables, fingerprints, dated status."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, cast

from colophon import canon, contracts, documents, faults, fingerprint, layout
from colophon.contracts.source_holding import Holding
from colophon.documents import Document
from colophon.evidence import Held
from colophon.model import Fault, Finding
from colophon.store import Entry, Tree

CONTRACT = "source-holding-v1"


def of_source(tree: Tree, kind: str, identifier: str) -> tuple[Held, ...]:
    """Return everything that is held of a source and is in order, the earliest first."""
    folder = layout.source_folder(kind, identifier)
    return tuple(
        Held(found.path, canon.digest(found.raw), cast(Holding, contracts.read(found.data)))
        for found in _documents(tree, folder, tree.entries(folder))
        if found.data is not None and not found.findings
    )


def findings(tree: Tree) -> Iterator[Finding]:
    """Yield what is wrong with the files of all sources, in order of their paths."""
    for kind in tree.entries("sources"):
        path = f"sources/{kind.name}"
        if kind.kind != "folder" or kind.name not in layout.KINDS:
            if (kind.name, kind.kind) != (".gitkeep", "file"):
                yield _unexpected(path, kind, f"one of the folders {', '.join(layout.KINDS)}")
            continue
        for entry in tree.entries(path):
            folder = f"{path}/{entry.name}"
            if entry.kind != "folder":
                yield _unexpected(folder, entry, "a folder for each source")
                continue
            for document in _documents(tree, folder, tree.entries(folder)):
                yield from document.findings


def findings_of(tree: Tree, paths: Iterable[str]) -> Iterator[Finding]:
    """Yield what is wrong with single files of sources."""
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        for document in _documents(tree, folder, [one for one in tree.entries(folder) if one.name == name]):
            yield from document.findings


def latest_status(held: Iterable[Held]) -> Held | None:
    """Return the holding with the newest dated status; of one day the file that sorts last."""
    dated = [one for one in held if one.holding.status is not None]
    return max(dated, key=lambda one: (one.holding.status.as_of, one.path), default=None)  # type: ignore[union-attr]


def _documents(tree: Tree, folder: str, entries: Iterable[Entry]) -> Iterator[Document]:
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if not layout.DATED.fullmatch(entry.name):
            yield Document(path, None, b"", (_unexpected(path, entry, "a file named <UTC day>-<name>.json"),))
            continue
        document = documents.read_json(tree, path, entry, (CONTRACT,), "", "fast")
        if document.data is not None:
            wrong = tuple(_findings(document, folder))
            document = Document(path, document.data, document.raw, wrong)
        yield document


def _findings(document: Document, folder: str) -> Iterator[Finding]:
    """Yield what does not agree inside one file, or between it and its place."""
    data = document.data or {}
    for pointer, code, message in (*_place(document.path, folder, data), *_text(data), *_tables(data)):
        line = canon.stored_line(data, pointer)
        yield faults.finding(Fault(code, line, pointer, message), document.path)


def _place(path: str, folder: str, data: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    source = data["source"]
    plain = layout.without_version(source["kind"], source["identifier"])
    if plain != source["identifier"]:
        yield "/source/identifier", "S112", f"identifier is {source['identifier']}, expected {plain}"
    expected = layout.source_folder(source["kind"], source["identifier"])
    if expected != folder:
        yield "/source", "S112", f"the file lies in {folder}, expected {expected}"
    if not path.startswith(f"{folder}/{data['date']}-"):
        yield "/date", "S112", f"date is {data['date']}, and the file's name does not begin with it"


def _text(data: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    text, print_ = data["text"], data["fingerprint"]
    if text is not None and data["text_sha256"] != canon.digest(text.encode()):
        yield (
            "/text_sha256",
            "S113",
            f"digest differs from the text's, which is {canon.digest(text.encode())}",
        )
    if text is not None and data["length"] != len(text):
        yield "/length", "S113", f"length is {data['length']}, the text has {len(text)} characters"
    if print_ is None:
        return
    positions, count = print_["positions"], len(print_["hashes"])
    if len(positions) != count:
        yield "/fingerprint/positions", "S113", f"{len(positions)} positions stand beside {count} hashes"
    elif any(after <= before for before, after in pairwise(positions)):
        yield "/fingerprint/positions", "S113", "positions do not rise"
    elif positions and positions[-1] + fingerprint.RUN > print_["words"]:
        yield "/fingerprint/positions", "S113", f"a run ends behind the last of {print_['words']} words"
    elif text is not None and _differs(print_, text):
        yield "/fingerprint", "S113", "the fingerprint is not that of the text"


def _differs(stored: dict[str, Any], text: str) -> bool:
    made = fingerprint.fingerprint(text)
    found = stored["words"], tuple(stored["positions"]), tuple(stored["hashes"])
    return (made.words, made.positions, made.hashes) != found


def _tables(data: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    labels: set[str] = set()
    for at, table in enumerate(data["tables"] or ()):
        if table["label"] in labels:
            yield f"/tables/{at}/label", "S113", f"a table before it is called {table['label']} too"
        labels.add(table["label"])
        for row, cells in enumerate(table["rows"]):
            if len(cells) != len(table["columns"]):
                message = f"row has {len(cells)} cells, the table {len(table['columns'])} columns"
                yield f"/tables/{at}/rows/{row}", "S113", message


def _unexpected(path: str, entry: Entry, expected: str) -> Finding:
    code = "S108" if entry.kind == "other" else "S114"
    return faults.finding(Fault(code, 1, "", f"{entry.name!r} has no place here, expected {expected}"), path)
