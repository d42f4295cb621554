"""The whole-registry stage: facts of all records become findings across records and derived values.

It reads columns only.  The one look back at a file is for the line of a finding that needs the index.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from colophon import canon, faults, yaml_guard
from colophon.audits import AUDITS
from colophon.examination import Examined, Outcome, finding_of, outcome_of
from colophon.index import Facts, Index
from colophon.model import Admissions, ClaimRerun, Derived, Examination, Fault, Finding, Flaw, Rule
from colophon.outline import Outline, broken_links, outline_of
from colophon.rules.derive import derive
from colophon.rules.vocabularies import vocabularies_of
from colophon.settings import Settings
from colophon.sharing import Sharing
from colophon.store import Tree, admission_order

_NOTHING = Examination()


@dataclass(frozen=True, slots=True)
class Judged:
    """A readable record with everything that is concluded about it."""

    id: str
    folder: str
    digest: str
    facts: Facts
    findings: tuple[Finding, ...]
    derived: Derived
    outcomes: tuple[Outcome, ...]
    scores: tuple[bytes, ...] = ()


def judge(
    tree: Tree,
    settings: Settings,
    examined: Sequence[Examined],
    reruns: Mapping[str, tuple[ClaimRerun, ...]] | None = None,
    only: Collection[str] | None = None,
    sharing: Sharing | None = None,
) -> Iterator[Judged]:
    """Yield every readable record, judged, in order of ids; with ``only``, those of these ids.

    ``reruns`` has by record id what re-runs say about its claims, ``sharing`` the values that were seen.
    """
    alike = sharing or Sharing()
    index = Index({item.id: item.facts for item in examined if item.facts is not None})
    order = admission_order(tree)
    outlines = {one.id: one for one in _outlines(examined, order)}
    across = _across(tree, index, outlines.values())
    looked_at = {code: audit.outcome for code, audit in AUDITS.all().items() if audit.outcome is not None}
    vocabularies = vocabularies_of(settings.vocabularies)
    for item in examined:
        if item.facts is None or (only is not None and item.id not in only):
            continue
        known = {(finding.code, finding.path, finding.pointer) for finding in item.findings}
        beyond = [f for f in across.get(item.id, ()) if (f.code, f.path, f.pointer) not in known]
        found = [*item.findings, *beyond]
        derived = derive(item.facts, found, vocabularies, (reruns or {}).get(item.id, ()))
        second, outcomes = _second(tree, item.facts, derived)
        findings = tuple(sorted([*found, *second]))
        more = {code: outcome(outlines[item.id]) for code, outcome in looked_at.items()}
        counted = alike.one(alike.each(_recounted([*item.outcomes, *outcomes], findings, more)))
        concluded = alike.derived(derived)
        yield Judged(
            item.id, item.folder, item.digest, item.facts, findings, concluded, counted, item.scores
        )  # fmt: skip


def _outlines(examined: Iterable[Examined], order: Admissions) -> Iterator[Outline]:
    """Yield the outlines of the readable records."""
    for item in examined:
        if item.facts is not None:
            yield outline_of(item.facts, 0, item.signature, order.of(item.id))


def _recounted(
    outcomes: list[Outcome], findings: tuple[Finding, ...], across: Mapping[str, Examination]
) -> Iterator[Outcome]:
    """Yield the outcomes with what was looked at ``across`` records by the code of a rule, and found."""
    flagged = Counter(finding.code for finding in findings)
    for code, recognised, checked, _ in outcomes:
        more = across.get(code, _NOTHING)
        yield code, recognised + more.recognised, checked + more.checked, flagged.get(code, 0)


def _across(tree: Tree, index: Index, outlines: Iterable[Outline]) -> dict[str, list[Finding]]:
    """Run the registry-wide parts of audits and the links between records."""
    found: dict[str, list[Finding]] = {}
    for rule, record_id, flaw in flaws_across(outlines):
        located = _locate(tree, rule, flaw, index.facts[record_id])
        found.setdefault(record_id, []).append(located)
    for record_id, dangling in link_findings(outlines, index.facts, tree):
        found.setdefault(record_id, []).append(dangling)
    return found


def link_findings(
    outlines: Iterable[Outline], known: Mapping[str, Any], tree: Tree
) -> Iterator[tuple[str, Finding]]:
    """Yield (record id, finding) for the links between papers that lead nowhere.

    ``known`` has what names the title, by id.
    """
    for link in broken_links(outlines, known):
        line = line_of(tree, link.path, link.pointer)
        fault = Fault("S113", line, link.pointer, link.message)
        yield link.record, faults.finding(fault, link.path, link.record)


def flaws_across(outlines: Iterable[Outline]) -> Iterator[tuple[Rule, str, Flaw]]:
    """Yield (rule, record id, flaw) of everything that only the whole registry shows."""
    outlines = tuple(outlines)
    for audit in AUDITS.all().values():
        if audit.across is not None:
            for record_id, flaw in audit.across(outlines):
                yield audit.rule, record_id, flaw


def _second(tree: Tree, facts: Facts, derived: Derived) -> tuple[list[Finding], list[Outcome]]:
    """Compare stated values with derived ones."""
    findings: list[Finding] = []
    outcomes: list[Outcome] = []
    for audit in AUDITS.all().values():
        if audit.examine_stated is not None:
            result = audit.examine_stated(facts, derived)
            findings.extend(_locate(tree, audit.rule, flaw, facts) for flaw in result.flaws)
            outcomes.append(outcome_of(audit.rule, result))
    return findings, outcomes


def _locate(tree: Tree, rule: Rule, flaw: Flaw, facts: Facts) -> Finding:
    line = line_of(tree, f"{facts.folder}/{flaw.document}.json", flaw.pointer)
    return finding_of(rule, flaw, facts.folder, facts.id, line)


def line_of(tree: Tree, path: str, pointer: str) -> int:
    """Return the line of a pointer in a document that was found in order."""
    raw = tree.read(path)
    if path.endswith(".yaml"):
        return canon.line_of(yaml_guard.read(raw).lines, pointer)
    return canon.stored_line(canon.read(raw).value, pointer)


def future_dates(all_facts: Iterable[Facts], now: str, tree: Tree) -> Iterator[Finding]:
    """Yield H101 for every stated date after ``now`` (ISO date-time, UTC).  Never cached."""
    for facts in all_facts:
        for path, pointer, stated in facts.dates:
            if stated[:10] > now[:10] or (len(stated) > 10 and stated > now):
                line = line_of(tree, path, pointer)
                message = f"date {stated} lies after the time of this check, {now}"
                yield faults.finding(Fault("H101", line, pointer, message), path, facts.id)
