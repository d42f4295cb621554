"""How often each verdict of the method was right on the public sets that it was tuned on.

The counts are those of ``benchmarks/grounding.py``; a test compares them with its stored result.
"""

from dataclasses import dataclass

# Kind of text, then verdict: claims with that verdict, and those of them that people call supported.
_ABSTRACTS, _FULL_TEXTS = "SciFact, train", "SummEdits, news"
COUNTS: dict[str, dict[str, tuple[int, int]]] = {
    _ABSTRACTS: {"conflict": (36, 9), "located": (459, 276), "source_missing": (424, 85)},
    _FULL_TEXTS: {
        "conflict": (207, 20), "located": (608, 300), "not_located": (3, 0), "quoted": (1, 1),
    },
}  # fmt: skip
_SETS = {"abstract": _ABSTRACTS, "full": _FULL_TEXTS}


@dataclass(frozen=True, slots=True)
class Measured:
    """Of ``claims`` with a verdict in a set, ``supported`` are."""

    set: str
    claims: int
    supported: int


def measured(verdict: str | None, kind: str) -> Measured | None:
    """Return what was measured of a verdict on one kind of text, or None where nothing was."""
    of = _SETS.get(kind)
    counted = COUNTS[of].get(verdict or "") if of is not None else None
    return None if of is None or counted is None else Measured(of, *counted)
