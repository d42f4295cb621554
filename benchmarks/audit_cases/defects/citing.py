"""B101, B104, B105, B106: the sources as cited."""

# ruff: noqa: D103  the name of a way says what it does

from datetime import date, timedelta

from audit_cases.drawing import Draw, table
from audit_cases.editing import MANIFEST_TEXTS, PROVENANCE_TEXTS, facts, say
from audit_cases.publishing import Case
from audit_cases.seeding import Seed, defect


def _malformed(kind: str, words: str) -> Seed:
    """Return a way to cite an identifier that no registry gave."""

    def seed(case: Case, draw: Draw) -> str | None:
        place = draw.randrange(len(case.manifest["sources"]))
        identifier = draw.choice(table("defects")["B101"][words])
        case.manifest["sources"][place] |= {"kind": kind, "identifier": identifier, "url": None}
        return f"/sources/{place}/identifier"

    seed.__name__ = f"malformed_{words}"
    return seed


for _kind, _words in (("arxiv", "arxiv"), ("doi", "doi"), ("arxiv", "arxiv"), ("other", "uuid")):
    defect("B101")(_malformed(_kind, _words))


@defect("B101")
def a_month_after_the_report(case: Case, draw: Draw) -> str | None:
    day = date.fromisoformat(case.manifest["submitted"]) + timedelta(days=draw.randint(40, 900))
    place = draw.randrange(len(case.manifest["sources"]))
    identifier = f"{day:%y%m}.{draw.randint(1, 19999):05d}v1"
    case.manifest["sources"][place] |= {"kind": "arxiv", "identifier": identifier, "url": None}
    return f"/sources/{place}/identifier"


@defect("B104")
def one_source_carries_nearly_all(case: Case, draw: Draw) -> str | None:
    claims, held = case.manifest["claims"], [source["id"] for source in case.manifest["sources"]]
    most = draw.choice(held)
    spared = int(len(claims) * draw.uniform(0.0, 0.19))
    for place, claim in enumerate(draw.sample(claims, len(claims))):
        claim["sources"] = [draw.choice(held) if place < spared else most]
    return "/sources"


@defect("B104")
def fewer_than_three_sources(case: Case, draw: Draw) -> str | None:
    kept = draw.randint(1, 2)
    del case.manifest["sources"][kept:]
    for place, claim in enumerate(case.manifest["claims"]):
        claim["sources"] = [f"s{place % kept + 1:03d}"]
    case.stated["papers_retrieved"], case.stated["totals"] = kept, []
    for one in case.stated["counts"]:
        if one["count"] == "papers_retrieved":
            one |= {"value": kept, "text": f"{kept} papers"}
    return "/sources"


def _own(case: Case, draw: Draw) -> tuple[int, str, str]:
    place = draw.randrange(len(case.manifest["sources"]))
    slots = {
        **case.study.asked,
        "publisher": case.manifest["publisher"]["name"],
        "number": draw.randint(2, 900),
    }
    title = draw.one(table("defects")["B105"]["titles"], slots)
    host = dict(map(tuple, case.style["publishers"]))[case.manifest["publisher"]["name"]]
    return place, title, host


def _printed(identifier: str, title: str) -> dict[str, str | None]:
    """Return a source that is cited by what is printed on it, without an address."""
    return {"kind": "other", "identifier": identifier, "url": None, "title": title}


@defect("B105")
def a_source_at_the_publishers_own_address(case: Case, draw: Draw) -> str | None:
    place, title, host = _own(case, draw)
    case.manifest["publisher"]["url"] = host
    address = f"{host}/reports/{draw.randint(10, 9999)}"
    named = draw.choice([title, f"{case.study.asked['task'].capitalize()}: a synthesis", None])
    case.manifest["sources"][place] |= {"kind": "url", "identifier": address, "url": address, "title": named}
    return f"/sources/{place}"


@defect("B105")
def a_source_with_the_publishers_name(case: Case, draw: Draw) -> str | None:
    place, title, _ = _own(case, draw)
    identifier = draw.choice([f"Report {draw.randint(2, 900)}", f"urn:uuid:{case.id[:-4]}0000"])
    case.manifest["sources"][place] |= _printed(identifier, title)
    return f"/sources/{place}"


@defect("B105")
def a_source_from_this_registry(case: Case, draw: Draw) -> str | None:
    place, title, _ = _own(case, draw)
    case.manifest["sources"][place] |= _printed(f"{case.manifest['display_id'][:-2]}00", title)
    return f"/sources/{place}"


@defect("B106")
def peer_reviewed_over_preprints(case: Case, draw: Draw) -> str | None:
    for source in case.manifest["sources"]:
        if source["kind"] != "arxiv":
            identifier = f"{draw.randint(2001, 2012)}.{draw.randint(1, 19999):05d}v1"
            url = f"https://arxiv.org/abs/{identifier}"
            source |= {"kind": "arxiv", "identifier": identifier, "url": url}
    case.stated["totals"] = []
    text = draw.one(table("defects")["B106"]["sentences"], facts(case, draw))
    if draw.chance(0.3):
        case.manifest["abstract"] = f"{text} {case.manifest['abstract']}"
        return "/abstract"
    return say(case, draw.choice([*MANIFEST_TEXTS[:3], *PROVENANCE_TEXTS]), text)
