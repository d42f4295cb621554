"""One version of a record as plain text."""

from dataclasses import replace

import pytest

from colophon import event_trial, filing, layout, record_view_text, settings
from colophon.filing import Draft, DraftChange
from colophon.fold import Record
from colophon.index import facts_of
from colophon.records import listed
from colophon.rules.state import correction_state
from colophon.store import WorkTree

from ..as_filed import copied

PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> WorkTree:
    """The real registry as filed."""
    return WorkTree(str(copied(tmp_path_factory.mktemp("filed") / "registry")))


def corrected(tree: WorkTree, kind: str = "person") -> Record:
    """Return the real record with one event that strikes a claim."""
    held = settings.load(tree).settings
    assert held is not None
    change = DraftChange("manifest", "/claims/1/struck", None, "true", adds=True)
    draft = Draft(
        PAPER, "CLAIM", "So.", date="2026-11-26", reporter="Ada Example", kind=kind, changes=(change,)
    )
    raw = filing.text(draft).encode()
    path = layout.event_path(PAPER, "a-slug")
    trial = event_trial.attempt(tree, held, listed(tree, "SRCH"), path, raw, "2026-11-27T00:00:00Z")
    assert trial.record is not None
    return trial.record


def shown(record: Record, number: int) -> str:
    """Return one version as text."""
    version = next(one for one in record.versions() if one.number == number)
    return record_view_text.text(
        record, version, len(record.steps) + 1, correction_state(facts_of(record).history[: number - 1])
    )


def test_a_version_knows_nothing_of_later_events(tree: WorkTree) -> None:
    """The first version is as filed: nothing struck, no corrections, the state of then."""
    first = shown(corrected(tree), 1)
    assert "version      1 of 2, as filed" in first
    assert "state        CURRENT" in first
    assert "corrections  none" in first
    assert "[struck]" not in first
    assert "claims       21\n" in first


def test_a_correction_shows_who_did_what(tree: WorkTree) -> None:
    """The second version names the event, who filed it, what changed, and marks the struck claim."""
    second = shown(corrected(tree, kind="agent"), 2)
    assert "CLAIM, filed under the name Ada Example, an agent: applied" in second
    assert "claims       21, 1 of them struck" in second
    assert second.count("[struck]") == 1
    assert "c002  [struck] The dataset spans" in second
    assert "(manifest:/claims/1/struck): added true" in second
    assert "state        CORRECTED" in second
    assert all(len(line) <= 100 for line in second.splitlines())


def test_hostile_text_is_inert(tree: WorkTree) -> None:
    """What an event says cannot move the cursor, forge a line or hide anything."""
    record = corrected(tree)
    event = record.steps[0].event
    note = "\x1b[2Jgone\u202e\nstate        RETRACTED"
    hostile = replace(
        record.steps[0], event=replace(event, event=event.event.model_copy(update={"note": note}))
    )
    out = shown(replace(record, steps=(hostile,)), 1 + 1)
    assert "\x1b" not in out
    assert "\nstate        RETRACTED" not in out
