"""Measures that texts name in ordinary words, and the short forms that stand for them.

Accuracy, recall and the like are left out: texts say them in many ways.
"""

import re

MEASURES: dict[str, tuple[str, ...]] = {
    "perplexity": ("PPL",), "exact match": ("EM",), "mean average precision": ("mAP",),
    "mean reciprocal rank": ("MRR",), "word error rate": ("WER",), "character error rate": ("CER",),
    "intersection over union": ("IoU",), "hazard ratio": ("HR", "hazard"), "odds ratio": ("OR", "odds"),
    "risk ratio": ("RR", "relative risk"), "relative risk": ("RR", "risk ratio"), "bits per byte": ("BPB",),
    "number needed to treat": ("NNT",),
}  # fmt: skip
# One of them, or a measure by whose it is: "Brier score".
MEASURE = re.compile(
    rf"\b(?:(?P<plain>{'|'.join(MEASURES)})s?|(?P<whose>[A-Z][a-z]{{2,20}})(?:'s)? "
    r"(?P<noun>score|index|coefficient|distance|divergence|scale|alpha|kappa|criterion))\b"
)
