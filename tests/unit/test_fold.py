"""Folding a record over its events and reviews."""

import copy
from typing import Any

import orjson
import pytest

from colophon import contracts, schema
from colophon.contracts.correction_event import Event
from colophon.contracts.review import Review
from colophon.entries import FiledEvent, FiledReview, ordered
from colophon.fold import Documents, Step, Version, fold
from colophon.index import EventFacts
from colophon.rules.state import correction_state

from ..conftest import ROOT

PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"
FOLDER = ROOT / "registry" / "papers" / "63" / PAPER


@pytest.fixture(scope="module")
def filed() -> Documents:
    """The documents of a real record, as filed."""
    manifest, provenance = (
        orjson.loads((FOLDER / f"{name}.json").read_bytes()) for name in ("manifest", "provenance")
    )
    return Documents(contracts.upgraded(manifest), contracts.upgraded(provenance))


def event(
    number: int, kind: str, *changes: dict[str, Any], reason: str | None = None, **more: Any
) -> FiledEvent:
    """Return event ``number`` of a day, of one type; its digest follows from its number."""
    data = {
        "contract_version": "correction-event-v1",
        "paper": PAPER,
        "type": kind,
        "date": f"2026-07-02T00:{number // 60:02d}:{number % 60:02d}Z",
        "reporter": {"name": f"Reporter {number}", "kind": "person"},
        "note": f"Note {number}.",
        **({"reason": reason} if reason else {}),
        **({"changes": [{"document": "manifest", **one} for one in changes]} if changes else {}),
        **more,
    }
    read = contracts.read(data)
    assert isinstance(read, Event)
    return FiledEvent(f"2026-07-02-{number:012x}", f"event-{number}", read, f"sha256:{number:064x}")


def review(number: int, of: FiledEvent) -> FiledReview:
    """Return a review, filed as number ``number`` of the day, that confirms an event."""
    data = {
        "contract_version": "review-v1", "paper": PAPER, "sha256": of.sha256, "reviewer": "Rae Example",
        "file": f"papers/63/{PAPER}/corrections/{of.slug}.yaml", "looked_at": "The publisher's letter.",
        "date": f"2026-07-02T00:{number // 60:02d}:{number % 60:02d}Z",
    }  # fmt: skip
    read = contracts.read(data)
    assert isinstance(read, Review)
    return FiledReview(f"2026-07-02-{number:012x}", f"review-{number}", read)


def folded(filed: Documents, *entries: FiledEvent | FiledReview) -> list[Version]:
    """Return all versions; folding may not touch what was filed."""
    before = copy.deepcopy(filed)
    versions = list(fold(filed, ordered(entries)))
    assert filed == before
    return versions


def last(filed: Documents, *entries: FiledEvent | FiledReview) -> Step:
    """Return the last step of a fold."""
    step = folded(filed, *entries)[-1].step
    assert step is not None
    return step


def state(versions: list[Version]) -> str:
    """Return the state after all steps."""
    steps = [version.step for version in versions if version.step is not None]
    numbers = {step.event.id: n for n, step in enumerate([s for s in steps if s.review is None], 1)}
    history = [
        EventFacts(
            numbers[s.event.id], s.event.id, s.event.slug, s.version, s.event.event.type, None, s.date,
            "", "", "", s.outcome, None, s.review.id if s.review else "",
        )
        for s in steps
    ]  # fmt: skip
    return correction_state(history).value


WAS = "http://arxiv.org/abs/2507.13374v1"
URL = {"pointer": "/sources/1/url", "old": WAS, "new": "https://arxiv.org/abs/2507.13374"}


def test_a_change_sets_the_value_and_begins_a_version(filed: Documents) -> None:
    """Version 1 is as filed, version 2 has the new value, and nothing else differs."""
    first, second = folded(filed, event(1, "METADATA", URL))
    assert (first.number, first.documents) == (1, filed)
    assert second.documents.manifest["sources"][1]["url"] == URL["new"]
    assert second.documents.provenance == filed.provenance
    assert {**second.documents.manifest, "sources": filed.manifest["sources"]} == filed.manifest
    assert second.step is not None
    assert second.step.outcome == "applied"


def test_old_and_new_are_read_in_the_type_of_the_field(filed: Documents) -> None:
    """Text as people write it equals the stored number, and a new number is stored as one."""
    change = {"pointer": "/stated/papers_retrieved", "old": "12", "new": "13"}
    step = last(filed, event(1, "CLAIM", change, reason="transcription"))
    assert (step.outcome, step.changes[0].old, step.changes[0].new) == ("waits", 12, 13)


def test_an_old_text_may_be_wrapped(filed: Documents) -> None:
    """How lines are broken makes no difference: people paste what they see."""
    wrapped = "\n".join(filed.manifest["abstract"].split(" ")) + "\n"
    change = {"pointer": "/abstract", "old": wrapped, "new": "Other."}
    first = event(1, "METADATA", change, reason="transcription")
    assert last(filed, first, review(2, first)).outcome == "confirmed"


@pytest.mark.parametrize(
    ("code", "change", "said"),
    [
        ("H301", {"pointer": "/sources/1/url", "old": "https://x.example", "new": "a"}, "the value is \"http://arxiv.org"),
        ("H301", {"pointer": "/license", "new": "CC0"}, "a line `old:` with it"),
        ("H303", {"pointer": "/source/1/url", "old": None, "new": "a"}, "did you mean /sources/1/url"),
        ("H303", {"pointer": "/sources/9", "new": {"kind": "doi"}}, "whose next item is 3"),
        ("H303", {"pointer": "/invented", "new": "a"}, "is no field of this document"),
        ("H304", {"pointer": "/title", "old": "a", "new": "b"}, "what the publisher said"),
        ("H304", {"pointer": "/claims/0/stated/verified", "old": "yes", "new": "no"}, "type: DISPUTE"),
        ("H304", {"pointer": "/claims/-", "new": {"text": "A claim."}}, "what the publisher said"),
        ("H305", {"pointer": "/license", "old": None, "new": None}, "is the value that stands there"),
        ("H306", {"pointer": "/license", "old": None, "new": "x" * 5000}, "/license"),
        ("H306", {"pointer": "/submitted", "old": "2026-06-13", "new": "soon"}, "/submitted"),
        ("H306", {"pointer": "/sources", "old": None, "new": []}, "items of this list keep their places"),
        ("H306", {"pointer": "/claims/0/sources", "old": None, "new": ["s009"]}, "names source s009"),
        ("H307", {"pointer": "/id", "old": PAPER, "new": PAPER}, "never changes"),
        ("H307", {"document": "provenance", "pointer": "/paper", "old": PAPER, "new": "x"}, "never changes"),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_changes_nothing(
    filed: Documents, code: str, change: dict[str, Any], said: str
) -> None:
    """The event stays in the history with the reason, and the record is as before."""
    if change["pointer"] == "/sources":
        change = {**change, "old": [dict(one) for one in filed.manifest["sources"]]}
    versions = folded(filed, event(1, "METADATA", change))
    step = versions[-1].step
    assert step is not None
    assert step.outcome == "not applied"
    assert step.refused is not None
    assert (step.refused.code, said in step.refused.message) == (code, True), step.refused.message
    assert versions[-1].documents == filed
    assert state(versions) == "CURRENT"


def test_an_event_is_applied_whole_or_not_at_all(filed: Documents) -> None:
    """One bad change of two keeps the good one out."""
    bad = {"pointer": "/license", "old": "MIT", "new": "CC0"}
    versions = folded(filed, event(1, "METADATA", URL, bad))
    assert versions[-1].documents == filed


def test_two_events_from_one_value_conflict_loudly(filed: Documents) -> None:
    """The later one is not applied, and it is told who set the value, when, and to what."""
    other = {**URL, "new": "https://example.org/"}
    step = last(filed, event(1, "METADATA", URL), event(2, "METADATA", other))
    assert step.refused is not None
    assert step.refused.code == "H302"
    assert "Reporter 1" in step.refused.message
    assert step.refused.current == URL["new"]


def test_a_new_item_needs_only_what_is_known(filed: Documents) -> None:
    """Its id is the next one, and what is not given is null."""
    added = {"pointer": "/sources/-", "new": {"kind": "arxiv", "identifier": "2601.00001"}}
    versions = folded(filed, event(1, "METADATA", added))
    assert versions[-1].documents.manifest["sources"][3] == {
        "id": "s004", "kind": "arxiv", "identifier": "2601.00001", "url": None, "title": None,
    }  # fmt: skip
    assert schema.faults("paper-manifest-v1.1", versions[-1].documents.manifest) == ()


def test_a_struck_item_stays_in_its_place(filed: Documents) -> None:
    """Striking and taking it back are two events; positions never move."""
    struck = {"pointer": "/claims/2/struck", "new": "yes"}
    back = {"pointer": "/claims/2/struck", "old": "true", "new": "no"}
    _, second, third = folded(filed, event(1, "CLAIM", struck), event(2, "CLAIM", back))
    assert second.documents.manifest["claims"][2]["struck"] is True
    assert third.documents.manifest["claims"][2]["struck"] is False
    assert len(third.documents.manifest["claims"]) == len(filed.manifest["claims"])


def test_a_proposal_is_shown_and_not_folded(filed: Documents) -> None:
    """A DISPUTE leaves the record as it is, with the stored value beside the proposed one."""
    proposal = {"document": "manifest", "pointer": "/stated/claims_extracted", "old": "28", "new": "21"}
    versions = folded(filed, event(1, "DISPUTE", reason="counts-disagree", proposed=[proposal]))
    step = versions[-1].step
    assert step is not None
    assert (step.outcome, step.changes[0].old, step.changes[0].new) == ("proposed", 28, 21)
    assert versions[-1].documents == filed
    assert state(versions) == "DISPUTED"


def test_a_retraction_waits_for_its_review(filed: Documents) -> None:
    """Until then it counts as a dispute; the review begins a version of its own."""
    notice = event(1, "RETRACTION", reason="flawed-method")
    assert state(folded(filed, notice)) == "DISPUTED"
    versions = folded(filed, notice, event(2, "METADATA", URL), review(3, notice))
    assert [version.step.outcome for version in versions if version.step] == ["waits", "applied", "confirmed"]
    assert state(versions) == "RETRACTED"
    back = event(4, "REINSTATEMENT", reason="error-in-notice")
    assert state(folded(filed, notice, review(3, notice), back)) == "RETRACTED"
    assert state(folded(filed, notice, review(3, notice), back, review(5, back))) == "CURRENT"


def test_a_review_before_its_event_confirms_nothing(filed: Documents) -> None:
    """What was not filed yet cannot be confirmed; and a second review adds no version."""
    notice = event(5, "RETRACTION", reason="flawed-method")
    assert [v.number for v in folded(filed, review(1, notice), notice)] == [1, 2]
    assert [v.number for v in folded(filed, notice, review(6, notice), review(7, notice))] == [1, 2, 3]


def test_a_revision_by_the_publisher_is_applied_when_it_is_confirmed(filed: Documents) -> None:
    """The publisher's own words change then, from the value that stands there then."""
    change = {"pointer": "/title", "old": filed.manifest["title"], "new": "A better title"}
    revision = event(1, "METADATA", change, reason="publisher-revision")
    waiting, done = folded(filed, revision)[-1], folded(filed, revision, review(2, revision))[-1]
    assert waiting.documents == filed
    assert done.documents.manifest["title"] == "A better title"


def test_a_published_version_never_changes(filed: Documents) -> None:
    """Whatever is filed later, each earlier version stays what it was."""
    notice = event(2, "RETRACTION", reason="flawed-method")
    entries = [event(1, "METADATA", URL), notice, review(3, notice),
               event(4, "METADATA", {**URL, "old": URL["new"], "new": WAS})]  # fmt: skip
    whole = folded(filed, *entries)
    for length in range(len(entries)):
        assert folded(filed, *entries[:length]) == whole[: length + 1]


def test_long_chains_do_linear_work(filed: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the events cost twice the validations, not four times."""
    counted = 0
    real = schema.faults

    def counting(*arguments: Any) -> Any:
        nonlocal counted
        counted += 1
        return real(*arguments)

    monkeypatch.setattr(schema, "faults", counting)
    costs = []
    for length in (150, 300):
        counted = 0
        values = [WAS, *(f"https://example.org/{n}" for n in range(length))]
        chain = [
            event(n + 1, "METADATA", {**URL, "old": values[n], "new": values[n + 1]}) for n in range(length)
        ]
        versions = folded(filed, *chain)
        assert all(version.step is None or version.step.outcome == "applied" for version in versions)
        costs.append(counted)
    assert costs == [150, 300]
