"""What a change adds to a record's history: not before what is published, by whom it says, and with help."""

from typing import Any

import pytest

from colophon import canon, filed, removal
from colophon.filed import Filed
from colophon.gate_events import blocking, dated, history_findings, removals_unconfirmed, signatures
from colophon.model import Finding, FindingClass, Patch, Severity

from .filing_bench import FOLDER, PAPER, PLACE, at, event, laid, refusal, review

PEOPLE = ("Rae Example", "Sol Example")
NOW = "2026-06-01T12:00:00Z"
NOTHING = Filed((), (), (), ())


def read(**files: bytes) -> Filed:
    """Read the history of the record of these tests."""
    return filed.read(laid(**files), FOLDER, PAPER)


def judged(base: Filed, head: Filed, *added: str, people: tuple[str, ...] = PEOPLE) -> list[Finding]:
    """Return what is found about added files; all of it blocks."""
    found = list(history_findings(base, head, PAPER, added, people))
    assert all(one.finding_class is FindingClass.INTEGRITY for one in found)
    return found


def test_the_first_event_of_a_record_may_be_of_any_day() -> None:
    """Nothing is published that it could alter."""
    assert judged(NOTHING, read(first=event(date="2026-01-01")), at("first")) == []


@pytest.mark.parametrize(
    ("published", "date", "fitting"),
    [
        ("2026-05-01", "2026-04-30", "2026-05-01T00:00:01Z"),
        ("2026-05-01", "2026-04-30T23:59:59Z", "2026-05-01T00:00:01Z"),
        ("2026-05-01T23:59:59Z", "2026-05-01", "2026-05-02T00:00:00Z"),
        ("2026-12-31T23:59:59Z", "2026-12-31T23:59:58Z", "2027-01-01T00:00:00Z"),
        ("0999-12-31", "0999-12-30", "0999-12-31T00:00:01Z"),
    ],
)
def test_an_event_before_a_published_one_gets_the_date_that_fits(
    published: str, date: str, fitting: str
) -> None:
    """The line can be taken as it is, and with it nothing is found."""
    before, first = read(first=event(date=published)), event(date=published)
    (found,) = judged(before, read(first=first, second=event(date=date)), at("second"))
    assert (found.code, found.pointer) == ("H407", "/date")
    assert found.patch == Patch(found.line, found.line, f"date: {fitting}")
    assert f"`date: {fitting}`" in found.message
    assert judged(before, read(first=first, second=event(date=fitting)), at("second")) == []


@pytest.mark.parametrize("number", range(6))
def test_two_events_of_one_moment_are_placed_by_their_ids(number: int) -> None:
    """Of two plain days the one with the smaller id is first; only the other may come later."""
    first, second = event(), event(note=f"Note {number}.")
    before, after = read(first=first), read(first=first, second=second)
    ids = {one.slug: one.id for one in after.events}
    late = ids["second"] < ids["first"]
    assert [one.code for one in judged(before, after, at("second"))] == (["H407"] if late else [])


def test_a_review_is_published_too() -> None:
    """An event before a review would give the review another version; one of its moment comes before it."""
    notice = event("RETRACTION")
    files = {"first": notice, "review_first": review(at("first"), notice, date="2026-05-02")}
    for date in ("2026-05-01T10:00:00Z", "2026-05-02"):
        found = judged(read(**files), read(**files, second=event(date=date)), at("second"))
        assert [one.code for one in found] == ["H407"]
    assert judged(read(**files), read(**files, second=event(date="2026-05-02T00:00:01Z")), at("second")) == []


def test_a_review_that_comes_first_is_late() -> None:
    """It would begin a version between published ones."""
    notice = event("RETRACTION")
    base = {"first": notice, "second": event(date="2026-05-04")}
    added = review(at("first"), notice, date="2026-05-03")
    (found,) = judged(read(**base), read(**base, review_seen=added), f"reviews/{PLACE}/seen.yaml")
    assert (found.code, found.patch and found.patch.text) == ("H407", "date: 2026-05-04T00:00:01Z")


def test_a_refusal_may_be_of_any_day() -> None:
    """It changes no version."""
    after = read(first=event(), refusal_not=refusal(date="2026-01-01"))
    assert judged(read(first=event()), after, f"refusals/{PLACE}/not.yaml") == []


def test_what_was_there_before_is_not_judged_again() -> None:
    """Only added files are."""
    after = read(
        first=event(), second=event(date="2026-04-01"), review_x=review(at("first"), b"", reviewer="Eve")
    )
    assert judged(read(first=event()), after) == []


@pytest.mark.parametrize(
    ("people", "name", "said", "patch"),
    [
        (PEOPLE, "Mallory", "names Rae Example, Sol Example", None),
        (PEOPLE, "Rae Exmaple", "did you mean Rae Example?", "Rae Example"),
        ((), "Rae Example", "names nobody yet", None),
    ],
)
def test_only_maintainers_decide(people: tuple[str, ...], name: str, said: str, patch: str | None) -> None:
    """By the base's list, in reviews and refusals alike; a name that was misspelt is offered."""
    head = read(
        first=event(),
        review_seen=review(at("first"), event(), reviewer=name),
        refusal_not=refusal(decided_by=name),
    )
    found = judged(NOTHING, head, f"reviews/{PLACE}/seen.yaml", f"refusals/{PLACE}/not.yaml", people=people)
    assert [(one.code, one.pointer) for one in found] == [("H411", "/reviewer"), ("H411", "/decided_by")]
    assert all(said in one.message for one in found)
    for one, key in zip(found, ("reviewer", "decided_by"), strict=True):
        assert one.patch == (Patch(one.line, one.line, f"{key}: {patch}") if patch else None)


def test_what_cannot_be_read_is_no_business_of_these_rules() -> None:
    """It has its findings already."""
    head = read(first=event(), second=b"date: 2026-01-01\n", review_seen=b"[", refusal_not=b"\xff")
    assert judged(read(first=event()), head, at("second"), f"reviews/{PLACE}/seen.yaml") == []


def note(path: str, code: str) -> Finding:
    """Return a finding as the check of a whole registry has it."""
    return Finding(path, 1, "", code, "", "slug", Severity.NOTE, FindingClass.EDITORIAL)


def test_what_is_wrong_with_an_added_event_blocks() -> None:
    """The same finding on a file that was there is a note; of an audit it stays what it is."""
    new, old, audit = note("new", "H301"), note("old", "H301"), note("new", "C101")
    assert blocking(new, ["new"]).finding_class is FindingClass.INTEGRITY
    assert blocking(new, ["new"]).severity is Severity.ERROR
    assert (blocking(old, ["new"]), blocking(audit, ["new"])) == (old, audit)


def undated(base: Filed, **more: Any) -> tuple[str, Patch | None]:
    """Return message and patch of the finding on an event with a wrong date, or with none."""
    raw = event(**more) if more else event().replace(b'  "date": "2026-05-01",\n', b"")
    head = read(first=raw)
    (found,) = head.documents[0].findings
    told = dated(found, base, head, [at("first")], NOW)
    return told.message, told.patch


@pytest.mark.parametrize(
    ("published", "fitting"),
    [
        (None, "2026-06-01"),
        ("2026-05-31T23:59:59Z", "2026-06-01"),
        ("2026-06-01", "2026-06-01T12:00:00Z"),
        ("2026-06-01T09:30:00Z", "2026-06-01T12:00:00Z"),
        ("2026-06-01T12:00:00Z", "2026-06-01T12:00:01Z"),
        ("2026-06-07", "2026-06-07T00:00:01Z"),
    ],
)
def test_a_missing_date_is_answered_with_the_line(published: str | None, fitting: str) -> None:
    """Today, or now, or just after what is published: a date that the gate then takes."""
    base = NOTHING if published is None else read(earlier=event(date=published))
    message, patch = undated(base)
    assert message == f"date is missing, expected the line `date: {fitting}`"
    assert patch == Patch(5, 4, f"date: {fitting}")
    message, patch = undated(base, date="tomorrow")
    assert message.endswith(f"; expected a line such as `date: {fitting}`")
    assert patch == Patch(5, 5, f"date: {fitting}")


def test_other_findings_are_told_as_they_are() -> None:
    """Another field, another code, a file that was there before."""
    head = read(first=event("GOSSIP", date="x"))
    for found in head.documents[0].findings:
        assert dated(found, NOTHING, head, [], NOW) == found
        if found.pointer != "/date":
            assert dated(found, NOTHING, head, [at("first")], NOW) == found
    assert {found.pointer for found in head.documents[0].findings} >= {"/date", "/type"}


@pytest.mark.parametrize("file", ["corrections/first.yaml", "report.txt", "manifest.json"])
def test_a_file_is_taken_away_only_with_a_review(file: str) -> None:
    """Else anyone could end a retraction, or what was found in a report, by removing it.

    The finding names the digest to confirm; a review of a file of another name confirms nothing.
    """
    notice, gone_file = event("RETRACTION"), f"{FOLDER}/{file}"
    went = {"authority": "A court", "file": file, "sha256": canon.digest(notice)}
    gone = event("REMOVAL", reason="privacy", date="2026-05-04", removal=went)
    files = {"first": removal.Note(canon.digest(notice)).raw, "gone": gone}

    def found(added: str = at("gone"), removals: tuple[str, ...] = (gone_file,), **more: bytes) -> list[str]:
        head = read(**files, **more)
        every = list(removals_unconfirmed(head, PAPER, [added], removals, PEOPLE))
        for one in every:
            assert (one.path, one.pointer) == (at("gone"), "/removal/file")
            names = f"takes away {file} and what it says; expected a review of this file by Rae Example"
            assert one.message.startswith(names)
            assert f"or Sol Example in the same change, with sha256: {canon.digest(gone)}" in one.message
        return [one.code for one in every]

    assert found() == ["H410"]
    assert found(review_x=review(at("gone"), gone, reviewer="Eve")) == ["H410"]
    assert found(review_x=review(at("first"), gone)) == ["H410"]
    assert found(review_seen=review(at("gone"), gone)) == []
    assert found(removals=()) == []
    assert found(added=at("first")) == []


def test_a_review_does_not_come_with_what_it_confirms() -> None:
    """One hand could have written both; the review of a removal must come with it."""
    notice = event("RETRACTION")
    base, head = read(first=notice), read(first=notice, review_seen=review(at("first"), notice))
    seen = f"reviews/{PLACE}/seen.yaml"
    assert judged(base, head, seen) == []
    (found,) = judged(NOTHING, head, at("first"), seen)
    assert (found.code, found.path, found.pointer) == ("H413", seen, "/file")
    went = {"authority": "A court", "file": "report.txt", "sha256": canon.digest(b"words")}
    gone = event("REMOVAL", reason="privacy", removal=went)
    head = read(gone=gone, review_seen=review(at("gone"), gone))
    assert judged(NOTHING, head, at("gone"), seen) == []


def test_who_is_said_to_have_decided_is_named() -> None:
    """Of what the change adds: reviews by their reviewer, refusals by who decided, events by nobody."""
    notice = event("RETRACTION")
    head = read(first=notice, review_seen=review(at("first"), notice), refusal_not=refusal())
    added = [at("first"), f"reviews/{PLACE}/seen.yaml", f"refusals/{PLACE}/not.yaml"]
    assert list(signatures(head, added)) == [(path, "Rae Example") for path in added[1:]]
    assert list(signatures(head, [])) == []


def test_nothing_comes_after_the_end_of_the_calendar() -> None:
    """An entry of the last second leaves no date to offer, and is said to."""
    last = event(date="9999-12-31T23:59:59Z")
    base = read(first=last)
    assert base.next_date(NOW) is None
    (found,) = judged(base, read(first=last, second=event(date="9999-12-31")), at("second"))
    assert (found.code, found.patch) == ("H407", None)
    assert "no later time is left" in found.message
    assert undated(base)[1] is None
