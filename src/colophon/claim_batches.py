"""Many claims looked up in the same sources, by one process or several, in the order of the claims."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from colophon.executor import Progress, chunks, in_order
from colophon.grounding import jsonl
from colophon.grounding.jsonl import Claim
from colophon.grounding.library import Library

# Claims in one call of a worker, and calls under way.
_CHUNK, _AHEAD = 64, 8
# Of fewer claims the start of further processes takes longer than they save.
WORTH_SEVERAL = 2_000


@dataclass(frozen=True, slots=True)
class _Batch:
    """Claims for one call; ``sources`` is the file that every process reads for itself, once."""

    sources: str
    claims: tuple[Claim, ...]


def lines(claims: Sequence[Claim], sources: Path, executor: Executor, progress: Progress) -> Iterator[bytes]:
    """Yield the verdict on each claim as a line of JSON; the bytes do not depend on the executor.

    Raises UsageError with file and line for a source that is malformed.
    """
    # What is wrong with a source is said before anything is printed, and if there is no claim at all.
    _library(str(sources))
    batches = (_Batch(str(sources), chunk) for chunk in chunks(claims, _CHUNK))
    done = 0
    for found in in_order(executor, _judged, batches, _AHEAD):
        yield from found
        done += len(found)
        progress("ground", done, len(claims))


def _judged(batch: _Batch) -> list[bytes]:
    library = _library(batch.sources)
    return [jsonl.line(one, library.ground(one.text, one.sources)) for one in batch.claims]


@lru_cache(maxsize=1)
def _library(sources: str) -> Library:
    return Library(jsonl.sources(Path(sources)))
