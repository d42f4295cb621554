"""Copies among many records: how many are found, what it takes, and every pair compared beside it.

    python benchmarks/duplicates.py --records 10000,100000

Three registries are fabricated as outlines, the form in which a check reads all records.  ``varied``: each
text in words of its own.  ``template``: each text the same one with a few words exchanged, so that any two
are nearly copies and yet hardly ever are.  ``crowd``: every text a copy of one.  In each, one record in a
hundred has a copy planted, in which a few words more are exchanged.  Whether a reported pair is true is
counted from the texts.

Each step is a process of its own; time and memory hold the reading of the outlines too.
"""

import argparse
import itertools
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from measuring import RESULTS, Measured, machine, measure, save, table

from colophon.near_duplicates import near_duplicates, signature
from colophon.outline import Outline, dumps, loads

SHAPES = ("varied", "template", "crowd")
_WORDS, _PLANTED, _VOCABULARY = 120, 100, 50_000
_SMOKE = 200
# More than so many records are too many for a look at every pair.
_EVERY = 2_000
_ENOUGH = 0.8


def text(shape: str, number: int, seed: int) -> list[str]:
    """Return the words of a record; every hundredth is a copy of the one before it."""
    if number % _PLANTED == 1:
        draw = random.Random(f"copy-{seed}-{number}")
        return _exchanged(text(shape, number - 1, seed), draw, draw.randint(1, 6))
    draw = random.Random(f"{seed}-{number}")
    if shape == "varied":
        # Few words are frequent and many rare, as in any language.
        return [f"w{int(_VOCABULARY ** draw.random())}" for _ in range(_WORDS)]
    pattern = random.Random(seed)
    common = [f"w{pattern.randrange(_VOCABULARY)}" for _ in range(_WORDS)]
    return _exchanged(common, draw, 4 if shape == "template" else 2)


def _exchanged(words: list[str], draw: random.Random, count: int) -> list[str]:
    found = list(words)
    for place in draw.sample(range(len(words)), count):
        found[place] = f"x{draw.randrange(10**9)}"
    return found


def _alike(one: list[str], other: list[str]) -> float:
    """Return the share of pairs of neighbouring words that two texts have in common."""
    left, right = set(itertools.pairwise(one)), set(itertools.pairwise(other))
    return len(left & right) / len(left | right)


def outlines(shape: str, records: int, seed: int) -> Iterator[Outline]:
    """Yield fabricated outlines, in the order in which they came."""
    for number in range(records):
        name, words = f"{number:08d}", " ".join(text(shape, number, seed))
        signed = str(signature([words], words, ()))
        title, folder = f"Fabricated Report {name}", f"papers/{name[:2]}/{name}"
        yield Outline(
            name, folder, title, "Fabricated Syntheses (benchmark)", None, (), (), 0, signed, number + 1
        )


def search(file: Path, found: Path) -> None:
    """Look for copies as a check does."""
    pairs = near_duplicates(loads(file.read_bytes()))
    found.write_text("".join(f"{int(pair.later)} {int(pair.earlier)}\n" for pair in pairs))


def read(file: Path, found: Path) -> None:
    """Read the outlines and no more: what every check of a change does anyway."""
    found.write_text(f"{len(list(loads(file.read_bytes())))}\n")


def every_pair(file: Path, found: Path, shape: str, seed: int) -> None:
    """Compare every text with every earlier one: the simplest way that misses nothing."""
    sets = [set(itertools.pairwise(text(shape, int(one.id), seed))) for one in loads(file.read_bytes())]
    with found.open("w") as lines:
        for later, numbers in enumerate(sets):
            for earlier in range(later):
                both = len(numbers & sets[earlier])
                if both >= _ENOUGH * (len(numbers) + len(sets[earlier]) - both):
                    lines.write(f"{later} {earlier}\n")
                    break


def judged(file: Path, shape: str, records: int, seed: int) -> dict[str, object]:
    """Return how many copies were planted and found, and how many pairs are none."""
    pairs = dict(tuple(map(int, line.split())) for line in file.read_text().splitlines())
    planted = [
        number
        for number in range(1, records, _PLANTED)
        if _alike(text(shape, number, seed), text(shape, number - 1, seed)) >= _ENOUGH
    ]
    wrong = [pair for pair in pairs.items() if _alike(*(text(shape, one, seed) for one in pair)) < _ENOUGH]
    return {
        "shape": shape,
        "records": records,
        "planted": len(planted),
        "found": sum(number in pairs for number in planted),
        "pairs": len(pairs),
        "false": len(wrong),
    }


def compared(shape: str, records: int, seed: int) -> Iterator[tuple[Measured, dict[str, object]]]:
    """Measure one registry, and every pair of it where that ends."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        file = folder / "outlines"
        with file.open("wb") as lines:
            lines.writelines(dumps([one]) for one in outlines(shape, records, seed))
        for way in ["read", "search"] if records > _EVERY else ["read", "search", "every pair"]:
            found = folder / way
            command: list[str | Path] = [
                sys.executable, Path(__file__).resolve(), "--child", way, file, found, shape, str(seed)
            ]  # fmt: skip
            step = measure(f"{shape}, {way}", records, command, folder)
            yield step, {} if way == "read" else {"way": way, **judged(found, shape, records, seed)}


def main(arguments: list[str]) -> None:
    """Measure, print two tables, and keep the numbers."""
    if arguments[:1] == ["--child"]:
        way, file, found, shape, seed = arguments[1:]
        if way != "every pair":
            {"read": read, "search": search}[way](Path(file), Path(found))
        else:
            every_pair(Path(file), Path(found), shape, int(seed))
        return
    parser = argparse.ArgumentParser(description="Look for copies among fabricated records.")
    parser.add_argument("--records", default="1000,2000,10000,20000,100000,200000", help="comma-separated")
    parser.add_argument("--shapes", default=",".join(SHAPES), help="comma-separated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help=f"{_SMOKE} records, to see that everything runs")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--name", default="duplicates")
    given = parser.parse_args(arguments)
    sizes = [_SMOKE] if given.smoke else [int(word) for word in given.records.split(",")]
    facts, measured, answers = machine(), list[Measured](), list[dict[str, object]]()
    for size in sizes:
        for shape in given.shapes.split(","):
            for step, answer in compared(shape, size, given.seed):
                measured.append(step)
                if answer:
                    answers.append(answer)
                    print(f"    {answer}", flush=True)
    print(f"\n{table(measured)}\n{_answers(answers)}")
    save(given.results, given.name, given.seed, facts, measured, answers=answers)


def _answers(answers: list[dict[str, object]]) -> str:
    head = ("records", "shape", "way", "planted", "found", "pairs", "false")
    lines = [f"| {' | '.join(head)} |", f"| ---: | --- | --- |{' ---: |' * 4}"]
    lines += [f"| {' | '.join(str(answer[name]) for name in head)} |" for answer in answers]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
