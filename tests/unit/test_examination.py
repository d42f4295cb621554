"""The per-record stage: every audit runs, each finding has its line, a failing audit is our bug."""

import pickle
from pathlib import Path

import pytest

from colophon import examination
from colophon.audits import AUDITS
from colophon.examination import Task, examine
from colophon.model import Examination, Tally
from colophon.store import WorkTree

REGISTRY = Path(__file__).parents[1] / "registry"
RECORD = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
TASK = Task(WorkTree(str(REGISTRY)), RECORD, f"papers/c2/{RECORD}", "SRCH")


def test_every_record_audit_has_an_outcome() -> None:
    """Rules that found nothing to look at are counted too, so that "not applicable" never looks like
    "fine".
    """
    found = examine(TASK)
    assert [outcome[0] for outcome in found.outcomes] == [
        c for c, a in AUDITS.all().items() if a.examine is not None
    ]


def test_findings_are_sorted_and_stand_on_their_line() -> None:
    """Each finding's line is that of its pointer in the stored file."""
    found = examine(TASK)
    assert list(found.findings) == sorted(found.findings)
    (finding,) = [f for f in found.findings if f.code == "C101" and f.pointer == "/stated/claims_extracted"]
    line = (REGISTRY / finding.path).read_text().splitlines()[finding.line - 1]
    assert line.strip().startswith('"claims_extracted"')


def test_what_is_handed_on_is_small_and_pickles() -> None:
    """Later stages get facts and findings, never a manifest or a file."""
    found = examine(TASK)
    assert pickle.loads(pickle.dumps(found)) == found
    assert len(pickle.dumps(found)) < 10_000


def test_an_unreadable_record_has_findings_and_no_facts(tmp_path: Path) -> None:
    """A damaged record is a value: no facts, the findings that say why, no outcome of any rule."""
    (tmp_path / "papers/c2" / RECORD).mkdir(parents=True)
    found = examine(Task(WorkTree(str(tmp_path)), RECORD, f"papers/c2/{RECORD}", "SRCH"))
    assert found.facts is None
    assert {finding.code for finding in found.findings} == {"S117"}
    assert found.outcomes == ()


def test_a_failing_audit_names_itself_and_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """An audit that crashes stops the run with its code and the record: a wrong program is an exception."""

    def crash(record: object) -> Examination:
        raise ZeroDivisionError

    monkeypatch.setattr(AUDITS.all()["C101"], "examine", crash)
    with pytest.raises(RuntimeError, match=f"audit C101 failed on record {RECORD}"):
        examine(TASK)


def test_a_tally_counts_one_record() -> None:
    """What was not recognised is not applicable; the rest is counted as it is."""
    assert examination.tally(("C101", 0, 0, 0)) == Tally(1, 0, 0, 0, 1)
    assert examination.tally(("C101", 3, 2, 1)) == Tally(1, 3, 2, 1, 0)
