"""Timing as it should be: real inputs that don't fit the cache, every sample kept, results looked at.

On a GPU times come from its own events; elsewhere from the clock, so that the same code runs anywhere.
Before the timed calls one runs with every new tensor filled with NaN, so that numbers which a kernel left
unwritten can't pass for a result.  The timed calls run without that, and without torch's deterministic
algorithms, which would fill every new tensor too.
"""

import math
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch

_MILLISECONDS = 1e3
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


def copies(size: int, device: str) -> int:
    """Return how many sets of inputs of ``size`` bytes are needed so that none is still in the cache."""
    if device != "cuda":
        return 1
    cache = torch.cuda.get_device_properties(0).L2_cache_size
    return max(1, min(32, math.ceil(2 * cache / size)))


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
    """Return the milliseconds of each timed ``call(i)``, where ``i`` says which set of inputs it takes.

    With ``is_graph`` a GPU replays the calls without launching each: a sample is then the mean of one replay.
    """
    checked(call, may_be_infinite=may_be_infinite, is_filled=is_filled)
    with _deterministic(False, fill=False):
        if device != "cuda":
            samples, result = _by_clock(call, sets, effort)
        elif is_graph:
            samples, result = _by_graph(call, sets, effort, may_be_infinite)
        else:
            samples, result = _by_events(call, sets, effort)
        _require_numbers(result, may_be_infinite)
    return samples


Timed = tuple[list[float], Any]


def _by_clock(call: Callable[[int], Any], sets: int, effort: Effort) -> Timed:
    samples: list[float] = []
    result, repeats = None, effort.least
    while len(samples) < repeats:
        began = time.perf_counter()
        result = call(len(samples) % sets)
        samples.append((time.perf_counter() - began) * _MILLISECONDS)
        repeats = effort.repeats(samples[0])
    return samples, result


def _event() -> torch.cuda.Event:
    event = torch.cuda.Event(enable_timing=True)
    event.record()
    return event


def _by_events(call: Callable[[int], Any], sets: int, effort: Effort) -> Timed:
    for place in range(sets):
        call(place)
    torch.cuda.synchronize()
    began = _event()
    call(0)
    ended = _event()
    torch.cuda.synchronize()
    repeats = effort.repeats(began.elapsed_time(ended))
    # The GPU sleeps until calls are queued, so that short ones don't wait for the next launch.
    torch.cuda._sleep(_HEAD_START)
    events, result = [], None
    for place in range(repeats):
        began = _event()
        result = call(place % sets)
        events.append((began, _event()))
    torch.cuda.synchronize()
    return [began.elapsed_time(ended) for began, ended in events], result


def _by_graph(call: Callable[[int], Any], sets: int, effort: Effort, may_be_infinite: bool) -> Timed:
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for place in range(sets):
            call(place)
    torch.cuda.current_stream().wait_stream(side)
    torch.cuda.synchronize()
    calls = sets * math.ceil(10 / sets)  # enough that the replay's own start doesn't count
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        results = [call(place % sets) for place in range(calls)]
    for result in results:
        for one in tensors(result):
            one.fill_(math.nan)
    graph.replay()
    for result in results:
        _require_numbers(result, may_be_infinite)
    samples, _ = _by_events(lambda _: graph.replay(), 1, effort)
    return [sample / calls for sample in samples], results[-1]


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
