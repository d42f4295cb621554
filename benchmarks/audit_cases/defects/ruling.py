"""R101 to R108: what a report states against its own rules and inputs."""

# ruff: noqa: D103  the name of a way says what it does

from collections.abc import Callable
from typing import Any

from audit_cases.drawing import Draw, table
from audit_cases.editing import facts
from audit_cases.printing import hundredths, out_of_ten, percentage
from audit_cases.publishing import Case
from audit_cases.seeding import DEFECTS, defect


def _threshold(case: Case) -> int | None:
    threshold = case.provenance["verification"]["threshold"]
    return None if threshold is None else hundredths(threshold["text"])


@defect("R101")
def verified_below_the_threshold(case: Case, draw: Draw) -> str | None:
    limit = _threshold(case)
    return None if limit is None else _confidence(case, draw, True, limit - draw.choice([2, 3, 10, 40]))


@defect("R101")
def not_verified_above_the_threshold(case: Case, draw: Draw) -> str | None:
    limit = _threshold(case)
    return None if limit is None else _confidence(case, draw, False, min(99, limit + draw.randint(2, 9)))


def _confidence(case: Case, draw: Draw, mark: bool, value: int) -> str:
    fitting = [n for n, one in enumerate(case.manifest["claims"]) if one["stated"]["verified"] is mark]
    place = draw.choice(fitting)
    case.manifest["claims"][place]["stated"]["confidence"] = percentage(draw, case.style, value)
    return f"/claims/{place}/stated"


@defect("R101")
def the_threshold_is_another(case: Case, draw: Draw) -> str | None:
    if _threshold(case) is None:
        return None
    threshold = case.provenance["verification"]["threshold"]
    value, old = draw.choice([15, 20, 30]), threshold["text"]
    new = percentage(draw, case.style, value)
    case.provenance["verification"]["threshold"] = {
        "text": new, "value": value if threshold["unit"] else value / 100, "unit": threshold["unit"]
    }  # fmt: skip
    case.provenance["methodology"] = case.provenance["methodology"].replace(old, new)
    case.manifest["limitations"] = [one.replace(old, new) for one in case.manifest["limitations"]]
    return "/claims"


@defect("R102")
def method_and_threshold_are_vague(case: Case, draw: Draw) -> str | None:
    case.provenance["verification"] = draw.choice(
        [
            None,
            {"method": draw.choice(table("defects")["R102"]["vague"]), "features": None, "threshold": None},
        ]
    )
    return _silent(case, draw)


@defect("R102")
def the_threshold_is_missing(case: Case, draw: Draw) -> str | None:
    if _threshold(case) is None:
        return None
    case.provenance["verification"]["threshold"] = None
    return _silent(case, draw)


def _silent(case: Case, draw: Draw) -> str | None:
    """Leave nothing in the record that could declare a threshold; only flags with a score need one."""
    if all(one["stated"]["confidence"] is None for one in case.manifest["claims"]):
        return None
    case.provenance["methodology"] = draw.choice([None, draw.choice(table("defects")["R102"]["vague"])])
    case.manifest["limitations"] = draw.some(table("defects")["R102"]["limits"], 3)
    if "%" in case.manifest["abstract"] and case.style["name"] == "percent":
        case.manifest["abstract"] = "A summary of sources. " + case.manifest["research_question"]
    return "provenance /verification"


@defect("R103")
def a_rejected_report_is_public(case: Case, draw: Draw) -> str | None:
    case.stated["decision"] = draw.choice(table("defects")["R103"]["decisions"])
    return "/stated/decision"


@defect("R103")
def the_owner_was_to_review(case: Case, draw: Draw) -> str | None:
    case.stated["policy"] = draw.choice(table("defects")["R103"]["policies"])
    case.stated["header"] = None
    return "/stated/policy"


@defect("R103")
def the_header_asks_for_the_owner(case: Case, draw: Draw) -> str | None:
    case.stated["header"], case.stated["policy"] = draw.choice(table("defects")["R103"]["headers"]), None
    return "/stated/header"


@defect("R103")
def no_revision_below_the_limit(case: Case, draw: Draw) -> str | None:
    if case.stated["review_score"] is None or "score" not in case.style:
        return None
    _score(case, draw.decimal(3, 5.4))
    limit = round(0.6 * case.style["score"]["greatest"], 1)
    case.provenance["panel"]["revise_below"] = {"text": str(limit), "value": limit, "unit": None}
    case.stated["revision_rounds"], case.stated["tier"], case.stated["gate"] = 0, None, None
    return "/stated/revision_rounds"


def _score(case: Case, out_of: Any) -> None:
    """State another score, given on a scale to ten."""
    scale = case.style["score"]
    value = round(float(out_of) * scale["greatest"] / 10, 0 if scale["greatest"] == 100 else 1)
    value = int(value) if scale["greatest"] == 100 else value
    text = scale["text"].format(score=value)
    case.stated["review_score"] = {"text": text, "value": value, "unit": scale["unit"] or None}


@defect("R103")
def the_gate_failed(case: Case, draw: Draw) -> str | None:
    verdict = draw.choice(table("defects")["R103"]["verdicts"])
    case.stated["gate"] = {
        "verdict": verdict,
        "reason": "The list of claims was short.",
        "evaluated_at": None,
    }
    return "/stated/gate"


@defect("R103")
def the_score_is_below_the_gate(case: Case, draw: Draw) -> str | None:
    score = case.stated["review_score"]
    if score is None or "score" not in case.style:
        return None
    greatest = case.style["score"]["greatest"]
    least = round(score["value"] + 0.04 * greatest, 0 if greatest == 100 else 1)
    text = f"{int(least)} %" if score["unit"] == "%" else str(int(least) if greatest == 100 else least)
    reason = draw.one(table("defects")["R103"]["least"], {"least": text})
    case.stated["gate"] = {"verdict": "PASS", "reason": reason, "evaluated_at": None}
    return "/stated/gate"


_WRONG_TIERS: tuple[tuple[float, float, tuple[str, ...]], ...] = (
    (2.0, 4.8, ("Public record", "PUBLIC_RECORD", "DOI grade", "Flagship candidate")),
    (
        5.2,
        7.3,
        ("DOI grade", "DOI_GRADE", "Quarantine candidate", "QUARANTINE_CANDIDATE", "Flagship candidate"),
    ),
    (7.6, 8.3, ("Watchlist", "WATCHLIST", "Quarantine candidate", "FLAGSHIP_CANDIDATE")),
    (8.7, 9.6, ("Watchlist", "Quarantine candidate")),
)


@defect("R104")
def a_tier_whose_rule_fails(case: Case, draw: Draw) -> str | None:
    if "score" not in case.style:
        return None
    low, high, tiers = draw.choice(_WRONG_TIERS)
    _score(case, draw.decimal(low, high))
    case.stated["tier"] = draw.choice(tiers)
    return "/stated/tier"


@defect("R104")
def nothing_verified_or_not_reproducible(case: Case, draw: Draw) -> str | None:
    if "score" not in case.style:
        return None
    _score(case, draw.decimal(8.7, 9.5))
    if draw.chance(0.5):
        case.stated["tier"], case.stated["dimensions"] = (
            "Flagship candidate",
            {"reproducibility_status": "LOW"},
        )
        return "/stated/tier"
    case.stated["tier"], case.stated["claims_verified"] = draw.choice(["DOI grade", "Flagship candidate"]), 0
    case.stated["counts"] = [one for one in case.stated["counts"] if one["count"] != "claims_verified"]
    for claim in case.manifest["claims"]:
        claim["stated"] |= {"verified": False, "flag": case.style["flags"][1], "confidence": None}
    return "/stated/tier"


def _beside(code: str) -> Callable[[Case, Draw], str | None]:
    """Return a way to give a high score to a record with an error."""

    def seed(case: Case, draw: Draw) -> str | None:
        if "score" not in case.style or DEFECTS[code][draw.randrange(len(DEFECTS[code]))](case, draw) is None:
            return None
        if (
            case.stated["review_score"] is None
            or out_of_ten(case.style, case.stated["review_score"]["value"]) < 7.6
        ):
            _score(case, draw.decimal(7.6, 9.4))
        return "/stated/review_score"

    seed.__name__ = f"a_high_score_beside_{code}"
    return seed


for _code in ("C101", "C103", "C104", "H201", "R101"):
    defect("R105")(_beside(_code))


@defect("R105")
def a_high_score_of_a_rejected_report(case: Case, draw: Draw) -> str | None:
    if "score" not in case.style:
        return None
    _score(case, draw.decimal(7.6, 9.4))
    case.stated["decision"] = draw.choice(table("defects")["R103"]["decisions"][:5])
    return "/stated/review_score"


@defect("R106")
def strong_evidence_with_nothing_verified(case: Case, draw: Draw) -> str | None:
    for claim in case.manifest["claims"]:
        claim["stated"] |= {"verified": False, "flag": case.style["flags"][1], "confidence": None}
    case.stated["claims_verified"] = 0
    case.stated["counts"] = [one for one in case.stated["counts"] if one["count"] != "claims_verified"]
    return _level(case, "evidence_strength", draw.choice(["HIGH", "high", "High"]))


@defect("R106")
def grounded_without_sources(case: Case, draw: Draw) -> str | None:
    for claim in case.manifest["claims"]:
        claim["sources"] = claim["locator"] = None
    return _level(case, "citation_grounding", draw.choice(["HIGH", "High"]))


@defect("R106")
def uncertainty_disclosed_nowhere(case: Case, draw: Draw) -> str | None:
    case.manifest["limitations"], case.manifest["uncertainties"] = draw.choice(
        [([], None), ([], []), (None, [])]
    )
    return _level(case, "uncertainty_disclosure", draw.choice(["HIGH", "MEDIUM", "High"]))


@defect("R106")
def something_of_nothing(case: Case, draw: Draw) -> str | None:
    if DEFECTS["C104"][draw.randrange(2)](case, draw) is None:
        return None
    name = draw.choice(
        ["reproducibility_status", "evidence_strength", "numerical_consistency", "citation_grounding"]
    )
    return _level(case, name, draw.choice(["HIGH", "MEDIUM", "Medium", "high"]))


def _level(case: Case, name: str, level: str) -> str:
    case.stated["dimensions"] = {**(case.stated["dimensions"] or {}), name: level}
    return f"/stated/dimensions/{name}"


@defect("R107")
def a_doi_tier_without_a_doi(case: Case, draw: Draw) -> str | None:
    if "score" not in case.style:
        return None
    _score(case, draw.decimal(7.7, 9.4))
    case.stated["tier"] = draw.choice(table("defects")["R107"]["tiers"])
    url = draw.choice([None, "https://reports.example.net/latest.pdf"])
    case.manifest["artifacts"] = draw.choice([None, [{**case.manifest["artifacts"][0], "url": url}]])
    return "/stated/tier"


@defect("R108")
def verified_although_nothing_ran(case: Case, draw: Draw) -> str | None:
    words = table("defects")["R108"]
    day = draw.choice([None, case.manifest["submitted"]])
    case.stated["gate"] = {
        "verdict": draw.choice(words["verdicts"]),
        "reason": draw.choice(words["reasons"]),
        "evaluated_at": day,
    }
    return "/stated/gate"


@defect("R108")
def evaluated_on_a_day_on_which_nothing_ran(case: Case, draw: Draw) -> str | None:
    verdict, reason = draw.choice(table("defects")["R108"]["nothing"])
    case.stated["gate"] = {"verdict": verdict, "reason": reason, "evaluated_at": case.manifest["submitted"]}
    return "/stated/gate/evaluated_at"


@defect("R104")
def a_tier_of_another_record(case: Case, draw: Draw) -> str | None:
    score = case.stated["review_score"]
    if score is None or "score" not in case.style:
        return None
    value = out_of_ten(case.style, score["value"])
    if 7.3 < value < 7.6:
        return None
    case.stated["tier"] = draw.choice(["Watchlist"] if value > 7.5 else ["DOI grade", "Quarantine candidate"])
    case.stated["tier_basis"] = facts(case, draw)["publisher"]
    return "/stated/tier"
