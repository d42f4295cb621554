"""Made-up texts of the sources of fabricated records, and the verdicts on the records' claims in them.

Half of the sources of a record are held.  A text repeats some of the record's claims, says others with
another number, and speaks of other things for the rest.
"""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from colophon import acquisition, canon, contracts, groundings, holdings, layout
from colophon.contracts.paper_manifest import Manifest
from colophon.store import WorkTree

_DAY = "2026-06-01"
_OTHERS = 24
_NUMBER = re.compile(r"\d+")
_FILLING = (
    "Fabricated lanterns number {n} were counted on day {m}, and none of them was real.",
    "A made-up garden of {n} rows was measured {m} times for this text.",
    "Nothing in paragraph {n} of this invented source follows from paragraph {m}.",
)


def write(folder: Path, records: Sequence[str], seed: int) -> None:
    """Write what is held of the sources of some records of a registry, and one file of verdicts for each."""
    manifests = [(one, _manifest(folder, one)) for one in records]
    # Records may cite one source in common: all is held before any claim is looked up.
    for _, manifest in manifests:
        sources = manifest["sources"]
        for at, source in enumerate(sources[: len(sources) // 2]):
            _hold(folder, source, manifest["claims"][at::3], seed)
    tree = WorkTree(str(folder))
    for record, manifest in manifests:
        _ground(folder, tree, record, cast(Manifest, contracts.read(manifest)))


def _manifest(folder: Path, record: str) -> dict[str, Any]:
    found: dict[str, Any] = canon.read(_manifest_file(folder, record).read_bytes()).value
    return found


def _manifest_file(folder: Path, record: str) -> Path:
    return folder / layout.record_folder(record) / "manifest.json"


def _hold(folder: Path, source: dict[str, Any], claims: Sequence[dict[str, Any]], seed: int) -> None:
    kind, identifier = source["kind"], source["identifier"]
    file = folder / layout.source_folder(kind, identifier) / f"{_DAY}-fabricated.json"
    if file.exists():
        return
    text = " ".join(_sentences([claim["text"] for claim in claims], f"text-{seed}-{identifier}"))
    acquired = acquisition.Acquired(
        kind, identifier, "Benchmark", "made up for a benchmark", _DAY, "full",
        title=f"Fabricated Source {identifier}", license="own", text=text,
    )  # fmt: skip
    document, faults = acquisition.holding(acquired)
    if faults:
        raise RuntimeError(f"a made-up source is not in order: {faults[0].pointer} {faults[0].message}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(canon.dumps(document))


def _sentences(claims: Sequence[str], seed: str) -> Iterator[str]:
    draw = random.Random(seed)
    for claim in claims:
        yield _filling(draw)
        chance = draw.random()
        if chance < 0.8:
            yield claim
        elif chance < 0.9:
            yield _NUMBER.sub(lambda found: str(int(found[0]) + 100), claim)
    yield from (_filling(draw) for _ in range(_OTHERS))


def _filling(draw: random.Random) -> str:
    return draw.choice(_FILLING).format(n=draw.randint(100, 999), m=draw.randint(100, 999))


def _ground(folder: Path, tree: WorkTree, record: str, manifest: Manifest) -> None:
    held = [(one.id, holdings.of_source(tree, one.kind, one.identifier)) for one in manifest.sources or ()]
    digest = canon.digest(_manifest_file(folder, record).read_bytes())
    made = groundings.document(manifest, digest, groundings.texts_of(manifest, held))
    file = folder / layout.record_folder(record) / "groundings" / f"{_DAY}-{made['method']['id']}.json"
    file.parent.mkdir()
    file.write_bytes(canon.dumps(made))
