"""A study as one publisher would print it: manifest and provenance, valid and without a defect."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from audit_cases.drawing import Draw, capital, in_words, table
from audit_cases.printing import Printing, hundredths, percentage
from audit_cases.stating import stated
from audit_cases.study import Slots, Study, sentence, study

PREFIX = "CASE"


@dataclass
class Case:
    """One record with what is known of it.

    ``limits`` are its limitations by what each names, ``group`` what only looks like a defect in it,
    ``beside`` are records that were filed before it.
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
    printed = Printing(draw, style, about, {}, marks, _days(draw, about.retrieved))
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


def _slots(printed: Printing) -> Slots:
    """Return what the sentences of this publisher may name."""
    draw, style, about = printed.draw, printed.style, printed.study
    papers, n, k = len(about.sources), len(printed.marks), sum(printed.marks)
    left_out = draw.randint(11, 240)
    slots = {
        **about.asked,
        "p": papers,
        "n": n,
        "k": k,
        "u": n - k,
        "q": draw.randint(2, 4),
        "left_out": left_out,
        "found": papers + left_out,
        "pw": in_words(papers),
        "nw": in_words(n),
        "kw": in_words(k),
        "uw": in_words(n - k),
        "words": in_words(papers),
        "method": draw.choice(style["methods"]),
        "number": draw.randint(1_000_000, 9_999_999),
        "month": f"{about.retrieved:%B %Y}",
        "revise": draw.choice(["6.0", "6.5", "5.5"]),
    }
    if "threshold" in style:
        slots["threshold"] = percentage(draw, style, draw.choice(style["threshold"]))
    return slots


def _manifest(printed: Printing) -> dict[str, Any]:
    draw, style, about = printed.draw, printed.style, printed.study
    name, url = draw.choice(style["publishers"])
    printed.limits = {
        of: capital(printed.text(f"limits_{of}")) for of in ("method", "threshold", "text", "share")
    }
    unsure = table("publishing")["uncertainties"]
    told = stated(printed)
    return {
        "contract_version": "paper-manifest-v1.1",
        "id": "",
        "display_id": "",
        "publisher": {"name": name, "url": url if draw.chance(0.8) else None},
        "title": about.title,
        "research_question": about.question,
        "subject": draw.one(table("publishing")["subjects"], printed.slots) if draw.chance(0.15) else None,
        "abstract": _abstract(printed, told["counts"]),
        "submitted": printed.days["submitted"].isoformat(),
        "kind": "draft" if "headers" in style and draw.chance(0.3) else "synthesis",
        "license": draw.choice([None, *table("publishing")["licenses"]]),
        "claims": _claims(printed),
        "sources": [{"id": f"s{place:03d}", **source} for place, source in enumerate(about.sources, 1)],
        "stated": told,
        "artifacts": [_artifact(printed, url)],
        "limitations": draw.sample(list(printed.limits.values()), 4),
        "uncertainties": [draw.words(one, printed.slots) for one in draw.some(unsure, draw.randint(1, 2))],
        "supersedes": None,
        "headings": style["headings"],
        "truncated": [],
        "extensions": {},
    }


def _artifact(printed: Printing, url: str) -> dict[str, Any]:
    kind = printed.draw.choice(["txt", "pdf", "html"])
    address = f"{url}/reports/{printed.slots['number']}.{kind}"
    if "doi" in printed.style:
        address = "https://doi.org/" + printed.style["doi"].format_map(printed.slots)
    return {"type": "report", "label": f"Report as {kind}", "url": address, "sha256": None, "format": kind}


def _claims(printed: Printing) -> list[dict[str, Any]]:
    return [
        {
            "id": f"c{place:03d}",
            "text": said.text,
            "stated": _of_claim(printed, mark),
            "sources": [f"s{one + 1:03d}" for one in said.sources],
            "locator": said.locator,
            "values": None,
        }
        for place, (said, mark) in enumerate(zip(printed.study.claims, printed.marks, strict=True), 1)
    ]


def _of_claim(printed: Printing, mark: bool) -> dict[str, Any]:
    flag, confidence = printed.style["flags"][0 if mark else 1], None
    if "threshold" in printed.slots:
        limit = hundredths(printed.slots["threshold"])
        value = printed.draw.randint(limit, 99) if mark else printed.draw.randint(35, limit - 2)
        confidence = percentage(printed.draw, printed.style, value)
    return {"verified": mark, "flag": flag, "confidence": confidence}


def _abstract(printed: Printing, counts: list[dict[str, Any]]) -> str:
    """Open, retell two claims, say a count or not, and close."""
    draw, words, slots = printed.draw, table("sentences")["abstracts"], printed.slots
    parts = [draw.one(words["opening"], slots)]
    told = [said for said in printed.study.claims if said.kind != "total"]
    about = [said for said in told if said.slots["dataset"] == slots["dataset"] and said.kind != "amount"]
    chosen = draw.some(about, 1) + draw.some([said for said in told if said not in about], 1)
    # A number may be said in other words; a statement without one is repeated as it stands.
    parts += [
        said.text if said.kind == "quality" else sentence(draw, said.kind, said.slots) for said in chosen
    ]
    parts.insert(draw.randint(1, len(parts)), draw.one(words["bridge"], slots))
    if draw.chance(0.7):
        counted = draw.one(printed.style["abstract_counts"], slots)
        parts.insert(draw.randint(2, len(parts)), counted)
        for count, value in (("claims_extracted", "n"), ("claims_verified", "k")):
            counts.append({"count": count, "value": slots[value], "text": counted.rstrip(".")})
    return " ".join([*parts, draw.one(words["closing"], slots)])


def _provenance(printed: Printing, manifest: dict[str, Any]) -> dict[str, Any]:
    draw, style, slots, shared = printed.draw, printed.style, printed.slots, table("publishing")
    queries = [draw.words(one, slots) for one in draw.some(shared["queries"], slots["q"])]
    threshold = None
    if "threshold" in slots:
        percent = "%" in slots["threshold"]
        value = hundredths(slots["threshold"])
        threshold = {
            "text": slots["threshold"],
            "value": value if percent else value / 100,
            "unit": "%" if percent else None,
        }
    revise = slots["revise"] if style.get("revises") else None
    return {
        "contract_version": "source-provenance-v1",
        "paper": "",
        "publisher": manifest["publisher"]["name"],
        "generator": draw.choice(style["generators"]),
        "methodology": printed.text("methodology"),
        "search": {
            "databases": draw.some(shared["databases"], draw.randint(1, 3)),
            "queries": queries,
            "query_count": len(queries),
            "order": draw.choice([None, *shared["orders"]]),
        },
        "embeddings": None,
        "verification": {
            "method": slots["method"],
            "features": draw.choice([None, *style["features"]]),
            "threshold": threshold,
        },
        "panel": {
            "name": draw.choice(style["panel"]),
            "roles": style["roles"],
            "rounds": 2 if revise else None,
            "revise_below": {"text": revise, "value": float(revise), "unit": None} if revise else None,
        },
        "review": draw.choice(style["reviews"]),
        "archive": None,
        "notes": None,
        "ingest": {
            "file_name": "report.txt",
            "size": 1,
            "sha256": "",
            "format": "fabricated-case",
            "version": 1,
        },
    }
