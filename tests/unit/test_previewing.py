"""The pages of one record as they would be with an event."""

from pathlib import Path

import pytest

from colophon import event_trial, filing, layout, pipeline, previewing, settings
from colophon.errors import UsageError
from colophon.event_trial import Trial
from colophon.filing import Draft
from colophon.records import Named, listed
from colophon.settings import Settings
from colophon.store import WorkTree

from ..as_filed import copied

PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"
OTHER = "c157b341-d852-485c-b26f-7cb9d63b3007"


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trial, Settings, dict[str, Named]]:
    """A supersession tried on a real record, which names another record."""
    tree = WorkTree(str(copied(tmp_path_factory.mktemp("filed") / "registry")))
    held = settings.load(tree).settings
    assert held is not None
    draft = Draft(
        PAPER, "SUPERSESSION", "A newer one.", reason="newer-version", date="2026-11-26",
        reporter="Ada Example", successor=OTHER,
    )  # fmt: skip
    known = listed(tree, "SRCH")
    path, raw = layout.event_path(PAPER, "newer"), filing.text(draft).encode()
    return event_trial.attempt(tree, held, known, path, raw, "2026-11-27T00:00:00Z"), held, known


def test_the_pages_of_one_record_are_written(
    tried: tuple[Trial, Settings, dict[str, Named]], tmp_path: Path
) -> None:
    """The record's pages and all that they need stand in a folder of their own; a second run replaces it."""
    trial, held, known = tried
    judged = previewing.judged_alone(trial, held, known)
    assert judged.derived.state.value == "DISPUTED"
    assert "S113" not in {finding.code for finding in judged.findings}
    target = tmp_path / "deep" / "preview"
    for _ in range(2):
        pages = previewing.write_pages(trial, judged, held, pipeline.rules(), target)
    assert f"papers/{PAPER}.html" in pages
    assert "DISPUTED" in (target / f"papers/{PAPER}.html").read_text()
    assert (target / "assets").is_dir()
    assert [entry.name for entry in target.parent.iterdir()] == ["preview"]
    previewing.refuse_foreign(target)


def test_only_a_preview_is_replaced(tmp_path: Path) -> None:
    """A folder with anything else in it is refused."""
    (tmp_path / "mine").mkdir()
    previewing.refuse_foreign(tmp_path / "mine")
    (tmp_path / "mine" / "letter.txt").write_text("Dear")
    for target in ("mine", "mine/letter.txt"):
        with pytest.raises(UsageError):
            previewing.refuse_foreign(tmp_path / target)
