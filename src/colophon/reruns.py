"""Everything that re-runs say: stored runs, what is bound to them, and the verdict on each bound claim."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from colophon import bindings, canon, dated_files, faults, runs
from colophon.bindings import FiledBinding
from colophon.claim_texts import ClaimTexts, misprinted
from colophon.contracts.run_record import PublishedNumber
from colophon.model import ClaimRerun, Fault, Finding
from colophon.rules.verdict import Run, Verdict, overstated, verdict
from colophon.runs import Stored
from colophon.store import Tree

PARTS = ("runs", "bindings")
# A claim: kind of its owner (``paper``, or that of a work), identifier, id.
Claim = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Rerun:
    """One experiment: its runs, the earliest first, and the verdicts on the claims bound to it by file name.

    ``claims`` has the text of every bound claim by the path of its binding, ``code`` the files of code that
    ran by digest.  ``today`` are the digests of today's script and its imports, empty where there is none.
    """

    experiment: str
    runs: tuple[Run, ...]
    verdicts: tuple[Verdict, ...]
    claims: Mapping[str, str]
    code: Mapping[str, bytes]
    today: frozenset[str]

    def is_earlier(self, run: Run) -> bool:
        """Whether a run was made by an earlier script than today's."""
        return bool(self.today) and {one.sha256 for one in run.record.code} != self.today


@dataclass(frozen=True, slots=True)
class Reruns:
    """All experiments of a registry in order of their ids, and what is wrong with their files."""

    experiments: tuple[Rerun, ...] = ()
    findings: tuple[Finding, ...] = ()

    def by_claim(self) -> dict[Claim, tuple[Verdict, ...]]:
        """Return the verdicts of every bound claim, in order of experiments and bindings."""
        found: dict[Claim, list[Verdict]] = {}
        for one in self.experiments:
            for said in one.verdicts:
                claim = said.binding.claim
                found.setdefault((claim.kind, claim.identifier, claim.claim), []).append(said)
        return {claim: tuple(said) for claim, said in found.items()}

    def by_record(self) -> dict[str, tuple[ClaimRerun, ...]]:
        """Return what is said about the claims of records, by the record's id, in short."""
        found: dict[str, list[ClaimRerun]] = {}
        for (kind, identifier, _), said in self.by_claim().items():
            if kind == "paper":
                found.setdefault(identifier, []).extend(map(in_short, said))
        return {record: tuple(said) for record, said in found.items()}


NOTHING_RUN = Reruns()


def in_short(said: Verdict) -> ClaimRerun:
    """Return what a verdict says about its claim, without the run itself."""
    binding, run, expected, tolerance = said.binding, said.run, said.binding.expected, said.binding.tolerance
    sandbox = None if run is None else run.record.sandbox
    return ClaimRerun(
        claim=binding.claim.claim,
        verdict=said.verdict,
        run_class=said.run_class,
        grade=binding.grade,
        outcome=said.outcome,
        is_confined=sandbox is not None
        and sandbox.kind != "none"
        and not sandbox.network
        and said.is_vouched,
        experiment=binding.experiment,
        binding=said.path,
        statement=binding.statement,
        reason=said.reason,
        run=None if run is None else run.path,
        run_sha256=None if run is None else run.sha256,
        pointer=None if run is None else f"{binding.metric}/value",
        value=None if said.metric is None else said.metric.value,
        expected=None if expected is None else (expected.text, expected.value, expected.unit),
        tolerance=None if tolerance is None else (tolerance.value, tolerance.kind, tolerance.why),
        evaluated_at=None if run is None else run.record.ended,
    )


def read(
    tree: Tree,
    maintainers: Collection[str] = (),
    today: Mapping[str, frozenset[str]] = MappingProxyType({}),
    now: str | None = None,
    only: Collection[str] | None = None,
    admitting: Collection[str] | None = None,
) -> Reruns:
    """Return what the runs and bindings that are in order say, and what is wrong with the others.

    ``today`` has by experiment the digests of its script of today and of what that imports.  Dates are judged
    where ``now`` is given (ISO, UTC).  ``only`` are the experiments to read, None for all;
    ``admitting`` are the maintainers at the time when bindings are filed, None later.
    """
    found: list[Finding] = [one for part in PARTS for one in dated_files.beside_experiments(tree, part)]
    read_: list[Rerun] = []
    claims = ClaimTexts(tree)
    names = {name for part in PARTS for name in dated_files.experiments(tree, part)}
    for name in sorted(names if only is None else names & set(only)):
        stored, filed = runs.read(tree, name, now), bindings.read(tree, name, claims, now, admitting)
        one = _rerun(tree, name, stored, filed.standing, maintainers, today.get(name, frozenset()))
        found += [*stored.findings, *filed.findings, *_unfounded(one), *_overstated(one)]
        found += _not_published(one, claims)
        read_.append(one)
    return Reruns(tuple(read_), tuple(found))


def _rerun(
    tree: Tree,
    experiment: str,
    stored: Stored,
    standing: Sequence[FiledBinding],
    maintainers: Collection[str],
    today: frozenset[str],
) -> Rerun:
    held = tuple(Run(one.path, one.sha256, one.record) for one in stored.runs)
    said = tuple(verdict(one.binding, one.path, held, maintainers) for one in standing)
    named = sorted({code.sha256 for run in held for code in run.record.code})
    code = {digest: tree.read(runs.code_path(experiment, digest)) for digest in named}
    return Rerun(experiment, held, said, {one.path: one.claim_text for one in standing}, code, today)


def of_records(
    tree: Tree, records: Collection[str], maintainers: Collection[str] = ()
) -> dict[str, tuple[ClaimRerun, ...]]:
    """Return what re-runs say about the claims of records; only experiments bound to them are read."""
    return read(tree, maintainers, only=bindings.experiments_of(tree, records)).by_record()


def findings_of(
    tree: Tree, paths: Iterable[str], now: str | None = None, maintainers: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what is wrong with single files of runs and bindings, each judged beside the others."""
    wanted = {path for path in paths if path.startswith(("runs/", "bindings/"))}
    if wanted:
        experiments = {path.split("/")[1] for path in wanted}
        found = read(tree, maintainers, now=now, only=experiments, admitting=maintainers).findings
        yield from (one for one in found if one.path in wanted)


def reporters(tree: Tree, added: Iterable[str]) -> Iterator[str]:
    """Yield who is said to have run or bound what a change adds: a name in a file proves nobody."""
    for path in added:
        if path.startswith(("runs/", "bindings/")) and path.endswith(".json"):
            value = canon.read(tree.read(path)).value
            name = value.get("operator") or value.get("filed_by") if isinstance(value, dict) else None
            if isinstance(name, str):
                yield f"{path} is reported by {name}: merge it only when that is who sent it"


def _unfounded(of: Rerun) -> Iterator[Finding]:
    """Yield the bindings without a run, and those that say nothing although there is one."""
    for said in of.verdicts:
        faults_ = said.faults
        if said.run is None and said.binding.grade == "direct":
            message = f"no stored run of {of.experiment} has the metric {said.name}"
            faults_ = (("E101", "/metric", message),)
        for code, pointer, message in faults_:
            line = canon.stored_line(said.binding.model_dump(mode="json"), pointer)
            yield faults.finding(Fault(code, line, pointer, message), said.path)


def _not_published(of: Rerun, claims: ClaimTexts) -> Iterator[Finding]:
    """Yield the numbers that a run takes from a claim and that the claim does not print."""
    for run in of.runs:
        flaws = [(name, _unprinted(number, claims)) for name, number in run.record.published.items()]
        for name, message in flaws:
            if message is not None:
                pointer = f"/published/{name}"
                line = canon.stored_line(run.record.model_dump(mode="json"), pointer)
                yield faults.finding(Fault("E107", line, pointer, message), run.path)


def _unprinted(number: PublishedNumber, claims: ClaimTexts) -> str | None:
    owner = number.owner
    if claims.is_removed(owner.kind, owner.identifier):
        return None
    text = claims.text_of(owner.model_dump())
    if text is None:
        return f"there is no claim {owner.claim} of {owner.kind} {owner.identifier} in this registry"
    return misprinted(number.text, number.value, text)


def _overstated(of: Rerun) -> Iterator[Finding]:
    """Yield the metrics of runs whose kind says more than what they follow from."""
    for run in of.runs:
        flaws = overstated(run.record)
        lines = canon.StoredLines(run.record.model_dump(mode="json") if flaws else {})
        for name, message in flaws.items():
            pointer = f"/metrics/{name}/kind"
            yield faults.finding(Fault("E112", lines.line(pointer), pointer, message), run.path)
