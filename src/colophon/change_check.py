"""Judging a change: what leads from one commit to another, record by record and against the whole registry.

Nothing is read from the work tree and nothing of the head is run.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from colophon import faults, gate, holdings, layout, placement, records, reruns, settings, snapshot, works
from colophon.change_report import ChangeReport
from colophon.errors import RegistryError
from colophon.examination import finding_of
from colophon.executor import Progress
from colophon.folder import record_folders
from colophon.gate_events import blocking, dated, history_findings, removals_unconfirmed, signatures
from colophon.judgement import future_dates, line_of, link_findings
from colophon.model import Fault, Finding, FindingClass, Flaw, Rule, Severity
from colophon.outline import Outline, meant, outline_of
from colophon.record_change import Looked, look, record_change
from colophon.report import worst_first
from colophon.repository import Repository
from colophon.rules.vocabularies import vocabularies_of
from colophon.settings import LoadedSettings, Settings
from colophon.snapshot import Place, Snapshot


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of the check of a change.

    ``folder`` is the registry's path in the repository, ``now`` an ISO time in UTC.  ``file`` keeps the
    outlines of the registry for the next check, or is None.
    """

    repository: Repository
    folder: str
    rules: Mapping[str, Rule]
    now: str
    file: Path | None
    executor: Executor
    progress: Progress


def judge(ask: Ask, base: str, tip: str, head: str) -> ChangeReport:
    """Judge one change; ``base`` is the commit that the head started from, all are full ids.

    ``tip`` is the commit that the change goes to.  What it does is read between base and head, what that
    would make of the registry from a merge of it into the tip.  Raises EnvironmentFault when an object is
    not in the clone.
    """
    gated = gate.judge_change(ask.repository, base, tip, head, ask.folder)
    old, new = Place(ask.repository, tip, ask.folder, ""), Place(ask.repository, head, ask.folder, "")
    if tip != base:
        new = replace(old, head=head, changed=gated.changed)
    loaded = _settings(new, gated)
    if loaded.settings is None:
        found = {*gated.findings, *loaded.findings}
        return ChangeReport(base, head, (), len(gated.changed), worst_first(found), 0, "", ())
    held = loaded.settings
    old, new = replace(old, prefix=held.id_prefix), replace(new, prefix=held.id_prefix)
    looked = [look(old, new, record) for record in gated.touched]
    was = _before(old)
    found = _alone(ask, old, new, gated, looked, was)
    reported = reruns.reporters(new.tree, gated.added, held.stewards)
    notes = (*_notes(gated), *_signed(looked, gated.added), *reported, *_new_settings(gated, was, held))
    standing, where = 0, ""
    kept = snapshot.kept(old, ask.file)
    if kept is None and any(map(_blocks, found)):
        # Whoever has to mend the change anyway should not wait for a look at every other record.
        notes += ("rules over the whole registry were not run: mend the change first",)
    else:
        before = snapshot.taken(old, kept, ask.file, ask.executor, ask.progress)
        across, standing = _whole(ask, new, before, looked)
        found |= across
        where = "colophon check"
        standing = max(0, standing - sum(not _blocks(finding) for finding in found))
    vocabularies = vocabularies_of(held.vocabularies)
    ids = [one.id for one in looked]
    again = [reruns.of_records(place.tree, ids, held.stewards) for place in (old, new)]
    changed = tuple(
        record_change(
            one, gated.changed, gated.removals, vocabularies, [said.get(one.id, ()) for said in again]
        )
        for one in looked
    )
    findings = worst_first(found)
    return ChangeReport(
        base,
        head,
        changed,
        len(gated.changed),
        findings,
        standing,
        where,
        notes,
        # An address that the change sets could lead readers of its own summary astray.
        was.site_url if was is not None else held.site_url,
    )


def _alone(
    ask: Ask,
    old: Place,
    new: Place,
    gated: gate.PathReport,
    looked: Iterable[Looked],
    was: Settings | None,
) -> set[Finding]:
    """Return what the change brings in its paths, its settings and each record by itself."""
    found = {*gated.findings, *_prefix(old, new, was)}
    placed = {finding.path for finding in gated.findings if finding.code in ("H403", "H405")}
    maintainers = was.maintainers if was is not None else ()
    stewards = was.stewards if was is not None else frozenset[str]()
    others = [*_of_sources(ask.now, new, gated.added, stewards)]
    for one in looked:
        others += _of_record(ask.now, one, gated, maintainers)
    # That a file has no place here is said once.
    return found | {one for one in others if one.code not in ("S108", "S114") or one.path not in placed}


def _of_sources(now: str, new: Place, added: Collection[str], stewards: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with added files about sources, works and re-runs."""
    yield from holdings.findings_of(new.tree, [path for path in added if path.startswith("sources/")], now)
    yield from works.findings_of(new.tree, [path for path in added if path.startswith("works/")], now)
    yield from reruns.findings_of(new.tree, added, now, stewards)


def _whole(ask: Ask, new: Place, before: Snapshot, looked: Sequence[Looked]) -> tuple[set[Finding], int]:
    """Return what the change brings across records, and how many findings the registry has after it."""
    after = snapshot.after(before, _updated(before, looked), [one.id for one in looked])
    found = set(_across(ask.rules, new, before, after))
    touched = [after.outlines[one.id] for one in looked if one.id in after.outlines]
    found |= {finding for _, finding in link_findings(touched, after.outlines, new.tree)}
    return found, after.findings


def _blocks(finding: Finding) -> bool:
    return finding.finding_class is FindingClass.INTEGRITY


def walk(ask: Ask, base: str, head: str) -> Iterator[ChangeReport]:
    """Judge a main line commit by commit, from ``base`` to ``head``, each against its first parent."""
    for parent, commit in ask.repository.first_parents(base, head):
        yield judge(ask, parent, parent, commit)


def joined(base: str, head: str, reports: Iterable[ChangeReport]) -> ChangeReport:
    """Return what several changes in a row bring, as one report; a finding counts once."""
    parts = list(reports)
    findings = worst_first({finding for part in parts for finding in part.findings})
    return ChangeReport(
        base, head,
        tuple(record for part in parts for record in part.records),
        sum(part.files for part in parts),
        findings,
        parts[-1].standing if parts else 0,
        "colophon check",
        tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        parts[-1].site_url if parts else None,
    )  # fmt: skip


def _settings(new: Place, gated: gate.PathReport) -> LoadedSettings:
    """Return what the head's registry.yaml says; one that the change took away has its finding already."""
    try:
        return settings.load(new.tree)
    except RegistryError:
        if not gated.findings:
            raise
        return LoadedSettings(None, ())


def _before(old: Place) -> Settings | None:
    """Return what registry.yaml says before the change: who may confirm, and how ids are shown."""
    try:
        return settings.load(old.tree).settings
    except RegistryError:
        return None


def _prefix(old: Place, new: Place, before: Settings | None) -> Iterator[Finding]:
    """Yield a change of the prefix of display ids: every record that is filed has its own in the manifest."""
    if before is None or before.id_prefix == new.prefix:
        return
    record = next(record_folders(old.tree), None)
    if record is not None:
        message = (
            f"id_prefix was {before.id_prefix} and is {new.prefix}, but {record[0]} is filed with the former"
        )
        line = line_of(new.tree, placement.SETTINGS, "/id_prefix")
        yield faults.finding(Fault("S112", line, "/id_prefix", message), placement.SETTINGS)


def _updated(before: Snapshot, looked: Iterable[Looked]) -> dict[str, Outline]:
    """Return the outlines after the change, with which its new records come at once."""
    outlines = dict(before.outlines)
    new = 1 + max((one.admitted or 0 for one in outlines.values()), default=0)
    for one in looked:
        was = outlines.pop(one.id, None)
        if one.head.facts is not None:
            number = new if was is None else was.admitted
            found = len(one.head.findings)
            outlines[one.id] = outline_of(one.head.facts, found, one.head.signature, number)
    return outlines


def _of_record(
    now: str, one: Looked, gated: gate.PathReport, maintainers: Collection[str]
) -> Iterator[Finding]:
    """Yield what the change brings to one record; what is wrong with an added event blocks."""
    added = gated.added
    known = {(finding.code, finding.path, finding.pointer, finding.message) for finding in one.base.findings}
    for finding in one.head.findings:
        if (finding.code, finding.path, finding.pointer, finding.message) not in known:
            filed = one.base.filed, one.head.filed
            yield dated(blocking(finding, added), *filed, added, now)
    yield from history_findings(one.base.filed, one.head.filed, one.id, added, maintainers)
    yield from removals_unconfirmed(one.head.filed, one.id, added, gated.removals, maintainers)
    if one.head.facts is not None:
        dates = future_dates([one.head.facts], now, one.head.tree)
        yield from (finding for finding in dates if finding.path in added)
    if one.base.facts is None and not one.head.is_record:
        others = records.listed(one.head.tree, "")
        others.pop(one.id, None)
        message = f"there is no record {one.id} in this registry{meant(one.id, others)}"
        yield faults.finding(Fault("S113", 1, "", message), layout.record_folder(one.id), one.id)


def _across(rules: Mapping[str, Rule], new: Place, before: Snapshot, after: Snapshot) -> Iterator[Finding]:
    """Yield what only the whole registry shows and did not show before."""
    for record, code, pointer, message, severity in sorted(after.across - before.across):
        folder = after.outlines[record].folder
        line = line_of(new.tree, f"{folder}/manifest.json", pointer)
        flaw = Flaw(pointer, message, severity=Severity(severity) if severity else None)
        yield finding_of(rules[code], flaw, folder, record, line)


def _notes(gated: gate.PathReport) -> tuple[str, ...]:
    notes = () if gated.append_only else ("the base is not append-only yet: files may still be changed",)
    return notes + tuple(f"{path} is removed; the page says why" for path in gated.removals)


def _new_settings(gated: gate.PathReport, before: Settings | None, after: Settings) -> Iterator[str]:
    """Yield what the change makes of registry.yaml; whoever merges it decides about the registry itself."""
    if before is None or placement.SETTINGS not in gated.changed:
        return
    said = tuple(settings.differences(before, after))
    yield from said or (f"{placement.SETTINGS} changes in its comments, contacts or layout alone",)


def _signed(looked: Iterable[Looked], added: Collection[str]) -> Iterator[str]:
    """Yield who is said to have confirmed or declined something: a name in a file proves nobody."""
    for one in looked:
        for path, name in signatures(one.head.filed, added):
            yield f"{path} is signed {name}: merge it only when that is who sent it"
