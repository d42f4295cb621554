"""Fabricated registries: rows as the whole-registry stage would give them, without any file behind them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from colophon import bundle, contracts, documents, faults
from colophon.claim_facts import ClaimFacts
from colophon.contracts.work_manifest import WorkManifest
from colophon.evidence import InHand
from colophon.index import EventFacts, Facts, RefusalFacts
from colophon.judgement import Judged
from colophon.model import Derived, Finding, FindingClass, Judgement, Rule, Severity
from colophon.reruns import NOTHING_RUN, Reruns
from colophon.rules.state import correction_state
from colophon.score_rows import Row, packed
from colophon.scores import KEYS, Score
from colophon.settings import VOCABULARIES, Settings
from colophon.store import WorkTree
from colophon.views import RegistryView, registry_view
from colophon.works import FiledClaim, FiledWork, Work

from .fabricated_reruns import large_reruns, small_reruns

TIERS = ("WITHHELD", "UNSAFE", "GROUNDED", "MOSTLY_GROUNDED", "LOCATED", "UNCHECKED")
HOSTILE = (
    "<script>alert(1)</script> & \"quoted\" 'single' ${x} "
    "{{ 7*7 }} @@content@@ ]]> </title> \u05e9\u05dc\u05d5\u05dd"
)


def settings(site_url: str | None = "https://registry.example/") -> Settings:
    """Settings with the released vocabularies."""
    tree = WorkTree(str(bundle.vocabularies()))
    held = {}
    for name in VOCABULARIES:
        entry = {entry.name: entry for entry in tree.entries("")}[f"{name}.yaml"]
        held[name] = documents.read_yaml(tree, f"{name}.yaml", entry, name).data
    return Settings("Test", "A registry & its <tests>.", "TEST", site_url, None, "2026-01-02", False, held)


def rule(code: str, slug: str, severity: Severity = Severity.ERROR) -> Rule:
    """An editorial rule."""
    return Rule(
        code, slug, severity, FindingClass.EDITORIAL, f"{slug} is wrong. More.", "Why.", "Example.", "Mend."
    )


def finding(item_id: str, of: Rule, message: str = "states 3, lists 2", pointer: str = "/stated") -> Finding:
    """A finding of a rule."""
    path = f"papers/{item_id[:2]}/{item_id}/manifest.json"
    return Finding(
        path, 3, pointer, of.code, message, of.slug, of.severity, of.finding_class, item_id, of.second
    )


def facts(number: int, **values: object) -> Facts:
    """Facts of one record; ``values`` replaces some of them."""
    record_id = f"{number:08x}-0000-4000-8000-{number:012x}"
    plain = Facts(
        id=record_id, display_id=f"TEST:{number:08X}", folder=f"papers/{record_id[:2]}/{record_id}",
        title=f"Synthesis {number}", about=f"What does {number} do?", publisher="Publisher",
        submitted="2026-06-13", kind="synthesis",
        filed_contract="paper-manifest-v1.1", claims=3, stated_extracted=3, stated_verified=2,
        stated_score=8.2, stated_score_text="8.2/10",
        stated_decision=None, stated_policy=None,
        stated_header=None, stated_tier=None, stated_dimensions=(), limitations=None,
        uncertainties=None, sources=(("arxiv", "2601.15305v1"),), lengths=(),
    )  # fmt: skip
    return replace(plain, **values)  # type: ignore[arg-type]


def history(
    of: int, *steps: tuple[str, str], note: str = "What is wrong.", day: str = "2026-11-01"
) -> dict[str, object]:
    """The history of record ``of`` as the value of ``facts``: steps as (type, outcome), one per day.

    ``confirmed`` is the review of the event before it, which waits.
    """
    made: list[EventFacts] = []
    for at, (kind, outcome) in enumerate(steps):
        is_review = outcome == "confirmed"
        number = sum(not step.review for step in made) + (not is_review)
        date = f"{day[:8]}{int(day[8:]) + at:02d}"
        event_id = made[-1].id if is_review else f"{date}-{of:06x}{number:06x}"
        made.append(
            EventFacts(
                number, event_id, f"event-{number}", at + 2, kind, "wrong-value", f"{date}T00:00:00Z",
                HOSTILE, "agent", note, outcome, None, f"{date}-{of:06x}{0xABC:06x}" if is_review else "",
            )
        )  # fmt: skip
    return {"history": tuple(made)}


def refusal(of: int, day: str = "2026-12-01", note: str = "It is right.") -> RefusalFacts:
    """A declined correction."""
    return RefusalFacts(f"{day}-{of:012x}", "declined", day, "Rae Example", "unfounded", note, "Change it.")


def stated(number: int, claim: str, model: str, dataset: str, value: str, **keys: str) -> bytes:
    """A packed score of record ``number``; keys that are not given are not stated."""
    record_id = f"{number:08x}-0000-4000-8000-{number:012x}"
    known: dict[str, Any] = {key: keys.get(key) for key in KEYS} | {"model": model, "dataset": dataset}
    unit = "%" if value.endswith("%") else None
    score = Score(
        **known, value=Decimal(value.removesuffix("%")), value_text=value, unit=unit, claim_id=claim
    )
    return packed(Row("paper", record_id, model, dataset, score, keys.get("source"), keys.get("locator")))


def scored(model: str | None, dataset: str | None, value: str, **keys: str) -> dict[str, Any]:
    """A score of a work's claim."""
    named = ("model", "size", "dataset", "split", "metric", "shots", "tools", "harness", "precision")
    measure = {"text": value, "value": float(value.removesuffix("%")), "unit": "%" if "%" in value else None}
    return {key: keys.get(key) for key in named} | {"model": model, "dataset": dataset, "value": measure}


def work(
    identifier: str, *claims: tuple[str, list[dict[str, Any]]], title: str = HOSTILE, **read: Any
) -> Work:
    """A work with claims as (text, scores), of which a second file strikes the first."""
    where = {"where": "paper", "url": "https://arxiv.example/abs", "commit": None, "note": HOSTILE} | read

    def filed(name: str, made: list[dict[str, Any]], strikes: list[dict[str, str]]) -> FiledWork:
        document = {
            "contract_version": "work-manifest-v1", "work": {"kind": "arxiv", "identifier": identifier},
            "version": None, "date": f"2026-11-2{len(strikes)}", "added_by": HOSTILE, "title": title,
            "authors": [HOSTILE], "claims": made, "strikes": strikes, "extensions": {},
        }  # fmt: skip
        path = f"works/arxiv/{identifier}/2026-11-2{len(strikes)}-{name}.json"
        return FiledWork(path, "sha256:" + "0" * 64, cast(WorkManifest, contracts.read(document)))

    made = [
        {"id": f"figures-c{at:03}", "text": text, "values": [], "locator": HOSTILE, "read_in": where,
         "scores": scores}
        for at, (text, scores) in enumerate(claims, 1)
    ]  # fmt: skip
    first = filed("figures", made, [])
    second = filed("struck", [], [{"claim": "figures-c001", "reason": HOSTILE}])
    strikes = ((second, second.manifest.strikes[0]),)
    held = tuple(
        FiledClaim(claim, first, () if at else strikes) for at, claim in enumerate(first.manifest.claims)
    )
    return Work("arxiv", identifier, (first, second), held)


def judged(number: int, tier: str, *findings: tuple[Rule, str], **values: Any) -> Judged:
    """One record in a tier, with findings as (rule, message); its state follows from its history."""
    scores = values.pop("scores", ())
    held = facts(number, **values)
    found = tuple(sorted(finding(held.id, of, message) for of, message in findings))
    level = "L2" if tier in TIERS[2:5] else "L1"
    derived = Derived(
        tier=Judgement(tier, (f"a reason for {tier.lower()}",)),
        tier_facts=(),
        publisher_tiers=Judgement("PUBLIC_RECORD"),
        level=Judgement(level, ("a reason",)),
        claims_per_level=() if held.claims is None else ((level, held.claims),),
        dimensions=(),
        state=correction_state(held.history),
    )
    outcomes = (("C101", 1, 1, len(found)), ("X101", 0, 0, 0))
    return Judged(held.id, held.folder, "sha256:" + "0" * 64, held, found, derived, outcomes, scores)


ABSTRACT = InHand("abstract", "2026-11-20", "CC0-1.0", "2026-11-21", "preprint", "none", "v3")
FULL = InHand("full text", "2026-11-22", HOSTILE[:40], "2026-11-23", "unknown", "retracted", "")
METADATA = InHand("metadata", "2026-11-24", "")

COUNTS = rule("C101", "counts-disagree")
CUT = rule("X101", "text-cut", Severity.WARNING)


def view(
    items: tuple[Judged, ...],
    site_url: str | None = "https://registry.example/",
    works: tuple[Work, ...] = (),
    reruns: Reruns = NOTHING_RUN,
) -> RegistryView:
    """The view of a registry with two editorial rules and one integrity rule."""
    rules = {"C101": COUNTS, "S101": faults.RULES["S101"], "X101": CUT}
    held = {(one.kind, one.identifier): ABSTRACT for one in works[1:]}
    return registry_view(settings(site_url), items, rules, {}, works, held, reruns)


def claim_of(identifier: str) -> dict[str, str]:
    """The first claim of a work."""
    return {"kind": "arxiv", "identifier": identifier, "claim": "figures-c001"}


def small() -> RegistryView:
    """Nine records: one per tier, one without a date, a list of claims or sources, and two with a history.

    The first is withheld as its publisher rejected it, the eighth since it was retracted.
    """
    sources = (("arxiv", "2601.15305v2"), ("doi", "10.1000/ABC"), ("url", "javascript:alert(1)"))
    whole = {
        "version": "2", "size": "7B", "split": "test", "metric": "accuracy", "shots": "0", "tools": "none",
        "harness": "helm", "precision": "bf16",
    }  # fmt: skip
    scores = (
        stated(2, "c001", "Hare-2", "Burrow", "61.25%", **whole),
        stated(2, "c002", HOSTILE, HOSTILE, "3", source="arxiv 2601.15305", locator=HOSTILE),
        stated(2, "c003", "..", "../..", "4"),
    )
    known = work(
        "2601.15305",
        ("A first claim.", [scored("Hare", "Burrow", "1.00%")]),
        (HOSTILE, [scored("hare 2", "burrow", "61.25%", metric="accuracy"), scored(None, "Burrow", "7")]),
        ("Of another name.", [scored("Rabbit", "Burrow", "61.25%", metric="accuracy")]),
    )
    bare = work("2601.00009", title="Cited by none", where="code", commit="0123456789abcdef", note=None,
                url="javascript:alert(1)")  # fmt: skip
    looked_up = ClaimFacts(
        is_grounded=True,
        in_hand=(ABSTRACT, FULL, METADATA),
        resting=(1, 2, 0),
        stated=(("conflict", (0, 0, 0, 1)), ("quoted", (0, 0, 1, 0, 1))),
    )
    return view((
        judged(1, "WITHHELD", (COUNTS, "states 1, lists 0"), stated_decision="REJECT"),
        judged(2, "UNSAFE", (COUNTS, "states 3"), (COUNTS, HOSTILE), (CUT, "ends in <b>"), title=HOSTILE,
               scores=scores),
        judged(3, "GROUNDED", submitted="2026-07-01", stated_tier="Watchlist", sources=sources,
               evidence=looked_up),
        judged(4, "MOSTLY_GROUNDED", submitted="2025-12-31", publisher=HOSTILE,
               evidence=ClaimFacts(is_grounded=True, in_hand=(ABSTRACT,), stated=(("", (0, 0, 2)),))),
        judged(5, "LOCATED", **history(5, ("METADATA", "applied")), stated_tier="Gold star"),
        judged(6, "UNCHECKED", (CUT, "ends in and"),
               scores=(stated(6, "c001", "hare-2", "BURROW", "60%", **whole),)),
        judged(7, "UNSAFE", submitted=None, claims=None, sources=()),
        judged(8, "WITHHELD", **history(8, ("DISPUTE", "proposed"), ("RETRACTION", "waits"),
               ("RETRACTION", "confirmed"), note=HOSTILE)),
        judged(9, "UNSAFE", (COUNTS, "states 3"), refusals=(refusal(9, note=HOSTILE),),
               **history(9, ("CLAIM", "not applied"), ("RETRACTION", "waits"), day="2026-10-01")),
    ), works=(bare, known), reruns=small_reruns(HOSTILE, claim_of("2601.15305")))  # fmt: skip


def charted() -> RegistryView:
    """Thirty records, enough for charts, of which some state confidences that were looked up."""
    items = []
    for number in range(1, 31):
        found = [(COUNTS, "states 3")] * (number % 4) + [(CUT, "ends in and")] * (number % 3)
        stated = (("conflict", (0, 0, 0, number % 2)), ("located", (0, 0, 1, 2)), ("quoted", (0, 1)))
        known = (
            ClaimFacts(is_grounded=True, stated=stated) if number % 5 else ClaimFacts(stated=(("", (3,)),))
        )
        items.append(judged(number, TIERS[1 + number % 5], *found, claims=6, evidence=known))
    return view(tuple(items))


def large(count: int = 500) -> RegistryView:
    """Many records with the longest texts that the contracts allow, each character escaped to six bytes."""
    long = "'" * 2000
    cited = tuple(("url", f"{number}" + "'" * 490) for number in range(30))
    held = InHand(
        "fingerprint of the abstract", "2026-11-20", "'" * 40, "2026-11-21", "unknown", "unknown", "9" * 40
    )
    verdicts = (
        "",
        "conflict",
        "cut",
        "disputed",
        "located",
        "not_located",
        "quoted",
        "source_missing",
        "values_match",
    )
    known = ClaimFacts(
        is_grounded=True,
        in_hand=(held,) * 30,
        resting=(1000,) * 30,
        stated=tuple((verdict, (1000,) * 20) for verdict in verdicts),
    )
    return view(tuple(
        judged(
            number, TIERS[number % 6], (COUNTS, "'" * 5000), (CUT, long),
            title=long, publisher=long, stated_tier="\U0001f600" * 2000, sources=cited,
            evidence=known,
            **history(number, ("EXPRESSION_OF_CONCERN", "notice"), ("METADATA", "applied"), note="'" * 240,
                      day=f"{2000 + number % 40}-0{1 + number % 9}-01") if number % 4 == 0 else {},
            refusals=(refusal(number, note="'" * 240),) if number % 5 == 0 else (),
            submitted=f"{2000 + number % 60}-{1 + number % 12:02d}-01" if number % 3 else "2026-06-13",
            scores=tuple(
                stated(number, "c001", f"{model} {long[:290]}", f"{number % 3} {long[:290]}", f"{number}.25",
                       size=long[:300], split=long[:300], metric=f"{number} {long[:290]}", locator=long)
                for model in range(3)
            ),
        )
        for number in range(1, count + 1)
    ), works=tuple(_large_work(number) for number in range(60)),
        reruns=large_reruns(claim_of("2600.00001")))  # fmt: skip


def _large_work(number: int) -> Work:
    """A work with many claims and the longest texts."""
    long = "'" * 2000
    scores = [scored(f"{one} {long[:290]}", f"{one} {long[:290]}", "5.25") for one in range(20)]
    claims = [(long * 2, scores)] * 40
    return work(f"26{number:02}.00001", *claims, title=long, note=long)
