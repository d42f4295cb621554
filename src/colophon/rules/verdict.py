"""Verdicts: what stored runs say about a claim that is bound to one of their metrics.

Pure: binding and runs in, verdict and reason out.  A claim is verified or falsified only by a binding of
grade ``direct``, and only where the registry answers for both: its own name or a maintainer's stands on the
run and on the binding.  What others send is shown with what it says, and decides nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from colophon import run_metrics
from colophon.contracts.reproduction_binding import Binding
from colophon.contracts.run_record import Metric, RunRecord
from colophon.rules import verdict_faults, verdict_words

VERIFIED, FALSIFIED, UNVERIFIED = "VERIFIED", "FALSIFIED", "UNVERIFIED"
# How the metric of one run lies to what is claimed.
AGREES, DIFFERS, OPEN = "agrees", "differs", "open"
_BY_OUTCOME = {AGREES: VERIFIED, DIFFERS: FALSIFIED, OPEN: UNVERIFIED}
SECOND_MACHINE = "second-machine"
# Fewer samples of something measured show nothing of how far they lie apart.
_LEAST_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Run:
    """A stored run as a verdict names it."""

    path: str
    sha256: str
    record: RunRecord


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is concluded about one binding.

    ``path`` is that of the binding; ``run`` is None when no stored run has the metric.  ``outcome`` is how
    the metric lies to the claim, also where that may not decide.  ``faults`` are (rule, JSON pointer of the
    binding, message) of what takes a binding its force; ``disagreeing`` are other runs that have another
    outcome, ``others`` the number of those that say the same or ran earlier code.  ``is_vouched`` says that
    the registry answers for the run, ``is_withheld`` that something keeps the outcome from standing;
    ``sender`` is who filed a binding that the registry does not answer for, None where it does.
    """

    binding: Binding
    path: str
    verdict: str
    run_class: str | None
    run: Run | None
    metric: Metric | None
    outcome: str | None
    reason: str
    faults: tuple[tuple[str, str, str], ...] = ()
    disagreeing: tuple[Run, ...] = ()
    others: int = 0
    is_vouched: bool = False
    is_withheld: bool = False
    sender: str | None = None

    @property
    def name(self) -> str:
        """The metric's name, or empty."""
        return (self.binding.metric or "").rpartition("/")[2]

    @property
    def is_decided(self) -> bool:
        """Whether the claim is verified or falsified."""
        return self.verdict != UNVERIFIED


@dataclass(frozen=True, slots=True)
class _Looked:
    """The runs that have a binding's metric: ``speaking`` are of those that count, the earliest first.

    ``counting`` are each operator's newest, ``outcomes`` by path how they lie to the claim.
    """

    name: str
    counting: tuple[Run, ...]
    speaking: tuple[Run, ...]
    outcomes: dict[str, str]

    @property
    def newest(self) -> Run:
        """The run that gives the number."""
        return self.speaking[-1]

    @property
    def outcome(self) -> str:
        """How it lies to the claim."""
        return self.outcomes[self.newest.path]

    def disagreeing(self, among: Sequence[Run]) -> tuple[Run, ...]:
        """Return the runs that say otherwise; one that leaves it open says nothing."""
        other = {AGREES: DIFFERS, DIFFERS: AGREES}.get(self.outcome)
        return tuple(run for run in among if self.outcomes[run.path] == other)


def verdict(
    binding: Binding,
    path: str,
    runs: Sequence[Run],
    stewards: Collection[str] = (),
    gone: str | None = None,
    stale: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> Verdict:
    """Return what the runs of its experiment, the earliest first, say about the binding at a path.

    ``stewards`` are the names that the registry answers for.  Of each operator the runs of the newest code
    that has the metric count: whoever mends a script replaces what it said before.  The runs of stewards
    alone speak; those of others do where there are none.  ``gone`` says in words why the claim is no more
    what was bound, or is None; ``stale`` says by run and name the same of published numbers that a run takes.
    """
    if binding.grade == "cannot_test" or binding.expected is None or binding.tolerance is None:
        return _without_run(binding, path, binding.why.rstrip(". "), stewards)
    name = (binding.metric or "").rpartition("/")[2]
    having = [run for run in runs if name in run.record.metrics and run.record.preset != "smoke"]
    if not having:
        return _without_run(binding, path, "no stored run has this metric yet", stewards)
    looked = _looked(binding, name, having, stewards)
    is_vouched = looked.newest.record.operator in stewards
    # What a stranger's run lacks is nothing that is wrong with a binding of the registry's own.
    is_judged = is_vouched or _sender(binding, stewards) is not None
    faults = tuple(verdict_faults.faults(binding, looked.newest.record, name)) if is_judged else ()
    taken = run_metrics.inputs(looked.newest.record, name).published
    old = next((stale[looked.newest.path, one] for one in taken if (looked.newest.path, one) in stale), None)
    withheld = next(_withheld(binding, looked, stewards, gone or old, faults), None)
    disagreeing = looked.disagreeing(looked.counting)
    return Verdict(
        binding, path,
        verdict=_BY_OUTCOME[looked.outcome] if binding.grade == "direct" and withheld is None else UNVERIFIED,
        run_class=_run_class(looked, stewards),
        run=looked.newest,
        metric=looked.newest.record.metrics[name],
        outcome=looked.outcome,
        reason=_reason(binding, looked, withheld),
        faults=faults,
        disagreeing=disagreeing,
        others=len(having) - 1 - len(disagreeing),
        is_vouched=is_vouched,
        is_withheld=withheld is not None,
        sender=_sender(binding, stewards),
    )  # fmt: skip


def _looked(binding: Binding, name: str, having: Sequence[Run], stewards: Collection[str]) -> _Looked:
    newest = {run.record.operator: run.record.code for run in having}
    counting = tuple(run for run in having if run.record.code == newest[run.record.operator])
    vouched = tuple(run for run in counting if run.record.operator in stewards)
    outcomes = {run.path: _outcome(binding, run.record, name) for run in counting}
    return _Looked(name, counting, vouched or counting, outcomes)


def _without_run(binding: Binding, path: str, reason: str, stewards: Collection[str]) -> Verdict:
    sender = _sender(binding, stewards)
    return Verdict(binding, path, UNVERIFIED, None, None, None, None, reason, sender=sender)


def _sender(binding: Binding, stewards: Collection[str]) -> str | None:
    """Return who filed a binding that the registry does not answer for, or None."""
    return None if binding.filed_by in stewards else binding.filed_by


def _outcome(binding: Binding, record: RunRecord, name: str) -> str:
    """Return how a metric lies to what is claimed.

    A number agrees when the metric is within the tolerance and differs when its whole interval is outside; an
    order agrees when the whole interval fulfils it and differs when none of it does.  What was measured too
    seldom, or without an interval, leaves open what an interval would have to show.
    """
    expected, tolerance, metric = binding.expected, binding.tolerance, record.metrics[name]
    assert expected is not None and tolerance is not None  # noqa: S101  the caller looked
    size = verdict_faults.size_of(expected, tolerance)
    low = metric.value if metric.low is None else min(metric.low, metric.value)
    high = metric.value if metric.high is None else max(metric.high, metric.value)
    # Sums in binary: a tolerance of 0.05 reaches from 12.75 to 12.85 whatever their last digits say.  Without
    # a tolerance more than 99 is more than 99 all the same.
    if size or expected.relation not in ("above", "below"):
        size += 1e-9 * max(abs(expected.value), size)
    if expected.relation == "equals":
        is_inside = abs(metric.value - expected.value) <= size
        is_outside = low > expected.value + size or high < expected.value - size
        found = AGREES if is_inside else DIFFERS if is_outside else OPEN
    else:
        inside = [_holds(expected.relation, end, expected.value, size) for end in (low, high)]
        found = AGREES if all(inside) else OPEN if any(inside) else DIFFERS
    needs_interval = found == DIFFERS or expected.relation == "equals"
    return found if _is_firm(record, name, needs_interval=needs_interval) else OPEN


def _is_firm(record: RunRecord, name: str, *, needs_interval: bool) -> bool:
    """Whether enough was measured; counts and arithmetic are what they are after one look."""
    metric = record.metrics[name]
    if metric.kind != "measured":
        return True
    counts = [len(record.samples[one].values) for one in run_metrics.inputs(record, name).samples]
    has_interval = metric.low is not None and metric.high is not None
    return min(counts, default=0) >= _LEAST_SAMPLES and (has_interval or not needs_interval)


def _holds(relation: str, value: float, expected: float, size: float) -> bool:
    if relation == "at_least":
        return value >= expected - size
    if relation == "at_most":
        return value <= expected + size
    return value > expected - size if relation == "above" else value < expected + size


def _withheld(
    binding: Binding,
    looked: _Looked,
    stewards: Collection[str],
    gone: str | None,
    faults: Sequence[tuple[str, str, str]],
) -> Iterator[str]:
    """Yield in words what keeps the outcome from deciding, the weightiest first."""
    if gone is not None:
        yield f", but {gone}"
    if faults:
        yield f", but {faults[0][2]}"
    if looked.newest.record.operator not in stewards:
        yield f"; reported by {looked.newest.record.operator}, who is no maintainer of this registry"
    if disagreeing := looked.disagreeing(looked.speaking):
        yield f", and {_others(len(disagreeing))} otherwise"
    if binding.filed_by not in stewards:
        yield f"; bound by {binding.filed_by}, and no maintainer has confirmed it"


def _others(count: int) -> str:
    return "1 other run says" if count == 1 else f"{count} other runs say"


def _run_class(looked: _Looked, stewards: Collection[str]) -> str:
    """Return what was re-run; a class that the numbers do not carry falls back to arithmetic."""
    record = looked.newest.record
    kind = record.metrics[looked.name].kind
    inputs = run_metrics.inputs(record, looked.name)
    origins = [table for table in ("parameters", "published", "samples") if getattr(inputs, table)]
    if verdict_faults.overstatement(record, looked.name, origins) is not None:
        return "arithmetic"
    if kind != "measured":
        return kind
    agreeing = [run for run in looked.speaking if looked.outcomes[run.path] == looked.outcome]
    machines = {run.record.machine.name for run in agreeing if run.record.operator in stewards}
    if len(machines) > 1:
        return SECOND_MACHINE
    return "gpu" if record.settings.device == "cuda" else "cpu"


def _reason(binding: Binding, looked: _Looked, withheld: str | None) -> str:
    """Return the verdict's reason in a sentence or two, without a full stop."""
    run, expected = looked.newest, binding.expected
    assert expected is not None  # noqa: S101  the caller looked
    metric = run.record.metrics[looked.name]
    lies = {AGREES: "agrees with", DIFFERS: "differs from", OPEN: "neither agrees with nor rules out"}
    value, claimed = verdict_words.printed(metric), verdict_words.claimed(expected)
    said = f"{value} {lies[looked.outcome]} the claimed {claimed}"
    if withheld is not None:
        return f"{said}{withheld}"
    if binding.grade != "direct":
        return f"{said}. {binding.why.rstrip('. ')}"
    if run_metrics.inputs(run.record, looked.name).samples:
        said = f"{said}; reported by {run.record.operator}"
    doubting = len(looked.disagreeing(looked.counting))
    return f"{said}; {_others(doubting)} otherwise, sent by others" if doubting else said
