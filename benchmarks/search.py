"""How long the search takes to build and to update, and what it weighs, at sizes that no registry has yet.

    python benchmarks/search.py --papers 100000
    python benchmarks/search.py --papers 100000 --folder made

Papers have 900 words drawn from 60,000 made-up ones as often as words of texts are (by Zipf's law), so that
the index weighs what one of real papers would; drawing them is not counted.  Prints one line of JSON, with
questions that readers might ask.  ``--folder`` gets the files of the index as a site would have them.
"""

import argparse
import itertools
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from colophon.search_entry import NOT_RUN, Entry
from colophon.search_store import SearchStore

_VOCABULARY, _WORDS, _TITLE = 60_000, 900, 12
_EXPONENT = 1.07
# By rank among the words: one, two or three of a question, from those of most papers to those of a few.
_QUESTIONS = ((40,), (400,), (4_000,), (40_000,), (200, 2_000), (1_000, 6_000), (100, 1_000, 10_000))
_A_DAY = 390


class Drawn:
    """Papers that are drawn one by one; ``seconds`` of processor time went into drawing them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        letters = "abcdefghijklmnopqrstuvwxyz"
        self._vocabulary = ["".join(self._random.choices(letters, k=3 + n % 9)) for n in range(_VOCABULARY)]
        weights = (1 / rank**_EXPONENT for rank in range(1, _VOCABULARY + 1))
        self._weights = list(itertools.accumulate(weights))
        self.seconds = 0.0

    def papers(self, count: int, first: int = 0) -> Iterator[tuple[str, Entry]]:
        """Yield papers with their keys."""
        for number in range(first, first + count):
            began = time.process_time()
            one = self._paper(number)
            self.seconds += time.process_time() - began
            yield f"sha256:{number:064x}", one

    def _paper(self, number: int) -> Entry:
        title, text = self._text(_TITLE), self._text(_WORDS)
        return Entry(
            id=f"{number:08x}-0000-4000-8000-{number:012d}",
            display_id=f"SRCH:{number:08X}",
            title=title,
            about=text[:280],
            publisher=f"Publisher {number % 7}",
            subject=self._vocabulary[number % 300],
            day=9000 + number // _A_DAY,
            tier=("UNSAFE", "UNCHECKED", "LOCATED", "GROUNDED")[number % 4],
            level=f"L{number % 3}",
            state="CURRENT",
            verdict=NOT_RUN,
            text=f"{title} {text}",
        )

    def questions(self) -> list[str]:
        """Return what readers might ask: words by rank, and the beginning of one."""
        asked = [" ".join(self._vocabulary[rank] for rank in ranks) for ranks in _QUESTIONS]
        return [*asked, f"{self._vocabulary[5_000][:4]}*"]

    def _text(self, words: int) -> str:
        return " ".join(self._random.choices(self._vocabulary, cum_weights=self._weights, k=words))


def measured(papers: int, work: Path, target: Path | None = None) -> dict[str, Any]:
    """Return seconds of processor time, bytes and peak memory of building and updating the search.

    ``target`` gets the files of the index as it was built.
    """
    drawn, store = Drawn(1), SearchStore(work / "search.sqlite")
    began = time.process_time()
    store.put(drawn.papers(papers))
    store.finish()
    built = time.process_time() - began - drawn.seconds
    sizes = []
    for file in store.files():
        sizes.append(len(file.body))
        if target is not None:
            (target / file.path).parent.mkdir(parents=True, exist_ok=True)
            (target / file.path).write_bytes(file.body)
    store.close()
    changed = [*drawn.papers(1)]
    began = time.process_time()
    again = SearchStore(work / "search.sqlite")
    again.put([("changed", one) for _, one in changed])
    again.finish()
    names = sum(1 for _ in again.files())
    updated = time.process_time() - began
    return {
        "papers": papers,
        "built_seconds": round(built, 2),
        "updated_seconds": round(updated, 3),
        "bytes": sum(sizes),
        "files": names,
        "largest_bytes": max(sizes),
        "peak_memory_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "questions": drawn.questions(),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the files of the index go")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measured(asked.papers, Path(folder), asked.folder)))


if __name__ == "__main__":
    main()
