"""Verification levels: a claim's is the highest that holds, a record's the lowest of its claims'."""

from colophon.contracts.verification_levels import LevelVocabulary
from colophon.model import Judgement

_SYNTHESIS, _LOCATED = "L1", "L2"


def verification_level(
    claims: int | None, located: int, vocabulary: LevelVocabulary
) -> tuple[Judgement, tuple[tuple[str, int], ...]]:
    """Return the record's level and the number of claims per level, lowest level first.

    ``located`` counts the claims that are located with a span in a held source.  The numbers are empty
    when the report shows no list of claims (``claims`` is None).
    """
    if claims is None:
        return Judgement(_SYNTHESIS, ("the report shows no list of claims",)), ()
    counted = {level.name: 0 for level in vocabulary.levels}
    counted[_SYNTHESIS], counted[_LOCATED] = claims - located, located
    per_level = tuple(counted.items())
    if claims == 0:
        return Judgement(_SYNTHESIS, ("the report lists no claims",)), per_level
    lowest = next(name for name, number in per_level if number)
    reason = f"{located} of {claims} claims located with a span in a held source"
    return Judgement(lowest, (reason,)), per_level
