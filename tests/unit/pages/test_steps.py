"""Events in the words of a reader."""

import pytest

from colophon import schema
from colophon.pages import _steps

from ...pages.paper import conftest as made


@pytest.mark.parametrize(
    ("document", "pointer", "expected"),
    [
        ("manifest", "/license", "Licence"),
        ("manifest", "/claims/2/text", "Claim c003, text"),
        ("manifest", "/claims/2/stated/confidence", "Claim c003, stated confidence"),
        ("manifest", "/claims/2", "Claim c003"),
        ("manifest", "/claims/2/struck", "Claim c003"),
        ("manifest", "/sources/0/url", "Source 1"),
        ("manifest", "/stated/claims_extracted", "Stated count of extracted claims"),
        ("manifest", "/unheard/of", "/unheard/of"),
        ("provenance", "/generator", "Generator, in the provenance"),
    ],
)
def test_fields_in_words(document: str, pointer: str, expected: str) -> None:
    """A field is called what readers call it; one that nobody knows is its pointer."""
    assert _steps.field_in_words(document, pointer) == expected


def test_every_outcome_has_a_sentence() -> None:
    """Whatever the contract of a history can hold is said in words."""
    event = schema.load("correction-record-v1")["$defs"]["event"]
    assert set(event["properties"]["outcome"]["enum"]) == set(_steps._OUTCOMES)


def test_an_event_is_told_by_its_last_step() -> None:
    """An event that a review confirmed is told once, as confirmed; the versions count both steps."""
    filed = made.event(1, "Gone.", "RETRACTION", reason="other")
    of = made.view(events=(filed, made.review(1, filed), made.event(2, "Why?", "DISPUTE", reason="other")))
    assert [(step.event.slug, step.outcome) for step in _steps.last_steps(of)] == [
        ("event-1", "confirmed"), ("event-2", "notice"),
    ]  # fmt: skip
    assert [(one["number"], one["by_review"]) for one in _steps.versions(of)] == [
        (4, True), (3, False), (2, False), (1, False),
    ]  # fmt: skip


def test_what_is_long_is_counted() -> None:
    """In a list at most three changes are shown, and at least one; the rest are counted."""
    for text in ("a", "<" * 20_000):
        proposed = [
            {"document": "manifest", "pointer": f"/claims/{at}/text", "old": "x", "new": text}
            for at in range(9)
        ]
        of = made.view(events=(made.event(1, "So.", "DISPUTE", reason="other", proposed=proposed),))
        told = _steps.in_short(of, of.record.steps[0])
        assert 1 <= len(told["changes"]) <= 3
        assert len(told["changes"]) + told["more_changes"] == 9


def test_struck_is_said_and_not_printed() -> None:
    """A flag that strikes an item is a sentence, not `null` and `true`."""
    strike = [{"document": "manifest", "pointer": "/claims/0/struck", "new": True}]
    back = [{"document": "manifest", "pointer": "/claims/0/struck", "old": True, "new": None}]
    of = made.view(
        events=(made.event(1, "So.", "CLAIM", changes=strike), made.event(2, "Back.", "CLAIM", changes=back))
    )
    said = [_steps.in_full(of, step)["changes"][0] for step in of.record.steps]
    assert [one["said"] for one in said] == ["struck out; it stays in its place", "no longer struck out"]
    assert [one["pieces"] for one in said] == [[], []]
