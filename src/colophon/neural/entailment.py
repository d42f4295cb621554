"""Natural language inference: whether a passage entails a claim, contradicts it, or leaves it open."""

from dataclasses import dataclass
from pathlib import Path

from colophon.errors import UsageError
from colophon.neural.network import Network

ENTAILS, CONTRADICTS = "entailment", "contradiction"


@dataclass(frozen=True, slots=True)
class Inference:
    """What a network says of a passage and a claim: two probabilities; the rest is neither."""

    entails: float
    contradicts: float


class EntailmentJudge:
    """A sequence classifier over passage and claim, whose labels ``config.json`` names in ``id2label``.

    Raises what Network raises, and UsageError for a classifier that was trained for something else.
    """

    def __init__(self, folder: Path) -> None:
        self.network = Network(folder)
        labels = self.network.config.get("id2label")
        names = (
            {str(name).lower(): int(at) for at, name in labels.items() if str(at).isdigit()}
            if isinstance(labels, dict)
            else {}
        )
        if ENTAILS not in names:
            told = ", ".join(names) or "no labels"
            raise UsageError(f"{folder}: config.json has {told} in id2label, expected {ENTAILS} among them")
        self._places = names

    def judge(self, passage: str, claim: str) -> Inference:
        """Return how surely a passage entails or contradicts a claim."""
        import numpy as np  # noqa: PLC0415

        logits, _ = self.network.run(passage, claim)
        if logits.ndim != 2 or logits.shape[1] != len(self._places) or not np.isfinite(logits).all():
            raise UsageError(
                f"{self.network.folder}: gives {list(logits.shape)} numbers, expected one for each of"
                f" {len(self._places)} labels"
            )
        raised = np.exp(logits[0] - logits[0].max())
        shares = raised / raised.sum()
        contradicts = self._places.get(CONTRADICTS)
        return Inference(
            float(shares[self._places[ENTAILS]]), 0.0 if contradicts is None else float(shares[contradicts])
        )
