"""The scores that sentences state, as rows that can be set against each other.

Everything that a sentence does not say is None.  A sentence that leaves open which number belongs to what
gives no row.
"""

from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """One stated score and the keys that decide what it may be compared with.

    ``model`` is the name without version and size.  ``value_text`` is the number as printed, ``unit`` is
    ``%`` or None.
    """

    model: str | None
    version: str | None
    size: str | None
    dataset: str | None
    split: str | None
    metric: str | None
    shots: str | None
    tools: str | None
    harness: str | None
    precision: str | None
    value: Decimal
    value_text: str
    unit: str | None
    claim_id: str


# What must be known and equal for two scores to be comparable, in the order in which it is reported.
KEYS = tuple(field.name for field in fields(Score))[:10]
