"""Verification levels: a claim's is the highest that holds, a record's the lowest of its claims'."""

from collections.abc import Sequence

from colophon.contracts.verification_levels import LevelVocabulary
from colophon.model import ClaimRerun, Judgement

_SYNTHESIS, _LOCATED, _EXECUTED, _REPRODUCED = "L1", "L2", "L5", "L6"
_BY_CODE = ("counted", "cached", "cpu", "gpu")


def verification_level(
    claims: int | None, located_at: int, vocabulary: LevelVocabulary, reruns: Sequence[ClaimRerun] = ()
) -> tuple[Judgement, tuple[tuple[str, int], ...]]:
    """Return the record's level and the number of claims per level, lowest level first.

    ``located_at`` has bit n set when the claim at place n is located with a span in a held source.  The
    numbers are empty when the report shows no list of claims (``claims`` is None).
    """
    if claims is None:
        return Judgement(_SYNTHESIS, ("the report shows no list of claims",)), ()
    counted = {level.name: 0 for level in vocabulary.levels}
    run_again = _run_again(reruns)
    for level in run_again.values():
        counted[level] += 1
    for place in range(claims):
        if place not in run_again:
            counted[_LOCATED if located_at >> place & 1 else _SYNTHESIS] += 1
    per_level = tuple(counted.items())
    if claims == 0:
        return Judgement(_SYNTHESIS, ("the report lists no claims",)), per_level
    lowest = next(name for name, number in per_level if number)
    reasons = [f"{located_at.bit_count()} of {claims} claims located with a span in a held source"]
    if run_again:
        reasons.append(f"{len(run_again)} of {claims} claims verified by running code")
    return Judgement(lowest, tuple(reasons)), per_level


def _run_again(reruns: Sequence[ClaimRerun]) -> dict[int, str]:
    """Return the level of the claims that a run verified, by their places from 0.

    Arithmetic runs nothing of what the claim is about, and a run that was not closed in no sandbox.
    """
    found: dict[int, str] = {}
    for one in reruns:
        if one.verdict != "VERIFIED":
            continue
        place = int(one.claim[1:]) - 1
        if one.run_class == "second-machine":
            found[place] = _REPRODUCED
        elif one.run_class in _BY_CODE and one.is_confined:
            found.setdefault(place, _EXECUTED)
    return found
