"""An event that is not filed yet, tried on its record."""

from collections.abc import Callable

import pytest

from colophon import event_trial, filing, layout, settings
from colophon.event_trial import Trial
from colophon.filing import Draft, DraftChange
from colophon.records import listed
from colophon.store import WorkTree

from ..as_filed import copied

PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"
PATH = layout.event_path(PAPER, "a-slug")
NOW = "2026-11-26T09:30:00Z"
Try = Callable[[bytes], Trial]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Try:
    """Tries a file on the real record as filed, and finds the registry as it was."""
    root = copied(tmp_path_factory.mktemp("filed") / "registry")
    tree = WorkTree(str(root))
    held = settings.load(tree).settings
    assert held is not None

    def attempt(raw: bytes) -> Trial:
        trial = event_trial.attempt(tree, held, listed(tree, "SRCH"), PATH, raw, NOW)
        assert not (root / PATH).exists()
        return trial

    return attempt


def text(kind: str, **more: object) -> bytes:
    """Return an event file."""
    draft = Draft(PAPER, kind, "It is so.", date="2026-11-26", reporter="Ada Example", **more)  # type: ignore[arg-type]
    return filing.text(draft).encode()


def test_an_event_that_fits_is_applied(tried: Try) -> None:
    """The trial has the documents and states on both sides, and no finding."""
    change = DraftChange("provenance", "/generator", None, "GPT")
    trial = tried(text("PROVENANCE", changes=(change,)))
    before, after = trial.documents()
    assert (before.provenance["generator"], after.provenance["generator"]) == (None, "GPT")
    assert [state.value for state in trial.states()] == ["CURRENT", "CORRECTED"]
    assert (trial.findings, trial.is_applied) == ((), True)


def test_a_retraction_waits_for_its_review(tried: Try) -> None:
    """What only the publisher may do counts as a dispute until a review confirms it."""
    trial = tried(text("RETRACTION", reason="flawed-method"))
    assert trial.step is not None
    assert trial.step.outcome == "waits"
    assert trial.states()[1].value == "DISPUTED"
    assert trial.findings == ()


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (b"", {"S110"}),
        (b"a: [1\n", set()),
        (b"\xff\xfe", {"S106"}),
        (text("DISPUTE", reason="no-such-reason"), {"H312"}),
        (text("PROVENANCE", changes=(DraftChange("provenance", "/generator", "x", "GPT"),)), {"H301"}),
        (text("CLAIM", changes=(DraftChange("manifest", "/title", "x", "y"),)), {"H304"}),
    ],
)
def test_what_is_wrong_with_an_event_blocks_it(tried: Try, raw: bytes, codes: set[str]) -> None:
    """Whatever the bytes, the trial answers with findings that weigh as they would in the gate."""
    trial = tried(raw)
    assert not trial.is_applied or trial.findings
    assert {str(finding.finding_class) for finding in trial.findings} == {"integrity"}
    assert codes <= {finding.code for finding in trial.findings}
