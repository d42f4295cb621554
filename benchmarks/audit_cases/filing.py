"""Made-up records written to a registry of their own and examined by the program as any registry is."""

import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from audit_cases.publishing import PREFIX, Case
from colophon import admission, canon, executor, pipeline, schema
from colophon.pipeline import Survey
from colophon.store import WorkTree

_OPENED = "2026-11-26"


def examined(cases: Iterable[Case]) -> Survey:
    """Write records, and those that go with them, and return what the program finds.

    Raises ValueError for a record that is no valid one: its author must mend it, no audit was asked.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "registry"
        admission.initialise(folder, name="Fabricated cases", id_prefix=PREFIX, today=_OPENED)
        cases = list(cases)
        _commit(folder)
        for filed in ([one for case in cases for one in case.beside], cases):
            for case in filed:
                _write(folder, case)
            _commit(folder)
        found = pipeline.survey(WorkTree(str(folder)), executor.local(1), lambda *_: None)
    if found.integrity:
        first = found.integrity[0]
        raise ValueError(f"{first.record} {first.pointer}: {first.code} {first.message}")
    return found


def _commit(folder: Path) -> None:
    """Commit what was written: which of two records came first, only the history can say."""
    if not (folder / ".git").exists():
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    said = ["-c", "user.name=Fabricated", "-c", "user.email=cases@example.org", "-c", "gc.auto=0"]
    commit = ["commit", "-q", "--allow-empty", "--no-verify", "-m", "File made-up records"]
    subprocess.run(["git", *said, *commit], cwd=folder, check=True)


def _write(folder: Path, case: Case) -> None:
    report = "".join(f"{text}\n" for text in _report(case)).encode()
    case.provenance["ingest"] |= {"size": len(report), "sha256": canon.digest(report)}
    place = folder / "papers" / case.id[:2] / case.id
    place.mkdir(parents=True)
    (place / "report.txt").write_bytes(report)
    for name, document in (("manifest", case.manifest), ("provenance", case.provenance)):
        kept = schema.ordered(document["contract_version"], json.loads(json.dumps(document)))
        (place / f"{name}.json").write_bytes(canon.dumps(kept))


def _report(case: Case) -> Iterator[str]:
    """Yield what the publisher would have printed, in short."""
    yield case.manifest["title"]
    yield "Fabricated to measure a program; it describes no real work."
    yield case.manifest["abstract"] or ""
    for claim in case.manifest["claims"] or ():
        yield claim["text"]
