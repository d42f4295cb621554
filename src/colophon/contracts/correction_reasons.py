"""correction-reasons-v1: the types of correction events and the reasons that they may give."""

from colophon.contracts import Reading, contract


class EventType(Reading):
    """One event type, with what it is called elsewhere; None where nothing fits.

    ``state`` is where it leads when it takes effect.  ``crec_prefix`` ends in a colon and a space.
    """

    name: str
    label: str
    wording: str
    is_notice: bool
    needs_review: bool
    state: str
    crossref: str | None
    datacite: str
    datacite_information: str | None
    crec_prefix: str | None


class Reason(Reading):
    """One reason code and the event types that may give it."""

    name: str
    label: str
    wording: str
    types: tuple[str, ...]


@contract("correction-reasons-v1")
class CorrectionReasons(Reading):
    """The vocabulary: the thirteen types, field-correcting ones first, and the reasons."""

    contract_version: str
    statement: str
    types: tuple[EventType, ...]
    reasons: tuple[Reason, ...]
