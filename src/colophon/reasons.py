"""The vocabulary of event types and reasons, as it is released with the program."""

from functools import cache
from typing import cast

from colophon import bundle, contracts, schema, yaml_guard
from colophon.contracts.correction_reasons import CorrectionReasons, EventType, Reason

VOCABULARY = "correction-reasons-v1"


@cache
def vocabulary() -> CorrectionReasons:
    """Return the vocabulary."""
    tree = yaml_guard.read((bundle.vocabularies() / f"{VOCABULARY}.yaml").read_bytes()).value
    return cast(CorrectionReasons, contracts.read(schema.typed(VOCABULARY, tree)))


def of_type(name: str) -> EventType:
    """Return what is said of one event type.  Raises KeyError for none of the vocabulary."""
    return {entry.name: entry for entry in vocabulary().types}[name]


def for_type(name: str) -> list[Reason]:
    """Return the reasons that an event of a type may give, in the order of the vocabulary."""
    return [reason for reason in vocabulary().reasons if name in reason.types]


def label(code: str | None) -> str:
    """Return a reason in words; a code that the vocabulary lacks stands for itself."""
    return next((one.label for one in vocabulary().reasons if one.name == code), code or "")
