"""Where per-record work runs.  Every choice hands out a ``concurrent.futures.Executor``."""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, TypeVar

from colophon.errors import EnvironmentFault

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


def chunks(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Yield the items in tuples of at most ``size``."""
    iterator = iter(items)
    while chunk := tuple(islice(iterator, size)):
        yield chunk


def in_order(
    executor: Executor, function: Callable[[Any], Result], items: Iterable[Any], ahead: int
) -> Iterator[Result]:
    """Yield ``function(item)`` in the order of the items, with at most ``ahead`` calls under way.

    Memory stays flat: neither all items nor all results are held.  Raises EnvironmentFault when a process
    of a pool was ended from outside.
    """
    iterator = iter(items)
    try:
        waiting = [executor.submit(function, item) for item in islice(iterator, ahead)]
        while waiting:
            yield waiting.pop(0).result()
            for item in islice(iterator, 1):
                waiting.append(executor.submit(function, item))
    except BrokenExecutor as error:
        message = "a worker process was ended from outside, perhaps for want of memory"
        raise EnvironmentFault(message, "run the same command again with --jobs 1") from error
