"""What the base of every change holds beside the fabricated records: one file of each kind that is filed."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from colophon import canon, runs, schema
from colophon.acquisition import Acquired, holding

from .. import reruns
from .branches import digest

KEPT = "0fab0fab-6512-8cf2-a3ff-b23503fb94bf"
RETRACTED = "1a02e04d-5108-8234-8a98-47e2126a82d9"
REMOVED = "59f650f1-873e-858c-8868-10adf8ebec62"
LATER = "9a65c61e-bdf4-8169-9a2a-38aa9b2aa131"
COUNTED = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
ABSENT = "633d4d8a-aa2a-449c-8123-213191021a18"


def paper(record: str) -> str:
    """Return the folder of a record."""
    return f"registry/papers/{record[:2]}/{record}"


EVENT = f"{paper(RETRACTED)}/corrections/depth-retracted.yaml"
REVIEW = f"registry/reviews/{RETRACTED[:2]}/{RETRACTED}/retraction-seen.yaml"
REFUSAL = f"registry/refusals/{KEPT[:2]}/{KEPT}/counts-differ.yaml"
WORK = "registry/works/arxiv/2501.00001/2026-04-02-ada.json"
WORK_BESIDE = "registry/works/arxiv/2501.00001/2026-05-02-eve.json"
SOURCE = "registry/sources/arxiv/2501.00001/2026-05-01-abstract.json"
REMOVAL = f"{paper(REMOVED)}/corrections/report-removed.yaml"
LICENCE = f"{paper(COUNTED)}/corrections/licence-set.yaml"
WITHDRAWAL = f"{paper(REMOVED)}/corrections/withdrawal-asked.yaml"


def event(record: str, kind: str, *lines: str, date: str = "2026-05-01") -> str:
    """Return a correction event."""
    head = (
        "contract_version: correction-event-v1", f"paper: {record}", f"type: {kind}", f"date: {date}",
        "reporter:", "  name: Fabricated Press", "  kind: person",
        "note: The imaginary encoder Lupin was never measured.",
    )  # fmt: skip
    return "\n".join([*head, *lines, ""])


def change(pointer: str, new: str, old: str | None = None, document: str = "manifest") -> tuple[str, ...]:
    """Return the lines of an event's one change; without ``old`` it adds."""
    line = [] if old is None else [f"    old: {old}"]
    return ("changes:", f"  - document: {document}", f"    pointer: {pointer}", *line, f"    new: {new}")


def dispute(record: str, date: str = "2026-05-01") -> str:
    """Return a notice that changes nothing."""
    return event(record, "DISPUTE", "reason: counts-disagree", date=date)


def removal(record: str, file: str, went: bytes, date: str = "2026-05-01") -> str:
    """Return the event that says why a file went."""
    lines = ("removal:", "  authority: Court of Fabricated", f"  file: {file}", f"  sha256: {digest(went)}")
    return event(record, "REMOVAL", "reason: court-order", *lines, date=date)


def review(
    record: str, file: str, confirmed: bytes, date: str = "2026-05-02", by: str = "Ada Example"
) -> str:
    """Return a maintainer's confirmation of one file."""
    head = ("contract_version: review-v1", f"paper: {record}", f"file: {file.removeprefix('registry/')}")
    rest = (f"reviewer: {by}", f"date: {date}", "looked_at: The file and the report.")
    return "\n".join([*head, f"sha256: {digest(confirmed)}", *rest, ""])


def refusal(record: str, by: str = "Ada Example") -> str:
    """Return a declined correction."""
    head = ("contract_version: refusal-v1", f"paper: {record}", "date: 2026-04-03", f"decided_by: {by}")
    rest = ("reason: not-reproduced", "note: The report says what the record says.", "correction:")
    given = ("type: DISPUTE", "reporter:", "  name: Somebody", "  kind: person", "note: The counts differ.")
    return "\n".join([*head, *rest, *(f"  {line}" for line in given), ""])


def work(path: str, *, figure: str = "62.0%", strikes: Collection[str] = (), of: str = "2501.00001") -> bytes:
    """Return a file about a work with one claim, for the place ``path``."""
    day, slug = path[-len("2026-05-01-ada.json") : -len("-ada.json")], path[-len("ada.json") : -len(".json")]
    claim = {
        "id": f"{slug}-c001", "text": "The imaginary encoder Lupin answers 62.0% of the questions.",
        "values": [{"text": figure, "value": 62.0, "unit": "%"}], "locator": "Table 3", "scores": [],
        "read_in": {"where": "paper", "url": None, "commit": None, "note": None},
    }  # fmt: skip
    made = {
        "contract_version": "work-manifest-v1", "work": {"kind": "arxiv", "identifier": of},
        "version": None, "date": day, "added_by": "Ada Example", "title": "A fabricated paper",
        "authors": None, "claims": [claim], "extensions": {},
        "strikes": [{"claim": one, "reason": "It stands in another row."} for one in strikes],
    }  # fmt: skip
    return canon.dumps(schema.ordered("work-manifest-v1", made))


BINDING = "registry/bindings/count-parameters/small.json"


def rerun(changes: Mapping[str, Any] | None = None, *, named: str = "", **bound: Any) -> dict[str, bytes]:
    """Return a run with its code and a binding of the claim of ``WORK`` to it, by their places.

    ``changes`` are members of the run, ``bound`` those of the binding; ``named`` is another name of the run.
    """
    document = reruns.run(**{"published": {}, **(changes or {})})
    raw, ended = canon.dumps(schema.ordered("run-record-v1", document)), document["ended"]
    claim = {"kind": "arxiv", "identifier": "2501.00001", "claim": "ada-c001"}
    expected = {"text": "62.0%", "value": 62.0, "unit": "%", "relation": "at_most"}
    exact = {"value": 0, "kind": "absolute", "basis": "exact", "why": "A count is exact."}
    made = {"claim": claim, "expected": expected, "tolerance": exact, "grade": "in_kind", **bound}
    folder = f"registry/runs/{reruns.EXPERIMENT}"
    files = {f"{folder}/code/{canon.digest(body)[7:]}.py": body for body in reruns.CODE.values()}
    files[f"{folder}/desk/{named or runs.file_name(ended, raw)}"] = raw
    files[BINDING] = canon.dumps(schema.ordered("reproduction-binding-v1", reruns.binding(**made)))
    return files


def source() -> bytes:
    """Return what is held of an abstract, for the place ``SOURCE``."""
    text = "The imaginary encoder Lupin answers most of the questions that nobody asked it."
    made, wrong = holding(
        Acquired("arxiv", "2501.00001", "Ada Example", "made up", "2026-05-01", holds="abstract", text=text)
    )
    assert wrong == ()
    return canon.dumps(schema.ordered("source-holding-v1", made))


def write(top: Path) -> None:
    """Complete the base in a folder that holds a copy of the fabricated registry."""
    settings = top / "registry/registry.yaml"
    text = settings.read_text(encoding="utf-8").replace("append_only: false", "append_only: true")
    settings.write_text(
        text.replace("maintainers:\n", "maintainers:\n  - name: Ada Example\n"), encoding="utf-8"
    )
    retraction = event(RETRACTED, "RETRACTION", "reason: flawed-method", date="2026-04-01")
    licence = event(COUNTED, "METADATA", *change("/license", "CC0-1.0", old="null"), date="2026-04-10")
    withdrawal = event(REMOVED, "WITHDRAWAL", "reason: publisher-request", date="2026-04-20")
    report = top / paper(REMOVED) / "report.txt"
    files = {
        "README.md": "A registry.\n",
        EVENT: retraction,
        REVIEW: review(RETRACTED, EVENT, retraction.encode(), date="2026-04-02"),
        LICENCE: licence,
        WITHDRAWAL: withdrawal,
        REFUSAL: refusal(KEPT),
        WORK: work(WORK).decode(),
        REMOVAL: removal(REMOVED, "report.txt", report.read_bytes(), date="2026-04-04"),
    }
    report.write_text(f'{{"removed": "{digest(report.read_bytes())}"}}\n', encoding="utf-8")
    _write(top, files)


def write_later(top: Path) -> None:
    """Add what came to main after the changes of this table branched off."""
    _write(top, {f"{paper(LATER)}/corrections/meanwhile.yaml": dispute(LATER)})


def _write(top: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, encoding="utf-8")
