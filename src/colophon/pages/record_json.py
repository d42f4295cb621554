"""papers/<id>.json: everything that the site says about one paper, as published-record-v2."""

from collections.abc import Iterator
from typing import Any, cast

from colophon import canon, contracts, schema
from colophon.contracts.quality_tiers import EvidenceTierVocabulary
from colophon.examination import tally
from colophon.findings_json import audit_report
from colophon.model import Artifact, ClaimRerun
from colophon.pages import Output, record_page
from colophon.pages._history import correction_record
from colophon.pages._tier_inputs import inputs_of
from colophon.rules import assessment
from colophon.views import RecordView

_NOT_RUN = {
    "run_class": None, "grade": None, "binding": None, "run": None, "pointer": None,
    "value": None, "expected": None, "tolerance": None,
}  # fmt: skip
UNVERIFIED = "no run is bound to this claim"


@record_page("record_json")
def record_json(view: RecordView) -> Iterator[Output]:
    """Yield the JSON of one paper; every part names its contract and has its keys in the contract's order."""
    yield Artifact(
        f"papers/{view.record.id}.json", "application/json", canon.compact(published_record(view)) + b"\n"
    )


def published_record(view: RecordView) -> dict[str, Any]:
    """Return the whole document.  The envelope knows nothing of its parts, so each is put in order alone."""
    current, manifest = view.record.current.manifest, _in_order(view.manifest)
    # Most papers are as they were filed: the largest part of the document is put in order once.
    is_as_filed = canon.compact(current) == canon.compact(view.manifest)
    whole = {"manifest": manifest, "record": manifest if is_as_filed else _in_order(current)}
    document = {
        "contract_version": "published-record-v2",
        "id": view.record.id,
        "display_id": view.record.manifest.display_id,
        "filed_as": view.record.filed_contract,
        **whole,
        "provenance": view.record.current.provenance,
        "groundings": [one.document for one in reversed(view.record.evidence.groundings)],
        "checks": [one.document for one in view.record.evidence.checks],
        "corrections": correction_record(view.record, view.judged.derived.state),
        "report": _report(view),
        **_assessments(view),
        "verdicts": list(_verdicts(view)),
        "citations": {name: view.citations[name] for name in ("bibtex", "csl_json", "ris")},
    }
    return {name: part if name in whole else _in_order(part) for name, part in document.items()}


def _in_order(part: Any) -> Any:
    """Put the keys of a part, or of each part of a list, into the order of its own contract."""
    if isinstance(part, list):
        return [_in_order(item) for item in part]
    if isinstance(part, dict) and "contract_version" in part:
        return schema.ordered(part["contract_version"], part)
    return part


def _report(view: RecordView) -> dict[str, Any]:
    tallies = {outcome[0]: tally(outcome) for outcome in view.judged.outcomes}
    return audit_report(view.judged.findings, view.rules, tallies, view.record.id)


def _assessments(view: RecordView) -> dict[str, Any]:
    """Return tier, the publisher's tiers, level and dimensions as documents of their contracts."""
    judged = view.judged
    vocabulary = contracts.read(view.settings.vocabularies["quality-tiers-v2"])
    evidence_tiers = cast(EvidenceTierVocabulary, vocabulary)
    return {
        "tier": assessment.tier_assessment(judged.facts, judged.findings, judged.derived, evidence_tiers),
        "tier_inputs": inputs_of(view),
        "stated_tier": assessment.publisher_tier_assessment(judged.facts, judged.derived),
        "level": assessment.level_assessment(judged.facts, judged.derived),
        "dimensions": assessment.dimension_assessment(judged.facts, judged.derived),
    }


def _verdicts(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield the verdicts on every claim: one for each binding, or that no run is bound to it."""
    for claim in view.record.manifest.claims or ():
        bound = [one for one in view.judged.derived.reruns if one.claim == claim.id]
        yield from (_bound(view.record.id, one) for one in bound)
        if not bound:
            yield _unbound(view.record.id, claim.id)


def _bound(paper: str, one: ClaimRerun) -> dict[str, Any]:
    run = None
    if one.run is not None:
        run = {"experiment": one.experiment, "file": one.run, "sha256": one.run_sha256}
    text, value, unit = one.expected or (None, None, None)
    size, kind, why = one.tolerance or (None, None, None)
    return {
        "contract_version": "claim-verdict-v1", "paper": paper, "claim": one.claim,
        "verdict": one.verdict, "run_class": one.run_class, "grade": one.grade, "binding": one.binding,
        "run": run, "pointer": one.pointer, "value": one.value,
        "expected": None if text is None else {"text": text, "value": value, "unit": unit},
        "tolerance": None if size is None else {"value": size, "kind": kind, "why": why},
        "reason": f"{one.statement} {one.reason}", "evaluated_at": one.evaluated_at,
    }  # fmt: skip


def _unbound(paper: str, claim: str) -> dict[str, Any]:
    """Return the verdict of a claim that no run is bound to."""
    return {
        "contract_version": "claim-verdict-v1", "paper": paper, "claim": claim,
        "verdict": "UNVERIFIED", **_NOT_RUN, "reason": UNVERIFIED, "evaluated_at": None,
    }  # fmt: skip
