"""Fabricated registries of any size, the same for the same seed.

    python benchmarks/generate.py --records 1000 --seed 1 --folder /tmp/fabricated
    python benchmarks/generate.py --records 1000 --publishers 12 --kinds --years 3 --topics 40 --sourced 10 \
        --folder /tmp/fabricated

Every record is made up and says so in its title, its abstract and the name of its publisher.  A record is
what ``colophon ingest`` would make of its report (a test compares the two byte for byte), written directly so
that large registries take seconds.  Defects are a part of it: every fourth report states a wrong number of
claims, and some marks contradict the threshold that their report declares.
"""

import argparse
import copy
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import held_texts

from colophon import admission, canon, intake, schema

NAME = "Fabricated registry (benchmark)"
PUBLISHER = "Fabricated Syntheses (benchmark)"
PREFIX = admission.DEFAULT_PREFIX
OPENED = "2026-01-01"
CLAIMS = 20
SOURCES = 6

_TOPICS = ("Memory", "Latency", "Recall", "Calibration", "Robustness", "Throughput", "Compression", "Routing")
# Before a topic, so that there are as many as are asked for.
_QUALITIES = ("", "Sparse ", "Shared ", "Delayed ", "Frozen ", "Layered ", "Masked ", "Mirrored ", "Paired ")
# What a report says of its own kind, as ingest tells it.
_KINDS = {None: "", "synthesis": " This report is a synthesis.", "draft": " This report is a draft."}
_THINGS = (
    "Routers",
    "Encoders",
    "Rerankers",
    "Kettles",
    "Lanterns",
    "Tokenizers",
    "Gardens",
    "Weather Vanes",
)
_SYSTEMS = (
    "Foxglove",
    "Larkspur",
    "Bellwether",
    "Quillwort",
    "Marigold",
    "Thistledown",
    "Woodruff",
    "Yarrow",
)
_TASKS = ("MeadowQA", "HedgeBench", "OrchardSet", "PondRank", "BrambleVQA", "StileCorpus")
_MEASURES = (
    "accuracy",
    "mean latency",
    "peak memory",
    "recall at ten",
    "calibration error",
    "energy per query",
)
_CHANGES = ("rises", "falls", "stays within noise", "doubles", "halves", "levels off")
_CONDITIONS = (
    "when the window is widened to {n} tokens",
    "after {n} steps of imaginary training",
    "with {n} experts in place of one",
    "on the {n} longest made-up documents",
    "once {n} percent of the sources are removed",
)


@dataclass(frozen=True, slots=True)
class Variety:
    """How records differ from one another besides their texts: nothing by default.

    ``years`` are counted back from 2026; with ``kinds`` reports call themselves a synthesis, a draft or
    nothing.  There are ``TOPICS`` topics at most.
    """

    publishers: int = 1
    years: int = 1
    topics: int = len(_TOPICS)
    kinds: bool = False


PLAIN = Variety()
TOPICS = len(_TOPICS) * len(_QUALITIES)


@dataclass(frozen=True, slots=True)
class Facts:
    """What one fabricated report states."""

    number: int
    title: str
    subject: str
    question: str
    abstract: str
    submitted: date
    claims: tuple[tuple[str, bool, str], ...]
    sources: tuple[str, ...]
    extracted: int
    score: str
    publisher: str = PUBLISHER
    kind: str | None = None


def facts(number: int, seed: int, variety: Variety = PLAIN) -> Facts:
    """Return the facts of record ``number``; every fourth report states a wrong number of claims."""
    # The order of draws is part of what a seed means: another one gives other reports.
    draw = random.Random(f"{seed}-{number}")
    topic, thing = draw.choice(_topics(variety.topics)), draw.choice(_THINGS)
    plain = _facts(number, draw, topic, thing)
    return plain if variety == PLAIN else _varied(plain, seed, variety)


def _topics(count: int) -> list[str]:
    """Return the names of so many topics."""
    return [f"{quality}{topic}" for quality in _QUALITIES for topic in _TOPICS][:count]


def _varied(stated: Facts, seed: int, variety: Variety) -> Facts:
    """Return facts with a publisher, a kind and a year; of the publishers the first issue most."""
    draw = random.Random(f"variety-{seed}-{stated.number}")
    place = int((variety.publishers + 1) ** draw.random())
    return replace(
        stated,
        publisher=PUBLISHER if place == 1 else f"Fabricated Syntheses {place} (benchmark)",
        submitted=stated.submitted.replace(year=stated.submitted.year - draw.randrange(variety.years)),
        kind=draw.choice(list(_KINDS)) if variety.kinds else None,
    )


def _facts(number: int, draw: random.Random, topic: str, thing: str) -> Facts:
    system, task = draw.choice(_SYSTEMS), draw.choice(_TASKS)
    return Facts(
        number,
        f"Fabricated Report {number:06d}: {topic} of Imaginary {thing} in {system} on {task}",
        f"{system}: An Imaginary System for {thing}",
        f"How does the {topic.lower()} of imaginary {thing.lower()} in {system} change on {task}?",
        f"This fabricated report exists to measure a program and describes no real system. It invents the "
        f"{topic.lower()} of {thing.lower()} in the imaginary system {system} on the imaginary "
        f"benchmark {task}, over {draw.randint(3, 90)} made-up settings. Nothing in it was observed "
        "and nothing follows from it.",
        date(2026, 1, 1) + timedelta(days=draw.randrange(150)),
        tuple(_claim(draw, system, task) for _ in range(CLAIMS)),
        tuple(_source(draw) for _ in range(SOURCES)),
        CLAIMS if number % 4 else CLAIMS + draw.randint(1, 9),
        f"{draw.randint(40, 89) / 10}",
    )


def _claim(draw: random.Random, system: str, task: str) -> tuple[str, bool, str]:
    condition = draw.choice(_CONDITIONS).format(n=draw.randint(2, 99))
    text = f"The {draw.choice(_MEASURES)} of {system} on {task} {draw.choice(_CHANGES)} {condition}."
    confidence = draw.randint(8, 60)
    # A few marks contradict the threshold that the report declares, as in reports that were really issued.
    return text, (confidence >= 15) != (draw.random() < 0.03), f"0.{confidence:02d}"


def _source(draw: random.Random) -> str:
    return f"2{draw.randint(1, 5)}{draw.randint(1, 12):02d}.{draw.randint(10000, 19999)}v{draw.randint(1, 3)}"


def report(stated: Facts) -> str:
    """Return the text of a report, as its publisher would print it."""
    verified = sum(mark for _, mark, _ in stated.claims)
    rows = "".join(
        f"{text}\t{'✓' if mark else '×'}\t{confidence}\n" for text, mark, confidence in stated.claims
    )
    links = "".join(f"- <http://arxiv.org/abs/{source}>\n" for source in stated.sources)
    day = f"{stated.submitted:%B} {stated.submitted.day}, {stated.submitted.year}"
    return (
        f"# {stated.title}\n\n{stated.publisher}\n\n{day}\n\n## Abstract\n\n{stated.abstract}\n\n"
        f"## 1 Introduction\n\nThis paper examines: {stated.subject}. Research question: "
        f"{stated.question}\n\n"
        f"## 2 Methodology\n\nSearch of arXiv with 3 queries yielded {SOURCES} papers. "
        f"TF-IDF cosine verification (bigrams, threshold=0.15).\n\n"
        f"## 3 Results\n\n{SOURCES} papers retrieved. {stated.extracted} claims extracted; {verified} "
        f"independently verified. Quality review score: {stated.score}/10.\n\n"
        f"## 4 Limitations\n\nEverything in this report is made up.{_KINDS[stated.kind]}\n\n"
        f"## 5 Extracted Claims\n\nClaim\tVerified\tConfidence\n{rows}\n## References\n\n{links}"
    )


def write_reports(folder: Path, records: int, seed: int, variety: Variety = PLAIN) -> list[Path]:
    """Write the reports of a registry and return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{number:06d}.txt" for number in range(records)]
    for number, file in enumerate(files):
        file.write_text(report(facts(number, seed, variety)), encoding="utf-8")
    return files


def write_registry(
    folder: Path, records: int, seed: int, variety: Variety = PLAIN, sourced: int = 0
) -> list[str]:
    """Write a registry in stored form and return the ids of its records in the order of their numbers.

    Of ``sourced`` records, spread evenly, texts of sources are held and the claims were looked up in them.
    """
    admission.initialise(folder, name=NAME, id_prefix=PREFIX, today=OPENED)
    ids = []
    for record_id, files in _records(records, seed, variety):
        ids.append(record_id)
        place = folder / "papers" / record_id[:2] / record_id
        place.mkdir(parents=True)
        for name, body in files.items():
            (place / name).write_bytes(body)
    if sourced:
        every = max(1, records // sourced)
        held_texts.write(folder, ids[::every][:sourced], seed)
    return ids


def _pattern(seed: int, kind: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return manifest and provenance that ingest makes of the first report, were it of this kind."""
    with tempfile.TemporaryDirectory() as scratch:
        first = Path(scratch) / f"{0:06d}.txt"
        first.write_text(report(replace(facts(0, seed), kind=kind)), encoding="utf-8")
        read = intake.read_report(first, None, PREFIX)
    stored = {Path(path).name: body for path, body in read.files.items()}
    manifest, provenance = (canon.read(stored[f"{n}.json"]).value for n in ("manifest", "provenance"))
    return manifest, provenance


def _records(records: int, seed: int, variety: Variety = PLAIN) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield (id, files by name): each record after the pattern that ingest makes of the first of its kind."""
    patterns = {kind: _pattern(seed, kind) for kind in (_KINDS if variety.kinds else (None,))}
    for number in range(records):
        stated = facts(number, seed, variety)
        manifest, provenance = patterns[stated.kind]
        raw = report(stated).encode()
        record_id = intake._id(Path(), raw, None, None)
        yield (
            record_id,
            {
                "report.txt": raw,
                "manifest.json": _stored(_manifest(manifest, stated, record_id)),
                "provenance.json": _stored(_provenance(provenance, stated, record_id, raw)),
            },
        )


def _stored(document: dict[str, Any]) -> bytes:
    return canon.dumps(schema.ordered(document["contract_version"], document))


def _manifest(pattern: dict[str, Any], stated: Facts, record_id: str) -> dict[str, Any]:
    document = copy.deepcopy(pattern)
    document["id"] = record_id
    document["display_id"] = f"{PREFIX}:{record_id[:8].upper()}"
    document["title"], document["subject"] = stated.title, stated.subject
    document["research_question"], document["abstract"] = stated.question, stated.abstract
    document["submitted"] = stated.submitted.isoformat()
    document["publisher"]["name"] = stated.publisher
    for position, (text, mark, confidence) in enumerate(stated.claims):
        claim = document["claims"][position]
        claim["text"] = text
        claim["stated"] = {"verified": mark, "flag": "✓" if mark else "×", "confidence": confidence}
    _sources(document, pattern, stated)
    _counts(document, pattern, stated)
    return document


def _sources(document: dict[str, Any], pattern: dict[str, Any], stated: Facts) -> None:
    first = pattern["sources"][0]
    document["sources"] = [
        {**first, "id": f"s{n:03d}", "identifier": source, "url": f"http://arxiv.org/abs/{source}"}
        for n, source in enumerate(stated.sources, 1)
    ]


def _counts(document: dict[str, Any], pattern: dict[str, Any], stated: Facts) -> None:
    told = document["stated"]
    verified = sum(mark for _, mark, _ in stated.claims)
    told["claims_extracted"], told["claims_verified"] = stated.extracted, verified
    told["review_score"]["text"], told["review_score"]["value"] = f"{stated.score}/10", float(stated.score)
    value_of = {"claims_extracted": stated.extracted, "claims_verified": verified}
    for place, known in zip(told["counts"], pattern["stated"]["counts"], strict=True):
        place["value"] = value_of.get(known["count"], known["value"])
        place["text"] = known["text"].replace(str(known["value"]), str(place["value"]))


def _provenance(pattern: dict[str, Any], stated: Facts, record_id: str, raw: bytes) -> dict[str, Any]:
    document = copy.deepcopy(pattern)
    document["paper"] = record_id
    document["ingest"] |= {
        "file_name": f"{stated.number:06d}.txt",
        "size": len(raw),
        "sha256": canon.digest(raw),
    }
    return document


def main(arguments: list[str]) -> None:
    """Write one registry."""
    parser = argparse.ArgumentParser(description="Write a fabricated registry.")
    parser.add_argument("--records", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--publishers", type=int, default=PLAIN.publishers, help="how many publishers")
    parser.add_argument("--years", type=int, default=PLAIN.years, help="over how many years, back from 2026")
    parser.add_argument("--topics", type=int, default=PLAIN.topics, help=f"how many topics, up to {TOPICS}")
    parser.add_argument("--kinds", action="store_true", help="reports call themselves syntheses and drafts")
    parser.add_argument("--sourced", type=int, default=0, help="of how many texts of sources are held")
    parser.add_argument("--reports", action="store_true", help="write the reports alone, as they come in")
    given = parser.parse_args(arguments)
    variety = Variety(given.publishers, given.years, given.topics, given.kinds)
    if given.reports:
        files = write_reports(given.folder, given.records, given.seed, variety)
        print(f"wrote {len(files)} fabricated reports to {given.folder}")
        return
    ids = write_registry(given.folder, given.records, given.seed, variety, given.sourced)
    print(f"wrote {len(ids)} fabricated records to {given.folder}")


if __name__ == "__main__":
    main(sys.argv[1:])
