"""Verdicts for pages: what was claimed, what came out, and how a reader computes it by hand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from colophon import layout, run_metrics
from colophon.bindings import FiledBinding
from colophon.contracts.run_record import ClaimOwner, RunRecord
from colophon.model import ClaimRerun
from colophon.pages import _words
from colophon.pages.sources import file_name
from colophon.rules.verdict import Run, Verdict
from colophon.rules.verdict_words import compared, label, printed, relation

_TEXT, _LINE, _FORMULA = 700, 400, 600
# Numbers of one verdict that stand on the page; the others are in the run.
_INPUTS, _VALUES = 14, 8
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# The pages on which claims of works stand, by kind, identifier and claim.
Places = Mapping[tuple[str, str, str], str]
NOWHERE: Places = MappingProxyType({})
CLASSES = {
    "arithmetic": "by arithmetic",
    "counted": "by counting",
    "cached": "from a stored output",
    "cpu": "by a run on a CPU",
    "gpu": "by a run on a GPU",
    "second-machine": "by runs on two machines",
}
GRADES = {"direct": "direct", "in_kind": "in kind", "cannot_test": "cannot be tested"}


def look(verdict: str, outcome: str | None, *, is_withheld: bool) -> str:
    """Return the class that colours a verdict."""
    is_plain = verdict != "UNVERIFIED" or outcome is None or is_withheld
    return verdict.lower() if is_plain else f"unverified-{outcome}"


def path(binding: str) -> str:
    """Return the page of a verdict, by the registry path of its binding."""
    _, experiment, name = binding.split("/")
    return f"experiments/{experiment}/{name.removesuffix('.json')}.html"


def of_claims(
    reruns: Sequence[ClaimRerun], texts: Mapping[str, str] = MappingProxyType({})
) -> dict[str, list[dict[str, str]]]:
    """Return what stands beside each claim of a record: the verdicts on it, by the claim's id.

    A statement that is the claim itself, whose words ``texts`` has by id, need not stand there twice.
    """
    found: dict[str, list[dict[str, str]]] = {}
    for one in reruns:
        found.setdefault(one.claim, []).append(
            {
                "label": label(one.verdict, one.grade, one.outcome, is_withheld=one.is_withheld),
                "look": look(one.verdict, one.outcome, is_withheld=one.is_withheld),
                "how": CLASSES.get(one.run_class or "", ""),
                "statement": ""
                if one.statement.strip() == texts.get(one.claim, "").strip()
                else _words.short(one.statement, _LINE),
                "path": path(one.binding),
                "sender": _words.short(one.sender or "", _LINE),
            }
        )
    return found


def in_list(said: Verdict, root: str, places: Places = NOWHERE) -> dict[str, Any]:
    """Return what a list shows of one verdict; ``root`` is the way up from its page."""
    binding, expected, run = said.binding, said.binding.expected, said.run
    return {
        "label": label(said.verdict, binding.grade, said.outcome, is_withheld=said.is_withheld),
        "look": look(said.verdict, said.outcome, is_withheld=said.is_withheld),
        "how": CLASSES.get(said.run_class or "", ""),
        "statement": _words.short(binding.statement, _TEXT),
        "owner": owner(binding.claim, root, places),
        "relation": "" if expected is None else relation(expected),
        "expected": "" if expected is None else _words.short(expected.text, _LINE),
        "value": "" if said.metric is None else printed(said.metric),
        "href": f"{root}{path(said.path)}",
        "sender": _words.short(said.sender or "", _LINE),
        "operator": "" if run is None or said.is_vouched else _words.short(run.record.operator, _LINE),
    }


def alone(
    said: Verdict, claim_text: str, places: Places, *, is_earlier: bool, replaces: FiledBinding | None
) -> dict[str, Any]:
    """Return everything that the page of one verdict shows; it lies two folders below the top."""
    binding, run = said.binding, said.run
    return {
        **in_list(said, "../../", places),
        "grade": GRADES[binding.grade],
        "claim": _words.short(claim_text, _TEXT),
        "reason": _words.short(said.reason, _TEXT),
        "why": _words.short(binding.why, _TEXT),
        "tolerance": _tolerance(said),
        "filed_by": _words.short(binding.filed_by, _LINE),
        "filed": binding.date,
        "filed_text": _words.day(binding.date),
        "replaces": None if replaces is None else _replaced(replaces),
        "computed": None if run is None else _computed(run.record, said.name, places),
        "compared": "" if said.metric is None else _words.short(compared(binding, said.metric), _LINE),
        "run": None if run is None else run_link(run),
        "code": [] if run is None else [(one.name, one.sha256[7:]) for one in run.record.code],
        "is_earlier": is_earlier,
        "others": said.others,
        "disagreeing": [run_link(one) for one in said.disagreeing[:_VALUES]],
    }


def _replaced(earlier: FiledBinding) -> dict[str, str]:
    return {
        "href": f"../../{path(earlier.path)}",
        "name": earlier.name.removesuffix(".json"),
        "by": _words.short(earlier.binding.filed_by, _LINE),
    }


def replaced(earlier: FiledBinding, later: str) -> dict[str, Any]:
    """Return what the page of a binding shows that a later one replaces; ``later`` is its file name."""
    binding = earlier.binding
    return {
        "statement": _words.short(binding.statement, _TEXT),
        "filed_by": _words.short(binding.filed_by, _LINE),
        "filed": binding.date,
        "filed_text": _words.day(binding.date),
        "href": later.removesuffix(".json") + ".html",
        "name": later.removesuffix(".json"),
    }


def owner(claim: ClaimOwner, root: str, places: Places) -> tuple[str, str]:
    """Return the address of a claim and how it is called; ``places`` has the pages of works' claims."""
    if claim.kind == "paper":
        shown = f"paper {claim.identifier[:8]}, {claim.claim}"
        return f"{root}papers/{claim.identifier}.html#claims", shown
    name = layout.without_version(claim.kind, claim.identifier)
    shown = _words.short(f"{claim.kind} {name}, {claim.claim}", _LINE)
    place = places.get((claim.kind, name, claim.claim))
    if place is not None:
        return f"{root}{place}#{claim.claim}", shown
    return f"{root}works/{file_name(claim.kind, name)}.html", shown


def run_link(run: Run) -> dict[str, Any]:
    """Return what a page shows of a run; the address counts from the folder of its experiment."""
    machine, name = run.path.split("/")[2:]
    record = run.record
    return {
        "href": f"{machine}/{name}",
        "name": f"{machine}/{name.removesuffix('.json')}",
        "digest": run.sha256.removeprefix("sha256:"),
        "by": _words.short(record.operator, _LINE),
        "day": record.ended[:10],
        "day_text": _words.day(record.ended),
        "on": _words.short(
            record.machine.gpu.name if record.machine.gpu else record.machine.processor, _LINE
        ),
        "is_confined": record.sandbox.kind != "none" and not record.sandbox.network,
    }


def _tolerance(said: Verdict) -> str:
    tolerance = said.binding.tolerance
    if tolerance is None:
        return ""
    size = f"{tolerance.value:g}" + (" of it" if tolerance.kind == "relative" else "")
    return _words.short(f"within {size}: {tolerance.why}" if tolerance.value else tolerance.why, _LINE)


def _computed(record: RunRecord, name: str, places: Places) -> dict[str, Any]:
    """Return a metric as a calculation: each formula with its numbers put in, and where those are from."""
    inputs = run_metrics.inputs(record, name)
    steps = run_metrics.in_order(record, (*inputs.metrics, name))
    shown = steps[-_INPUTS:]
    sources = list(_sources(record, inputs, places))
    return {
        "steps": [_step(record, one) for one in shown],
        "sources": sources[:_INPUTS],
        "more": len(steps) - len(shown) + max(0, len(sources) - _INPUTS),
    }


def _step(record: RunRecord, name: str) -> dict[str, Any]:
    metric = record.metrics[name]
    ends = ((metric.low_formula, metric.low), (metric.high_formula, metric.high))
    return {
        "name": name,
        "formula": _words.short(metric.formula, _FORMULA),
        "put_in": _put_in(record, metric.formula),
        "value": printed(metric),
        "ends": [
            {"formula": _words.short(formula, _FORMULA), "value": f"{value:.6g}"}
            for formula, value in ends
            if formula is not None and value is not None
        ],
        "what": _words.short(metric.what, _LINE),
    }


def _put_in(record: RunRecord, formula: str) -> str:
    """Return a formula with its numbers put in, or empty when there is none to put in."""
    put_in = _NAME.sub(lambda found: _value(record, found[0]), formula)
    return _words.short(put_in, _FORMULA) if put_in != formula else ""


def _value(record: RunRecord, name: str) -> str:
    """Return a number for its name; lists of samples and functions keep theirs."""
    for table in (record.parameters, record.published, record.metrics):
        if name in table:
            return f"{table[name].value!r}"
    return name


def _sources(record: RunRecord, inputs: run_metrics.Inputs, places: Places) -> Iterator[dict[str, Any]]:
    for name in inputs.published:
        number = record.published[name]
        href, text = owner(number.owner, "../../", places)
        yield {
            "name": name,
            "text": f"{_words.short(number.text, _LINE)}, printed in",
            "href": href,
            "link": text,
        }
    for name in inputs.parameters:
        one = record.parameters[name]
        yield {
            "name": name,
            "text": f"{one.value!r}, chosen: {_words.short(one.what, _LINE)}",
            "href": "",
            "link": "",
        }
    for name in inputs.samples:
        yield {"name": name, "text": _sampled(record, name), "href": "", "link": ""}


def _sampled(record: RunRecord, name: str) -> str:
    samples = record.samples[name]
    values = ", ".join(f"{value!r}" for value in samples.values[:_VALUES])
    count = len(samples.values)
    listed = values if count <= _VALUES else f"{values} and {count - _VALUES:,} more in the run"
    return _words.short(f"{listed}: {samples.what}", _FORMULA)
