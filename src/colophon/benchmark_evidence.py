"""What is stated for one model on one benchmark, in groups of scores that may be set against each other.

Scores of one metric whose every key is known and equal are one group, and only such a group can be contested.
All others of that metric stand together, with what is missing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from colophon import schema
from colophon.score_rows import PAPER, Row, folded, unpacked
from colophon.scores import KEYS
from colophon.scores.comparing import Comparison, comparable

CONTRACT = "benchmark-evidence-v1"
# Of one model on one benchmark; groups are never more than rows.
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Group:
    """Scores of one metric, as places among the rows of their page, with what their comparison says."""

    metric: str | None
    places: tuple[int, ...]
    comparison: Comparison

    @property
    def finding(self) -> str:
        """The word of the contract for it."""
        if len(self.places) == 1:
            return "single"
        if self.comparison.is_contested:
            return "contested"
        return "agree" if self.comparison.is_comparable else "not comparable"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """All rows of one model on one dataset: works first, then papers; ``total`` counts what is left out too.

    The names are those that most rows write.
    """

    model: str
    dataset: str
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    total: int


def by_name(lines: Iterable[bytes]) -> dict[str, dict[str, list[bytes]]]:
    """Return packed rows by dataset and model, each in one spelling and in order."""
    found: dict[str, dict[str, list[bytes]]] = {}
    for line in lines:
        row = unpacked(line)
        found.setdefault(folded(row.dataset), {}).setdefault(folded(row.model), []).append(line)
    return {dataset: dict(sorted(models.items())) for dataset, models in sorted(found.items())}


def benchmark(lines: Sequence[bytes]) -> Benchmark:
    """Return what is stated for the model and the dataset that all lines are of."""
    rows = sorted((unpacked(line) for line in lines), key=_order)
    kept = tuple(rows[:MOST_ROWS])
    model, dataset = (_usual(row.model for row in rows), _usual(row.dataset for row in rows))
    return Benchmark(model, dataset, kept, tuple(_groups(kept)), len(rows))


def _order(row: Row) -> tuple[bool, str, str, str, str]:
    score = row.score
    return row.owner == PAPER, row.owner_id, score.claim_id, score.metric or "", score.value_text


def _usual(names: Iterable[str]) -> str:
    """Return the spelling that occurs most often, of equals the first by order of letters."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return min(counts, key=lambda name: (-counts[name], name))


def _groups(rows: Sequence[Row]) -> Iterator[Group]:
    """Yield the groups by metric, what may be compared first."""
    by_metric: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        by_metric.setdefault(row.score.metric or "", []).append(place)
    for metric, places in sorted(by_metric.items(), key=lambda item: (not item[0], item[0])):
        whole: dict[tuple[str, ...], list[int]] = {}
        partial: list[int] = []
        for place in places:
            keys = [getattr(rows[place].score, key) for key in KEYS]
            if None in keys:
                partial.append(place)
            else:
                whole.setdefault(tuple(map(folded, keys)), []).append(place)
        for group in (*whole.values(), *([partial] if partial else [])):
            found = comparable(rows[place].score for place in group)
            yield Group(metric or None, tuple(group), found)


def document(found: Benchmark) -> dict[str, Any]:
    """Return the benchmark-evidence-v1 of one model on one dataset."""
    rows = [_row(row) for row in found.rows]
    groups = [_group(found.rows, group) for group in found.groups]
    values: Mapping[str, Any] = {
        "contract_version": CONTRACT,
        "model": found.model,
        "dataset": found.dataset,
        "rows": rows,
        "groups": groups,
    }
    ordered: dict[str, Any] = schema.ordered(CONTRACT, values)
    return ordered


def _row(row: Row) -> dict[str, Any]:
    score = row.score
    stated = {key: getattr(score, key) for key in KEYS if key not in ("model", "version")}
    value = {"text": score.value_text, "value": float(score.value), "unit": score.unit}
    return {
        "owner": row.owner,
        "owner_id": row.owner_id,
        "claim": score.claim_id,
        "model": row.model,
        **stated,
        "value": value,
        "source": row.source,
        "locator": row.locator,
    }


def _group(rows: Sequence[Row], group: Group) -> dict[str, Any]:
    found = group.comparison
    values = [float(rows[place].score.value) for place in group.places]
    least, greatest = (None, None) if "unit" in found.different else (min(values), max(values))
    return {
        "rows": list(group.places),
        "metric": group.metric,
        "finding": group.finding,
        "missing": list(found.missing),
        "differing": list(found.different),
        "least": least,
        "greatest": greatest,
        "spread": float(found.spread) if found.is_comparable else None,
    }
