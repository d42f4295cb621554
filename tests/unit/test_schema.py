"""Contracts are found by id, judged by two engines without any network, and give order and types."""

import copy
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import bundle, canon, schema, shapes

EXAMPLES = Path(__file__).parents[1] / "contracts"
VALID = sorted(EXAMPLES.glob("*/*/valid/*.json"))
MANIFEST = json.loads((EXAMPLES / "paper-manifest/v1.1/valid").glob("*.json").__next__().read_text())


def contract_of(example: Path) -> str:
    return f"{example.parents[2].name}-{example.parents[1].name}"


# What is only published is written by a page in its own order; other contracts give the shape of its parts.
ENVELOPES = {
    "published-experiment-v1",
    "published-record-v1",
    "published-record-v2",
    "published-work-v1",
    "record-version-v1",
}
STORED = [path for path in VALID if contract_of(path) not in ENVELOPES]


def test_every_schema_file_is_a_known_contract() -> None:
    """The ids are those of the files, sorted; each names itself as its file does."""
    files = sorted(bundle.schemas().glob("*/v[0-9]*.json"))
    assert sorted(f"{file.parent.name}-{file.stem}" for file in files) == list(schema.known())
    for contract in schema.known():
        assert schema.load(contract)["$id"] == f"urn:colophon:schema:{contract}"
        assert json.loads(schema.source(contract)) == schema.load(contract)


@pytest.mark.parametrize(
    "name", ["paper-manifest-v9", "teapot", "", "../../etc/passwd", "paper-manifest-v1.1\n"]
)
def test_an_unknown_contract_is_a_key_error(name: str) -> None:
    """No name leads to a file outside the schemas."""
    with pytest.raises(KeyError):
        schema.source(name)


@pytest.mark.parametrize("example", STORED, ids=lambda path: f"{contract_of(path)}-{path.stem}")
def test_ordering_keeps_values_and_is_stable(example: Path) -> None:
    """Whatever order the keys come in, ordering gives one form, and changes no value."""
    contract, document = contract_of(example), json.loads(example.read_text())
    ordered = schema.ordered(contract, document)
    assert ordered == document
    shuffled = _shuffled(document, random.Random(1))
    assert canon.dumps(schema.ordered(contract, shuffled)) == canon.dumps(ordered)


def _shuffled(value: object, draw: random.Random) -> object:
    if isinstance(value, dict):
        keys = list(value)
        draw.shuffle(keys)
        return {key: _shuffled(value[key], draw) for key in keys}
    if isinstance(value, list):
        return [_shuffled(item, draw) for item in value]
    return value


@pytest.mark.parametrize("example", VALID, ids=lambda path: f"{contract_of(path)}-{path.stem}")
def test_both_engines_accept_what_is_valid(example: Path) -> None:
    """A valid example has no fault in either engine, and the two do not disagree."""
    assert schema.faults(contract_of(example), json.loads(example.read_text()), "both") == ()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda b: st.lists(b) | st.dictionaries(st.text(), b),
    )
)
def test_any_document_is_judged(document: object) -> None:
    """No JSON value makes an engine fail; what is no manifest is refused by both."""
    found = schema.faults("paper-manifest-v1.1", document, "both")
    assert found
    assert {fault.code for fault in found} == {"S110"}


def test_a_misspelt_field_names_the_nearest() -> None:
    """An unknown field is named with its place and with the field that was probably meant."""
    document = copy.deepcopy(MANIFEST)
    document["stated"]["claims_extractd"] = document["stated"].pop("claims_extracted")
    pointers = {fault.pointer: fault.message for fault in schema.faults("paper-manifest-v1.1", document)}
    assert "did you mean claims_extracted?" in pointers["/stated"]


def test_faults_are_sorted_and_short() -> None:
    """Several faults come in order of their pointers, and a huge value does not make a huge message."""
    document = copy.deepcopy(MANIFEST)
    document["title"], document["abstract"], document["kind"] = 1, ["x" * 10_000], 2
    found = schema.faults("paper-manifest-v1.1", document)
    assert [fault.pointer for fault in found] == sorted(fault.pointer for fault in found)
    assert len(found) == 3
    assert all(len(fault.message) < 600 for fault in found)


def test_a_million_faults_are_not_all_listed() -> None:
    """A document made to have endless faults gives the first 200 and says that there may be more."""
    found = schema.faults("paper-manifest-v1.1", {**MANIFEST, "claims": [0] * 5_000})
    assert len(found) == 201
    assert "more than these 200" in found[-1].message


def test_a_hostile_value_is_shown_escaped() -> None:
    """A message never holds a control or bidirectional character of the value it quotes."""
    document = {**copy.deepcopy(MANIFEST), "kind": 7, "\u202e\x1b[31m": 1}
    messages = "".join(fault.message for fault in schema.faults("paper-manifest-v1.1", document))
    assert messages.isprintable()


def test_a_trailing_newline_in_an_id_is_refused_by_both_engines() -> None:
    """``$`` of one regex dialect lets a final newline pass; no engine here does."""
    document = {**copy.deepcopy(MANIFEST), "id": MANIFEST["id"] + "\n"}
    found = schema.faults("paper-manifest-v1.1", document, "both")
    assert {fault.code for fault in found} == {"S110"}


def test_disagreeing_engines_are_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the second engine judges otherwise, S118 says which accepts and which refuses."""

    class Never:
        @staticmethod
        def is_valid(document: object) -> bool:
            return False

    monkeypatch.setattr(schema, "_second", lambda contract: Never)
    (fault,) = schema.faults("paper-manifest-v1.1", MANIFEST, "both")
    assert (fault.code, fault.message) == (
        "S118",
        "jsonschema refuses the document, jsonschema-rs accepts it",
    )


def test_nothing_is_ever_fetched() -> None:
    """A reference to another address fails instead of being looked up."""
    with pytest.raises(ValueError, match="not part of the schema"):
        schema._no_retrieval("https://example.org/schema.json")


@pytest.mark.parametrize(
    ("types", "text", "value"),
    [
        ({"string"}, "no", "no"),
        ({"string", "integer"}, "7", "7"),
        ({"boolean"}, "yes", True),
        ({"boolean"}, "No", False),
        ({"boolean"}, "TRUE", True),
        ({"boolean"}, "off", False),
        ({"boolean"}, "1", "1"),
        ({"boolean"}, "y", "y"),
        ({"integer"}, "7", 7),
        ({"integer"}, "-7", -7),
        ({"integer"}, "010", "010"),
        ({"integer"}, "0x10", "0x10"),
        ({"integer"}, "1_000", "1_000"),
        ({"integer"}, "٣", "٣"),
        ({"integer"}, "7.0", "7.0"),
        ({"integer"}, "9" * 17, "9" * 17),
        ({"number"}, "0.15", 0.15),
        ({"number"}, "1e5", "1e5"),
        ({"number"}, ".5", ".5"),
        ({"number"}, "nan", "nan"),
        ({"integer"}, None, None),
    ],
)  # fmt: skip
def test_text_gets_the_type_that_the_schema_asks_for(
    types: set[str], text: str | None, value: object
) -> None:
    """Text becomes a number or a boolean only where the schema wants one and it reads as one without
    doubt.
    """
    found = shapes._typed_scalar(frozenset(types), text)
    assert found == value
    assert type(found) is type(value)


def test_a_whole_document_is_typed() -> None:
    """Types follow the place: the same word is text in one field and a boolean in another."""
    tree = {
        "contract_version": "registry-v1",
        "name": "no",
        "append_only": "no",
        "maintainers": [{"name": "7"}],
    }
    assert schema.typed("registry-v1", tree) == {**tree, "append_only": False}


@given(
    st.recursive(
        st.none() | st.text(), lambda b: st.lists(b, max_size=3) | st.dictionaries(st.text(), b, max_size=3)
    )
)
def test_any_tree_is_typed(tree: object) -> None:
    """Trees of the wrong shape stay what they are, so that validation can name what is wrong."""
    for contract in ("registry-v1", "correction-event-v1", "quality-tiers-v2"):
        assert json.dumps(schema.typed(contract, tree))
