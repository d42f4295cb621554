"""One command as a process of its own: how long it took, and the most memory that its whole tree held.

Memory is the greatest sum, over the process and all below it, of the proportional set size (pages that
several processes share count once), sampled every 50 ms; where a process does not say that, its resident
size counts.
"""

import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

INTERVAL = 0.05
_SAID = 2000
_KIB = 1024


def measure(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Run a command in a folder; return its seconds, CPU seconds, bytes of memory, and the end of its words.

    Raises RuntimeError with its words when it fails.
    """
    with (folder / "output.txt").open("w+b") as output:
        started = time.monotonic()
        process = subprocess.Popen(  # noqa: S603  the commands are those of this experiment
            [str(word) for word in command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        sampler = Sampler(process.pid)
        sampler.start()
        status, usage = _ended(process.pid)
        seconds = time.monotonic() - started
        sampler.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        said = _end(output)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{said}")
    return {
        "seconds": round(seconds, 4),
        "cpu": round(usage.ru_utime + usage.ru_stime, 4),
        # A process that ended before the first sample still had what its own account says.
        "memory": sampler.peak or usage.ru_maxrss * _KIB,
        "said": said,
    }


def _ended(process: int) -> tuple[int, resource.struct_rusage]:
    """Return the status and the use of a process when it ended.

    Whoever interrupts the wait ends it with all below it, for it would go on writing into a folder that goes.
    """
    try:
        _, status, usage = os.wait4(process, 0)
    except BaseException:
        os.killpg(process, signal.SIGKILL)
        os.wait4(process, 0)
        raise
    return status, usage


def _end(output: Any) -> str:
    output.seek(0, os.SEEK_END)
    output.seek(max(0, output.tell() - _SAID))
    return str(output.read().decode("utf-8", "replace"))


class Sampler(threading.Thread):
    """Follows the memory of a process and all below it; ``peak`` is in bytes."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._root = root
        self._ended = threading.Event()

    def run(self) -> None:
        """Sample until told to end."""
        while not self._ended.wait(INTERVAL):
            self.peak = max(self.peak, sum(map(held, tree(self._root))))

    def stop(self) -> None:
        """Take no further sample."""
        self._ended.set()
        self.join()


def tree(root: int) -> Iterator[int]:
    """Yield a process and every process below it."""
    yield root
    try:
        # The children of each thread are listed apart.
        lists = [task / "children" for task in Path(f"/proc/{root}/task").iterdir()]
        children = [int(word) for one in lists for word in one.read_text(encoding="ascii").split()]
    except OSError:
        return
    for child in children:
        yield from tree(child)


def held(process: int) -> int:
    """Return the bytes that a process holds; none once it has ended."""
    for name, label in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            lines = Path(f"/proc/{process}/{name}").read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            continue
        found = next((line.split()[1] for line in lines if line.startswith(label)), None)
        if found is not None:
            return int(found) * _KIB
    return 0
