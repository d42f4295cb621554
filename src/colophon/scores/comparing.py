"""Which scores may be set against each other, and what is missing where they may not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from colophon.scores import KEYS, Score


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether rows are comparable.

    ``missing`` are the keys that a row leaves open, ``different`` those in which rows differ.  ``spread`` is
    the distance between the smallest and the largest value, whatever the keys say.
    """

    missing: tuple[str, ...]
    different: tuple[str, ...]
    spread: Decimal
    is_beyond_rounding: bool

    @property
    def is_comparable(self) -> bool:
        """Whether every key is known and equal."""
        return not self.missing and not self.different

    @property
    def is_contested(self) -> bool:
        """Whether comparable rows give different values."""
        return self.is_comparable and self.is_beyond_rounding

    def __str__(self) -> str:
        if self.is_contested:
            return f"contested (spread {self.spread:f})"
        if self.is_comparable:
            return "comparable"
        verb = "differs" if len(self.different) == 1 else "differ"
        why = [f"{', '.join(self.different)} {verb}"] if self.different else []
        why += [f"missing: {', '.join(self.missing)}"] if self.missing else []
        return f"not comparable ({'; '.join(why)})"


def comparable(rows: Iterable[Score]) -> Comparison:
    """Return whether scores may be compared: each key must be known, and equal in all of them."""
    scores = list(rows)
    missing: list[str] = []
    different: list[str] = []
    for key in (*KEYS, "unit"):
        values = {_folded(getattr(row, key)) for row in scores}
        if None in values and key != "unit":
            missing.append(key)
        if len(values - {None}) > 1 or (key == "unit" and len(values) > 1):
            different.append(key)
    printed = [row.value for row in scores] or [Decimal(0)]
    spread = max(printed) - min(printed)
    return Comparison(tuple(missing), tuple(different), spread, _is_beyond_rounding(scores))


def _folded(value: str | None) -> str | None:
    return value.casefold().replace("-", " ") if value is not None else None


def _is_beyond_rounding(scores: Sequence[Score]) -> bool:
    """Whether no one value can have been printed as all of these."""
    spans = [(row.value, _half(row.value_text)) for row in scores]
    if not spans:
        return False
    return max(value - half for value, half in spans) > min(value + half for value, half in spans)


def _half(text: str) -> Decimal:
    """Return half of the last printed digit."""
    digits = "".join(character for character in text if character.isdigit() or character == ".")
    return Decimal(5) / Decimal(10) ** (len(digits.partition(".")[2]) + 1)
