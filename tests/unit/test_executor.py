"""Work is done in order, with bounded memory, wherever it runs, and ends with the program."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import bundle, executor
from colophon.errors import EnvironmentFault
from colophon.executor import Serial, chunks, in_order, local


class Counting(Serial):
    """Runs at once and remembers how far submission was ahead of collection."""

    def __init__(self) -> None:
        self.submitted = 0

    def submit(self, fn, /, *args, **kwargs) -> Future:  # type: ignore[no-untyped-def]
        """Count and run."""
        self.submitted += 1
        return super().submit(fn, *args, **kwargs)


@given(st.lists(st.integers(), max_size=50), st.integers(1, 10))
def test_results_come_in_the_order_of_the_items(items: list[int], ahead: int) -> None:
    """However many calls are under way, the results have the order of the items."""
    assert list(in_order(Serial(), str, items, ahead)) == [str(item) for item in items]


@given(st.lists(st.integers(), max_size=50), st.integers(1, 10))
def test_chunks_are_a_partition(items: list[int], size: int) -> None:
    """Chunks hold every item once, in order, none empty, none larger than asked."""
    found = list(chunks(items, size))
    assert [item for chunk in found for item in chunk] == items
    assert all(1 <= len(chunk) <= size for chunk in found)


def test_no_more_calls_are_under_way_than_allowed() -> None:
    """Items are taken only as results are collected, so a hundred thousand records are never all queued."""
    executor = Counting()
    taken = 0
    for taken, _ in enumerate(in_order(executor, str, iter(range(1_000)), 8), 1):
        assert executor.submitted <= taken + 8
    assert taken == executor.submitted == 1_000


def test_the_pool_gives_what_the_serial_executor_gives() -> None:
    """Where the work runs makes no difference to its results."""
    with local(2) as pool:
        assert list(in_order(pool, abs, range(-20, 20), 4)) == list(
            in_order(Serial(), abs, range(-20, 20), 4)
        )


def test_one_process_needs_no_pool() -> None:
    """With one process everything runs in this one, where a debugger can see it."""
    with local(1) as executor:
        assert isinstance(executor, Serial)
        assert executor.submit(os.getpid).result() == os.getpid()


def divide(number: int) -> float:
    return 1 / number


@pytest.mark.parametrize("processes", [1, 2])
def test_what_fails_in_a_call_fails_in_the_caller(processes: int) -> None:
    """An exception of a call reaches the caller with its type, from this process or another."""
    executor: Executor
    with local(processes) as executor:
        results = in_order(executor, divide, [1, 0, 2], 2)
        assert next(results) == 1
        with pytest.raises(ZeroDivisionError):
            next(results)


PARENT = """
import os, time
from colophon.executor import local
with local(2) as pool:
    print(*{pool.submit(os.getpid).result() for _ in range(20)}, flush=True)
    pool.submit(time.sleep, 60)
    time.sleep(60)
"""


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_its_parent(blow: signal.Signals) -> None:
    """A parent killed in any way leaves no process behind, also none that is busy."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = [int(word) for word in parent.stdout.readline().split()]
    assert workers
    parent.send_signal(blow)
    parent.wait()
    for _ in range(100):
        if not any(map(alive, workers)):
            break
        time.sleep(0.1)
    assert not any(map(alive, workers))


ALIKE = (bundle.digest(), [])


@pytest.mark.parametrize(
    ("workers", "words"),
    [
        ({}, "has no workers"),
        ({"tcp://a": ALIKE, "tcp://b": ("another", [])}, "worker tcp://b runs another version"),
        ({"tcp://a": (bundle.digest(), ["/registry"])}, "worker tcp://a does not see /registry"),
    ],
)
def test_a_cluster_that_would_give_other_bytes_is_refused(
    workers: dict[str, tuple[str, list[str]]], words: str
) -> None:
    """One without workers, with another program, or that does not see the files."""
    with pytest.raises(EnvironmentFault, match=words) as refused:
        executor._require_alike(workers, "host:1")
    assert refused.value.hint
    executor._require_alike({"tcp://a": ALIKE}, "host:1")


def test_a_worker_says_what_it_does_not_see(tmp_path: Path) -> None:
    """A folder that is missing there, or a file in its place."""
    (tmp_path / "file").touch()
    seen = executor._seen([str(tmp_path), str(tmp_path / "gone"), str(tmp_path / "file")])
    assert seen == (bundle.digest(), [str(tmp_path / "gone"), str(tmp_path / "file")])
