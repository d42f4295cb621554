"""The vocabulary of event types and reasons, as it is released with the program."""

from functools import cache
from typing import cast

from colophon import bundle, contracts, schema, spelling, yaml_guard
from colophon.contracts.correction_reasons import CorrectionReasons, EventType, Reason
from colophon.matching import did_you_mean

VOCABULARY = "correction-reasons-v1"
# What came of an event that gave no effect, by its outcome.
_NO_EFFECT = {"waits": "not confirmed", "not applied": "not applied"}
# The type and outcome of what stands for a correction that was removed.
GONE = ("REMOVAL", "not applied")
# How words begin that people have for any correction; which type is meant depends on what is corrected.
_ANY_CORRECTION = tuple(
    "AMEND CHANGE CORRECT CORRIGEN EDIT ERRAT ERROR FIX MISTAKE TYPO UPDATE WRONG".split()
)


@cache
def vocabulary() -> CorrectionReasons:
    """Return the vocabulary."""
    tree = yaml_guard.read((bundle.vocabularies() / f"{VOCABULARY}.yaml").read_bytes()).value
    return cast(CorrectionReasons, contracts.read(schema.typed(VOCABULARY, tree)))


@cache
def _types() -> dict[str, EventType]:
    return {entry.name: entry for entry in vocabulary().types}


def of_type(name: str) -> EventType:
    """Return what is said of one event type.  Raises KeyError for none of the vocabulary."""
    return _types()[name]


def is_any_correction(words: str) -> bool:
    """Whether a word says only that something is corrected."""
    return spelling.type_name(words).startswith(_ANY_CORRECTION)


def type_meant(words: str, usual: str) -> str | None:
    """Return the type that was probably meant by a word that is none, or None.

    ``usual`` is the type that fits where the word says only that something is corrected: the type nearest to
    it in letters would be RETRACTION.
    """
    if is_any_correction(words):
        return usual
    return did_you_mean(spelling.type_name(words), [entry.name for entry in vocabulary().types])


def types_in_words() -> str:
    """Return what every type means, on one line that goes on a sentence."""
    told = (f"{entry.name}: {entry.wording.removesuffix('.')}" for entry in vocabulary().types)
    return f"the types are {'; '.join(told)}"


def type_of_field(document: str, pointer: str) -> str:
    """Return the type of a correction that changes a field which is not the publisher's words."""
    if document == "provenance":
        return "PROVENANCE"
    return {"claims": "CLAIM", "artifacts": "ARTIFACT"}.get(pointer.split("/")[1], "METADATA")


def with_outcome(words: str, outcome: str) -> str:
    """Return what an event is called, with what came of it where it had no effect.

    Else a page would be headed Retracted because somebody wants it to be.  ``outcome`` is as in
    :class:`colophon.fold.Step`.
    """
    return f"{words} ({_NO_EFFECT[outcome]})" if outcome in _NO_EFFECT else words


def happened(name: str, outcome: str) -> str:
    """Return an event type in words, with what came of the event where it had no effect.

    A REMOVAL itself always has effect; one that was not applied stands for a correction that was removed.
    """
    if (name, outcome) == GONE:
        return "Correction removed"
    return with_outcome(of_type(name).label, outcome)


def for_type(name: str) -> list[Reason]:
    """Return the reasons that an event of a type may give, in the order of the vocabulary."""
    return [reason for reason in vocabulary().reasons if name in reason.types]


def label(code: str | None) -> str:
    """Return a reason in words; a code that the vocabulary lacks stands for itself."""
    return next((one.label for one in vocabulary().reasons if one.name == code), code or "")
