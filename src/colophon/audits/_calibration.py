"""What a score of likeness was worth where somebody looked: how many claims were supported at which score.

Measured on the claims of the training part of SciFact (Wadden et al. 2020), each with an abstract that it
cites and a label given by people. The score is a TF-IDF cosine over words and pairs of words; weights are
fitted on the abstracts. Bands with fewer than 30 pairs are left out: above 0.35 such scores were too rare
to judge.
"""

from dataclasses import dataclass
from decimal import Decimal

SOURCE = "SciFact, claims against cited abstracts"


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from ``low`` up to but not including ``high``: number of pairs, and how many were supported."""

    low: Decimal
    high: Decimal
    pairs: int
    supported: int

    @property
    def share(self) -> float:
        """The share of pairs whose claim was supported."""
        return self.supported / self.pairs


TF_IDF_COSINE = tuple(
    Band(Decimal(low), Decimal(high), pairs, supported)
    for low, high, pairs, supported in (
        ("0.00", "0.05", 183, 30),
        ("0.05", "0.10", 161, 46),
        ("0.10", "0.15", 169, 69),
        ("0.15", "0.20", 145, 73),
        ("0.20", "0.25", 107, 62),
        ("0.25", "0.30", 69, 39),
        ("0.30", "0.35", 45, 26),
    )
)


def band_of(score: Decimal) -> Band | None:
    """Return the band of a score, or None where none was measured."""
    return next((band for band in TF_IDF_COSINE if band.low <= score < band.high), None)
