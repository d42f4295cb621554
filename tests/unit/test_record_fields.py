"""Fields of a record by the names that people use."""

import orjson
import pytest

from colophon import contracts
from colophon.errors import UsageError
from colophon.fold import Documents
from colophon.pointer import ABSENT
from colophon.record_fields import fields, find, readable, the_one

from ..conftest import ROOT

FOLDER = ROOT / "registry" / "papers" / "63" / "633d4d8a-aa2a-449c-8123-213191021a18"


@pytest.fixture(scope="module")
def documents() -> Documents:
    """The documents of a real record."""
    manifest, provenance = (
        orjson.loads((FOLDER / f"{name}.json").read_bytes()) for name in ("manifest", "provenance")
    )
    return Documents(contracts.upgraded(manifest), contracts.upgraded(provenance))


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("/title", "title"),
        ("/claims/3/text", "claim 4"),
        ("/claims/3/stated/confidence", "claim 4 confidence"),
        ("/claims/-", "another claim"),
        ("/stated/review_score/text", "review score"),
        ("/stated/counts/0/value", "count 1 value"),
        ("/uncertainties/1", "uncertainty 2"),
        ("/stated", "stated"),
        ("", "the whole document"),
    ],
)
def test_a_pointer_is_said_in_words(place: str, words: str) -> None:
    """Items count from one, as people count, and what goes without saying is left out."""
    assert readable(place) == words


def test_every_field_has_a_name_of_its_own(documents: Documents) -> None:
    """No two fields share a name, each is found by it, and what identifies the record is none."""
    known = fields(documents)
    names = [field.name for field in known]
    assert len(set(names)) == len(names)
    assert all(the_one(documents, field.name) == field for field in known)
    pointers = {(field.document, field.pointer) for field in known}
    assert ("manifest", "/id") not in pointers
    assert ("provenance", "/ingest/sha256") not in pointers
    assert ("provenance", "/generator") in pointers


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("title", "manifest:/title"),
        ("Research_Question", "manifest:/research_question"),
        ("3", "manifest:/claims/2/text"),
        ("c003", "manifest:/claims/2/text"),
        ("claim 3", "manifest:/claims/2/text"),
        ("c003/stated/confidence", "manifest:/claims/2/stated/confidence"),
        ("c003 confidence", "manifest:/claims/2/stated/confidence"),
        ("s001", "manifest:/sources/0/identifier"),
        ("s001/url", "manifest:/sources/0/url"),
        ("review score", "manifest:/stated/review_score/text"),
        ("/generator", "provenance:/generator"),
        ("manifest:/generator", "manifest:/generator"),
        ("provenance:generator", "provenance:/generator"),
        ("generator", "provenance:/generator"),
        ("/claims/-", "manifest:/claims/-"),
    ],
)
def test_a_field_is_found(documents: Documents, words: str, place: str) -> None:
    """A pointer, a claim's number or id, a member of it, and a field's name each mean one field."""
    found = the_one(documents, words)
    assert f"{found.document}:{found.pointer}" == place
    if place.endswith("/-"):
        assert found.value is ABSENT


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("c045", "there is no claim 45: this record has 21 claims, numbered 1 to 21"),
        ("0", "there is no claim 0"),
        ("source 9", "there is no source 9: this record has 3 sources"),
        ("c003/colour", "claim 3 has no colour"),
        ("titel", "did you mean title?"),
        ("annotation pipeline OCR", "is no field of this record"),
        ("", "is no field"),
        ("provenance:title", "is no field"),
        ("source", "fits 12 fields: manifest:/sources/0/kind"),
    ],
)
def test_a_field_that_misses_is_answered_in_words(documents: Documents, words: str, message: str) -> None:
    """Of a script's options nothing is guessed: what is near is named, several are listed."""
    with pytest.raises(UsageError) as raised:
        the_one(documents, words)
    assert message in raised.value.message
    assert raised.value.hint


def test_a_person_may_name_a_field_loosely(documents: Documents) -> None:
    """In a dialogue some words of a claim, or a name with a slip, offer what is meant."""
    assert [one.pointer for one in find(documents, "annotation pipeline OCR", loosely=True)] == [
        "/claims/4/text"
    ]
    assert [one.name for one in find(documents, "titel", loosely=True)] == ["title"]
    assert len(find(documents, "video clip", loosely=True)) > 1


def test_a_list_that_is_not_shown_has_no_claims(documents: Documents) -> None:
    """A record whose report shows no list says so."""
    hidden = documents.having("manifest", {**documents.manifest, "claims": None})
    with pytest.raises(UsageError, match="shows no list of claims"):
        the_one(hidden, "c001")
