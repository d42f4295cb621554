"""How right the verdicts of ``colophon ground`` are, beside the rule that the reports state.

    python benchmarks/grounding.py --scifact DIR --edits FILE

DIR holds the claims and abstracts of SciFact (``claims.jsonl`` with gold sentences, ``corpus.jsonl``; Wadden
et al. 2020), FILE the edited news summaries of SummEdits (Laban et al. 2023; label 1 is consistent, 0 not).
Neither is a part of this repository.  S is supported, C contradicted, N neither.  Every share has a 95 %
interval from 1,000 bootstrap samples of the claims, drawn with a fixed seed.  "Theirs" is that rule.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from cosine import THRESHOLD, Cosine
from measuring import RESULTS, machine, save

from colophon.grounding.location import content, located
from colophon.grounding.source import Source
from colophon.grounding.verdicts import METHOD, SUPPORTING, Grounding, ground
from colophon.language.folding import fold
from colophon.language.weights import table

_SAMPLES, _SEED = 1_000, 20261126
# Of the cosine; from 0.30 on claims are so few that they share a band, and from 0.40 on hardly any are left.
_EDGES = ("0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30", "0.40")
_POSITIVE = (*SUPPORTING, "located")


@dataclass
class Case:
    """A claim with its source, its label, and what both rules say of it; ``gold`` are places of sentences."""

    claim: str
    source: Source
    label: str
    gold: frozenset[int]
    found: Grounding
    cosine: float


@dataclass
class Row:
    """One measure: of how many claims it is, ours and the reports' rule with intervals, or None."""

    name: str
    n: int
    ours: tuple[float, float, float] | None
    theirs: tuple[float, float, float] | None = None


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def scifact(folder: Path) -> list[Case]:
    """Judge every claim by each abstract that it cites."""
    sources = {
        one["doc_id"]: Source(str(one["doc_id"]), "abstract", "", one["title"], one["abstract"])
        for one in _lines(folder / "corpus.jsonl")
    }
    cosine = Cosine({source.original for source in sources.values()})
    cases = []
    for one in _lines(folder / "claims.jsonl"):
        for cited in sorted({*one["cited_doc_ids"], *map(int, one["evidence"])}):
            evidence = one["evidence"].get(str(cited), [])
            label = evidence[0]["label"][0] if evidence else "N"
            gold = frozenset(place for each in evidence for place in each["sentences"])
            cases.append(_case(one["claim"], sources[cited], label, gold, cosine))
    return cases


def edits(path: Path) -> list[Case]:
    """Judge every edited summary by its article."""
    listed = json.loads(path.read_text(encoding="utf-8"))
    sources = {
        text: Source(str(n), "full", text) for n, text in enumerate(sorted({one["doc"] for one in listed}))
    }
    cosine = Cosine(sources)
    return [
        _case(
            one["summary"], sources[one["doc"]], "S" if str(one["label"]) == "1" else "C", frozenset(), cosine
        )
        for one in listed
    ]


def _case(claim: str, source: Source, label: str, gold: frozenset[int], cosine: Cosine) -> Case:
    return Case(claim, source, label, gold, ground(claim, [source]), cosine.of(claim, source.original))


def _interval(
    cases: Sequence[Any], measure: Callable[[Sequence[Any]], float | None]
) -> tuple[float, float, float] | None:
    value = measure(cases)
    if value is None:
        return None
    draw = random.Random(_SEED)
    found = sorted(
        again for _ in range(_SAMPLES) if (again := measure(draw.choices(cases, k=len(cases)))) is not None
    )
    return value, found[int(0.025 * len(found))], found[int(0.975 * len(found))]


def _share(cases: Sequence[Case], of: Callable[[Case], bool], among: Callable[[Case], bool]) -> float | None:
    held = [of(one) for one in cases if among(one)]
    return sum(held) / len(held) if held else None


def _balanced(cases: Sequence[Case], says: Callable[[Case], bool]) -> float | None:
    right = _share(cases, says, lambda one: one.label == "S")
    wrong = _share(cases, says, lambda one: one.label != "S")
    return None if right is None or wrong is None else (right + 1 - wrong) / 2


def _passes(one: Case) -> bool:
    return one.cosine >= THRESHOLD


def _supports(one: Case) -> bool:
    return one.found.verdict in SUPPORTING


def _is_positive(one: Case) -> bool:
    return one.found.verdict in _POSITIVE


def common(cases: list[Case]) -> list[Row]:
    """Return the measures that every set has."""

    def among(label: str) -> Callable[[Case], bool]:
        return lambda one: one.label == label

    def flagged(one: Case) -> bool:
        return bool(one.found.signals.get("number_conflict"))

    def count(of: Callable[[Case], bool]) -> int:
        return sum(map(of, cases))

    def measured(of: Any, within: Callable[[Case], bool]) -> tuple[float, float, float] | None:
        return None if of is None else _interval(cases, lambda some: _share(some, of, within))

    def share(name: str, ours: Any, theirs: Any, within: Callable[[Case], bool]) -> Row:
        return Row(name, count(within), measured(ours, within), measured(theirs, within))

    has_numbers = lambda one: one.label == "S" and one.found.signals.get("numbers", 0) > 0  # noqa: E731
    return [
        Row(
            "S against the rest, balanced accuracy",
            len(cases),
            _interval(cases, lambda some: _balanced(some, _is_positive)),
            _interval(cases, lambda some: _balanced(some, _passes)),
        ),
        share(
            "of C, called supported (quoted or values_match; theirs: verified)",
            _supports,
            _passes,
            among("C"),
        ),
        share("of S, called supported", _supports, _passes, among("S")),
        share("of what is called quoted or values_match, S", among("S"), None, _supports),
        share("of what the reports' rule verifies, S", None, among("S"), _passes),
        share(
            "of what is called conflict, not S",
            lambda one: one.label != "S",
            None,
            lambda one: one.found.verdict == "conflict",
        ),
        share("of number conflicts, not S", lambda one: one.label != "S", None, flagged),
        share("of S with numbers, number conflicts", flagged, None, has_numbers),
    ]


def located_rows(cases: list[Case]) -> list[Row]:
    """Return how often the sentences of the evidence come first, or among the first three."""
    held = [one for one in cases if one.gold]
    places = {id(one): [hit.place for hit in located(_terms(one.claim), one.source)[:3]] for one in held}
    by_cosine = {id(one): _by_cosine(one) for one in held}

    def hits(ranked: dict[int, list[int]], most: int) -> tuple[float, float, float] | None:
        return _interval(
            held, lambda some: sum(bool({*ranked[id(one)][:most]} & one.gold) for one in some) / len(some)
        )

    return [
        Row(f"evidence sentence, hit@{most}", len(held), hits(places, most), hits(by_cosine, most))
        for most in (1, 3)
    ]


def _by_cosine(one: Case) -> list[int]:
    cosine = Cosine(one.source.parts)
    scores = [cosine.of(one.claim, part) for part in one.source.parts]
    return sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:3]


def _terms(claim: str) -> list[str]:
    return content(fold(claim).text)


def apart_row(cases: list[Case]) -> Row:
    """Return how well the right source is told from another, by the best coverage in each."""
    sources = list({one.source.name: one.source for one in cases}.values())
    cosine = Cosine({source.original for source in sources})
    held = [one for one in cases if one.label != "N"]

    def scores(one: Case) -> tuple[float, float, float, float]:
        at = next(n for n, source in enumerate(sources) if source is one.source)
        other = sources[(at + len(sources) // 2) % len(sources)]
        return (
            _coverage(one.claim, one.source), _coverage(one.claim, other),
            one.cosine, cosine.of(one.claim, other.original),
        )  # fmt: skip

    found = [scores(one) for one in held]
    return Row(
        "the right source against another, AUROC",
        len(held),
        _interval(found, lambda some: _area([x[0] for x in some], [x[1] for x in some])),
        _interval(found, lambda some: _area([x[2] for x in some], [x[3] for x in some])),
    )


def _coverage(claim: str, source: Source) -> float:
    return max((one.window for one in located(_terms(claim), source)[:3]), default=0.0)


def _area(right: list[float], wrong: list[float]) -> float:
    ranked = sorted([(score, 1) for score in right] + [(score, 0) for score in wrong])
    total, below, at = 0.0, 0, 0
    while at < len(ranked):
        same = at
        while same < len(ranked) and ranked[same][0] == ranked[at][0]:
            same += 1
        hits = sum(kind for _, kind in ranked[at:same])
        misses = same - at - hits
        total += hits * (below + misses / 2)
        below += misses
        at = same
    return total / (len(right) * len(wrong))


def _verdicts(cases: list[Case]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for one in cases:
        row = found.setdefault(str(one.found.verdict), {"S": 0, "C": 0, "N": 0})
        row[one.label] += 1
    return dict(sorted(found.items()))


def _bands(cases: list[Case]) -> list[dict[str, Any]]:
    """Return for each band of the cosine how many claims have such a one, and how many of them are S."""
    found = []
    for low, high in pairwise(_EDGES):
        within = [one for one in cases if float(low) <= one.cosine < float(high)]
        supported = sum(one.label == "S" for one in within)
        found.append({"low": low, "high": high, "claims": len(within), "supported": supported})
    return found


def _speed(cases: list[Case]) -> float:
    """Return claims a second on one core, their sources having been read."""
    began = time.perf_counter()
    for one in cases:
        ground(one.claim, [one.source])
    return len(cases) / (time.perf_counter() - began)


def _shown(value: tuple[float, float, float] | None) -> str:
    return "" if value is None else f"{value[0]:.3f} ({value[1]:.3f} to {value[2]:.3f})"


def _report(name: str, cases: list[Case]) -> dict[str, Any]:
    """Print the tables of one set and return what is kept of them."""
    rows = common(cases)
    if any(one.gold for one in cases):
        rows += [*located_rows(cases), apart_row(cases)]
    verdicts, bands, speed = _verdicts(cases), _bands(cases), round(_speed(cases))
    print(f"\n{name}: {len(cases)} claims\n")
    print("| measure | n | ours | the reports' rule |\n| --- | ---: | --- | --- |")
    for row in rows:
        print(f"| {row.name} | {row.n} | {_shown(row.ours)} | {_shown(row.theirs)} |")
    print("\n| verdict | S | C | N |\n| --- | ---: | ---: | ---: |")
    for verdict, counts in verdicts.items():
        print(f"| {verdict} | {counts['S']} | {counts['C']} | {counts['N']} |")
    print("\n| cosine from | to | claims | S |\n| --- | --- | ---: | ---: |")
    for band in bands:
        print(f"| {band['low']} | {band['high']} | {band['claims']} | {band['supported']} |")
    print(f"\n{speed} claims a second on one core")
    return {
        "rows": [vars(row) for row in rows],
        "verdicts": verdicts,
        "cosine_bands": bands,
        "claims_per_second": speed,
    }


def main() -> None:
    """Judge both sets, print the tables and store them."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--scifact", type=Path, required=True)
    ask.add_argument("--edits", type=Path, required=True)
    ask.add_argument("--results", type=Path, default=RESULTS)
    options = ask.parse_args()
    facts = machine()
    sets = {
        "SciFact, train": _report("SciFact, train", scifact(options.scifact)),
        "SummEdits, news": _report("SummEdits, news", edits(options.edits)),
    }
    save(options.results, "grounding", _SEED, facts, [], method=METHOD, idf=table()[2], sets=sets)


if __name__ == "__main__":
    main()
