"""Timing as it should be: real inputs that don't fit the cache, every sample kept, results looked at.

On a GPU times come from its own events; elsewhere from the clock, so that the same code runs anywhere.
Before the timed calls one runs with every new tensor filled with NaN, so that numbers which a kernel left
unwritten can't pass for a result.  The timed calls run without that, and without torch's deterministic
algorithms, which would fill every new tensor too.

Ways that are compared run in turn, a block of calls each, so that a machine that gets slower or busier
doesn't favour the one that came first.
"""

import math
import os
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from _triton import IS_INTERPRETED
from harness import Metric, Refusal, Run
from triton.runtime.errors import OutOfResources

_MILLISECONDS = 1e3
_BLOCKS = 4  # turns that each of the compared ways takes
_BUSY = 0.5  # load of others for each core from which a run says that it was not alone
_MOST_SETS = 32
_HEAD_START = 20_000_000  # cycles that a GPU sleeps while calls are queued: about 10 ms


@dataclass(frozen=True)
class Effort:
    """How long one measurement may take, and how many samples it takes at least and at most."""

    seconds: float
    least: int
    most: int

    def repeats(self, estimate: float) -> int:
        """Return how many calls of an estimated number of milliseconds are timed."""
        wanted = self.seconds * _MILLISECONDS / max(estimate, 1e-6)
        return max(self.least, min(self.most, math.floor(wanted)))


class NotFinite(Exception):
    """A result holds numbers that are not finite, or that were never written."""


TOO_LARGE = (OutOfResources,)  # what a kernel of ours raises that a GPU has too little of something for
LACKING = (OutOfResources, RuntimeError, AttributeError)  # and what a library does that has no such kernel


def attempted(function: Callable[[], Any], absent: tuple[type[Exception], ...] = TOO_LARGE) -> dict[str, Any]:
    """Return what a function gives as ``value``, or why it gave nothing: ``absent`` or ``wrong``.

    ``absent`` are the errors that say what this machine lacks.  Running out of memory is raised: that is for
    the step to say.
    """
    try:
        return {"value": function()}
    except torch.OutOfMemoryError:
        raise
    except NotFinite as error:
        return {"wrong": str(error)}
    except absent as error:
        return {"absent": (str(error).strip() or type(error).__name__).splitlines()[0][:200]}


@contextmanager
def _deterministic(wanted: bool, fill: bool) -> Iterator[None]:
    """Choose whether torch is deterministic and whether it fills new tensors; put both back afterwards."""
    was, was_warning = (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
    )
    was_filling = torch.utils.deterministic.fill_uninitialized_memory
    torch.use_deterministic_algorithms(wanted, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = fill
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        torch.use_deterministic_algorithms(was, warn_only=was_warning)
        torch.utils.deterministic.fill_uninitialized_memory = was_filling


def cache_bytes(device: str) -> int:
    """Return the bytes of a GPU's second-level cache, and 0 elsewhere."""
    return int(torch.cuda.get_device_properties(0).L2_cache_size) if device == "cuda" else 0


def copies(size: int, device: str) -> int:
    """Return how many sets of inputs of ``size`` bytes are needed so that none is still in the cache."""
    return max(1, min(_MOST_SETS, math.ceil(2 * cache_bytes(device) / size)))


def tensors(result: Any) -> Iterator[torch.Tensor]:
    """Yield the tensors of numbers with fractions that a call returned."""
    for one in result if isinstance(result, (tuple, list)) else (result,):
        if isinstance(one, torch.Tensor) and one.is_floating_point():
            yield one


def _require_numbers(result: Any, may_be_infinite: bool) -> None:
    for one in tensors(result):
        is_bad = one.isnan().any() if may_be_infinite else ~one.isfinite().all()
        if bool(is_bad):
            raise NotFinite(
                f"a result of shape {tuple(one.shape)} has numbers that are not finite or not written"
            )


def checked(call: Callable[[int], Any], *, may_be_infinite: bool = False, is_filled: bool = True) -> Any:
    """Call once with every new tensor filled with NaN, and return a result without any.

    Compiled code is compiled anew for that; without ``is_filled`` it runs as it is timed.
    """
    with _deterministic(is_filled, fill=is_filled):
        result = call(0)
        _require_numbers(result, may_be_infinite)
    return result


@dataclass(frozen=True)
class Way:
    """What is timed: ``call(i)`` on set ``i`` of so many sets of inputs.

    With ``is_graph`` a GPU replays the calls without launching each: a sample is then the mean of one replay.
    ``absent`` are the errors after which the way is left out.
    """

    call: Callable[[int], Any]
    sets: int = 1
    is_graph: bool = False
    may_be_infinite: bool = False
    is_filled: bool = True
    absent: tuple[type[Exception], ...] = TOO_LARGE


@dataclass
class Timer:
    """A way that was looked at, warmed and, where it is replayed, captured; and its samples in milliseconds.

    A sample is ``per`` calls long; ``repeats`` samples are to be taken.
    """

    way: Way
    call: Callable[[int], Any]
    is_gpu: bool
    per: int = 1
    repeats: int = 1
    samples: list[float] = field(default_factory=list)

    def take(self, count: int) -> None:
        """Take so many more samples, in one block."""
        if count < 1:
            return
        with _deterministic(False, fill=False):
            taken, result = (_by_events if self.is_gpu else _by_clock)(self, count)
            _require_numbers(result, self.way.may_be_infinite)
        self.samples += [sample / self.per for sample in taken]


def prepared(way: Way, *, device: str, effort: Effort) -> Timer:
    """Return the timer of a way after a first call that was looked at, and a second that says how long it is.

    On a CPU the second is a sample already.
    """
    checked(way.call, may_be_infinite=way.may_be_infinite, is_filled=way.is_filled)
    timer = Timer(way, way.call, device == "cuda")
    if not timer.is_gpu:
        timer.take(1)
        timer.repeats = effort.repeats(timer.samples[0])
        return timer
    with _deterministic(False, fill=False):
        if way.is_graph:
            timer = _captured(way)
        else:
            for place in range(way.sets):
                way.call(place)
        torch.cuda.synchronize()
        began = _event()
        timer.call(0)
        ended = _event()
        torch.cuda.synchronize()
        timer.repeats = effort.repeats(began.elapsed_time(ended))
    return timer


def in_turn(timers: Mapping[str, Timer], blocks: int = _BLOCKS) -> dict[str, list[float]]:
    """Return the samples of every timer, taken in blocks: one of each, again and again."""
    for block in range(1, blocks + 1):
        for timer in timers.values():
            timer.take(math.ceil(timer.repeats * block / blocks) - len(timer.samples))
    return {name: timer.samples for name, timer in timers.items()}


def measured(
    call: Callable[[int], Any],
    *,
    device: str,
    effort: Effort,
    sets: int = 1,
    is_graph: bool = False,
    may_be_infinite: bool = False,
    is_filled: bool = True,
) -> list[float]:
    """Return the milliseconds of each timed call of one way, all in one block."""
    way = Way(call, sets, is_graph, may_be_infinite, is_filled)
    return in_turn({"": prepared(way, device=device, effort=effort)}, blocks=1)[""]


Timed = tuple[list[float], Any]


def _by_clock(timer: Timer, count: int) -> Timed:
    taken: list[float] = []
    result = None
    for place in range(len(timer.samples), len(timer.samples) + count):
        began = time.perf_counter()
        result = timer.call(place % timer.way.sets)
        taken.append((time.perf_counter() - began) * _MILLISECONDS)
    return taken, result


def _event() -> torch.cuda.Event:
    event = torch.cuda.Event(enable_timing=True)
    event.record()
    return event


def _by_events(timer: Timer, count: int) -> Timed:
    first = len(timer.samples)
    torch.cuda.synchronize()
    # The GPU sleeps until calls are queued, so that short ones don't wait for the next launch.
    torch.cuda._sleep(_HEAD_START)
    # Another way may have run since: one call that isn't timed brings its code back into the caches.
    timer.call((first - 1) % timer.way.sets)
    events, result = [], None
    for place in range(first, first + count):
        began = _event()
        result = timer.call(place % timer.way.sets)
        events.append((began, _event()))
    torch.cuda.synchronize()
    return [began.elapsed_time(ended) for began, ended in events], result


def _captured(way: Way) -> Timer:
    """Return the timer of a graph of some calls of each set; replayed once, it has to write every result."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for place in range(way.sets):
            way.call(place)
    torch.cuda.current_stream().wait_stream(side)
    torch.cuda.synchronize()
    calls = way.sets * math.ceil(10 / way.sets)  # enough that the replay's own start doesn't count
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        results = [way.call(place % way.sets) for place in range(calls)]
    for result in results:
        for one in tensors(result):
            one.fill_(math.nan)
    graph.replay()
    for result in results:
        _require_numbers(result, way.may_be_infinite)

    def replay(_: int) -> Any:
        graph.replay()
        return results[-1]

    return Timer(way, replay, is_gpu=True, per=calls)


# -- Steps of a run ------------------------------------------------------------------------------------------


class _Own:
    """The part of the machine's load of one minute that this process itself is, as the load is averaged."""

    def __init__(self) -> None:
        self.load, self._at, self._spent = 0.0, time.monotonic(), time.process_time()

    def now(self) -> float:
        """Return the load that this process is, from the time that it computed since it was asked last."""
        at, spent = time.monotonic(), time.process_time()
        went = max(at - self._at, 1e-6)
        kept = math.exp(-went / 60)
        self.load = self.load * kept + (spent - self._spent) / went * (1 - kept)
        self._at, self._spent = at, spent
        return self.load


_own = _Own()


def load_of_others() -> float:
    """Return the machine's load of the last minute, less what this process itself is of it."""
    return max(0.0, os.getloadavg()[0] - _own.now())


def step(run: Run, name: str, function: Callable[[], Any]) -> Any:
    """Run a step that measures time, and note it where other work ran on the CPU before or after it.

    The load is kept with the step, so that an interrupted run still says it.
    """
    before = load_of_others()

    def watched() -> dict[str, Any]:
        value = function()
        return {"value": value, "others": max(before, load_of_others()), "cores": os.cpu_count() or 1}

    found = run.step(name, watched)
    if found is None:
        return None
    if run.device == "cpu" and found["others"] > _BUSY * found["cores"]:
        # A whole number, so that a run has few such notes.
        run.note(f"other work ran beside: load {round(found['others'])} on {found['cores']} cores")
    return found["value"]


def _all_prepared(
    ways: Mapping[str, Way], device: str, effort: Effort
) -> tuple[dict[str, Timer], dict[str, dict[str, str]]]:
    """Return the timers of ways, and what is to be said of those that have none."""
    timers: dict[str, Timer] = {}
    without: dict[str, dict[str, str]] = {}
    for name, way in ways.items():
        try:
            found = attempted(lambda way=way: prepared(way, device=device, effort=effort), way.absent)
        except torch.OutOfMemoryError:
            found = {"absent": "the GPU's memory is too small for it"}
        if "value" in found:
            timers[name] = found["value"]
        else:
            without[name] = found
            if device == "cuda":
                torch.cuda.empty_cache()
    return timers, without


def _tell(run: Run, what: str, without: Mapping[str, Mapping[str, str]]) -> None:
    for name, why in without.items():
        if "wrong" in why:
            run.check(f"{what}, {name}: {why['wrong']}", "finite numbers", math.inf, 0.0, "count")
        else:
            run.note(f"{what}, {name}: left out, {why['absent']}")


def compared(run: Run, what: str, ways: Mapping[str, Way], effort: Effort) -> dict[str, list[float]]:
    """Time ways in turn, as one step, and return the milliseconds of each that this machine can run.

    One that it can't is noted; one whose numbers are not finite fails a check.
    """

    def measure() -> dict[str, Any]:
        timers, without = _all_prepared(ways, run.device, effort)
        return {"times": in_turn(timers), "without": without}

    found = step(run, what, measure)
    if found is None:
        return {}
    _tell(run, what, found["without"])
    times: dict[str, list[float]] = found["times"]
    return times


def fastest(run: Run, what: str, ways: Mapping[str, Way], effort: Effort = Effort(0.1, 3, 10)) -> str | None:
    """Return the name of the way whose median is least, as one step, or None where none of them runs.

    The samples that choose are no result: the least of several medians is too small.  What is chosen is to be
    timed anew.
    """
    if len(ways) < 2:
        return next(iter(ways), None)
    times = compared(run, what, ways, effort)
    return min(times, key=lambda name: statistics.median(times[name]), default=None)


def require_kernels(run: Run) -> None:
    """Refuse a run on a CPU with kernels that are compiled for a GPU; note that interpreted ones are slow."""
    if run.device != "cpu":
        return
    if not IS_INTERPRETED:
        raise Refusal(
            "this machine has a GPU: --device cuda uses it, TRITON_INTERPRET=1 runs kernels on the CPU"
        )
    run.note("kernels run in Triton's interpreter: times of this run show that the code works, no speed")


Mark = Callable[[str], None]


def staged(
    call: Callable[[int, Mark], Any], *, device: str, effort: Effort, sets: int = 1
) -> dict[str, list[float]]:
    """Return the milliseconds of each stage of each timed call, and of all of it as ``total``.

    The call says ``mark(name)`` where a stage ends; a stage that ends more than once is summed.
    """
    with _deterministic(False, fill=False):
        for place in range(sets if device == "cuda" else 0):
            call(place, lambda _: None)
        first = _one_staged(call, 0, device)
        repeats = effort.repeats(sum(first.values()))
        is_warm = device != "cuda"
        runs = [first] if is_warm else []
        runs += [_one_staged(call, place % sets, device) for place in range(repeats - len(runs))]
    samples = {name: [run[name] for run in runs] for name in first}
    return samples | {"total": [sum(run.values()) for run in runs]}


def _one_staged(call: Callable[[int, Mark], Any], place: int, device: str) -> dict[str, float]:
    ends: list[tuple[str, Any]] = []
    is_gpu = device == "cuda"
    if is_gpu:
        torch.cuda.synchronize()
        torch.cuda._sleep(_HEAD_START)
    began = _event() if is_gpu else time.perf_counter()
    call(place, lambda name: ends.append((name, _event() if is_gpu else time.perf_counter())))
    if is_gpu:
        torch.cuda.synchronize()
    went: dict[str, float] = {}
    for name, ended in ends:
        spent = began.elapsed_time(ended) if is_gpu else (ended - began) * _MILLISECONDS
        went[name] = went.get(name, 0.0) + spent
        began = ended
    return went


@dataclass(frozen=True)
class Limits:
    """What the machine gives at best: milliseconds of a large matrix product and of a large copy."""

    size: int
    gemm: list[float]
    copied: int
    copy: list[float]


def limits(device: str, effort: Effort) -> Limits:
    """Measure a large matrix product, in bfloat16 on a GPU, and a copy; bytes count read and written."""
    is_gpu = device == "cuda"
    size, count = (8192, 2**29) if is_gpu else (128, 2**16)
    dtype = torch.bfloat16 if is_gpu else torch.float32
    factors = torch.randn((2, size, size), dtype=dtype, device=device)
    gemm = measured(lambda _: factors[0] @ factors[1], device=device, effort=effort)
    source = torch.randn(count, dtype=dtype, device=device)
    target = torch.empty_like(source)
    copy = measured(lambda _: target.copy_(source), device=device, effort=effort)
    return Limits(size, gemm, 2 * source.nbytes, copy)


def keep_limits(run: Run, prefix: str, effort: Effort) -> None:
    """Measure the limits as one step, and keep what ``limit_metrics`` are computed of."""
    found = step(run, f"{prefix}: limits", lambda: asdict(limits(run.device, effort)))
    run.parameter(f"{prefix}_gemm_size", found["size"], None, "rows and columns of the large matrix product")
    run.parameter(f"{prefix}_copied_bytes", found["copied"], "bytes", "bytes that the copy reads and writes")
    run.sample(f"{prefix}_gemm", found["gemm"], "ms", "a large square matrix product")
    run.sample(f"{prefix}_copy", found["copy"], "ms", "a large copy")


def limit_metrics(prefix: str) -> list[Metric]:
    """Return what ``keep_limits`` found as speeds: of a large matrix product, and of a large copy."""
    rows = {
        "gemm_tflops": (
            f"2 * {prefix}_gemm_size ** 3 / median({prefix}_gemm) / 1e9",
            "TFLOP/s",
            "large matrix product",
        ),
        "copy_gbps": (
            f"{prefix}_copied_bytes / median({prefix}_copy) / 1e6",
            "GB/s",
            "large copy, read and written",
        ),
    }
    return [
        Metric(f"{prefix}_{name}", formula, unit, "measured", f"limit of this machine in this part: {what}")
        for name, (formula, unit, what) in rows.items()
    ]
