"""What stands in the place of a removed file, and what a record without its documents reads as."""

from pathlib import Path

import pytest

from colophon import canon, contracts, folder, removal, schema
from colophon.store import OverlayTree, WorkTree

REGISTRY = WorkTree(str(Path(__file__).resolve().parent.parent / "registry"))
RECORDS = tuple(folder.record_folders(REGISTRY))
DIGEST = f"sha256:{'0' * 64}"
FILES = ("report.txt", "manifest.json", "provenance.json")


def test_the_note_names_the_digest() -> None:
    """The bytes that stand there can be read back."""
    assert removal.removed_digest(removal.placeholder(DIGEST)) == DIGEST


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        removal.placeholder(DIGEST)[:-1],
        removal.placeholder(DIGEST) + b"\n",
        removal.placeholder(DIGEST).replace(b" ", b""),
        removal.placeholder(DIGEST).replace(b"0", b"F"),
        removal.placeholder(DIGEST).replace(b"}", b', "more": 1}'),
        removal.placeholder("sha256:00"),
    ],
)
def test_anything_else_is_no_note(raw: bytes) -> None:
    """One spelling only, so that nothing else can hide in it."""
    assert removal.removed_digest(raw) is None


def test_blank_documents_fit_their_contracts() -> None:
    """Whatever is removed, the record can be read: every field is there and says nothing."""
    name = RECORDS[0][0]
    manifest = removal.blank_manifest(name, "SRCH")
    provenance = removal.blank_provenance(name, DIGEST, 1)
    for document in (manifest, provenance):
        assert schema.faults(document["contract_version"], document) == ()
        contracts.read(document)
    assert (manifest["title"], manifest["claims"]) == (removal.TITLE, None)


def removed(name: str, place: str, files: tuple[str, ...]) -> OverlayTree:
    """Return the registry with some files of a record removed, each with its event."""
    placed = []
    for number, file in enumerate(files):
        went = canon.digest(REGISTRY.read(f"{place}/{file}"))
        event = (
            f"contract_version: correction-event-v1\npaper: {name}\ntype: REMOVAL\nreason: court-order\n"
            f"date: 2026-05-0{number + 1}\nreporter: Ada Example\nnote: Ordered.\n"
            f"removal:\n  authority: A court\n  file: {file}\n  sha256: {went}\n"
        )
        placed += [
            (f"{place}/{file}", removal.placeholder(went)),
            (f"{place}/corrections/gone-{number}.yaml", event.encode()),
        ]
    return OverlayTree(REGISTRY, tuple(placed))


@pytest.mark.parametrize("files", [(one,) for one in FILES] + [FILES], ids="+".join)
@pytest.mark.parametrize(("name", "place"), RECORDS, ids=[name[:8] for name, _ in RECORDS])
def test_any_file_of_any_record_can_be_removed(name: str, place: str, files: tuple[str, ...]) -> None:
    """The record is read on, nothing is damaged by it, and what went is named."""
    loaded = folder.load(removed(name, place, files), name, place, "SRCH")
    assert loaded.findings == ()
    assert loaded.record is not None
    assert sorted(loaded.record.removed) == sorted(files)
    assert (loaded.record.manifest.title == removal.TITLE) == ("manifest.json" in files)
