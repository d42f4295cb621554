"""How ways are timed: in turn, with every sample kept, and with a word on what else the machine did."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

os.environ["TRITON_INTERPRET"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "experiments"))

import _timing as timing
import harness

TWELVE = timing.Effort(0.0, 12, 12)


@pytest.fixture
def run(tmp_path: Path) -> harness.Run:
    return started(tmp_path)


def started(folder: Path) -> harness.Run:
    journal = harness.Journal(folder / "out.json", "key", 1)
    return harness.Run(SimpleNamespace(), "smoke", "cpu", (1,), journal)


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No load but that of the tests that set one."""
    monkeypatch.setattr(timing, "load_of_others", lambda: 0.0)


def logged(log: list[tuple[str, int]], name: str) -> Callable[[int], torch.Tensor]:
    def call(place: int) -> torch.Tensor:
        log.append((name, place))
        return torch.ones(2)

    return call


def test_ways_run_in_turn(run):
    """After a look at each and its first sample, in four blocks; sets of inputs go on from block to block."""
    log: list[tuple[str, int]] = []
    ways = {name: timing.Way(logged(log, name), sets=5) for name in "ab"}
    times = timing.compared(run, "times", ways, TWELVE)
    assert {name: len(samples) for name, samples in times.items()} == {"a": 12, "b": 12}
    order = "".join(name for name, _ in log)
    assert order == "aabb" + "aabb" + 3 * "aaabbb"
    # The first call is the one that is looked at.
    for name in "ab":
        assert [place for who, place in log if who == name][1:] == [place % 5 for place in range(12)]


def test_few_samples_are_taken_once_each(run):
    """One of each is no less than one, and no more."""
    log: list[tuple[str, int]] = []
    ways = {name: timing.Way(logged(log, name)) for name in "ab"}
    times = timing.compared(run, "times", ways, timing.Effort(0.0, 1, 1))
    assert [len(samples) for samples in times.values()] == [1, 1]
    assert len(log) == 4


def raising(error: Exception) -> Callable[[int], torch.Tensor]:
    def call(_: int) -> torch.Tensor:
        raise error

    return call


def test_ways_that_do_not_run_leave_the_others(run):
    """What a machine lacks is noted, a wrong result fails a check, and too little memory is no end either."""
    ways = {
        "large": timing.Way(raising(timing.OutOfResources(300, 200, "shared memory"))),
        "lacking": timing.Way(raising(RuntimeError("no kernel")), absent=timing.LACKING),
        "memory": timing.Way(raising(torch.OutOfMemoryError("full"))),
        "wrong": timing.Way(lambda _: torch.empty(3)),
        "right": timing.Way(lambda _: torch.ones(3)),
    }
    assert set(timing.compared(run, "times", ways, TWELVE)) == {"right"}
    assert [check["what"].split(":")[0] for check in run.checks] == ["times, wrong"]
    assert run.checks[0]["error"] > run.checks[0]["limit"]
    assert [note.split(", ")[1].split(":")[0] for note in run.notes] == ["large", "lacking", "memory"]
    assert "shared memory" in run.notes[0]


def test_other_errors_end_the_run(run):
    """An error of a kernel of ours is not what the machine lacks."""
    with pytest.raises(RuntimeError, match="illegal"):
        timing.compared(run, "times", {"a": timing.Way(raising(RuntimeError("illegal")))}, TWELVE)


def test_a_result_that_gets_worse_is_found():
    """The last call of a block is looked at, not only the first of all."""
    calls = iter(range(100))
    way = timing.Way(lambda _: torch.full((2,), float("nan") if next(calls) > 5 else 1.0))
    timer = timing.prepared(way, device="cpu", effort=TWELVE)
    with pytest.raises(timing.NotFinite):
        timing.in_turn({"": timer})


def test_attempts_say_what_there_was():
    """A value, what is lacking, or what is wrong; too little memory is for others to say."""
    assert timing.attempted(lambda: 3) == {"value": 3}
    large = timing.attempted(lambda: raising(timing.OutOfResources(300, 200, "registers"))(0))
    assert large["absent"].startswith("out of resource: registers")
    assert timing.attempted(lambda: raising(timing.NotFinite("bad"))(0)) == {"wrong": "bad"}
    assert timing.attempted(lambda: raising(AttributeError())(0), timing.LACKING) == {
        "absent": "AttributeError"
    }
    with pytest.raises(torch.OutOfMemoryError):
        timing.attempted(lambda: raising(torch.OutOfMemoryError())(0), timing.LACKING)


def test_the_way_of_the_least_median_is_the_fastest(run, monkeypatch):
    """Not that of the least sample; what needs too much is left out."""
    times = {"even": [2.0, 2.0, 2.0], "spread": [1.0, 3.0, 3.0], "slow": [4.0, 4.0, 4.0]}
    monkeypatch.setattr(
        timing, "compared", lambda run, what, ways, effort: {name: times[name] for name in ways}
    )
    ways = dict.fromkeys(times, timing.Way(lambda _: None))
    assert timing.fastest(run, "tune", ways) == "even"


def test_the_fastest_of_one_or_none_is_not_measured(run):
    """There is nothing to choose; where none of several runs there is no fastest."""
    large = timing.Way(raising(timing.OutOfResources(300, 200, "shared memory")))
    assert timing.fastest(run, "tune", {"only": large}) == "only"
    assert timing.fastest(run, "tune", {}) is None
    assert timing.fastest(run, "tune", {"a": large, "b": large}) is None
    assert len(run.notes) == 2


@pytest.mark.parametrize(("before", "after", "cores", "told"), [
    (0.2, 0.9, 2, None), (3.1, 0.0, 2, 3), (0.0, 3.1, 2, 3), (3.1, 3.1, 8, None), (0.6, 0.0, 1, 1),
])  # fmt: skip
def test_other_work_is_noted(tmp_path, monkeypatch, before, after, cores, told):
    """From half a core's load on, before or after; a run that goes on says it too."""
    run = started(tmp_path)
    expected = [] if told is None else [f"other work ran beside: load {told} on {cores} cores"]
    loads = iter([before, after])
    monkeypatch.setattr(timing, "load_of_others", lambda: next(loads))
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert timing.step(run, "one", lambda: 5) == 5
    assert run.notes == expected
    monkeypatch.setattr(timing, "load_of_others", lambda: 0.0)
    again = started(tmp_path)
    assert timing.step(again, "one", lambda: 6) == 5
    assert again.notes == expected


def test_a_gpu_s_times_say_nothing_of_the_cpu(tmp_path, monkeypatch):
    """Its own events measure them."""
    monkeypatch.setattr(timing, "load_of_others", lambda: 99.0)
    run = started(tmp_path)
    run.device = "cuda"
    assert timing.step(run, "one", lambda: 5) == 5
    assert run.notes == []


def test_own_work_is_no_load_of_others(monkeypatch):
    """A process that has computed on two cores for a minute is 1.26 of the load, and two after long."""
    clock = {"at": 0.0, "spent": 0.0}
    monkeypatch.setattr(timing, "time", SimpleNamespace(
        monotonic=lambda: clock["at"], process_time=lambda: clock["spent"]))  # fmt: skip
    own = timing._Own()
    clock |= {"at": 60.0, "spent": 120.0}
    assert own.now() == pytest.approx(2 * 0.632, abs=1e-3)
    clock |= {"at": 600.0, "spent": 1200.0}
    assert own.now() == pytest.approx(2, abs=1e-3)
    clock |= {"at": 660.0}
    assert own.now() == pytest.approx(2 * 0.368, abs=1e-3)


def test_sets_fill_the_cache_twice_within_reason(monkeypatch):
    """One elsewhere than on a GPU."""
    assert timing.copies(1, "cpu") == 1
    monkeypatch.setattr(timing, "cache_bytes", lambda device: 50)
    assert [timing.copies(size, "cuda") for size in (1, 10, 33, 200)] == [32, 10, 4, 1]


def test_limits_are_kept_for_their_metrics(run):
    """Every formula has its numbers."""
    timing.keep_limits(run, "layers", timing.Effort(0.0, 1, 1))
    part = SimpleNamespace(published=(), metrics=timing.limit_metrics("layers"))
    run.conclude(part)
    assert set(run.metrics) == {"layers_gemm_tflops", "layers_copy_gbps"}
    gemm, size = run.samples["layers_gemm"]["values"][0], run.parameters["layers_gemm_size"]["value"]
    assert run.metrics["layers_gemm_tflops"]["value"] == pytest.approx(2 * size**3 / gemm / 1e9)


def test_compiled_kernels_are_refused_on_a_cpu(run, monkeypatch):
    """Interpreted ones are noted, and a GPU needs no word."""
    timing.require_kernels(run)
    assert len(run.notes) == 1
    monkeypatch.setattr(timing, "IS_INTERPRETED", False)
    with pytest.raises(harness.Refusal, match="this machine has a GPU"):
        timing.require_kernels(run)
    timing.require_kernels(SimpleNamespace(device="cuda"))
