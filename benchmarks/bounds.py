"""The bounds of a run of registry-speed beside what it measured: met, or missed by which factor.

    python benchmarks/bounds.py run.json

A run keeps a bound as the parameter ``most_<metric>`` or ``least_<metric>``.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SIDES = {"most": "at most", "least": "at least"}


@dataclass(frozen=True, slots=True)
class Row:
    """One bound; ``measured`` is None where the run holds no such metric."""

    metric: str
    what: str
    side: str
    bound: float
    unit: str
    measured: float | None

    @property
    def is_met(self) -> bool | None:
        """Whether the bound is met; None where nothing was measured."""
        if self.measured is None:
            return None
        return self.measured <= self.bound if self.side == "most" else self.measured >= self.bound

    @property
    def verdict(self) -> str:
        """The verdict in words, with the factor by which a bound is missed."""
        if self.measured is None:
            return "not measured"
        if self.is_met:
            return "met"
        over, under = (self.measured, self.bound) if self.side == "most" else (self.bound, self.measured)
        return f"missed {over / under:.2f} times" if under > 0 else "missed"


def rows(record: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the bounds of a run-record-v1, in the order of their metrics."""
    for name, parameter in sorted(record["parameters"].items(), key=lambda item: item[0].partition("_")[2]):
        side, _, metric = name.partition("_")
        if side in _SIDES:
            measured = record["metrics"].get(metric)
            what = parameter["what"].partition(": ")[2]
            yield Row(
                metric, what, side, parameter["value"], parameter["unit"], measured and measured["value"]
            )


def table(record: Mapping[str, Any]) -> str:
    """Return all bounds of a run as a Markdown table."""
    head = ("metric", "what", "bound", "measured", "verdict")
    lines = [f"| {' | '.join(head)} |", "| --- | --- | ---: | ---: | --- |"]
    for row in rows(record):
        measured = "" if row.measured is None else f"{row.measured:,.4g} {row.unit}"
        bound = f"{_SIDES[row.side]} {row.bound:,g} {row.unit}"
        lines.append(f"| {row.metric} | {row.what} | {bound} | {measured} | {row.verdict} |")
    return "\n".join(lines) + "\n"


def summary(record: Mapping[str, Any]) -> str:
    """Return in one line how many bounds are met, missed and not measured."""
    verdicts = [row.is_met for row in rows(record)]
    met, missed, left = (verdicts.count(one) for one in (True, False, None))
    return f"{len(verdicts)} bounds: {met} met, {missed} missed, {left} not measured"


def main(arguments: list[str]) -> None:
    """Print the table of one run.  A missed bound is told and fails nothing."""
    parser = argparse.ArgumentParser(description="Print the bounds of a run beside what was measured.")
    parser.add_argument("run", type=Path, help="a record that registry_speed.py wrote")
    record = json.loads(parser.parse_args(arguments).run.read_bytes())
    print(f"{table(record)}\n{summary(record)}")
    machine = record["machine"]
    print(f"{machine['processor']}, {machine['cores']} cores; preset {record['preset']}, {record['ended']}")
    for note in record["notes"]:
        print(f"- {note}")


if __name__ == "__main__":
    main(sys.argv[1:])
