"""Texts of sources that lie in a folder of this machine and may not be stored."""

from collections.abc import Iterator
from pathlib import Path

from colophon import acquisition, canon, layout
from colophon.contracts.paper_manifest import Manifest
from colophon.errors import UsageError
from colophon.groundings import Text


def read(folder: Path, manifest: Manifest) -> list[Text]:
    """Return the texts of a record's sources that lie in a folder, named by their identifiers.

    Raises UsageError when the folder has none of them.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: is no folder", "name the folder with the texts")
    found = list(_texts(folder, manifest))
    if not found:
        names = sorted({_name(source.kind, source.identifier) for source in manifest.sources or ()})
        wanted = ", ".join(f"{name}.txt" for name in names[:5]) or "none, since the record lists no source"
        raise UsageError(f"{folder}: has no text of a source, expected {wanted}", "name the files so")
    return found


def _texts(folder: Path, manifest: Manifest) -> Iterator[Text]:
    for source in manifest.sources or ():
        name = _name(source.kind, source.identifier)
        for file in (folder / f"{name}.txt", folder / f"{name}.pdf"):
            if file.is_file():
                read_file = acquisition.text_file if file.suffix == ".txt" else acquisition.pdf_file
                text = acquisition.storable(read_file(file))
                digest = canon.digest(text.encode())
                yield Text(
                    f"{source.id} {file.name}", source.id, "full", None, "", "", digest, len(text), text
                )


def _name(kind: str, identifier: str) -> str:
    return layout.source_folder(kind, identifier).rpartition("/")[2]
