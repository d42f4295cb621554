"""One record's folder, examined: the per-record stage of ``check`` and ``build``."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import lru_cache

from colophon import canon, faults, folder, schema, score_rows
from colophon.audits import AUDITS, Audit
from colophon.executor import Progress, chunks, in_order
from colophon.fold import Record
from colophon.folder import Loaded
from colophon.gathering import remade
from colophon.index import Facts, facts_of
from colophon.model import Examination, Fault, Finding, Flaw, Rule, Tally
from colophon.outline import signature_of
from colophon.store import Tree

Outcome = tuple[str, int, int, int]
# Records in one call of a worker, and calls under way.
_CHUNK, _AHEAD = 64, 8


@dataclass(frozen=True, slots=True)
class Task:
    """Everything the stage needs, so that it can run in any process."""

    tree: Tree
    id: str
    folder: str
    prefix: str
    engine: schema.Engine = "fast"


@dataclass(frozen=True, slots=True)
class Examined:
    """What later stages may know of a record.  ``facts`` is None when it could not be read.

    ``outcomes`` holds (code, recognised, checked, flagged) of every rule that was run, ``signature`` what
    a comparison with all other records needs, ``scores`` the packed rows of what its claims state.
    """

    id: str
    folder: str
    digest: str
    facts: Facts | None
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...] = ()
    signature: str = ""
    scores: tuple[bytes, ...] = ()


def examine(task: Task) -> Examined:
    """Load one record and run every record audit on it."""
    return examine_loaded(folder.load(task.tree, task.id, task.folder, task.prefix, task.engine))


def examine_loaded(loaded: Loaded) -> Examined:
    """Run every record audit on a record that is read."""
    if loaded.record is None:
        return Examined(loaded.id, loaded.folder, loaded.digest, None, loaded.findings)
    audits = [one for one in AUDITS.all().values() if one.examine is not None]
    found, outcomes = _audited(loaded, loaded.record, audits)
    findings = [*loaded.findings, *_groundings_that_differ(loaded.record), *found]
    return Examined(
        loaded.id, loaded.folder, loaded.digest, facts_of(loaded.record), tuple(sorted(findings)),
        tuple(outcomes), signature_of(loaded.record), score_rows.of_record(loaded.record.manifest),
    )  # fmt: skip


def examine_in_part(loaded: Loaded, before: Examined, codes: frozenset[str]) -> Examined:
    """Run only the record audits of ``codes``; all else is as it was ``before``, of the same record.

    A code that has no audit any more loses what its audit found.
    """
    if loaded.record is None:
        return before
    audits = [one for code, one in AUDITS.all().items() if code in codes and one.examine is not None]
    found, outcomes = _audited(loaded, loaded.record, audits)
    findings = [*(one for one in before.findings if one.code not in codes), *found]
    every = [*(one for one in before.outcomes if one[0] not in codes), *outcomes]
    return replace(before, findings=tuple(sorted(findings)), outcomes=tuple(sorted(every)))


def _audited(loaded: Loaded, record: Record, audits: Iterable[Audit]) -> tuple[list[Finding], list[Outcome]]:
    """Run record audits, and return what they found and their outcomes."""
    findings, outcomes = [], []
    lines = {name: canon.StoredLines(document) for name, document in loaded.stored.items()}
    # No correction makes a finding about what was stated disappear.
    as_filed = record.as_filed()
    for audit in audits:
        outcome = _run(audit, as_filed)
        for flaw in outcome.flaws:
            line = lines[f"{flaw.document}.json"].line(flaw.pointer)
            findings.append(finding_of(audit.rule, flaw, loaded.folder, loaded.id, line))
        outcomes.append(outcome_of(audit.rule, outcome))
    return findings, outcomes


def _groundings_that_differ(record: Record) -> Iterator[Finding]:
    """Yield the stored groundings that today's method does not make of what is held, byte for byte."""
    for stored, made in remade(record.as_filed().manifest, record.evidence):
        if canon.dumps(stored.document) != made:
            at, line = _first_difference(canon.dumps(stored.document), made)
            message = (
                f"is not what {stored.grounding.method.id} finds in the held texts, expected {at!r} here"
            )
            yield faults.finding(Fault("S120", line, "", message), stored.path, record.id)


def _first_difference(stored: bytes, made: bytes) -> tuple[str, int]:
    """Return the line that was expected first in place of another, and its number."""
    lines, wanted = stored.split(b"\n"), made.split(b"\n")
    pairs = zip(lines, wanted, strict=False)
    line = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), min(len(lines), len(wanted)))
    shown = wanted[line - 1] if line <= len(wanted) else b"the end of the file"
    return shown.decode("utf-8", "replace").strip()[:80], line


def examined(
    tree: Tree,
    folders: Iterable[tuple[str, str]],
    prefix: str,
    executor: Executor,
    progress: Progress,
    engine: schema.Engine = "fast",
) -> Iterator[Examined]:
    """Examine records in order of their ids, with flat memory; ``folders`` are pairs of id and folder."""
    wanted = sorted(folders)
    tasks = (Task(tree, name, path, prefix, engine) for name, path in wanted)
    done = 0
    for results in in_order(executor, examine_all, chunks(tasks, _CHUNK), _AHEAD):
        done += len(results)
        progress("examine", done, len(wanted))
        yield from results


def examine_all(tasks: tuple[Task, ...]) -> list[Examined]:
    """Examine a chunk of records."""
    return [examine(task) for task in tasks]


def outcome_of(rule: Rule, examination: Examination) -> Outcome:
    """Return the compact outcome of one rule."""
    return _shared(rule.code, examination.recognised, examination.checked, len(examination.flaws))


# Most records have most outcomes in common: kept once, they cost a record a pointer for each rule.
@lru_cache(maxsize=8192)
def _shared(code: str, recognised: int, checked: int, flagged: int) -> Outcome:
    return code, recognised, checked, flagged


def tally(outcome: Outcome) -> Tally:
    """Return an outcome as a tally of one record."""
    _, recognised, checked, flagged = outcome
    return Tally(1, recognised, checked, flagged, 0 if recognised else 1)


def _run(audit: Audit, record: Record) -> Examination:
    assert audit.examine is not None  # noqa: S101  the caller looked
    try:
        return audit.examine(record)
    except Exception as error:
        raise RuntimeError(f"audit {audit.rule.code} failed on record {record.id}") from error


def finding_of(rule: Rule, flaw: Flaw, record_folder: str, record_id: str, line: int) -> Finding:
    """Return the editorial finding for a flaw."""
    return Finding(
        f"{record_folder}/{flaw.document}.json", line, flaw.pointer, rule.code, flaw.message,
        rule.slug, flaw.severity or rule.severity, rule.finding_class, record_id, rule.second,
    )  # fmt: skip
