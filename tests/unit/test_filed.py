"""Reading what people filed about one record: events, reviews, refusals, and what is none of them."""

from typing import Any

import pytest

from colophon import canon, filed, removal
from colophon.filed import Filed, event_id, slug_of
from colophon.store import Entry, OverlayTree, Tree

from .filing_bench import FOLDER, PAPER, PLACE, REGISTRY, at, event, laid, refusal, review


def read(tree: Tree) -> Filed:
    """Read the one record of these tests."""
    return filed.read(tree, FOLDER, PAPER)


def faults(of: Filed) -> list[tuple[str, str, str]]:
    """Return (code, path, message) of everything that is wrong."""
    return [(one.code, one.path, one.message) for part in of.documents for one in part.findings]


def test_each_kind_is_read_from_its_folder() -> None:
    """Events lie with the record, reviews and refusals in folders of their own."""
    dispute = event()
    found = read(laid(first=dispute, review_seen=review(at("first"), dispute), refusal_not=refusal()))
    assert faults(found) == []
    assert [one.slug for one in (*found.events, *found.reviews, *found.refusals)] == ["first", "seen", "not"]
    assert [part.path for part in found.documents] == [
        at("first"),
        f"reviews/{PLACE}/seen.yaml",
        f"refusals/{PLACE}/not.yaml",
    ]
    assert found.events[0].event.type == "DISPUTE"
    assert found.events[0].sha256 == found.reviews[0].review.sha256 == canon.digest(dispute)


def test_nothing_filed_is_nothing_read() -> None:
    """Most records have no history."""
    assert read(REGISTRY) == Filed((), (), (), ())


def test_an_id_is_made_of_the_day_and_the_bytes() -> None:
    """It can be known before the file is merged, and no two files of one day share it."""
    raw = event(date="2026-05-01T09:30:00Z")
    (found,) = read(laid(any_name=raw)).events
    assert found.id == event_id("2026-05-01", raw) == f"2026-05-01-{canon.digest(raw)[7:19]}"
    assert slug_of(at("any-name")) == "any-name"


@pytest.mark.parametrize(
    "name", ["ab.yaml", "Upper.yaml", "x.yml", "no_line.yaml", "notes.txt", f"{'a' * 41}.yaml"]
)
def test_a_name_of_another_form_has_no_place(name: str) -> None:
    """It is named and not read, so that nothing lies there unseen."""
    found = read(OverlayTree(REGISTRY, ((f"{FOLDER}/corrections/{name}", b"\xff"),)))
    assert [(code, path) for code, path, _ in faults(found)] == [("S114", f"{FOLDER}/corrections/{name}")]
    assert found.events == ()


class Odd:
    """The registry with one entry among the events that is no plain file, or has another size."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the entries of a folder."""
        return (self.entry,) if folder == f"{FOLDER}/corrections" else ()

    def read(self, path: str) -> bytes:
        """Nothing of it may be read."""
        raise AssertionError(path)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("a-link.yaml", "other", 0), "S108"),
        (Entry("a-folder.yaml", "folder", 0), "S108"),
        (Entry("too-large.yaml", "file", 300_000), "S107"),
    ],
)
def test_what_is_no_plain_file_or_too_large_is_not_opened(entry: Entry, code: str) -> None:
    """It is named by its path."""
    found = read(Odd(entry))
    assert [(code, path) for code, path, _ in faults(found)] == [(code, f"{FOLDER}/corrections/{entry.name}")]


def test_an_event_of_another_paper_is_refused_with_the_line_that_mends_it() -> None:
    """It may not count for the record in whose folder somebody put it."""
    other = "0fab0fab-6512-8cf2-a3ff-b23503fb94bf"
    found = read(laid(first=event(paper=other)))
    (part,) = found.documents
    (one,) = part.findings
    assert (one.code, one.pointer, one.line) == ("S112", "/paper", 3)
    assert one.patch is not None
    assert one.patch.text == f"paper: {PAPER}"
    assert found.events == ()


def test_a_removed_event_is_no_event() -> None:
    """What stands in its place is no fault."""
    found = read(laid(first=removal.Note(canon.digest(b"an event")).raw))
    assert (faults(found), found.events, len(found.documents)) == ([], (), 1)


def test_a_removed_event_keeps_its_id_and_place() -> None:
    """Where the note says when it was filed; of what it said nothing is left."""
    raw = event(date="2026-05-01T09:30:00Z", note="Secret.")
    note = removal.Note(canon.digest(raw), "2026-05-01T09:30:00Z", waited=True)
    (was,), (gone,) = read(laid(first=raw)).events, read(laid(first=note.raw)).events
    assert (gone.id, gone.slug, gone.path, gone.sha256) == (was.id, was.slug, was.path, was.sha256)
    assert (gone.gone, was.gone, gone.event.date) == (note, None, was.event.date)
    assert "Secret" not in str(gone)


def test_a_copy_of_a_removed_event_is_set_aside() -> None:
    """Else it would say on what was removed, and take its place and its versions over."""
    raw = event()
    note = removal.Note(canon.digest(raw), "2026-05-01").raw
    for files in ({"first": raw, "second": note}, {"first": note, "second": raw}):
        found = read(laid(**files))
        (gone,) = found.events
        assert gone.gone is not None
        ((code, path, message),) = faults(found)
        assert (code, path != gone.path, message.endswith("which was removed")) == ("H309", True, True)
    assert len(read(laid(first=note, second=note)).events) == 1


def test_the_same_bytes_under_two_names_are_one_event() -> None:
    """The copy is set aside and named."""
    found = read(laid(first=event(), second=event(), third=event(note="Another.")))
    assert [one.slug for one in found.events] == ["first", "third"]
    assert [(code, path) for code, path, _ in faults(found)] == [("H309", at("second"))]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"first": b"\xff"}, "S106"),
        ({"first": b"a: &x 1"}, "S116"),
        ({"first": event(type="GOSSIP")}, "S110"),
        ({"first": review(at("first"), b"")}, "S109"),
        ({"review_first": event()}, "S109"),
        ({"refusal_first": review(at("first"), b"")}, "S109"),
        ({"review_first": review("../registry.yaml", b"")}, "S110"),
    ],
)
def test_a_file_that_cannot_be_read_counts_for_nothing(files: dict[str, Any], code: str) -> None:
    """It stays in the list of documents, with what is wrong."""
    found = read(laid(**files))
    assert {one for one, _, _ in faults(found)} == {code}
    assert (found.events, found.reviews, found.refusals) == ((), (), ())
    assert [part.data for part in found.documents] == [None]


def test_two_files_are_not_one_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """An id has 48 bits of a digest, so files with one id can be made; the second is set aside and told."""
    monkeypatch.setattr(filed, "event_id", lambda date, raw: f"{date[:10]}-000000000000")
    people = filed.read(laid(first=event(), second=event(note="Another note.")), FOLDER, PAPER)
    assert [one.slug for one in people.events] == ["first"]
    (found,) = people.documents[1].findings
    assert (found.code, found.path) == ("H309", at("second"))
    assert "would have the id of corrections/first.yaml" in found.message
