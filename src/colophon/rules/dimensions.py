"""Quality dimensions.  No rule is written yet, so each is UNASSESSED and says so."""

from colophon.contracts.quality_dimensions import DimensionVocabulary
from colophon.model import Assessment

_UNASSESSED = "UNASSESSED"
# "none" is for good: no rule that rests on checkable facts is known for these.
_BASIS = {"none": "no rule", "planned": "no rule yet"}


def dimensions(vocabulary: DimensionVocabulary) -> tuple[tuple[str, Assessment], ...]:
    """Return the assessment of each dimension by id, in the order of the vocabulary.

    Raises KeyError for a dimension that the vocabulary calls written and that has no rule here.
    """
    return tuple((item.id, Assessment(_UNASSESSED, _BASIS[item.rule])) for item in vocabulary.dimensions)
