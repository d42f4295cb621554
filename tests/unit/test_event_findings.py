"""What is wrong with the events and reviews of a record; on a whole registry all of it is a note."""

from typing import Any

import pytest

from colophon import canon, folder, removal, yaml_guard
from colophon.model import Finding, FindingClass, Severity
from colophon.store import OverlayTree

from .filing_bench import FOLDER, PAPER, REGISTRY, at, change, event, laid, refusal, review

TITLE = "Fabricated Report: Memory of Imaginary Routers"
URL = "http://arxiv.org/abs/2501.00001v1"


def found(**files: bytes) -> list[Finding]:
    """Return what is found about the files of the record's history."""
    loaded = folder.load(laid(**files), PAPER, FOLDER, "SRCH")
    assert loaded.record is not None
    return list(loaded.findings)


def one(**files: bytes) -> Finding:
    """Return the only finding; it is a note, and its line is that of its pointer."""
    (finding,) = found(**files)
    assert (finding.severity, finding.finding_class) == (Severity.NOTE, FindingClass.EDITORIAL)
    assert finding.record == PAPER
    slug, is_review = (
        finding.path.rpartition("/")[2].removesuffix(".yaml"),
        finding.path.startswith("reviews"),
    )
    raw = files[f"review_{slug}" if is_review else slug]
    assert finding.line == canon.line_of(yaml_guard.read(raw).lines, finding.pointer)
    return finding


def test_what_is_in_order_has_no_finding() -> None:
    """A notice, a change that applies, a retraction with its review, a refusal."""
    retraction = event("RETRACTION", date="2026-05-01")
    assert (
        found(
            first=event(),
            second=event("METADATA", changes=[change("/license", "MIT", old=None)]),
            third=retraction,
            review_third=review(at("third"), retraction),
            refusal_not=refusal(),
        )
        == []
    )


@pytest.mark.parametrize(
    ("files", "code", "pointer", "said"),
    [
        (
            {"first": event("METADATA", changes=[change("/license", "MIT", old="CC0")])},
            "H301",
            "/changes/0/old",
            "null",
        ),
        (
            {"first": event("METADATA", changes=[change("/license", "MIT")])},
            "H301",
            "/changes/0/old",
            "`old:`",
        ),
        (
            {
                "first": event(
                    "METADATA",
                    changes=[change("/license", "MIT", old=None), change("/nothing", "x", old=None)],
                )
            },
            "H303",
            "/changes/1/pointer",
            "is no field",
        ),
        (
            {"first": event("METADATA", changes=[change("/title", "x", old=TITLE)])},
            "H304",
            "/changes/0/pointer",
            "DISPUTE",
        ),
        (
            {"first": event("METADATA", changes=[change("/license", None, old=None)])},
            "H305",
            "/changes/0/new",
            "null",
        ),
        (
            {"first": event("METADATA", changes=[change("/kind", "x", old=None)])},
            "H306",
            "/changes/0/new",
            "draft",
        ),
        (
            {"first": event("METADATA", changes=[change("/id", "x", old=PAPER)])},
            "H307",
            "/changes/0/pointer",
            "never",
        ),
        ({"first": event(date="2026-03-03")}, "H308", "/date", "the paper is of 2026-03-04"),
        (
            {"first": event(), "second": event(date="2026-05-02", reporter="Eve")},
            "H309",
            "",
            "corrections/first.yaml",
        ),
        (
            {
                "first": event(
                    "METADATA", reason="transcription", changes=[change("/title", "Unheard", old=TITLE)]
                )
            },
            "H310",
            "/changes/0/new",
            "'Unheard'",
        ),
        ({"review_first": review(at("first"), b"")}, "H311", "/file", "there is no file"),
        (
            {"first": event(), "review_first": review(at("first"), b"")},
            "H311",
            "/sha256",
            canon.digest(event()),
        ),
        ({"first": event(reason="wrong-vlaue")}, "H312", "/reason", "did you mean wrong-value?"),
        ({"first": event(reason="newer-version")}, "H312", "/reason", "is no reason of DISPUTE"),
    ],
)
def test_what_is_wrong_is_found_at_its_place(
    files: dict[str, bytes], code: str, pointer: str, said: str
) -> None:
    """The code, the pointer in the file that somebody wrote, and words that help."""
    finding = one(**files)
    assert (finding.code, finding.pointer, said in finding.message) == (code, pointer, True), finding


def test_two_events_from_one_value_conflict() -> None:
    """The finding is on the later one and names the earlier."""
    first = event("METADATA", changes=[change("/license", "MIT", old=None)], reporter="Eve Example")
    second = event("METADATA", changes=[change("/license", "CC0-1.0", old=None)], date="2026-05-02")
    finding = one(first=first, second=second)
    assert (finding.code, finding.path) == ("H302", at("second"))
    assert "Eve Example" in finding.message
    assert finding.patch is not None
    assert (finding.patch.first, "MIT" in finding.patch.text) == (0, True)


@pytest.mark.parametrize(
    ("pointer", "old", "written"),
    [
        ("/sources/0/url", "x", f"old: {URL}"),
        ("/kind", "draft", "old: null"),
        ("/stated/papers_retrieved", "4", "old: 3"),
    ],
)
def test_a_stale_event_is_offered_again_as_a_file(pointer: str, old: str, written: str) -> None:
    """Only the old value differs, also where a single change stands without a list."""
    text = (
        f"# Found by reading.\ncontract_version: correction-event-v1\npaper: {PAPER}\ntype: METADATA\n"
        f"reason: transcription\ndate: 2026-05-01\nreporter: Ada\nnote: A note.\n"
        f"changes:\n  pointer: {pointer}\n  old: {old}\n  new: 9\n"
    )
    finding = next(each for each in found(first=text.encode()) if each.code == "H301")
    assert finding.patch is not None
    assert (finding.patch.first, finding.patch.last) == (0, 0)
    offered = finding.patch.text.replace("'", "").replace('"', "")
    assert written in offered
    assert [line for line in offered.split("\n") if "old:" not in line] == [
        line for line in text.split("\n") if "old:" not in line
    ]


def test_a_value_of_many_fields_is_not_offered() -> None:
    """Nobody reads a patch of a hundred lines; the message says what stands there."""
    finding = one(first=event("METADATA", changes=[change("/sources", None, old="x")]))
    assert (finding.code, finding.patch) == ("H301", None)


def test_a_copy_of_the_report_may_be_wrapped() -> None:
    """The report is one text, however its lines are broken."""
    said = "one of four\nclaims   stayed below it."
    first = event(
        "METADATA",
        reason="transcription",
        changes=[change("/limitations/0", said, old="Everything in this report is made up.")],
    )
    assert found(first=first) == []


def test_nothing_can_be_compared_with_a_removed_report() -> None:
    """The event stays as it is; nobody can say that it copies wrongly."""
    went = canon.digest(REGISTRY.read(f"{FOLDER}/report.txt"))
    gone = event(
        "REMOVAL",
        reason="court-order",
        removal={"authority": "A court", "file": "report.txt", "sha256": went},
    )
    first = event("METADATA", reason="transcription", changes=[change("/title", "Unheard", old=TITLE)])
    tree = laid(first=first, gone=gone)
    tree = type(tree)(tree, ((f"{FOLDER}/report.txt", removal.Note(went).raw),))
    assert folder.load(tree, PAPER, FOLDER, "SRCH").findings == ()


def test_a_revision_is_judged_when_it_is_filed_and_when_it_is_confirmed() -> None:
    """That it cannot be applied is told while its author is there; the finding is on the event."""
    first = event(
        "METADATA", reason="publisher-revision", changes=[change("/title", "New", old="Another title")]
    )
    for files in ({}, {"review_first": review(at("first"), first)}):
        (finding,) = found(first=first, **files)
        assert (finding.code, finding.path, finding.pointer) == ("H301", at("first"), "/changes/0/old")


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("one of four", True),
        ("ne of four", False),
        ("one of fou", False),
        ("one of four claims stayed below it.", True),
        ("claims stayed below it", True),
        ("0.2", True),
        ("0.21", False),
        ("2", False),
    ],
)
def test_a_copy_is_one_of_whole_words_and_numbers(said: str, stands: bool) -> None:
    """A piece of a word or of a number stands everywhere, so it proves nothing."""
    report = b"The threshold is 0.2; one of four claims stayed below it."
    old = "Everything in this report is made up."
    first = event("METADATA", reason="transcription", changes=[change("/limitations/0", said, old=old)])
    tree = OverlayTree(laid(first=first), ((f"{FOLDER}/report.txt", report),))
    codes = [one.code for one in folder.load(tree, PAPER, FOLDER, "SRCH").findings]
    assert ("H310" not in codes) is stands


def test_a_review_of_something_else_is_no_business_of_the_history() -> None:
    """Reviews confirm other files too."""
    assert found(review_first=review(f"{FOLDER}/checks/2026-05-01-ada.yaml", b"")) == []


def test_a_review_from_before_its_event_confirms_nothing() -> None:
    """It is said, with the earliest date that would do; one of the same moment confirms."""
    retraction = event("RETRACTION", date="2026-05-05T10:00:00Z")
    early: dict[str, Any] = {
        "first": retraction,
        "review_first": review(at("first"), retraction, date="2026-05-05"),
    }
    finding = one(**early)
    assert (finding.code, finding.pointer) == ("H311", "/date")
    assert finding.patch is not None
    assert finding.patch.text == "date: 2026-05-05T10:00:00Z"
    assert (
        found(first=retraction, review_first=review(at("first"), retraction, date="2026-05-05T10:00:00Z"))
        == []
    )


@pytest.mark.parametrize("number", range(8))
def test_a_review_of_the_same_day_confirms_whatever_its_digest_is(number: int) -> None:
    """Plain days are one moment; what confirms comes after what it confirms."""
    retraction = event("RETRACTION", note=f"Note {number}.")
    tree = laid(first=retraction, review_first=review(at("first"), retraction, date="2026-05-01"))
    loaded = folder.load(tree, PAPER, FOLDER, "SRCH")
    assert loaded.record is not None
    assert [step.outcome for step in loaded.record.steps] == ["waits", "confirmed"]


def test_the_review_of_a_removed_event_is_no_finding() -> None:
    """It confirmed the bytes that went, and their digest still stands there."""
    retraction = event("RETRACTION")
    gone = event(
        "REMOVAL",
        reason="privacy",
        date="2026-05-04",
        removal={
            "authority": "A court",
            "file": "corrections/first.yaml",
            "sha256": canon.digest(retraction),
        },
    )
    tree = laid(
        first=removal.Note(canon.digest(retraction)).raw,
        gone=gone,
        review_first=review(at("first"), retraction),
    )
    assert folder.load(tree, PAPER, FOLDER, "SRCH").findings == ()
