"""Where per-record work runs: here, in processes of this machine, or on a cluster of Dask.

Every choice hands out a ``concurrent.futures.Executor``, so that the same code gives the same bytes anywhere.
"""

import os
import re
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from colophon import bundle
from colophon.errors import EnvironmentFault, UsageError

Result = TypeVar("Result")
Item = TypeVar("Item")
Arguments = ParamSpec("Arguments")
# Told of a stage: its name, how much of it is done, how much there is.
Progress = Callable[[str, int, int], None]


class Serial(Executor):
    """Runs each call at once, in this process."""

    def submit(
        self, fn: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """Run the call now and return its finished future."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  a future carries whatever was raised
            future.set_exception(error)
        return future


_DASK = "dask://"
_LOCAL = re.compile(r"serial|local(?::(?P<count>[1-9][0-9]{0,2}))?")
# Seconds in which a scheduler answers, or does not.
_ANSWERS = 10


def is_cluster(name: str | None) -> bool:
    """Whether an executor of this name runs on other machines."""
    return name is not None and name.startswith(_DASK)


@contextmanager
def opened(name: str | None, processes: int | None, shared: Iterable[Path]) -> Iterator[Executor]:
    """Give the executor that is named ``serial``, ``local``, ``local:N`` or ``dask://HOST:PORT``.

    Without a name it is ``local`` with so many ``processes``.  ``shared`` are the folders that every worker
    of a cluster has to see.  Raises UsageError for another name, EnvironmentFault when a cluster cannot be
    used.
    """
    if name is not None and processes is not None:
        raise UsageError(
            "--jobs and --executor cannot be used together", "--executor local:N has N processes"
        )
    if name is not None and is_cluster(name):
        with _cluster(name.removeprefix(_DASK), shared) as executor:
            yield executor
        return
    found = _LOCAL.fullmatch("local" if name is None else name)
    if found is None:
        raise UsageError(f"executor {name!r} is none of serial, local, local:N, dask://HOST:PORT")
    count = 1 if name == "serial" else int(found["count"]) if found["count"] else processes
    with local(count) as executor:
        yield executor


@contextmanager
def _cluster(address: str, shared: Iterable[Path]) -> Iterator[Executor]:
    """Give the executor of a scheduler; a call whose worker is lost is given to another."""
    try:
        from distributed import Client, KilledWorker  # noqa: PLC0415  an extra, and slow to import
        from distributed.comm.core import connect  # noqa: PLC0415
        from distributed.utils import LoopRunner  # noqa: PLC0415
    except ImportError as error:
        hint = "pip install 'colophon-registry[cluster]'"
        raise EnvironmentFault("distributed is not installed", hint) from error

    async def reach() -> None:
        await (await connect(f"tcp://{address}", timeout=_ANSWERS)).close()  # type: ignore[no-untyped-call]

    try:
        # A client that finds nobody prints tracebacks when it is thrown away, so nobody is asked first.
        LoopRunner().run_sync(reach)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        hint = "dask scheduler --port 8786, then dask worker tcp://HOST:8786"
        raise EnvironmentFault(f"no scheduler of Dask answers at {address}", hint) from error
    with Client(f"tcp://{address}", set_as_default=False) as client:  # type: ignore[no-untyped-call]
        _require_alike(client.run(_seen, [str(path.resolve()) for path in shared]), address)
        try:
            yield client.get_executor(pure=False)
        except KilledWorker as error:
            message = "several workers were lost over the same records, perhaps for want of memory"
            hint = "start workers with more memory, then the same command again"
            raise EnvironmentFault(message, hint) from error


def _seen(shared: list[str]) -> tuple[str, list[str]]:
    """Return, on a worker, the digest of its program and which of the folders it does not see."""
    return bundle.digest(), [path for path in shared if not Path(path).is_dir()]


def _require_alike(workers: dict[str, tuple[str, list[str]]], address: str) -> None:
    """Refuse a cluster whose workers would give other bytes, or none."""
    if not workers:
        raise EnvironmentFault(f"the scheduler at {address} has no workers", f"dask worker tcp://{address}")
    for name, (digest, missing) in sorted(workers.items()):
        if digest != bundle.digest():
            raise EnvironmentFault(f"worker {name} runs another version of this program", "install this one")
        if missing:
            hint = "share that folder under the same path"
            raise EnvironmentFault(f"worker {name} does not see {missing[0]}", hint)


def local(processes: int | None = None) -> Executor:
    """Return a process pool, or the serial executor for one process.  Default: one per core."""
    count = processes or os.cpu_count() or 1
    return Serial() if count == 1 else ProcessPoolExecutor(count, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Leave Ctrl-C to the parent, and end when the parent is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_exit, args=(parent,), daemon=True).start()


def _wait_and_exit(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _width(executor: Executor) -> int:
    """Return how many calls an executor runs at once, as far as it says."""
    client = getattr(executor, "_client", None)
    return sum(client.nthreads().values()) if client is not None else 1


def chunks(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Yield the items in tuples of at most ``size``."""
    iterator = iter(items)
    while chunk := tuple(islice(iterator, size)):
        yield chunk


def in_order(
    executor: Executor, function: Callable[[Any], Result], items: Iterable[Any], ahead: int
) -> Iterator[Result]:
    """Yield ``function(item)`` in the order of the items, with at most ``ahead`` calls under way.

    A cluster has as many more as keep its workers busy.  Memory stays flat: neither all items nor all results
    are held.  Raises EnvironmentFault when a process of a pool was ended from outside.
    """
    iterator, ahead = iter(items), max(ahead, 2 * _width(executor))
    try:
        waiting = [executor.submit(function, item) for item in islice(iterator, ahead)]
        while waiting:
            yield waiting.pop(0).result()
            for item in islice(iterator, 1):
                waiting.append(executor.submit(function, item))
    except BrokenExecutor as error:
        message = "a worker process was ended from outside, perhaps for want of memory"
        raise EnvironmentFault(message, "run the same command again with --jobs 1") from error
