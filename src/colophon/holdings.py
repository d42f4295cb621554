"""What is held of sources: text under a license that allows it, tables, fingerprints, dated status."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, cast

from colophon import canon, contracts, dated_files, fingerprint, layout
from colophon.contracts.source_holding import Holding
from colophon.dated_files import Wrong
from colophon.documents import Document
from colophon.evidence import Held
from colophon.model import Finding
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


def findings(tree: Tree, now: str | None = None) -> Iterator[Finding]:
    """Yield what is wrong with the files of all sources, in order of their paths.

    Dates are judged where the time of the check, ``now``, is given (ISO date-time, UTC).
    """
    for folder, stray in dated_files.folders(tree, "sources"):
        if stray is not None:
            yield stray
            continue
        for document in _documents(tree, folder, tree.entries(folder)):
            yield from (*document.findings, *dated_files.later(document, now))


def findings_of(tree: Tree, paths: Iterable[str], now: str | None = None) -> Iterator[Finding]:
    """Yield what is wrong with single files of sources; ``now`` as in :func:`findings`."""
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        for document in _documents(tree, folder, [one for one in tree.entries(folder) if one.name == name]):
            yield from (*document.findings, *dated_files.later(document, now))


def _documents(tree: Tree, folder: str, entries: Iterable[Entry]) -> Iterator[Document]:
    for document in dated_files.read(tree, folder, entries, CONTRACT):
        yield document if document.data is None else dated_files.judged(document, _wrong(document))


def _wrong(document: Document) -> Iterator[Wrong]:
    """Yield what does not agree inside one file, or between it and its place."""
    data = document.data or {}
    yield from dated_files.misplaced(document.path, data, "source")
    yield from _text(data)
    yield from _tables(data)


def _text(data: dict[str, Any]) -> Iterator[Wrong]:
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


def _tables(data: dict[str, Any]) -> Iterator[Wrong]:
    labels: set[str] = set()
    for at, table in enumerate(data["tables"] or ()):
        if table["label"] in labels:
            yield f"/tables/{at}/label", "S113", f"a table before it is called {table['label']} too"
        labels.add(table["label"])
        for row, cells in enumerate(table["rows"]):
            if len(cells) != len(table["columns"]):
                message = f"row has {len(cells)} cells, the table {len(table['columns'])} columns"
                yield f"/tables/{at}/rows/{row}", "S113", message
