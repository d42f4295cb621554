"""A study as one publisher would print it: manifest and provenance, valid and without a defect."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from audit_cases.drawing import Draw, capital, in_words, table
from audit_cases.study import Slots, Study, sentence, study

PREFIX = "CASE"


@dataclass
class Case:
    """One record with what is known of it.

    ``limits`` are its limitations by what each names, ``group`` what only looks like a defect in it, ``beside`` are
    records that were filed before it.
    """

    manifest: dict[str, Any]
    provenance: dict[str, Any]
    study: Study
    style: dict[str, Any]
    limits: dict[str, str]
    group: str = "plain"
    beside: "list[Case]" = field(default_factory=list)

    @property
    def id(self) -> str:
        """The full id of the record."""
        return str(self.manifest["id"])

    @property
    def stated(self) -> dict[str, Any]:
        """What the publisher states."""
        stated: dict[str, Any] = self.manifest["stated"]
        return stated

    def rename(self, record_id: str) -> None:
        """Give the record another id."""
        self.manifest["id"] = self.provenance["paper"] = record_id
        self.manifest["display_id"] = f"{PREFIX}:{record_id[:8].upper()}"


@dataclass
class _Print:
    """One report while it is being printed."""

    draw: Draw
    style: dict[str, Any]
    study: Study
    slots: Slots
    marks: list[bool]
    days: dict[str, date]
    limits: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Word one thing as this publisher does."""
        return self.draw.one(self.style[name], self.slots)


def sound(seed: int, number: int) -> Case:
    """Return one sound record."""
    draw = Draw(f"{seed}-sound-{number}")
    styles, fields = table("styles")["style"], table("fields")["field"]
    style = styles[number % len(styles)]
    about = study(draw, fields[(number // len(styles) + number) % len(fields)])
    draw.shuffle(about.claims)
    marks = [True] * len(about.claims)
    for place in draw.some(range(len(marks)), draw.randint(2, max(2, len(marks) // 4))):
        marks[place] = False
    printed = _Print(draw, style, about, {}, marks, _days(draw, about.retrieved))
    printed.slots = _slots(printed)
    manifest = _manifest(printed)
    case = Case(manifest, _provenance(printed, manifest), about, style, printed.limits)
    case.rename(_uuid(draw))
    return case


def _uuid(draw: Draw) -> str:
    digits = f"{draw.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _days(draw: Draw, retrieved: date) -> dict[str, date]:
    days, day = {"retrieved": retrieved}, retrieved
    for name in ("written", "reviewed", "submitted", "published"):
        days[name] = day = day + timedelta(days=draw.randint(0, 6))
    return days


def _slots(printed: _Print) -> Slots:
    """Return what the sentences of this publisher may name."""
    draw, style, about = printed.draw, printed.style, printed.study
    papers, n, k = len(about.sources), len(printed.marks), sum(printed.marks)
    left_out = draw.randint(11, 240)
    slots = {
        **about.asked, "p": papers, "n": n, "k": k, "u": n - k, "q": draw.randint(2, 4), "left_out": left_out,
        "found": papers + left_out, "pw": in_words(papers), "nw": in_words(n), "kw": in_words(k), "uw": in_words(n - k),
        "words": in_words(papers), "method": draw.choice(style["methods"]), "number": draw.randint(1_000_000, 9_999_999),
        "month": f"{about.retrieved:%B %Y}", "revise": draw.choice(["6.0", "6.5", "5.5"]),
    }  # fmt: skip
    if "threshold" in style:
        slots["threshold"] = percentage(draw, style, draw.choice(style["threshold"]))
    return slots


def percentage(draw: Draw, style: dict[str, Any], value: int) -> str:
    """Return hundredths as this publisher prints confidences."""
    return draw.choice([f"{value}%", f"{value} %"]) if style["confidence"] == "percent" else f"{value / 100:.2f}"


def _manifest(printed: _Print) -> dict[str, Any]:
    draw, style, about = printed.draw, printed.style, printed.study
    name, url = draw.choice(style["publishers"])
    printed.limits = {of: capital(printed.text(f"limits_{of}")) for of in ("method", "threshold", "text", "share")}
    unsure = table("publishing")["uncertainties"]
    stated = _stated(printed)
    return {
        "contract_version": "paper-manifest-v1.1", "id": "", "display_id": "",
        "publisher": {"name": name, "url": url if draw.chance(0.8) else None},
        "title": about.title, "research_question": about.question,
        "subject": draw.one(table("publishing")["subjects"], printed.slots) if draw.chance(0.15) else None,
        "abstract": _abstract(printed, stated), "submitted": printed.days["submitted"].isoformat(),
        "kind": "draft" if "headers" in style and draw.chance(0.3) else "synthesis",
        "license": draw.choice([None, *table("publishing")["licenses"]]),
        "claims": _claims(printed), "sources": [
            {"id": f"s{place:03d}", **source} for place, source in enumerate(about.sources, 1)
        ],
        "stated": stated, "artifacts": [_artifact(printed, url)], "limitations": draw.sample(list(printed.limits.values()), 4),
        "uncertainties": [draw.words(one, printed.slots) for one in draw.some(unsure, draw.randint(1, 2))],
        "supersedes": None, "headings": style["headings"], "truncated": [], "extensions": {},
    }  # fmt: skip


def _artifact(printed: _Print, url: str) -> dict[str, Any]:
    kind = printed.draw.choice(["txt", "pdf", "html"])
    address = f"{url}/reports/{printed.slots['number']}.{kind}"
    if "doi" in printed.style:
        address = "https://doi.org/" + printed.style["doi"].format_map(printed.slots)
    return {"type": "report", "label": f"Report as {kind}", "url": address, "sha256": None, "format": kind}


def _claims(printed: _Print) -> list[dict[str, Any]]:
    return [
        {
            "id": f"c{place:03d}", "text": said.text, "stated": _of_claim(printed, mark),
            "sources": [f"s{one + 1:03d}" for one in said.sources], "locator": said.locator, "values": None,
        }
        for place, (said, mark) in enumerate(zip(printed.study.claims, printed.marks, strict=True), 1)
    ]  # fmt: skip


def _of_claim(printed: _Print, mark: bool) -> dict[str, Any]:
    flag, confidence = printed.style["flags"][0 if mark else 1], None
    if "threshold" in printed.slots:
        limit = hundredths(printed.slots["threshold"])
        value = printed.draw.randint(limit, 99) if mark else printed.draw.randint(35, limit - 2)
        confidence = percentage(printed.draw, printed.style, value)
    return {"verified": mark, "flag": flag, "confidence": confidence}


def hundredths(text: str) -> int:
    """Read "0.90" or "90 %"."""
    return int(text.rstrip(" %")) if "%" in text else round(float(text) * 100)


def _abstract(printed: _Print, stated: dict[str, Any]) -> str:
    """Open, retell two claims, say a count or not, and close."""
    draw, words, slots = printed.draw, table("sentences")["abstracts"], printed.slots
    parts = [draw.one(words["opening"], slots)]
    told = [said for said in printed.study.claims if said.kind != "total"]
    about = [said for said in told if said.slots["dataset"] == slots["dataset"] and said.kind != "amount"]
    chosen = draw.some(about, 1) + draw.some([said for said in told if said not in about], 1)
    # A number may be said in other words; a statement without one is repeated as it stands.
    parts += [said.text if said.kind == "quality" else sentence(draw, said.kind, said.slots) for said in chosen]
    parts.insert(draw.randint(1, len(parts)), draw.one(words["bridge"], slots))
    if draw.chance(0.7):
        counted = draw.one(printed.style["abstract_counts"], slots)
        parts.insert(draw.randint(2, len(parts)), counted)
        for count, value in (("claims_extracted", "n"), ("claims_verified", "k")):
            stated["counts"].append({"count": count, "value": slots[value], "text": counted.rstrip(".")})
    return " ".join([*parts, draw.one(words["closing"], slots)])


def _stated(printed: _Print) -> dict[str, Any]:
    draw, style, slots = printed.draw, printed.style, printed.slots
    levels = draw.choice(style["levels"]) if style["levels"] and draw.chance(0.7) else [None] * 4
    score = _score(printed)
    return {
        "papers_retrieved": slots["p"], "claims_extracted": slots["n"], "claims_verified": slots["k"],
        "review_score": score, "decision": draw.choice(style["decisions"]) if draw.chance(0.7) else None,
        "policy": draw.choice(style["policies"]) if draw.chance(0.6) else None,
        "revision_rounds": _rounds(printed, score),
        "header": draw.choice(style["headers"]) if "headers" in style and draw.chance(0.5) else None,
        **_tier(printed, score), "level": levels[0], "level_label": levels[1], "claim_source": "printed in the report",
        "dimensions": _dimensions(printed), "provenance_level": levels[2], "provenance_label": levels[3],
        "correction": {"status": "CURRENT", "count": 0} if draw.chance(0.3) else None,
        "gate": _gate(printed), "dates": _dates(printed), "contracts": None,
        "counts": [
            {"count": count, "value": slots[value], "text": printed.text(name)}
            for count, value, name in (
                ("papers_retrieved", "p", "papers"), ("claims_extracted", "n", "extracted"),
                ("claims_verified", "k", "verified"),
            )
        ],
        "totals": [_total(printed)] if style["totals"] and draw.chance(0.6) else [],
        "notes": draw.some(table("publishing")["notes"], draw.randint(1, 3)) if draw.chance(0.6) else None,
    }  # fmt: skip


def _score(printed: _Print) -> dict[str, Any] | None:
    scale = printed.style.get("score")
    if scale is None or printed.draw.chance(0.08):
        return None
    greatest = scale["greatest"]
    value = printed.draw.decimal(0.71 * greatest, 0.95 * greatest, 0 if greatest == 100 else 1)
    return {
        "text": scale["text"].format(score=value), "value": int(value) if greatest == 100 else float(value),
        "unit": scale["unit"] or None,
    }  # fmt: skip


def _rounds(printed: _Print, score: dict[str, Any] | None) -> int | None:
    if score is None or not printed.style.get("revises"):
        return None
    return printed.draw.randint(0, 2)


def _tier(printed: _Print, score: dict[str, Any] | None) -> dict[str, Any]:
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
    return {"tier": printed.draw.choice(fitting), "tier_basis": printed.draw.choice(table("publishing")["bases_five"])}


def out_of_ten(style: dict[str, Any], value: float) -> float:
    """Return a score of this publisher on a scale from 0 to 10."""
    return value * 10 / float(style["score"]["greatest"])


def _dimensions(printed: _Print) -> dict[str, str] | None:
    """State levels that follow from what the report prints."""
    if not printed.style["tiers"] or printed.draw.chance(0.5):
        return None
    return {
        "evidence_strength": "HIGH" if printed.slots["k"] >= 0.9 * printed.slots["n"] else "MEDIUM",
        "citation_grounding": "HIGH", "uncertainty_disclosure": "MEDIUM", "reproducibility_status": "LOW",
    }  # fmt: skip


def _gate(printed: _Print) -> dict[str, Any] | None:
    if not printed.style["gate"] or printed.draw.chance(0.5):
        return None
    verdict, reason = printed.draw.choice(table("publishing")["passed"]), printed.draw.choice(printed.style["gate"])
    day = printed.days["reviewed"].isoformat() if printed.style["dates"] else None
    return {"verdict": verdict, "reason": reason, "evaluated_at": day}


def _dates(printed: _Print) -> dict[str, str | None] | None:
    if not printed.style["dates"] or printed.draw.chance(0.2):
        return None
    return {name: printed.days[name].isoformat() for name in ("retrieved", "written", "reviewed", "published")}


def _total(printed: _Print) -> dict[str, Any]:
    kinds = [source["kind"] for source in printed.study.sources]
    a, b = kinds.count("arxiv"), len(kinds) - kinds.count("arxiv")
    text = printed.draw.one(table("publishing")["totals"], {"p": len(kinds), "a": a, "b": b})
    return {"text": text, "total": len(kinds), "members": [a, b]}


def _provenance(printed: _Print, manifest: dict[str, Any]) -> dict[str, Any]:
    draw, style, slots, shared = printed.draw, printed.style, printed.slots, table("publishing")
    queries = [draw.words(one, slots) for one in draw.some(shared["queries"], slots["q"])]
    threshold = None
    if "threshold" in slots:
        percent = "%" in slots["threshold"]
        value = hundredths(slots["threshold"])
        threshold = {"text": slots["threshold"], "value": value if percent else value / 100, "unit": "%" if percent else None}
    revise = slots["revise"] if style.get("revises") else None
    return {
        "contract_version": "source-provenance-v1", "paper": "", "publisher": manifest["publisher"]["name"],
        "generator": draw.choice(style["generators"]), "methodology": printed.text("methodology"),
        "search": {
            "databases": draw.some(shared["databases"], draw.randint(1, 3)), "queries": queries,
            "query_count": len(queries), "order": draw.choice([None, *shared["orders"]]),
        },
        "embeddings": None,
        "verification": {
            "method": slots["method"], "features": draw.choice([None, *style["features"]]), "threshold": threshold,
        },
        "panel": {
            "name": draw.choice(style["panel"]), "roles": style["roles"], "rounds": 2 if revise else None,
            "revise_below": {"text": revise, "value": float(revise), "unit": None} if revise else None,
        },
        "review": draw.choice(style["reviews"]), "archive": None, "notes": None,
        "ingest": {"file_name": "report.txt", "size": 1, "sha256": "", "format": "fabricated-case", "version": 1},
    }  # fmt: skip
