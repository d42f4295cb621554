"""How right the verdicts were on the public sets that the method was tuned on, beside the reports' rule.

The numbers are the stored result of ``benchmarks/grounding.py``, which ships with the program as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import orjson

_FILE = "measured.json"
# Texts of one kind are in one set.
_SETS = {"abstract": "SciFact, train", "full": "SummEdits, news"}
_SUPPORTED = "S"
# Of fewer claims a share says too little.
_FEWEST = 30


@dataclass(frozen=True, slots=True)
class Measured:
    """Of ``claims`` with a verdict in a set, ``supported`` are."""

    set: str
    claims: int
    supported: int


@dataclass(frozen=True, slots=True)
class Share:
    """A measured value with the ends of its bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One measure over ``n`` claims, of this method and of the reports' rule; None where it is not theirs."""

    name: str
    n: int
    ours: Share | None
    theirs: Share | None


@dataclass(frozen=True, slots=True)
class Band:
    """Claims with a cosine from ``low`` up to but not including ``high``, and how many were supported."""

    low: Decimal
    high: Decimal
    claims: int
    supported: int

    @property
    def share(self) -> float:
        """The share of the claims that were supported."""
        return self.supported / self.claims


@dataclass(frozen=True, slots=True)
class Set:
    """Everything that was measured on one set; ``kind`` is that of its texts."""

    name: str
    kind: str
    rows: tuple[Row, ...]
    verdicts: Mapping[str, Measured]
    labels: Mapping[str, int]
    bands: tuple[Band, ...]
    claims_per_second: int

    @property
    def claims(self) -> int:
        """The number of its claims."""
        return sum(one.claims for one in self.verdicts.values())

    def row(self, name: str) -> Row:
        """Return a measure by its name."""
        return next(row for row in self.rows if row.name == name)


@dataclass(frozen=True, slots=True)
class Result:
    """One run of the benchmark: its day, the method that it measured, and the sets by the kind of text."""

    day: str
    method: str
    sets: Mapping[str, Set]

    def kind_of(self, name: str) -> str | None:
        """Return the kind of the texts of a set, or None where the run has no set of that name."""
        return next((kind for kind, of in self.sets.items() if of.name == name), None)


@cache
def result() -> Result:
    """Return the run that ships with the program."""
    found = orjson.loads((resources.files("colophon.grounding") / _FILE).read_bytes())
    sets = {kind: _set(name, kind, found["sets"][name]) for kind, name in _SETS.items()}
    return Result(found["day"], found["method"], sets)


def measured(verdict: str | None, kind: str) -> Measured | None:
    """Return what was measured of a verdict on one kind of text, or None where nothing was."""
    of = result().sets.get(kind)
    return of.verdicts.get(verdict or "") if of is not None else None


def band_of(score: Decimal) -> Band | None:
    """Return what a cosine of words was worth against abstracts; None where too few claims have such."""
    bands = result().sets["abstract"].bands
    return next((one for one in bands if one.low <= score < one.high and one.claims >= _FEWEST), None)


def _set(name: str, kind: str, found: dict[str, Any]) -> Set:
    verdicts = {
        verdict: Measured(name, sum(counts.values()), counts[_SUPPORTED])
        for verdict, counts in found["verdicts"].items()
    }
    labels = {
        label: sum(counts[label] for counts in found["verdicts"].values())
        for label in next(iter(found["verdicts"].values()))
    }
    bands = tuple(
        Band(Decimal(one["low"]), Decimal(one["high"]), one["claims"], one["supported"])
        for one in found["cosine_bands"]
    )
    return Set(name, kind, tuple(_rows(found["rows"])), verdicts, labels, bands, found["claims_per_second"])


def _rows(found: list[dict[str, Any]]) -> Iterator[Row]:
    for row in found:
        ours, theirs = (Share(*row[side]) if row[side] else None for side in ("ours", "theirs"))
        yield Row(row["name"], row["n"], ours, theirs)
