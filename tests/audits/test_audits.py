"""Every audit finds its defect and nothing else, on records that differ from a sound one in one place.

A case is a folder ``<defect>/<case>`` with ``patch.json`` and ``expected.txt``.  The patch maps a document
to JSON pointers and new values (``-`` appends); ``held`` maps sources to fields of what is held of them,
``verdicts`` claims to what a grounding says of them.  A list of patches makes several records, of which each
gets an id of its own and came later than the one before.  The folder ``records`` holds whole records in the
wording of other publishers, looked at by every audit: ``sound_*`` without an error and not withheld,
``defect_<code>_*`` with a finding of that code, ``defect_withheld_*`` withheld.

``REGENERATE=1 pytest tests/audits`` rewrites the expectations, review sees the diff.
"""

import copy
import inspect
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from colophon import contracts, yaml_guard
from colophon.audits import AUDITS, Audit, parts
from colophon.contracts.claim_grounding import ClaimGrounding
from colophon.contracts.paper_manifest import Manifest
from colophon.contracts.source_holding import Holding
from colophon.contracts.source_provenance import Provenance
from colophon.evidence import Evidence, Held, StoredGrounding
from colophon.examination import finding_of
from colophon.fold import Record
from colophon.index import facts_of
from colophon.model import Examination, Finding, Flaw
from colophon.outline import outline_of, signature_of
from colophon.rules.derive import derive
from colophon.rules.vocabularies import Vocabularies, vocabularies_of

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
RECORDS = sorted(path.parent for path in HERE.glob("records/*/patch.json"))
CASES = sorted({path.parent for path in HERE.glob("*/*/patch.json")} - set(RECORDS))
OWN = {path.stem for path in (ROOT / "src/colophon/audits").glob("[a-z]*.py")}


@pytest.fixture(scope="session")
def vocabularies() -> Vocabularies:
    """The released vocabularies."""
    read = (yaml_guard.read(path.read_bytes()).value for path in (ROOT / "vocabularies").glob("*-v*.yaml"))
    return vocabularies_of({tree["contract_version"]: tree for tree in read})


def patched(patch: dict[str, dict[str, Any]], number: int = 0) -> Record:
    """Return the sound record with a patch; ``number`` tells several records apart."""
    documents = {
        name: json.loads((HERE / "sound" / f"{name}.json").read_text()) for name in ("manifest", "provenance")
    }
    identity = f"{documents['manifest']['id'][:-2]}{number:02x}"
    documents["manifest"]["id"] = documents["provenance"]["paper"] = identity
    for name in documents.keys() & patch.keys():
        for pointer, value in patch[name].items():
            put(documents[name], pointer, copy.deepcopy(value))
        require_valid(documents[name])
    return Record(
        identity,
        f"papers/{identity[:2]}/{identity}",
        documents["manifest"]["contract_version"],
        cast(Manifest, contracts.read(documents["manifest"])),
        cast(Provenance, contracts.read(documents["provenance"])),
        evidence=evidence(patch),
    )


def evidence(patch: dict[str, Any]) -> Evidence:
    """Return what is held of sources, and a current grounding of the claims that the case gives verdicts."""
    holdings = tuple((source, (held(one),)) for source, one in patch.get("held", {}).items())
    if "verdicts" not in patch:
        return Evidence(held=holdings)
    document = json.loads((HERE / "sound" / "grounding.json").read_text())
    blank = document["claims"][0]
    document["claims"] = [{**blank, **given, "claim": claim} for claim, given in patch["verdicts"].items()]
    require_valid(document)
    read = cast(ClaimGrounding, contracts.read(document))
    stored = StoredGrounding("groundings/x.json", document, read, is_current=True)
    return Evidence(held=holdings, groundings=(stored,))


def held(changes: dict[str, Any]) -> Held:
    """Return a holding of a source: nothing but metadata, with some fields of the contract set."""
    document = json.loads((HERE / "sound" / "holding.json").read_text()) | changes
    require_valid(document)
    return Held("sources/x", "", cast(Holding, contracts.read(document)))


def put(document: Any, pointer: str, value: Any) -> None:
    """Set one value; the last part ``-`` appends to a list."""
    *way, last = pointer.split("/")[1:]
    for part in way:
        document = document[int(part)] if isinstance(document, list) else document[part]
    if isinstance(document, list) and last == "-":
        document.append(value)
    elif isinstance(document, list):
        document[int(last)] = value
    else:
        assert last in document, f"{pointer} is no field"
        document[last] = value


def require_valid(document: dict[str, Any]) -> None:
    """A case that is no valid document would test nothing."""
    name, _, version = document["contract_version"].rpartition("-")
    schema = json.loads((ROOT / f"schemas/{name}/{version}.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)


def examined(audit: Audit, records: list[Record], vocabularies: Vocabularies) -> Iterator[str]:
    """Yield what an audit says of records, as lines of ``expected.txt``."""
    facts = {record.id: facts_of(record) for record in records}
    across: dict[str, list[Flaw]] = {}
    if audit.across is not None:
        outlines = [
            outline_of(facts[record.id], 0, signature_of(record), number)
            for number, record in enumerate(records, 1)
        ]
        for record_id, flaw in audit.across(outlines):
            across.setdefault(record_id, []).append(flaw)
    for number, record in enumerate(records):
        if audit.examine is not None:
            outcome = audit.examine(record)
        else:
            assert audit.examine_stated is not None
            derived = derive(facts[record.id], list(found_alone(record)), vocabularies)
            outcome = audit.examine_stated(facts[record.id], derived)
        if audit.outcome is not None:
            outcome = audit.outcome(outline_of(facts[record.id], 0, signature_of(record), number))
        prefix = f"{number}: " if len(records) > 1 else ""
        for line in told(audit, outcome, across.get(record.id, [])):
            yield prefix + line


def found_alone(record: Record) -> Iterator[Finding]:
    """Yield what the audits find in one record before stated and derived values are compared."""
    for audit in AUDITS.all().values():
        if audit.examine is not None:
            for flaw in audit.examine(record).flaws:
                yield finding_of(audit.rule, flaw, record.folder, record.id, 1)


def told(audit: Audit, outcome: Examination, more: list[Flaw]) -> Iterator[str]:
    """Yield the outcome on one record."""
    assert outcome.recognised >= outcome.checked >= len(outcome.flaws)
    yield f"recognised {outcome.recognised} checked {outcome.checked}"
    for flaw in (*outcome.flaws, *more):
        severity = flaw.severity or audit.rule.severity
        yield f"{audit.rule.code} {severity} {flaw.document} {flaw.pointer} {flaw.message}"


def audit_named(folder: str) -> Audit:
    """Return the audit whose slug is the name of a test folder."""
    return next(audit for audit in AUDITS.all().values() if audit.rule.slug == folder.replace("_", "-"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(case: Path, vocabularies: Vocabularies) -> None:
    """An audit says exactly what its case expects: places looked at, pointers, messages."""
    patch = json.loads((case / "patch.json").read_text())
    patches = patch if isinstance(patch, list) else [patch]
    records = [patched(one, number) for number, one in enumerate(patches)]
    require_expected(case, examined(audit_named(case.parent.name), records, vocabularies))


def require_expected(case: Path, lines: Iterable[str]) -> None:
    """What was found must be what the case expects."""
    found = "".join(f"{line}\n" for line in lines)
    expected = case / "expected.txt"
    if os.environ.get("REGENERATE") == "1":
        expected.write_text(found)
    assert found == expected.read_text()


@pytest.mark.parametrize("case", RECORDS, ids=lambda path: path.name)
def test_whole_record(case: Path, vocabularies: Vocabularies) -> None:
    """Sound records in other words raise no error, and each seeded defect is found by the audit it is for."""
    record = patched(json.loads((case / "patch.json").read_text()))
    lines = [
        line
        for audit in AUDITS.all().values()
        for line in examined(audit, [record], vocabularies)
        if not line.startswith("recognised")
    ]
    tier = derive(facts_of(record), (), vocabularies).tier
    lines += [f"withheld: {reason}" for reason in tier.reasons if tier.value == "WITHHELD"]
    require_expected(case, lines)
    kind, _, rest = case.name.partition("_")
    if kind == "sound":
        assert not [line for line in lines if " error " in line or line.startswith("withheld")]
    else:
        wanted = rest.partition("_")[0]
        assert [line for line in lines if line.casefold().startswith(wanted)]


def test_sound_record_has_no_finding(vocabularies: Vocabularies) -> None:
    """No audit finds anything in a sound record."""
    record = patched({})
    for audit in AUDITS.all().values():
        lines = list(examined(audit, [record], vocabularies))
        assert len(lines) == 1, lines


@pytest.mark.parametrize("folder", sorted(OWN))
def test_audit_has_cases(folder: str) -> None:
    """Each audit has a case that it passes and a case that it flags."""
    flagged = {len(path.read_text().splitlines()) > 1 for path in HERE.glob(f"{folder}/*/expected.txt")}
    clean = {name for name in (path.name for path in HERE.glob(f"{folder}/*")) if name.startswith("clean")}
    assert True in flagged and clean, f"{folder} needs a clean case and a defect"


@pytest.mark.parametrize(
    "path", sorted(HERE.glob("*/clean*/expected.txt")), ids=lambda p: "/".join(p.parts[-3:-1])
)
def test_clean_case_is_clean(path: Path) -> None:
    """A case named clean has no finding."""
    assert not [line for line in path.read_text().splitlines() if "recognised" not in line]


@pytest.mark.parametrize("audit", AUDITS.all().values(), ids=lambda audit: audit.rule.slug)
def test_audit_is_named_for_its_file(audit: Audit) -> None:
    """File, function and slug share one name, and the docs page has its four parts."""
    function = audit.examine or audit.examine_stated
    assert function is not None
    name = Path(inspect.getsourcefile(function) or "").stem
    assert function.__name__ == name == audit.rule.slug.replace("-", "_")
    assert list(parts(inspect.getdoc(function) or "")) == ["What", "Why", "Example", "Mend"]
