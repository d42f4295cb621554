"""Fabricated records for the paper page, made through the same readings and rules as real ones."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from colophon import contracts, faults, schema, yaml_guard
from colophon.audits import AUDITS
from colophon.contracts.correction_event import Event
from colophon.contracts.paper_manifest import Manifest
from colophon.contracts.refusal import Refusal
from colophon.contracts.review import Review
from colophon.contracts.source_provenance import Provenance
from colophon.entries import FiledEvent, FiledRefusal, FiledReview, ordered
from colophon.exports import EXPORTS, cite
from colophon.fold import Documents, Record, fold
from colophon.index import facts_of
from colophon.judgement import Judged
from colophon.model import Finding, FindingClass, Severity
from colophon.pages._forms import forms
from colophon.rules.derive import derive
from colophon.settings import VOCABULARIES, Settings
from colophon.views import RecordView

ROOT = Path(__file__).resolve().parents[3]
PAPER = "11111111-1111-4111-8111-111111111111"
EXAMPLES = ROOT / "tests" / "contracts"
HOSTILE = "<script>alert(1)</script>\"'&@@content@@</title> javascript:alert(1) \u05d0\u05d1\u05d2"
# Longest first: the largest that the schema lets stand at a place is taken.
LENGTHS = (20_000, 4_000, 2_000, 500, 255, 100)
LONG_LINKS = tuple(f"https://press.example/{number:050}?{'&' * 420}" for number in range(50))
KEPT = {"contract_version", "id", "display_id", "paper", "supersedes", "kind", "submitted", "sha256"}


def leaves(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (container, key) of every text below a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in pairs:
        if isinstance(below, str) and key not in KEPT:
            yield value, key
        yield from leaves(below)


def filled(contract: str, document: dict[str, Any], texts: list[str]) -> dict[str, Any]:
    """Return the document with every text replaced by the first of ``texts`` that the schema lets stand."""
    document = copy.deepcopy(document)
    for container, key in leaves(document):
        kept = container[key]
        for text in texts:
            container[key] = text
            if not schema.faults(contract, document):
                break
        else:
            container[key] = kept
    assert not schema.faults(contract, document)
    return document


def example(contract: str, version: str, name: str = "shows-everything") -> dict[str, Any]:
    """Return a valid example of a contract."""
    path = EXAMPLES / contract / version / "valid" / f"{name}.json"
    return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))


def finding(code: str, message: str, severity: Severity = Severity.ERROR, pointer: str = "/title") -> Finding:
    """Return an editorial finding on a manifest."""
    path, slug = f"papers/11/{PAPER}/manifest.json", AUDITS.all()[code].rule.slug
    return Finding(path, 7, pointer, code, message, slug, severity, FindingClass.EDITORIAL, PAPER)


def event(
    number: int,
    note: str,
    kind: str = "METADATA",
    name: str = "A reader",
    evidence: tuple[str, ...] = (),
    **more: Any,
) -> FiledEvent:
    """Return a filed event; a later number is a later one of the same day."""
    filed = {
        "contract_version": "correction-event-v1", "paper": PAPER, "type": kind,
        "date": f"2026-03-01T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z",
        "reporter": {"name": name, "kind": "person"}, "note": note, "evidence": evidence, **more,
    }  # fmt: skip
    digest = f"sha256:{number:064x}"
    return FiledEvent(
        f"2026-03-01-{number:012x}", f"event-{number}", Event.model_validate(filed, strict=False), digest
    )


def review(number: int, of: FiledEvent, looked_at: str = "The publisher's site.") -> FiledReview:
    """Return the review that confirms an event."""
    filed = {
        "contract_version": "review-v1", "paper": PAPER, "file": of.path,
        "sha256": of.sha256, "reviewer": "Rae Example", "date": f"2026-03-02T00:00:{number:02d}Z",
        "looked_at": looked_at,
    }  # fmt: skip
    return FiledReview(f"2026-03-02-{number:012x}", f"seen-{number}", Review.model_validate(filed))


def refusal(number: int, note: str, name: str = "A reader", url: str | None = None) -> FiledRefusal:
    """Return a declined dispute."""
    asked = {"type": "DISPUTE", "reporter": {"name": name, "kind": "person"}, "note": note}
    filed = {
        "contract_version": "refusal-v1", "paper": PAPER, "date": "2026-03-03", "decided_by": "Rae Example",
        "reason": "no-evidence", "note": note, "url": url, "correction": asked,
    }  # fmt: skip
    return FiledRefusal(
        f"2026-03-03-{number:012x}", f"no-{number}", Refusal.model_validate(filed, strict=False)
    )


def settings(**changes: Any) -> Settings:
    """Return settings of a registry with the released vocabularies."""
    read = (yaml_guard.read((ROOT / "vocabularies" / f"{name}.yaml").read_bytes()) for name in VOCABULARIES)
    trees = [reading.value for reading in read]
    typed = {tree["contract_version"]: schema.typed(tree["contract_version"], tree) for tree in trees}
    values = {
        "name": "Example registry", "description": "A registry for tests.", "id_prefix": "DEMO",
        "site_url": None, "repository_url": None, "opened": "2026-01-01", "append_only": False,
        "forge": "other", "branch": "main", "folder": "registry", "maintainers": ("Rae Example",),
    }  # fmt: skip
    return Settings(**{**values, **changes}, vocabularies=typed)


def view(
    manifest: dict[str, Any] | None = None,
    provenance: dict[str, Any] | None = None,
    findings: tuple[Finding, ...] = (),
    events: tuple[FiledEvent | FiledReview, ...] = (),
    refusals: tuple[FiledRefusal, ...] = (),
    removed: tuple[str, ...] = (),
    **changes: Any,
) -> RecordView:
    """Return the view of a record as a build would make it; reviews stand among the events."""
    manifest = manifest or example("paper-manifest", "v1.1")
    provenance = {**(provenance or example("source-provenance", "v1")), "paper": manifest["id"]}
    filed = Documents(contracts.upgraded(manifest), contracts.upgraded(provenance))
    versions = list(fold(filed, ordered(events)))
    current, steps = versions[-1].documents, tuple(one.step for one in versions if one.step is not None)
    record = Record(
        manifest["id"], f"papers/{manifest['id'][:2]}/{manifest['id']}", manifest["contract_version"],
        cast(Manifest, contracts.read(current.manifest)),
        cast(Provenance, contracts.read(current.provenance)),
        filed, current, steps, refusals, removed,
    )  # fmt: skip
    chosen, facts = settings(**changes), facts_of(record)
    derived = derive(facts, findings, chosen.vocabularies)
    outcomes = tuple((code, int(code < "H"), int(code < "H"), 0) for code in AUDITS.all())
    judged = Judged(record.id, record.folder, "sha256:" + "ab" * 32, facts, findings, derived, outcomes)
    citation = cite(
        record.manifest, facts.history, tier=derived.tier.value, state=derived.state, site_url=chosen.site_url
    )
    citations = {name: export.write(record.manifest, citation) for name, export in EXPORTS.all().items()}
    rules = {**faults.RULES, **{code: audit.rule for code, audit in AUDITS.all().items()}}
    made = RecordView(record, manifest, judged, chosen, rules, citations)
    return replace(made, forms=forms(made))


def repeated(items: list[dict[str, Any]], number: int, letter: str) -> list[dict[str, Any]]:
    """Return ``number`` copies of the first item with ids in printed order."""
    return [{**items[0], "id": f"{letter}{place:03d}"} for place in range(1, number + 1)]


@pytest.fixture
def make_view() -> Callable[..., RecordView]:
    """Make the view of a record from documents, findings, events and settings."""
    return view


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    """Make a finding."""
    return finding


@pytest.fixture
def make_event() -> Callable[..., FiledEvent]:
    """Make a filed event."""
    return event


@pytest.fixture
def make_review() -> Callable[..., FiledReview]:
    """Make the review that confirms an event."""
    return review


@pytest.fixture
def make_refusal() -> Callable[..., FiledRefusal]:
    """Make a declined correction."""
    return refusal


@pytest.fixture
def make_example() -> Callable[..., dict[str, Any]]:
    """Read a valid example of a contract."""
    return example


@pytest.fixture(scope="session")
def hostile() -> RecordView:
    """A record whose every text is an attack; what it names is real, so every part of the page shows it."""
    texts = [f"https://press.example/{'x' * 300}?q='&x=1", HOSTILE]
    manifest = filled("paper-manifest-v1.1", example("paper-manifest", "v1.1"), texts[::-1])
    provenance = filled("source-provenance-v1", example("source-provenance", "v1"), [HOSTILE])
    found = (finding("C101", HOSTILE), finding("X101", HOSTILE, Severity.WARNING, f"/{HOSTILE}"))
    return view(
        manifest,
        provenance,
        found,
        (event(1, HOSTILE, "RETRACTION", HOSTILE, (HOSTILE, "javascript:alert(1)")),),
    )


@pytest.fixture(scope="session", params=['"', "\\", "𝒳"], ids=["quotes", "backslashes", "astral"])
def largest(request: pytest.FixtureRequest) -> RecordView:
    """A record with every text at its greatest length and lists far beyond one page."""
    texts = [str(request.param) * length for length in LENGTHS]
    manifest = filled("paper-manifest-v1.1", example("paper-manifest", "v1.1"), texts)
    manifest["claims"] = repeated(manifest["claims"], 40, "c")
    manifest["claims"][0]["sources"] = [f"s{place:03d}" for place in range(1, 41)]
    manifest["sources"] = repeated(manifest["sources"], 40, "s")
    for name, number in (("limitations", 40), ("uncertainties", 40), ("artifacts", 100)):
        manifest[name] = manifest[name] * number
    stated = manifest["stated"]
    stated["notes"], stated["contracts"] = stated["notes"] * 40, stated["contracts"] * 20
    stated["counts"], stated["totals"] = stated["counts"] * 200, stated["totals"] * 100
    stated["dimensions"] = {f"{'d' * 50}_{number}": texts[-1] for number in range(20)}
    provenance = filled("source-provenance-v1", example("source-provenance", "v1"), texts)
    provenance["notes"] = provenance["notes"] * 40
    found = tuple(finding(code, texts[1], AUDITS.all()[code].rule.severity) for code in AUDITS.all()) * 3
    proposed = [
        {"document": "manifest", "pointer": pointer, "old": "x", "new": texts[0]}
        for pointer in ("/title", "/abstract", "/stated/tier", "/claims/0/text", "/sources/-", "/kind" * 80)
    ] * 16
    name = texts[-1]
    events = tuple(
        event(number, texts[1], "DISPUTE", name, LONG_LINKS, reason="other", proposed=proposed)
        for number in range(40)
    )
    declined = tuple(refusal(number, texts[1], name, LONG_LINKS[number]) for number in range(40))
    return view(
        manifest, provenance, found, events, declined,
        site_url="https://press.example/registry/", repository_url="https://forge.example/press/registry",
    )  # fmt: skip
