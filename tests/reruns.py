"""Made-up runs and bindings: a small registry in which every stage of a re-run can be changed and judged."""

import copy
from pathlib import Path
from typing import Any

import orjson

from colophon import canon, runs, schema
from colophon.store import WorkTree

from .conftest import ROOT

EXPERIMENT = "count-parameters"
CODE = {"count_parameters.py": b'"""Counts."""\n', "harness.py": b'"""Shared."""\n'}
Document = dict[str, Any]


def run(**changes: Any) -> Document:
    """The example of the contract, made with the code above; ``changes`` replace members."""
    made: Document = orjson.loads((ROOT / "schemas/examples/run-record-v1.json").read_bytes())
    made["code"] = [{"name": name, "sha256": canon.digest(raw)} for name, raw in CODE.items()]
    return {**made, **copy.deepcopy(changes)}


def binding(**changes: Any) -> Document:
    """The example of the contract, bound to the claim of the example of a work."""
    made: Document = orjson.loads((ROOT / "schemas/examples/reproduction-binding-v1.json").read_bytes())
    return {**made, "claim": dict(CLAIM), **copy.deepcopy(changes)}


def work() -> Document:
    """A work with one claim."""
    made: Document = orjson.loads((ROOT / "schemas/examples/work-manifest-v1.json").read_bytes())
    claim = {**made["claims"][0], "id": "figures-c001", "scores": [], "values": []}
    claim["text"] = (
        "The model has 1,000 parameters, twice as many as the larger one; 41% are used, -5% in a year."
    )
    return {**made, "date": "2026-07-01", "claims": [claim], "strikes": []}


CLAIM = {"kind": "arxiv", "identifier": "2601.00001", "claim": "figures-c001"}


class Registry:
    """A registry of works, runs and bindings in a folder of its own."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.tree = WorkTree(str(top))
        self.put("works/arxiv/2601.00001/2026-07-01-figures.json", work(), "work-manifest-v1")

    def put(self, path: str, document: Document, contract: str) -> Path:
        """Write a document in stored form."""
        return self.write(path, canon.dumps(schema.ordered(contract, document)))

    def write(self, path: str, raw: bytes) -> Path:
        """Write bytes."""
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
        return file

    def add_run(self, document: Document | None = None, name: str = "") -> Path:
        """Store a run under the name of its digest, or another, with its code."""
        document = run() if document is None else document
        for raw in CODE.values():
            self.write(runs.code_path(EXPERIMENT, canon.digest(raw)), raw)
        raw = canon.dumps(schema.ordered("run-record-v1", document))
        folder = runs.folder(document["experiment"], document["machine"]["name"])
        return self.write(f"{folder}/{name or runs.file_name(document['ended'], raw)}", raw)

    def bind(self, name: str = "small", **changes: Any) -> Path:
        """File a binding."""
        document = binding(**changes)
        return self.put(f"bindings/{EXPERIMENT}/{name}.json", document, "reproduction-binding-v1")
