"""Embeddings of sentences: which passages lie nearest to a claim."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from colophon.errors import UsageError
from colophon.neural.network import Network

if TYPE_CHECKING:
    import numpy as np


class EmbeddingLocator:
    """An encoder whose last layer, averaged over the tokens of a text, is the text's place.

    Raises what Network raises.
    """

    def __init__(self, folder: Path) -> None:
        self.network = Network(folder)
        self._known: dict[str, np.ndarray] = {}

    def nearest(self, claim: str, passages: Sequence[str], most: int) -> list[tuple[int, float]]:
        """Return (place, cosine) of the passages nearest to a claim, the nearest first."""
        if not passages:
            return []
        own = self._embedded(claim)
        for text in passages:
            if text not in self._known:
                self._known[text] = self._embedded(text)
        cosines = [(at, float(own @ self._known[text])) for at, text in enumerate(passages)]
        return sorted(cosines, key=lambda one: (-one[1], one[0]))[:most]

    def _embedded(self, text: str) -> "np.ndarray":
        """Return the place of a text as a vector of length one, or of zeros."""
        import numpy as np  # noqa: PLC0415

        states, mask = self.network.run(text)
        if states.ndim == 3 and states.shape[1] == mask.shape[1]:
            states = (states * mask[:, :, None]).sum(axis=1) / max(1.0, mask.sum())
        if states.ndim != 2 or not np.isfinite(states).all():
            raise UsageError(
                f"{self.network.folder}: gives {list(states.shape)} numbers, expected a vector for each token"
            )
        length = float(np.linalg.norm(states[0]))
        vector: np.ndarray = states[0] / length if length else states[0]
        return vector
