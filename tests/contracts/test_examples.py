"""Each contract does what its examples say, in two engines and in the typed reading."""

import pytest
from pydantic import ValidationError

from colophon import contracts as readings

from .contract_examples import Example, contracts, examples, fast, fast_errors, slow, slow_errors

# A reading leaves these to the schema, which is always asked first.
CONDITIONAL = {
    "claim-check-v1-model-not-named",
    "claim-verdict-v1-evaluated-though-nothing-ran",
    "claim-verdict-v1-falsified-without-expected",
    "claim-verdict-v1-verified-without-run",
    "claim-verdict-v1-verified-without-tolerance",
    "correction-event-v1-removal-missing",
    "correction-event-v1-removal-of-another-type",
    "correction-event-v1-removal-reason-null",
    "correction-event-v1-removal-without-reason",
}
FREE_NAMES = {
    "paper-manifest-v1-dimension-name-upper-case",
    "paper-manifest-v1.1-dimension-name-upper-case",
    "paper-manifest-v1.1-extension-without-x",
    "quality-dimensions-v1-dimension-missing",
    "quality-dimensions-v1-dimension-ninth",
    "registry-index-v1-tier-name-lower-case",
    "registry-index-v1-tier-name-trailing-newline",
    "source-holding-v1-extension-without-x",
    "verification-levels-v1-level-eight",
    "verification-levels-v1-level-left-out",
    "work-manifest-v1-extension-without-x",
}
OVERWRITTEN_BY_UPGRADE = {"paper-manifest-v1-field-of-v1-1"}
STRUCTURAL = {"required", "additionalProperties"}


def structural(example: Example) -> bool:
    """Whether a field is missing or unknown, so that the reading itself has to refuse."""
    keywords = {line.rpartition(" ")[2] for line in example.expected}
    left_to_schema = CONDITIONAL | FREE_NAMES | OVERWRITTEN_BY_UPGRADE
    return bool(keywords & STRUCTURAL) and str(example) not in left_to_schema


@pytest.mark.parametrize("contract", contracts())
def test_every_contract_has_examples_of_both_kinds(contract: str) -> None:
    """No contract is released without showing what it accepts and what it refuses."""
    for kind in ("valid", "invalid"):
        assert [example for example in examples(kind) if example.contract == contract], f"no {kind} example"


@pytest.mark.parametrize("example", examples("valid"), ids=str)
def test_a_valid_example_is_accepted_by_everyone(example: Example) -> None:
    """Both engines accept it, and the typed reading keeps its contract or a newer version of it."""
    assert slow_errors(example.contract, example.document) == []
    assert fast_errors(example.contract, example.document) == []
    newest = readings.upgraded(example.document)["contract_version"]
    assert readings.read(example.document).model_dump()["contract_version"] == newest


@pytest.mark.parametrize("example", examples("invalid"), ids=str)
def test_an_invalid_example_is_refused_for_the_expected_reason(example: Example) -> None:
    """Both engines refuse it and name the expected place and keyword, and no other place."""
    places = {line.rpartition(" ")[0] for line in example.expected}
    for errors in (slow_errors, fast_errors):
        found = errors(example.contract, example.document)
        assert set(example.expected) <= set(found)
        assert {line.rpartition(" ")[0] for line in found} == places


@pytest.mark.parametrize("example", [each for each in examples("invalid") if structural(each)], ids=str)
def test_a_missing_or_unknown_field_is_refused_by_the_reading_too(example: Example) -> None:
    """The reading is as closed as the schema: a field cannot get lost between the two."""
    with pytest.raises((ValidationError, KeyError)):
        readings.read(example.document)


@pytest.mark.parametrize("example", examples("valid"), ids=str)
def test_an_upgraded_example_is_valid_in_the_newest_version(example: Example) -> None:
    """A document of an older version, once upgraded, fits the newest; the document itself is not changed."""
    before = example.document
    newest = readings.upgraded(before)
    assert before == example.document
    assert slow(newest["contract_version"]).is_valid(newest)
    assert fast(newest["contract_version"]).is_valid(newest)
