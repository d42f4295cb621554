"""Everything that re-runs say: stored runs, what is bound to them, and the verdict on each bound claim."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from colophon import bindings, canon, dated_files, faults, layout, runs
from colophon.bindings import FiledBinding
from colophon.claim_texts import ClaimTexts, changed, misprinted
from colophon.contracts.run_record import PublishedNumber, RunRecord
from colophon.model import ClaimRerun, Fault, Finding
from colophon.rules.verdict import Run, Verdict, verdict
from colophon.rules.verdict_faults import overstated
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
    ``stewards`` are the names that the registry answers for, ``replaced`` the bindings that say nothing any
    more, by the file name of the one that replaces each.
    """

    experiment: str
    runs: tuple[Run, ...]
    verdicts: tuple[Verdict, ...]
    claims: Mapping[str, str]
    code: Mapping[str, bytes]
    today: frozenset[str]
    stewards: frozenset[str] = frozenset()
    replaced: Mapping[str, FiledBinding] = field(default_factory=dict)

    @property
    def speaking(self) -> tuple[Run, ...]:
        """The runs that say what the experiment is: those of stewards, or all where there are none."""
        return tuple(run for run in self.runs if run.record.operator in self.stewards) or self.runs

    @property
    def newest(self) -> RunRecord | None:
        """The newest of those runs, or None."""
        return self.speaking[-1].record if self.speaking else None

    @property
    def is_own(self) -> bool:
        """Whether the registry answers for a run of it, or it has none."""
        return not self.runs or any(run.record.operator in self.stewards for run in self.runs)

    def is_earlier(self, run: Run) -> bool:
        """Whether a run was made by another script than today's."""
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
        return {claim: tuple(sorted(said, key=weight)) for claim, said in found.items()}

    def by_record(self) -> dict[str, tuple[ClaimRerun, ...]]:
        """Return what is said about the claims of records, by the record's id, in short."""
        found: dict[str, list[ClaimRerun]] = {}
        for (kind, identifier, _), said in self.by_claim().items():
            if kind == "paper":
                found.setdefault(identifier, []).extend(map(in_short, said))
        return {record: tuple(said) for record, said in found.items()}


NOTHING_RUN = Reruns()


def weight(said: Verdict) -> tuple[bool, bool, bool]:
    """Return what comes first among verdicts: the registry's own, what is decided, what was run."""
    return said.sender is not None, not said.is_decided, said.run is None


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
        is_withheld=said.is_withheld,
        sender=said.sender,
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
    stewards: Collection[str] = (),
    today: Mapping[str, frozenset[str]] = MappingProxyType({}),
    now: str | None = None,
    only: Collection[str] | None = None,
    admitting: Collection[str] | None = None,
    trial: Run | None = None,
) -> Reruns:
    """Return what the runs and bindings that are in order say, and what is wrong with the others.

    ``stewards`` are the names that the registry answers for.  ``today`` has by experiment the digests of its
    script of today and of what that imports.  Dates are judged where ``now`` is given (ISO, UTC).  ``only``
    are the experiments to read, None for all; ``admitting`` are the stewards at the time when bindings are
    filed, None later.  ``trial`` is a run that is not stored and is judged beside those that are.
    """
    found: list[Finding] = [one for part in PARTS for one in dated_files.beside_experiments(tree, part)]
    read_: list[Rerun] = []
    claims = ClaimTexts(tree, stewards)
    names = {name for part in PARTS for name in dated_files.experiments(tree, part)}
    for name in sorted(names if only is None else names & set(only)):
        stored, filed = runs.read(tree, name, now), bindings.read(tree, name, claims, now, admitting)
        held = [Run(run.path, run.sha256, run.record) for run in stored.runs]
        if trial is not None and trial.record.experiment == name:
            held = sorted([*held, trial], key=lambda run: (run.record.ended, run.path))
        stale = dict(_stale(held, claims))
        standing = filed.standing(stewards)
        rerun = Rerun(
            name,
            tuple(held),
            tuple(verdict(one.binding, one.path, held, stewards, one.gone, stale) for one in standing),
            {one.path: one.claim_text for one in standing},
            _code(tree, name, stored),
            today.get(name, frozenset()),
            frozenset(stewards),
            filed.replaced(stewards),
        )
        found += [*stored.findings, *filed.findings, *_unfounded(rerun)]
        for run in held:
            found += doubts(run, claims)
        read_.append(rerun)
    return Reruns(tuple(read_), tuple(found))


def _code(tree: Tree, experiment: str, stored: Stored) -> dict[str, bytes]:
    paths = {
        one.sha256: runs.code_path(experiment, one.sha256) for run in stored.runs for one in run.record.code
    }
    return {digest: tree.read(path) for digest, path in sorted(paths.items())}


def _stale(held: Sequence[Run], claims: ClaimTexts) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield run and name of published numbers that their claims no more say, with that in words."""
    for run in held:
        for name, number in run.record.published.items():
            if claims.text_of(number.owner.model_dump()) is None:
                continue
            if changed(number.text, claims.standing(number.owner)) is not None:
                owner = f"{number.owner.kind} {number.owner.identifier} {number.owner.claim}"
                yield (run.path, name), f"it follows from {number.text}, which {owner} no more says"


def of_records(
    tree: Tree, records: Collection[str], stewards: Collection[str] = ()
) -> dict[str, tuple[ClaimRerun, ...]]:
    """Return what re-runs say about the claims of records; only experiments bound to them are read."""
    return read(tree, stewards, only=bindings.experiments_of(tree, records)).by_record()


def findings_of(
    tree: Tree, paths: Iterable[str], now: str | None = None, stewards: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what is wrong with single files of runs and bindings, each judged beside the others."""
    wanted = {path for path in paths if path.startswith(("runs/", "bindings/"))}
    if wanted:
        experiments = {path.split("/")[1] for path in wanted}
        found = read(tree, stewards, now=now, only=experiments, admitting=stewards).findings
        yield from (one for one in found if one.path in wanted)


def reporters(tree: Tree, added: Iterable[str], stewards: Collection[str] = ()) -> Iterator[str]:
    """Yield who is said to have run, bound or struck what a change adds: a name in a file proves nobody."""
    for path in added:
        if path.startswith("works/") and path.endswith(".json"):
            yield from _strikers(tree, path)
        if path.startswith(("runs/", "bindings/")) and path.endswith(".json"):
            value = canon.read(tree.read(path)).value
            name = value.get("operator") or value.get("filed_by") if isinstance(value, dict) else None
            if isinstance(name, str):
                weight = "decides claims" if name in stewards else "decides nothing"
                # A name may look like another; outside of ASCII its characters are spelled out.
                shown = f'"{name}"' if name.isascii() else ascii(name)
                yield f"{path} {weight}; it names {shown}: merge it only when that is who sent it"


def _strikers(tree: Tree, path: str) -> Iterator[str]:
    """Yield which claims a file about a work strikes, and who says so."""
    value = canon.read(tree.read(path)).value
    strikes = value.get("strikes") if isinstance(value, dict) else None
    for one in strikes if isinstance(strikes, list) else ():
        if isinstance(one, dict):
            yield f"{path} strikes {one.get('claim')!a}; it names {value.get('added_by')!a}"


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


def doubts(run: Run, claims: ClaimTexts) -> Iterator[Finding]:
    """Yield the numbers that a run takes from a claim which does not print them, and overstated metrics."""
    printed = {name: _unprinted(number, claims) for name, number in run.record.published.items()}
    flaws = [("E107", f"/published/{name}", message) for name, message in printed.items() if message]
    flaws += [("E112", f"/metrics/{name}/kind", text) for name, text in overstated(run.record).items()]
    lines = canon.StoredLines(run.record.model_dump(mode="json") if flaws else {})
    for code, pointer, message in flaws:
        yield faults.finding(Fault(code, lines.line(pointer), pointer, message), run.path)


def _unprinted(number: PublishedNumber, claims: ClaimTexts) -> str | None:
    owner = number.owner
    if claims.is_removed(owner.kind, owner.identifier):
        return None
    plain = layout.without_version(owner.kind, owner.identifier)
    if plain != owner.identifier:
        return f"identifier is {owner.identifier}, expected {plain}: a claim has one address"
    text = claims.text_of(owner.model_dump())
    if text is None:
        return f"there is no claim {owner.claim} of {owner.kind} {owner.identifier} in this registry"
    standing = claims.standing(owner) or text
    message = misprinted(number.text, number.value, standing)
    return message and misprinted(number.text, number.value, text)
