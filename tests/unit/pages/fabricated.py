"""Fabricated registries: rows as the whole-registry stage would give them, without any file behind them."""

from dataclasses import replace

from colophon import bundle, documents, faults
from colophon.claim_facts import ClaimFacts
from colophon.evidence import InHand
from colophon.index import EventFacts, Facts, RefusalFacts
from colophon.judgement import Judged
from colophon.model import Derived, Finding, FindingClass, Judgement, Rule, Severity
from colophon.rules.state import correction_state
from colophon.settings import VOCABULARIES, Settings
from colophon.store import WorkTree
from colophon.views import RegistryView, registry_view

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


def judged(number: int, tier: str, *findings: tuple[Rule, str], **values: object) -> Judged:
    """One record in a tier, with findings as (rule, message); its state follows from its history."""
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
    return Judged(held.id, held.folder, "sha256:" + "0" * 64, held, found, derived, outcomes)


ABSTRACT = InHand("abstract", "2026-11-20", "CC0-1.0", "2026-11-21", "preprint", "none", "v3")
FULL = InHand("full text", "2026-11-22", HOSTILE[:40], "2026-11-23", "unknown", "retracted", "")
METADATA = InHand("metadata", "2026-11-24", "")

COUNTS = rule("C101", "counts-disagree")
CUT = rule("X101", "text-cut", Severity.WARNING)


def view(items: tuple[Judged, ...], site_url: str | None = "https://registry.example/") -> RegistryView:
    """The view of a registry with two editorial rules and one integrity rule."""
    rules = {"C101": COUNTS, "S101": faults.RULES["S101"], "X101": CUT}
    return registry_view(settings(site_url), items, rules, {})


def small() -> RegistryView:
    """Nine records: one per tier, one without a date, a list of claims or sources, and two with a history.

    The first is withheld as its publisher rejected it, the eighth since it was retracted.
    """
    sources = (("arxiv", "2601.15305v2"), ("doi", "10.1000/ABC"), ("url", "javascript:alert(1)"))
    looked_up = ClaimFacts(
        is_grounded=True,
        in_hand=(ABSTRACT, FULL, METADATA),
        resting=(1, 2, 0),
        stated=(("conflict", (0, 0, 0, 1)), ("quoted", (0, 0, 1, 0, 1))),
    )
    return view((
        judged(1, "WITHHELD", (COUNTS, "states 1, lists 0"), stated_decision="REJECT"),
        judged(2, "UNSAFE", (COUNTS, "states 3"), (COUNTS, HOSTILE), (CUT, "ends in <b>"), title=HOSTILE),
        judged(3, "GROUNDED", submitted="2026-07-01", stated_tier="Watchlist", sources=sources,
               evidence=looked_up),
        judged(4, "MOSTLY_GROUNDED", submitted="2025-12-31", publisher=HOSTILE,
               evidence=ClaimFacts(is_grounded=True, in_hand=(ABSTRACT,), stated=(("", (0, 0, 2)),))),
        judged(5, "LOCATED", **history(5, ("METADATA", "applied")), stated_tier="Gold star"),
        judged(6, "UNCHECKED", (CUT, "ends in and")),
        judged(7, "UNSAFE", submitted=None, claims=None, sources=()),
        judged(8, "WITHHELD", **history(8, ("DISPUTE", "proposed"), ("RETRACTION", "waits"),
               ("RETRACTION", "confirmed"), note=HOSTILE)),
        judged(9, "UNSAFE", (COUNTS, "states 3"), refusals=(refusal(9, note=HOSTILE),),
               **history(9, ("CLAIM", "not applied"), ("RETRACTION", "waits"), day="2026-10-01")),
    ))  # fmt: skip


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
        )
        for number in range(1, count + 1)
    ))  # fmt: skip
