"""Changes that add a record: one made from a report by ingest, and what people do to its files afterwards."""

import tempfile
from pathlib import Path

from colophon import canon, intake

from .base import KEPT, RETRACTED, paper
from .branches import Branch, Step, add, copy, delete, edit
from .rows import honest, refused

_REPORT = Path(__file__).resolve().parent.parent / "registry-reports" / "unsafe.txt"


def _ingested() -> intake.NewRecord:
    """Return the record that ingest makes of a report which nobody filed yet."""
    text = _REPORT.read_text(encoding="utf-8").replace("Memory of Imaginary", "Weight of Imaginary")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "weight.txt"
        file.write_text(text, encoding="utf-8")
        return intake.read_report(file, None, "SRCH")


NEW = _ingested()
REPORT, MANIFEST, PROVENANCE = (
    f"registry/{NEW.folder}/{name}" for name in ("report.txt", "manifest.json", "provenance.json")
)
DIGEST = canon.digest(NEW.files[REPORT.removeprefix("registry/")])
# One digit is not that of the record.
ALMOST = f"{KEPT[:-1]}e"
LICENCE = f"""\
contract_version: correction-event-v1
paper: {NEW.id}
type: METADATA
date: 2026-05-01
reporter: Ada Example
note: The publisher's page says so.
changes:
  pointer: /license
  old: null
  new: CC0-1.0
"""


def record(branch: Branch) -> None:
    """Add the record as ingest makes it."""
    for path, raw in NEW.files.items():
        branch.write(f"registry/{path}", raw)


def states(key: str, value: object) -> Step:
    """Set a top key of the manifest and store it in the one form."""

    def step(branch: Branch) -> None:
        manifest = canon.read(branch.read(MANIFEST)).value
        assert key in manifest
        branch.write(MANIFEST, canon.dumps({**manifest, key: value}))

    return step


RECORDS = (
    honest("new_record", by=[record], touched=1, state="CURRENT"),
    honest(
        "new_record_with_an_event",
        by=[record, add(f"registry/{NEW.folder}/corrections/licence-known.yaml", LICENCE)],
        touched=1,
        state="CORRECTED",
    ),
    refused(
        "claims_out_of_order",
        "S112",
        "claim is named c003, expected c002 in printed order",
        by=[
            record,
            edit(MANIFEST, '"c002"', '"c00x"'),
            edit(MANIFEST, '"c003"', '"c002"'),
            edit(MANIFEST, '"c00x"', '"c003"'),
        ],
    ),
    refused(
        "digest_by_hand",
        "S113",
        f"digest differs from report.txt, which is {DIGEST}",
        by=[record, edit(PROVENANCE, DIGEST, f"sha256:{'0' * 64}")],
    ),
    refused("report_by_hand", "S113", "digest differs", by=[record, edit(REPORT, "9 claims", "4 claims")]),
    refused("title_missing", "S110", 'not of type "string"', by=[record, states("title", None)]),
    refused("paper_of_tomorrow", "H101", "2026-12-02", by=[record, states("submitted", "2026-12-02")]),
    refused(
        "supersedes_nothing",
        "S113",
        f"did you mean {KEPT} (Fabricated Page on the Latency of Imaginary Gates)?",
        by=[record, states("supersedes", ALMOST)],
    ),
    refused("no_report", "S117", "report.txt is missing", by=[record, delete(REPORT)]),
    refused(
        "another_indent", "S111", "stored form", by=[record, edit(MANIFEST, '  "subject"', '    "subject"')]
    ),
    refused(
        "struck_as_filed",
        "S119",
        "only a correction strikes",
        by=[
            record,
            edit(MANIFEST, '"values": null\n    },', '"values": null,\n      "struck": true\n    },'),
        ],
    ),
    refused("copy_of_a_record", "S112", f"the folder is {ALMOST}", by=[copy(paper(KEPT), paper(ALMOST))]),
    refused(
        "record_of_another_registry",
        "S112",
        "expected SRCH:",
        by=[record, edit(MANIFEST, '"SRCH:', '"EVIL:')],
    ),
    refused(
        "record_over_another",
        "H401",
        "colophon correct",
        also=("S112",),
        by=[record, lambda branch: branch.write(f"{paper(RETRACTED)}/manifest.json", branch.read(MANIFEST))],
    ),
    refused(
        "notes_beside_a_record",
        "H405",
        "no place in a record",
        by=[record, add(f"registry/{NEW.folder}/notes.txt")],
    ),
)
