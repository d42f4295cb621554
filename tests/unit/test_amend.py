"""One change of a document: applied in the types of the contract, or refused with what would help."""

import copy
from typing import Any

import pytest

from colophon import canon, contracts, folder, schema
from colophon.amend import FieldChange, Refused, amend, shown
from colophon.contracts.correction_event import Change
from colophon.pointer import ABSENT, END
from colophon.store import WorkTree

from ..conftest import ROOT

PAPER = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
RAW = WorkTree(str(ROOT / "tests/registry")).read(f"papers/c2/{PAPER}/manifest.json")
MANIFEST: dict[str, Any] = contracts.upgraded(canon.read(RAW).value)
PROVENANCE: dict[str, Any] = canon.read(
    WorkTree(str(ROOT / "tests/registry")).read(f"papers/c2/{PAPER}/provenance.json")
).value
URL = "http://arxiv.org/abs/2501.00001v1"


def change(pointer: str, new: Any, document: str = "manifest", **old: Any) -> Change:
    """Return a change; without ``old`` it adds."""
    return Change.model_validate({"document": document, "pointer": pointer, "new": new, **old})


def amended(one: Change) -> tuple[dict[str, Any], FieldChange]:
    """Apply a change to the documents of a record; they stay as they were, and the result is valid."""
    document = MANIFEST if one.document == "manifest" else PROVENANCE
    before = copy.deepcopy(document)
    result = amend(document, one)
    assert document == before
    assert not isinstance(result, Refused), result
    assert schema.faults(result[0]["contract_version"], result[0]) == ()
    return result


def refused(one: Change) -> Refused:
    """Return why a change is refused."""
    result = amend(MANIFEST if one.document == "manifest" else PROVENANCE, one)
    assert isinstance(result, Refused), result
    return result


@pytest.mark.parametrize(
    ("one", "old", "new"),
    [
        (change("/license", "MIT", old=None), None, "MIT"),
        (change("/license", "MIT\n", old=None), None, "MIT"),
        (change("/stated/papers_retrieved", "4", old="3"), 3, 4),
        (change("/stated/papers_retrieved", 4, old=3), 3, 4),
        (change("/claims/0/stated/verified", "no", old="yes"), True, False),
        (change("/verification/threshold/value", "0.25", "provenance", old="0.20"), 0.2, 0.25),
        (change("/search/databases", ["DBLP"], "provenance", old=["arXiv"]), ["arXiv"], ["DBLP"]),
        (change("/search", None, "provenance", old=PROVENANCE["search"]), PROVENANCE["search"], None),
    ],
)  # fmt: skip
def test_values_have_the_type_of_their_field(one: Change, old: Any, new: Any) -> None:
    """What a person types as text is compared and stored as the contract has it."""
    _, stored = amended(one)
    assert (stored.old, stored.new, type(stored.new)) == (old, new, type(new))
    assert not stored.adds


def test_a_text_may_be_wrapped_differently() -> None:
    """How a text is broken into lines is no part of it."""
    wrapped = MANIFEST["abstract"].replace(" ", "\n   ")
    assert amended(change("/abstract", "Shorter.", old=wrapped))[1].old == MANIFEST["abstract"]
    assert refused(change("/abstract", wrapped, old=MANIFEST["abstract"])).code == "H305"


def test_true_is_not_one() -> None:
    """Python takes one for the other; a record does not."""
    count = {**MANIFEST, "stated": {**MANIFEST["stated"], "papers_retrieved": 1}}
    result = amend(count, change("/stated/papers_retrieved", "2", old=True))
    assert isinstance(result, Refused)
    assert (result.code, result.part, result.current) == ("H301", "old", 1)


def test_the_next_item_gets_the_next_id_and_its_missing_fields() -> None:
    """Who adds a source or a claim writes what is known; an id that is given makes no difference."""
    document, stored = amended(change("/sources/-", {"id": "s077", "identifier": "10.1/x", "kind": "doi"}))
    assert stored.pointer == "/sources/3"
    assert document["sources"][3] == {
        "id": "s004",
        "kind": "doi",
        "identifier": "10.1/x",
        "url": None,
        "title": None,
    }
    assert list(document["sources"][3]) == list(document["sources"][0])
    assert amended(change("/sources/3", {"identifier": "10.1/x", "kind": "doi"}))[1] == stored


def test_a_key_can_be_added_where_the_contract_has_one() -> None:
    """Striking is the one that people need."""
    document, stored = amended(change("/claims/2/struck", "yes"))
    assert document["claims"][2]["struck"] is True
    assert (stored.adds, stored.old) == (True, None)


@pytest.mark.parametrize(
    ("one", "code", "part", "said"),
    [
        (change("/id", "x", old=PAPER), "H307", "pointer", "never changes"),
        (change("/claims/0/id", "c009", old="c001"), "H307", "pointer", "never changes"),
        (change("/sources/2/id", "s009", old="s003"), "H307", "pointer", "never changes"),
        (change("/truncated/-", "/title"), "H307", "pointer", "never changes"),
        (change("/contract_version", "x", "provenance", old="y"), "H307", "pointer", "never changes"),
        (change("/license", "MIT"), "H301", "old", "a line `old:`"),
        (change("/sources/0/url", "x", old="y"), "H301", "old", f'the value is "{URL}"'),
        (change("/sources/7", {"kind": "doi"}), "H303", "pointer", "whose next item is 3"),
        (change("/sources/01", {"kind": "doi"}), "H303", "pointer", "whose next item is 3"),
        (change("/licence", "MIT", old=None), "H303", "pointer", "did you mean /license, which is null?"),
        (change("/licence", "MIT"), "H303", "pointer", "did you mean /license"),
        (change("/zzzzzzzzzzzzzz", "MIT"), "H303", "pointer", "is no field of this document"),
        (change("/title/0", "M"), "H303", "pointer", "is no field"),
        (change("/", "M"), "H303", "pointer", "is no field"),
        (change("/license", None, old=None), "H305", "new", "stands there, null"),
        (change("/sources", [], old=MANIFEST["sources"]), "H306", "pointer", "struck: true"),
        (change("/stated", "x", old=MANIFEST["stated"]), "H306", "new", "object with fields"),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_is_refused(one: Change, code: str, part: str, said: str) -> None:
    """The code of a rule, the part of the change that is wrong, and words that help."""
    found = refused(one)
    assert (found.code, found.part, said in found.message) == (code, part, True), found.message


def test_a_stale_change_carries_what_stands_there() -> None:
    """So that the event can be offered again with it; other refusals have nothing to offer."""
    assert refused(change("/sources/0/url", "x", old="y")).current == URL
    assert refused(change("/nowhere", "x", old="y")).current is ABSENT


@pytest.mark.parametrize(
    ("pointer", "document", "touches"),
    [
        ("/title", "manifest", True),
        ("/abstract", "manifest", True),
        ("/stated/claims_extracted", "manifest", True),
        ("/claims", "manifest", True),
        ("/claims/-", "manifest", True),
        ("/claims/12", "manifest", True),
        ("/claims/12/text", "manifest", True),
        ("/claims/12/stated/flag", "manifest", True),
        ("/limitations/0", "manifest", True),
        ("/claims/12/sources", "manifest", False),
        ("/claims/12/struck", "manifest", False),
        ("/claims/12/textual", "manifest", False),
        ("/titles", "manifest", False),
        ("/license", "manifest", False),
        ("/submitted", "manifest", False),
        ("/title", "provenance", False),
        ("/methodology", "provenance", False),
    ],
)
def test_what_the_publisher_said_is_known_by_its_place(pointer: str, document: str, touches: bool) -> None:
    """Titles, texts and everything stated; not what the registry itself notes beside it."""
    assert change(pointer, "x", document).is_words is touches


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (ABSENT, "absent"),
        (None, "null"),
        (True, "true"),
        (3, "3"),
        ("two\n lines", '"two lines"'),
        ("x" * 500, f'"{"x" * 120}..." (500 characters)'),
        ([1, 2], "a list of 2"),
        ({"a": 1, "b": 2}, "an object with a, b"),
    ],
)
def test_values_are_shown_in_one_line(value: Any, words: str) -> None:
    """Short, whatever they are."""
    assert shown(value) == words


def test_the_end_of_a_list_is_no_place_to_change() -> None:
    """What is not there has no old value."""
    assert refused(change(f"/sources/{END}", {"kind": "doi"}, old=None)).code == "H303"


def test_the_record_is_the_one_that_is_loaded() -> None:
    """The documents of these tests are those that a record has as filed."""
    loaded = folder.load(WorkTree(str(ROOT / "tests/registry")), PAPER, f"papers/c2/{PAPER}", "SRCH")
    assert loaded.record is not None
    assert (loaded.record.filed.manifest, loaded.record.filed.provenance) == (MANIFEST, PROVENANCE)
