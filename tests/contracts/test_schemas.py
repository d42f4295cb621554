"""The schemas themselves keep the house rules: closed, described, safe to evaluate, free of the network."""

import json
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]  # the only parser that knows what `re` will run
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from colophon import canon

from .contract_examples import SCHEMAS, contracts, fast, schema

MAPS = ("properties", "patternProperties", "$defs")
ENVELOPES = (
    "published-experiment-v1",
    "published-record-v1",
    "published-record-v2",
    "published-work-v1",
    "record-version-v1",
)
LONG = 1000


Place = tuple[str, dict[str, Any], bool]


def walk(node: Any, pointer: str = "", conditional: bool = False) -> Iterator[Place]:
    """Yield every subschema with its pointer, and whether it only narrows another one."""
    if not isinstance(node, dict):
        return
    yield pointer, node, conditional
    for name in MAPS:
        for key, below in node.get(name, {}).items():
            yield from walk(below, f"{pointer}/{name}/{key}", conditional)
    for name in ("items", "additionalProperties", "not"):
        yield from walk(node.get(name), f"{pointer}/{name}", conditional)
    for name in ("if", "then", "else"):
        yield from walk(node.get(name), f"{pointer}/{name}", True)
    for name in ("allOf", "oneOf"):
        for position, below in enumerate(node.get(name, [])):
            yield from walk(below, f"{pointer}/{name}/{position}", conditional or name == "allOf")


def subschemas(contract: str) -> list[Place]:
    """Return all subschemas of a contract."""
    return list(walk(schema(contract)))


def is_embedded_document(contract: str, node: dict[str, Any]) -> bool:
    """Whether it stands for a document that is validated against a contract of its own."""
    only_names = set(node.get("properties", {})) == {"contract_version"} == set(node.get("required", []))
    return contract in ENVELOPES and only_names and node.get("additionalProperties") is True


def repeats(tokens: Any, inside: bool = False) -> Iterator[bool]:
    """Yield for each repetition of a parsed pattern whether it stands, without a bound, inside another."""
    for operation, argument in tokens:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            _, most, below = argument
            yield inside and most > LONG
            yield from repeats(below, inside or most > 1)
        elif name == "SUBPATTERN":
            yield from repeats(argument[3], inside)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from repeats(argument[1], inside)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from repeats(branch, inside)


def patterns(contract: str) -> list[str]:
    """Return every pattern of a contract, those of free keys included."""
    found = []
    for _, node, _ in subschemas(contract):
        found += [node["pattern"]] if "pattern" in node else []
        found += list(node.get("patternProperties", {}))
    return found


def test_the_lint_of_patterns_sees_a_nested_quantifier() -> None:
    """The check below is not blind: the classic patterns that run for ever are caught."""
    for bad in ("^(a+)+$", "^(/[a-z]+)*$", "(?:(a|b*)c?){2,}"):
        assert any(repeats(_parser.parse(bad))), bad
    for good in ("^[a-z]+(b{2,3})?$", "^(?![^\\n]*//)/[a-z]*$", "^([0-9]{2}){3}$"):
        assert not any(repeats(_parser.parse(good))), good


@pytest.mark.parametrize("contract", contracts())
def test_a_schema_is_valid_named_and_stored_like_everything_else(contract: str) -> None:
    """It fits its metaschema in both engines, bears its contract's id, and is in stored form."""
    loaded = schema(contract)
    jsonschema.Draft202012Validator.check_schema(loaded)
    assert jsonschema_rs.meta.is_valid(loaded)
    assert loaded["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (loaded["title"], loaded["$id"]) == (contract, f"urn:colophon:schema:{contract}")
    name, _, version = contract.rpartition("-")
    raw = (SCHEMAS / name / f"{version}.json").read_bytes()
    assert canon.dumps(json.loads(raw)) == raw


def is_any(node: dict[str, Any]) -> bool:
    """Whether a place takes the value of any field of a record, which is judged where it is applied."""
    return set(node.get("type", ())) == {"string", "number", "boolean", "null", "object", "array"}


@pytest.mark.parametrize("contract", contracts())
def test_every_object_is_closed(contract: str) -> None:
    """No object takes keys that the contract does not name; parts of the envelope have their own contract."""
    for pointer, node, conditional in subschemas(contract):
        types = node.get("type", [])
        is_object = "object" in ([types] if isinstance(types, str) else types) or "properties" in node
        if is_object and not conditional and not is_embedded_document(contract, node) and not is_any(node):
            assert node.get("additionalProperties") is False, pointer


@pytest.mark.parametrize("contract", contracts())
def test_every_property_is_described(contract: str) -> None:
    """A person who sees only the contract learns what each field means."""
    assert schema(contract)["description"]
    for pointer, node, conditional in subschemas(contract):
        if not conditional:
            for name, below in node.get("properties", {}).items():
                assert below.get("description", "").endswith("."), f"{pointer}/properties/{name}"


@pytest.mark.parametrize("contract", contracts())
def test_every_required_key_is_declared(contract: str) -> None:
    """A required key that is misspelt would make every document invalid."""
    for pointer, node, conditional in subschemas(contract):
        if not conditional:
            assert set(node.get("required", [])) <= set(node.get("properties", {})), pointer


@pytest.mark.parametrize("contract", contracts())
def test_no_pattern_can_run_for_long(contract: str) -> None:
    """No repetition stands inside another, and text that a whole pattern judges has a greatest length."""
    for pattern in patterns(contract):
        assert not any(repeats(_parser.parse(pattern))), pattern
    for pointer, node, _ in subschemas(contract):
        if node.get("pattern", "").startswith("^"):
            assert "maxLength" in node or "[^/\\n]" in node["pattern"], pointer


@pytest.mark.parametrize("contract", contracts())
def test_every_pattern_means_the_same_in_every_engine(contract: str) -> None:
    """No class whose members differ between engines, and no end that forgives a trailing newline."""
    for pattern in patterns(contract):
        assert not any(letter in pattern for letter in ("\\d", "\\w", "\\s", "\\b")), pattern
        assert not pattern.startswith("^") or pattern.endswith("(?!\\n)$"), pattern


@pytest.mark.parametrize("contract", contracts())
def test_no_schema_points_outside_itself(contract: str) -> None:
    """Every reference is local, and building the engine asks for nothing."""
    for pointer, node, _ in subschemas(contract):
        assert node.get("$ref", "#/").startswith("#/"), pointer
        assert "$dynamicRef" not in node, pointer
    fast(contract)


@pytest.mark.parametrize("contract", contracts())
def test_alternatives_have_a_discriminator(contract: str) -> None:
    """A reader knows which alternative was meant, so an error can name the field and not the whole."""
    for pointer, node, _ in subschemas(contract):
        assert "anyOf" not in node, pointer
        for branch in node.get("oneOf", []):
            shape = schema(contract)["$defs"][branch["$ref"].removeprefix("#/$defs/")]
            assert "const" in shape["properties"]["document"], pointer
