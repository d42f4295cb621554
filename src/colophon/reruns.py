"""Everything that re-runs say: stored runs, what is bound to them, and the verdict on each bound claim."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from colophon import bindings, canon, faults, runs
from colophon.bindings import FiledBinding
from colophon.model import ClaimRerun, Fault, Finding
from colophon.rules.verdict import Run, Verdict, overstated, verdict
from colophon.store import Tree

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
    """All experiments of a registry in order of their ids."""

    experiments: tuple[Rerun, ...] = ()

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
        is_confined=sandbox is not None and sandbox.kind != "none" and not sandbox.network,
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
    tree: Tree, maintainers: Collection[str] = (), today: Mapping[str, frozenset[str]] = MappingProxyType({})
) -> Reruns:
    """Return what the runs and bindings that are in order say.

    ``today`` has by experiment the digests of its script of today and of what that imports.
    """
    names = sorted({*runs.experiments(tree), *bindings.experiments(tree)})
    return Reruns(tuple(_rerun(tree, name, maintainers, today.get(name, frozenset())) for name in names))


def _rerun(tree: Tree, experiment: str, maintainers: Collection[str], today: frozenset[str]) -> Rerun:
    stored = tuple(Run(one.path, one.sha256, one.record) for one in runs.of_experiment(tree, experiment))
    standing = bindings.read(tree, experiment).standing
    said = tuple(verdict(one.binding, one.path, stored, maintainers) for one in standing)
    named = sorted({code.sha256 for run in stored for code in run.record.code})
    code = {digest: tree.read(runs.code_path(experiment, digest)) for digest in named}
    return Rerun(experiment, stored, said, {one.path: one.claim_text for one in standing}, code, today)


def findings(tree: Tree, now: str | None = None) -> Iterator[Finding]:
    """Yield what is wrong with runs, code and bindings; ``now`` (ISO, UTC) asks for the rule about dates."""
    yield from runs.findings(tree, now)
    yield from bindings.strays(tree)
    for name in bindings.experiments(tree):
        filed = bindings.read(tree, name, now)
        yield from filed.findings
        yield from _unfounded(tree, name, filed.standing)
    for name in runs.experiments(tree):
        yield from _overstated(tree, name)


def findings_of(tree: Tree, paths: Iterable[str], now: str | None = None) -> Iterator[Finding]:
    """Yield what is wrong with single files of runs and bindings, each judged beside the others."""
    wanted = {path for path in paths if path.startswith(("runs/", "bindings/"))}
    if wanted:
        yield from (found for found in findings(tree, now) if found.path in wanted)


def _unfounded(tree: Tree, experiment: str, standing: Iterable[FiledBinding]) -> Iterator[Finding]:
    """Yield the bindings without a run, and those that say nothing although there is one."""
    stored = tuple(Run(one.path, one.sha256, one.record) for one in runs.of_experiment(tree, experiment))
    for one in standing:
        said = verdict(one.binding, one.path, stored)
        faults_ = said.faults
        if said.run is None and one.binding.grade == "direct":
            message = f"no stored run of {experiment} has the metric {said.name}"
            faults_ = (("E101", "/metric", message),)
        for code, pointer, message in faults_:
            line = canon.stored_line(one.binding.model_dump(mode="json"), pointer)
            yield faults.finding(Fault(code, line, pointer, message), one.path)


def _overstated(tree: Tree, experiment: str) -> Iterator[Finding]:
    """Yield the metrics of runs whose kind says more than what they follow from."""
    for stored in runs.of_experiment(tree, experiment):
        lines = canon.StoredLines(stored.record.model_dump(mode="json"))
        for name in stored.record.metrics:
            message = overstated(stored.record, name)
            if message is not None:
                pointer = f"/metrics/{name}/kind"
                fault = Fault("E112", lines.line(pointer), pointer, message)
                yield faults.finding(fault, stored.path)
