"""What a publisher states of its own work: counts, score, tier, level, gate and days, all of which agree."""

from typing import Any

from audit_cases.drawing import table
from audit_cases.printing import Printing, out_of_ten


def stated(printed: Printing) -> dict[str, Any]:
    """Return the part of the manifest that holds what the publisher states."""
    draw, style, slots = printed.draw, printed.style, printed.slots
    levels = draw.choice(style["levels"]) if style["levels"] and draw.chance(0.7) else [None] * 4
    score = _score(printed)
    return {
        "papers_retrieved": slots["p"],
        "claims_extracted": slots["n"],
        "claims_verified": slots["k"],
        "review_score": score,
        "decision": draw.choice(style["decisions"]) if draw.chance(0.7) else None,
        "policy": draw.choice(style["policies"]) if draw.chance(0.6) else None,
        "revision_rounds": _rounds(printed, score),
        "header": draw.choice(style["headers"]) if "headers" in style and draw.chance(0.5) else None,
        **_tier(printed, score),
        "level": levels[0],
        "level_label": levels[1],
        "claim_source": "printed in the report",
        "dimensions": _dimensions(printed),
        "provenance_level": levels[2],
        "provenance_label": levels[3],
        "correction": {"status": "CURRENT", "count": 0} if draw.chance(0.3) else None,
        "gate": _gate(printed),
        "dates": _dates(printed),
        "contracts": None,
        "counts": [
            {"count": count, "value": slots[value], "text": printed.text(name)}
            for count, value, name in (
                ("papers_retrieved", "p", "papers"),
                ("claims_extracted", "n", "extracted"),
                ("claims_verified", "k", "verified"),
            )
        ],
        "totals": [_total(printed)] if style["totals"] and draw.chance(0.6) else [],
        "notes": draw.some(table("publishing")["notes"], draw.randint(1, 3)) if draw.chance(0.6) else None,
    }


def _score(printed: Printing) -> dict[str, Any] | None:
    scale = printed.style.get("score")
    if scale is None or printed.draw.chance(0.08):
        return None
    greatest = scale["greatest"]
    value = printed.draw.decimal(0.71 * greatest, 0.95 * greatest, 0 if greatest == 100 else 1)
    return {
        "text": scale["text"].format(score=value),
        "value": int(value) if greatest == 100 else float(value),
        "unit": scale["unit"] or None,
    }


def _rounds(printed: Printing, score: dict[str, Any] | None) -> int | None:
    if score is None or not printed.style.get("revises"):
        return None
    return printed.draw.randint(0, 2)


def _tier(printed: Printing, score: dict[str, Any] | None) -> dict[str, Any]:
    """State a tier whose rule holds; one that names a DOI only where the report has one."""
    none = {"tier": None, "tier_basis": None}
    if score is None or not printed.style["tiers"] or printed.draw.chance(0.25):
        return none
    tenths = out_of_ten(printed.style, score["value"])
    fitting = ["Public record", "PUBLIC_RECORD"]
    if tenths < 7.45:
        fitting += ["Watchlist"]
    if tenths >= 7.6 and "doi" in printed.style:
        fitting += ["DOI grade"]
    return {
        "tier": printed.draw.choice(fitting),
        "tier_basis": printed.draw.choice(table("publishing")["bases_five"]),
    }


def _dimensions(printed: Printing) -> dict[str, str] | None:
    """State levels that follow from what the report prints."""
    if not printed.style["tiers"] or printed.draw.chance(0.5):
        return None
    return {
        "evidence_strength": "HIGH" if printed.slots["k"] >= 0.9 * printed.slots["n"] else "MEDIUM",
        "citation_grounding": "HIGH",
        "uncertainty_disclosure": "MEDIUM",
        "reproducibility_status": "LOW",
    }


def _gate(printed: Printing) -> dict[str, Any] | None:
    if not printed.style["gate"] or printed.draw.chance(0.5):
        return None
    verdict, reason = (
        printed.draw.choice(table("publishing")["passed"]),
        printed.draw.choice(printed.style["gate"]),
    )
    day = printed.days["reviewed"].isoformat() if printed.style["dates"] else None
    return {"verdict": verdict, "reason": reason, "evaluated_at": day}


def _dates(printed: Printing) -> dict[str, str | None] | None:
    if not printed.style["dates"] or printed.draw.chance(0.2):
        return None
    return {
        name: printed.days[name].isoformat() for name in ("retrieved", "written", "reviewed", "published")
    }


def _total(printed: Printing) -> dict[str, Any]:
    kinds = [source["kind"] for source in printed.study.sources]
    a, b = kinds.count("arxiv"), len(kinds) - kinds.count("arxiv")
    text = printed.draw.one(table("publishing")["totals"], {"p": len(kinds), "a": a, "b": b})
    return {"text": text, "total": len(kinds), "members": [a, b]}
