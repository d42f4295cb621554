"""Outlines: the little of each record that judging the whole registry needs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon.examination import Task, examine
from colophon.folder import record_folders
from colophon.outline import Outline, broken_links, dumps, loads, meant, outline_of

from .filing_bench import FOLDER, PAPER, REGISTRY, event, laid

ONE, TWO = "0fab0fab-6512-8cf2-a3ff-b23503fb94bf", "9a65c61e-bdf4-8169-9a2a-38aa9b2aa131"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
OUTLINES = st.builds(
    Outline, TEXT, TEXT, TEXT, TEXT, st.none() | TEXT,
    st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple),
    st.lists(st.tuples(TEXT, st.integers(0, 10**6), st.booleans()), max_size=3).map(tuple),
    st.integers(0, 99), TEXT, st.none() | st.integers(0, 10**6),
)  # fmt: skip


def outline(record: str, supersedes: str | None = None, *successors: tuple[str, str]) -> Outline:
    """Return the outline of a record with links to others."""
    title = f"Title of {record[:2]}"
    return Outline(record, f"papers/{record[:2]}/{record}", title, "Press", supersedes, successors, ())


@settings(derandomize=True)
@given(st.lists(OUTLINES, max_size=4))
def test_outlines_can_be_kept(outlines: list[Outline]) -> None:
    """What is read back is what was written, whatever the titles hold; one record is one line."""
    raw = dumps(outlines)
    assert list(loads(raw)) == outlines
    assert raw.count(b"\n") == len(outlines)


@pytest.mark.parametrize("raw", [b"{", b"[]", b"{}", b"null", b"[1,2]", dumps([outline(ONE)])[:-9]])
def test_anything_else_cannot_be_read(raw: bytes) -> None:
    """A cut or foreign file is told by the errors that its readers expect."""
    with pytest.raises((ValueError, TypeError, LookupError)):
        list(loads(raw))


def test_an_outline_says_what_the_record_says() -> None:
    """Its title, what it supersedes, and each event that names a successor, effective or not."""
    for name, place in record_folders(REGISTRY):
        facts = examine(Task(REGISTRY, name, place, "SRCH")).facts
        assert facts is not None
        found = outline_of(facts, 3)
        same = ("id", "folder", "title", "publisher", "supersedes", "lengths")
        assert [getattr(found, each) for each in same] == [getattr(facts, each) for each in same]
        assert (found.successors, found.findings) == ((), 3)
    tree = laid(newer=event("SUPERSESSION", reason="newer-version", successor=TWO))
    facts = examine(Task(tree, PAPER, FOLDER, "SRCH")).facts
    assert facts is not None
    assert outline_of(facts).successors == (("newer", TWO),)


def test_an_outline_is_small() -> None:
    """One hundred thousand of them are read in a moment."""
    fields = tuple(outline(ONE))
    assert len(fields) == 10
    for name, place in record_folders(REGISTRY):
        seen = examine(Task(REGISTRY, name, place, "SRCH"))
        assert seen.facts is not None
        assert len(dumps([outline_of(seen.facts, 99, seen.signature, 100_000)])) < 900


def test_links_that_lead_nowhere_are_found() -> None:
    """In the manifest and in events, each at its place, with what was probably meant."""
    almost = f"{ONE[:-1]}e"
    known = {ONE: outline(ONE), TWO: outline(TWO, almost, ("newer", almost), ("fine", ONE))}
    first, second = broken_links(known.values(), known)
    assert (first.record, first.path, first.pointer) == (TWO, f"papers/9a/{TWO}/manifest.json", "/supersedes")
    assert (second.path, second.pointer) == (f"papers/9a/{TWO}/corrections/newer.yaml", "/successor")
    for link in (first, second):
        assert f"{almost}, which is not in this registry; did you mean {ONE} (Title of 0f)?" in link.message


def test_a_record_takes_not_its_own_place() -> None:
    """Neither by its manifest nor by an event."""
    links = broken_links([outline(ONE, ONE, ("newer", ONE))], {ONE: outline(ONE)})
    assert [link.message for link in links] == ["the record supersedes itself"] * 2


def test_a_far_id_means_nobody() -> None:
    """Only a near miss is guessed."""
    assert meant("ffffffff-ffff-4fff-8fff-ffffffffffff", {ONE: outline(ONE)}) == ""
