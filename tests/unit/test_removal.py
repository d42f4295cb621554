"""What stands in the place of a removed file, and what a record without its documents reads as."""

from pathlib import Path

import pytest

from colophon import canon, contracts, folder, removal, schema
from colophon.store import OverlayTree, WorkTree

REGISTRY = WorkTree(str(Path(__file__).resolve().parent.parent / "registry"))
RECORDS = tuple(folder.record_folders(REGISTRY))
DIGEST = f"sha256:{'0' * 64}"
FILES = ("report.txt", "manifest.json", "provenance.json")


DATED = removal.Note(DIGEST, "2026-05-01", waited=True)


@pytest.mark.parametrize(
    "note",
    [
        removal.Note(DIGEST),
        DATED,
        removal.Note(DIGEST, "2026-05-01T09:30:00Z"),
        removal.Note(f"sha256:{'9f' * 32}", "2026-12-31T23:59:59Z", waited=True),
    ],
)
def test_the_bytes_that_stand_there_are_read_back(note: removal.Note) -> None:
    """Digest, date and whether it waited; no note is longer than the longest."""
    assert removal.read_note(note.raw) == removal.meant_note(note.raw) == note
    assert removal.removed_digest(note.raw) == note.digest
    assert len(note.raw) <= removal.LONGEST


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        removal.Note(DIGEST).raw[:-1],
        removal.Note(DIGEST).raw + b"\n",
        removal.Note(DIGEST).raw.replace(b" ", b""),
        removal.Note(DIGEST).raw.replace(b"0", b"F"),
        removal.Note(DIGEST).raw.replace(b"}", b', "more": 1}'),
        removal.Note("sha256:00").raw,
        removal.Note(DIGEST, "2026-02-30").raw,
        removal.Note(DIGEST, "2026-05-01T24:30:00Z").raw,
        removal.Note(DIGEST, "2026-05-01T09:30:00").raw,
        removal.Note(DIGEST, "20260501").raw,
        DATED.raw.replace(b"true", b"True"),
        DATED.raw.replace(b', "waited": true', b""),
        DATED.raw.replace(b'"date": "2026-05-01", ', b""),
    ],
)
def test_anything_else_is_no_note(raw: bytes) -> None:
    """One spelling only, so that nothing else can hide in it."""
    assert removal.removed_digest(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        DATED.raw.removesuffix(b"\n"),
        DATED.raw.replace(b"\n", b"\r\n"),
        DATED.raw.replace(b" ", b""),
        DATED.raw.replace(b", ", b",\n  "),
        b"\n" + DATED.raw,
        b'{"date": "2026-05-01", "waited": true, "removed": "%s"}' % DIGEST.encode(),
    ],
)
def test_what_an_editor_leaves_is_known_for_what_it_means(raw: bytes) -> None:
    """So that it is answered with the line that is expected."""
    assert removal.read_note(raw) is None
    assert removal.meant_note(raw) == DATED


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[1]",
        b"{}",
        b'{"removed": 1}',
        b'{"removed": "gone"}',
        b'{"removed": "%s", "date": "once"}' % DIGEST.encode(),
        b"\xff",
        DATED.raw * 3,
        DATED.raw + b" " * 1000,
    ],
)
def test_other_bytes_are_meant_for_no_note(raw: bytes) -> None:
    """They are answered as the edit that they are."""
    assert removal.meant_note(raw) is None


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
            (f"{place}/{file}", removal.Note(went).raw),
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
