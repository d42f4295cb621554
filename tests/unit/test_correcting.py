"""Making a correction event from what a person says."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from colophon import correcting, settings
from colophon.errors import RegistryError, UsageError
from colophon.filing import Draft, DraftChange
from colophon.fold import Documents
from colophon.folder import load
from colophon.records import listed
from colophon.store import WorkTree

from ..as_filed import copied

PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"
NOW = "2026-11-26T09:30:00Z"
DRAFT = Draft(
    PAPER, "DISPUTE", "It is not so.", reason="wrong-value", reporter="Ada Example", date="2026-11-26"
)

STALE = DraftChange("manifest", "/license", "other", "MIT")
SUBJECT = "Smart Routing for Multimodal Video Retrieval: When to Search What"
UNTRUE = DraftChange("manifest", "/subject", SUBJECT, "A text that no report has.")


@pytest.fixture
def tree(tmp_path: Path) -> WorkTree:
    """A copy of the real registry, as filed."""
    return WorkTree(str(copied(tmp_path / "registry")))


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Documents:
    """The documents of a real record as filed."""
    tree = WorkTree(str(copied(tmp_path_factory.mktemp("filed") / "registry")))
    record = load(tree, PAPER, f"papers/63/{PAPER}", "SRCH").record
    assert record is not None
    return record.current


def prepared(tree: WorkTree, draft: Draft, slug: str = "a-slug", now: str = NOW) -> correcting.Correction:
    """Prepare a draft against a registry."""
    held = settings.load(tree).settings
    assert held is not None
    return correcting.prepared(tree, held, listed(tree, "SRCH"), correcting.settled(draft), slug, now)


@pytest.mark.parametrize(
    ("words", "given", "old", "new", "adds"),
    [
        ("c004/stated/confidence", "0.99", "0.16", "0.99", False),
        ("generator", "GPT", None, "GPT", False),
        ("license", "null", None, None, False),
        ("/stated/claims_extracted", "21", "28", "21", False),
        ("/claims/3/struck", "true", None, "true", True),
        ("/claims/-", "A claim that was missed.", None, {"text": "A claim that was missed."}, True),
        ("/limitations/-", "It is short.", None, "It is short.", True),
        ("/claims/0/sources", '["s001"]', None, ["s001"], False),
        ("/sources/-", '{"kind": "arxiv", "identifier": "2507.13374v2"}', None, {"kind": "arxiv"}, True),
    ],
)
def test_the_old_value_is_filled_in(
    documents: Documents, words: str, given: str, old: Any, new: Any, adds: bool
) -> None:
    """Values are written as people write them; a place where nothing stands is added."""
    if given == "null":
        with pytest.raises(UsageError, match="new is the value that stands there"):
            correcting.draft_change(documents, words, given)
        return
    change = correcting.draft_change(documents, words, given)
    assert (change.old, change.adds) == (old, adds)
    if isinstance(new, dict):
        assert isinstance(change.new, dict)
        assert new.items() <= change.new.items()
    else:
        assert change.new == new


@pytest.mark.parametrize(
    ("words", "given", "message"),
    [
        ("/titel", "x", "did you mean /title"),
        ("/id", "x", "identifies the record"),
        ("submitted", "yesterday", "does not have the form"),
        ("submitted", "2026-06-13", "new is the value"),
        ("/stated/claims_extracted", "many", "claims_extracted"),
        ("/claims/40/text", "x", "/claims/40/text"),
        ("/claims", "none", "keep their places"),
        ("/sources/-", "nonsense", ""),
    ],
)
def test_a_change_that_cannot_be_is_refused_at_once(
    documents: Documents, words: str, given: str, message: str
) -> None:
    """A person hears at once that a value does not fit, and not after all other questions."""
    with pytest.raises(UsageError) as raised:
        correcting.draft_change(documents, words, given)
    assert message in raised.value.message


@pytest.mark.parametrize(
    ("draft", "has_changes", "names"),
    [
        (Draft("", "", ""), False, ["--type", "--change", "--note", "--reporter"]),
        (Draft("", "DISPUTE", "n", reporter="A"), False, ["--reason"]),
        (Draft("", "CLAIM", "n", reporter="A"), True, []),
        (Draft("", "SUPERSESSION", "n", reason="newer-version", reporter="A"), False, ["--successor"]),
        (Draft("", "CLAIM", " \n", reporter=" "), True, ["--note", "--reporter"]),
    ],
)
def test_what_is_missing_is_named_by_option(draft: Draft, has_changes: bool, names: list[str]) -> None:
    """All at once, in the order of the help."""
    assert correcting.missing(draft, has_changes=has_changes) == names


def test_changes_stand_where_their_type_has_them() -> None:
    """A dispute proposes; the publisher's words need a right; a notice about the whole has no changes."""
    title = DraftChange("manifest", "/title", "Old", "New")
    licence = DraftChange("manifest", "/license", None, "MIT")
    assert correcting.settled(replace(DRAFT, changes=(title,))).proposed == (title,)
    metadata = replace(DRAFT, type="METADATA", reason=None)
    assert correcting.settled(replace(metadata, proposed=(licence,))).changes == (licence,)
    assert correcting.settled(replace(metadata, reason="transcription", changes=(title,))).changes == (title,)
    for wrong, words in (
        (replace(metadata, changes=(title,)), "is what the publisher said"),
        (replace(DRAFT, type="RETRACTION", changes=(licence,)), "changes no field"),
        (replace(DRAFT, changes=(licence, licence)), "is changed twice"),
    ):
        with pytest.raises(UsageError, match=words):
            correcting.settled(wrong)


def test_a_date_comes_after_all_that_is_filed(tree: WorkTree) -> None:
    """The day is enough for the first event; then the time by the clock, or one second after the last."""
    assert correcting.date_of(tree, PAPER, None, NOW[:10], NOW) == NOW[:10]
    correcting.write(Path(tree.root), prepared(tree, DRAFT))
    assert correcting.date_of(tree, PAPER, None, NOW[:10], NOW) == NOW
    correcting.write(Path(tree.root), prepared(tree, replace(DRAFT, date=NOW, note="More."), "another"))
    assert correcting.date_of(tree, PAPER, None, NOW[:10], NOW) == "2026-11-26T09:30:01Z"
    assert correcting.date_of(tree, PAPER, None, "2026-11-27", "2026-11-27T00:00:09Z") == "2026-11-27"
    assert correcting.date_of(tree, PAPER, "2026-07-01", NOW[:10], NOW) == "2026-07-01"
    with pytest.raises(UsageError, match="is no date"):
        correcting.date_of(tree, PAPER, "tomorrow", NOW[:10], NOW)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"date": "2026-06-01"}, "H308"),
        ({"date": "2026-11-27"}, "H101"),
        ({"reason": "transcription"}, "H312"),
        ({"note": "x" * 4001}, "S110"),
        ({"note": "hidden\u202e"}, "S1"),
        ({"reporter": "two\nlines"}, "S110"),
        ({"type": "SUPERSESSION", "reason": "newer-version", "successor": PAPER}, "S113"),
        ({"type": "SUPERSESSION", "reason": "newer-version", "successor": PAPER[:-1] + "9"}, "S113"),
        ({"type": "CLAIM", "reason": None, "changes": (STALE,)}, "H301"),
        ({"type": "METADATA", "reason": "transcription", "changes": (UNTRUE,)}, "H310"),
    ],
)
def test_what_the_gate_refuses_is_not_written(tree: WorkTree, wrong: dict[str, Any], code: str) -> None:
    """The file is judged on its record before it is written, with the gate's own words and code."""
    with pytest.raises(UsageError) as raised:
        prepared(tree, replace(DRAFT, **wrong))
    assert code in raised.value.message
    assert raised.value.hint is not None


def test_the_second_of_two_equal_events_is_refused(tree: WorkTree) -> None:
    """What is filed already is not filed again, nor before what is published."""
    correcting.write(Path(tree.root), prepared(tree, DRAFT))
    with pytest.raises(UsageError, match="H309"):
        prepared(tree, replace(DRAFT, date=NOW), "again")
    with pytest.raises(UsageError, match="H407") as raised:
        prepared(tree, replace(DRAFT, date="2026-11-25", note="Other."), "before")
    assert "date: 2026-11-26T00:00:01Z" in raised.value.message


def test_nothing_is_overwritten_and_no_link_followed(tree: WorkTree, tmp_path: Path) -> None:
    """A file that came in between, or a link in the place of a folder, ends it."""
    correction = prepared(tree, DRAFT)
    file = correcting.write(Path(tree.root), correction)
    assert file.read_text() == correction.text
    with pytest.raises(UsageError, match="is there already"):
        correcting.write(Path(tree.root), correction)
    shutil.rmtree(file.parent)
    (tmp_path / "elsewhere").mkdir()
    file.parent.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RegistryError, match="is a link"):
        correcting.write(Path(tree.root), correction)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_gets_a_name_of_its_own() -> None:
    """Field and reason make the name; a taken one gets a number."""
    assert correcting.slug_for(DRAFT, ["claim 4"], []) == "claim-4-wrong-value"
    assert correcting.slug_for(DRAFT, ["claim 4"], ["claim-4-wrong-value"]) == "claim-4-wrong-value-2"
    assert correcting.slug_for(DRAFT, [], []) == "dispute-wrong-value"


def test_a_change_without_an_old_value_is_refilled(documents: Documents) -> None:
    """An issue may leave the value as it stands out; one that is given stays as it was written."""
    open_one = DraftChange("manifest", "/submitted", None, "2026-06-14", adds=True)
    assert correcting.refilled(documents, open_one).old == "2026-06-13"
    stale = DraftChange("manifest", "/submitted", "2026-01-01", "2026-06-14")
    assert correcting.refilled(documents, stale) == stale
