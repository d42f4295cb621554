"""What people write in YAML, in the one spelling of the contract; tests/unit/spellings has whole files."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon.spelling import PEOPLES, canonical

EVENT = "correction-event-v1"
TREES = st.recursive(
    st.none() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=4),
    max_leaves=8,
)
KEYS = (
    "type",
    "reason",
    "date",
    "paper",
    "reporter",
    "evidence",
    "changes",
    "proposed",
    "correction",
    "note",
)


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("type", "dispute", "DISPUTE"),
        ("type", " Expression of concern ", "EXPRESSION_OF_CONCERN"),
        ("type", "quality-assessment", "QUALITY_ASSESSMENT"),
        ("reason", "Counts disagree", "counts-disagree"),
        ("reason", "counts_disagree", "counts-disagree"),
        ("paper", " C23C1127-B3C9-8FB6-A0CA-A8B5B3365219", "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"),
        ("date", "2026-05-01", "2026-05-01"),
        ("date", "2026-05-01 09:30 UTC", "2026-05-01T09:30:00Z"),
        ("date", "2026-05-01T09:30:15z", "2026-05-01T09:30:15Z"),
        ("date", "2026-05-01 09:30", "2026-05-01 09:30"),
        ("date", "1 May 2026", "1 May 2026"),
        ("reporter", "Ada Example", {"name": "Ada Example", "kind": "person"}),
        ("reporter", "Username: bob", {"name": "Username: bob", "kind": "person"}),
        ("reporter", {"name": "Ada"}, {"kind": "person", "name": "Ada"}),
        ("reporter", {"name": "Ada", "kind": None}, {"kind": "person", "name": "Ada"}),
        ("reporter", {"name": "Bot", "kind": "Agent"}, {"kind": "agent", "name": "Bot"}),
        (
            "reporter",
            {"name": "Ada", "orcid": "https://orcid.org/0000-0002-1694-233x"},
            {"kind": "person", "name": "Ada", "orcid": "0000-0002-1694-233X"},
        ),
        (
            "reporter",
            {"name": "Ada", "orcid": " <orcid.org/0000-0002-1694-2339>"},
            {"kind": "person", "name": "Ada", "orcid": "0000-0002-1694-2339"},
        ),
        ("reporter", {"name": "Ada", "orcid": None}, {"kind": "person", "name": "Ada", "orcid": None}),
        ("evidence", "https://x.example", ["https://x.example"]),
        ("evidence", None, []),
        ("changes", None, []),
        ("changes", {"pointer": "/a"}, [{"document": "manifest", "pointer": "/a"}]),
        ("proposed", [{"document": "Provenance"}], [{"document": "provenance"}]),
        ("proposed", ["words"], ["words"]),
        ("note", " kept as it is ", " kept as it is "),
    ],
)
def test_the_first_thing_that_a_person_writes_is_understood(name: str, written: Any, read: Any) -> None:
    """Case, blanks, lists of one, a name alone, a time without seconds."""
    assert canonical(EVENT, {name: written}) == {name: read}


def test_an_empty_optional_value_is_none() -> None:
    """A key without a value and no key are the same; a required one stays, so that its absence is named."""
    assert canonical(EVENT, {"reason": None, "successor": None, "removal": None, "note": None}) == {
        "note": None
    }


def test_a_declined_correction_is_read_alike() -> None:
    """A refusal holds what was asked for, in the words of whoever asked."""
    tree = {"correction": {"type": "dispute", "reporter": "Ada"}, "decided_by": "Rae"}
    assert canonical("refusal-v1", tree) == {
        "correction": {"type": "DISPUTE", "reporter": {"name": "Ada", "kind": "person"}},
        "decided_by": "Rae",
    }


@pytest.mark.parametrize("tree", [None, "words", [], {"type": "dispute"}])
def test_documents_of_programs_are_left_alone(tree: Any) -> None:
    """Only what people write by hand is read kindly."""
    assert canonical("paper-manifest-v1.1", tree) == tree
    assert "paper-manifest-v1.1" not in PEOPLES


@settings(derandomize=True)
@given(st.dictionaries(st.sampled_from(KEYS), TREES, max_size=6))
def test_reading_kindly_never_fails(tree: dict[str, Any]) -> None:
    """Whatever stands there; it is read in one pass, and the tree that was given stays as it was."""
    before = copy.deepcopy(tree)
    once = canonical(EVENT, tree)
    assert tree == before
    assert canonical(EVENT, once) == once
