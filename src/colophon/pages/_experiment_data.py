"""The data of an experiment beside its pages: every metric as CSV, the verdicts as JSON."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from colophon import schema
from colophon.contracts.run_record import Metric, Plot
from colophon.reruns import Rerun
from colophon.rules.verdict import Run, Verdict

_CONTRACT = "published-experiment-v1"
# A spreadsheet takes a text that begins so for a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def table(metrics: Mapping[str, tuple[Metric, Run]]) -> str:
    """Return all metrics as CSV; no cell of it is a formula to a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("metric", "value", "low", "high", "unit", "kind", "formula", "what", "run"))
    for name, (metric, run) in sorted(metrics.items()):
        texts = (metric.unit or "", metric.kind, metric.formula, metric.what, run.path)
        numbers = (metric.value, *("" if end is None else end for end in (metric.low, metric.high)))
        writer.writerow((name, *numbers, *map(_inert, texts)))
    return out.getvalue()


def plotted(plot: Plot, metrics: Mapping[str, tuple[Metric, Run]]) -> str:
    """Return what a plot is drawn of as CSV, one row for each point, so that it can be drawn again."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("series", "place", "metric", "value", "low", "high", "unit"))
    for series in plot.series:
        for point in series.points:
            if point.metric in metrics:
                metric, _ = metrics[point.metric]
                place = point.label if point.x is None else point.x
                ends = ("" if end is None else end for end in (metric.low, metric.high))
                row = (series.label, place, point.metric, metric.value, *ends, metric.unit or "")
                writer.writerow(_inert(one) if isinstance(one, str) else one for one in row)
    return out.getvalue()


def _inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text


def document(one: Rerun) -> dict[str, Any]:
    """Return the published-experiment-v1 of an experiment."""
    newest = one.newest
    values = {
        "contract_version": _CONTRACT,
        "experiment": one.experiment,
        "title": newest.title if newest else None,
        "question": newest.question if newest else None,
        "limits": newest.limits if newest else None,
        "runs": [
            {"path": run.path, "sha256": run.sha256, "by_earlier_code": one.is_earlier(run)}
            for run in one.runs
        ],
        "verdicts": [_said(said) for said in one.verdicts],
    }
    ordered: dict[str, Any] = schema.ordered(_CONTRACT, values)
    for verdict in ordered["verdicts"]:
        # The envelope knows nothing of its parts, so each is put in order alone.
        verdict["document"] = schema.ordered("reproduction-binding-v1", verdict["document"])
    return ordered


def _said(said: Verdict) -> dict[str, Any]:
    run, metric = said.run, said.metric
    return {
        "binding": said.path,
        "document": said.binding.model_dump(mode="json"),
        "verdict": said.verdict,
        "outcome": said.outcome,
        "run_class": said.run_class,
        "run": None if run is None else run.path,
        "operator": None if run is None else run.record.operator,
        "value": None if metric is None else metric.value,
        "low": None if metric is None else metric.low,
        "high": None if metric is None else metric.high,
        "reason": said.reason,
        "disagreeing": [one.path for one in said.disagreeing],
        "evaluated_at": None if run is None else run.record.ended,
    }
