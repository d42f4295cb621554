"""A small experiment for tests of the harness: it counts, and can be slow, wrong, or out of memory."""

import os
import time
from pathlib import Path

from harness import Experiment, Metric, Published, Run

EXPERIMENT = Experiment(
    __file__, title="Counting", question="Do numbers add up?", limits="Only small ones do."
)
EXPERIMENT.plot("sums", "Sums", "n", "sum", {"all": {1: "sum_1", 2: "sum_2", 3: "sum_3"}}, level=(3, "three"))


@EXPERIMENT.part(
    "sums",
    "adds numbers up",
    {"smoke": 1, "cpu": 1},
    metrics=[
        *(Metric(f"sum_{n}", f"total(numbers_{n})", None, "counted", f"sum up to {n}") for n in (1, 2, 3)),
        Metric("share", "claimed / sum_3", None, "arithmetic", "a share", low="share_low", high="1"),
        Metric("never", "total(missing)", None, "counted", "what was not counted"),
        Metric("nothing", "1 / (sum_1 - sum_1)", None, "counted", "what is no number"),
    ],
    published=[Published("claimed", "6", 6, None, "arxiv", "2601.00001", "figures-c001")],
)
def sums(run: Run) -> None:
    """Count in steps; environment variables of the tests say where it goes wrong."""
    run.parameter("share_low", 0.5, None, "a lower end")
    trace = Path(os.environ["COUNTING_TRACE"])
    for n in (1, 2, 3):
        numbers = run.step(f"count to {n}", lambda n=n: _counted(n, trace))
        if numbers is not None:
            run.sample(f"numbers_{n}", numbers, None, f"numbers up to {n}")
    run.check("one", "one", float(os.environ.get("COUNTING_ERROR", "0")), 0.5, "difference")


class OutOfMemoryError(RuntimeError):
    """Named as torch names its own."""


def _counted(n: int, trace: Path) -> list[int]:
    with trace.open("a", encoding="utf-8") as file:
        file.write(f"{n}\n")
    if os.environ.get("COUNTING_STOPS_AT") == str(n):
        time.sleep(60)
    if os.environ.get("COUNTING_SLOW_AT") == str(n):
        time.sleep(1.1)
    if os.environ.get("COUNTING_FULL_AT") == str(n):
        raise OutOfMemoryError
    return list(range(1, n + 1))


@EXPERIMENT.part("late", "comes after", {"smoke": 1})
def late(run: Run) -> None:
    """Leave a note, so that a test sees whether it ran."""
    run.note("late ran")


@EXPERIMENT.part("large", "needs a GPU", {"gpu": 100})
def large(run: Run) -> None:
    """Never runs in a test."""


if __name__ == "__main__":
    raise SystemExit(EXPERIMENT.main())
