"""C101 to C104: counts, totals and lists that do not agree."""

# ruff: noqa: D103  the name of a way says what it does

from audit_cases.drawing import Draw, in_words, table
from audit_cases.editing import facts, places, say
from audit_cases.publishing import Case
from audit_cases.seeding import Seed, defect


def _other(draw: Draw, right: int) -> dict[str, object]:
    """Return slots of a wrong number near a right one."""
    wrong = draw.choice([right + draw.randint(1, 12), max(0, right - draw.randint(1, 4))])
    return {"wrong": wrong, "wrong_w": in_words(wrong)}


def _add_count(case: Case, draw: Draw, count: str, template: str, right: int) -> str:
    slots = {**facts(case, draw), **_other(draw, right)}
    entry = {"count": count, "value": slots["wrong"], "text": draw.words(template, slots)}
    case.stated["counts"].append(entry)
    return f"/stated/counts/{len(case.stated['counts']) - 1}"


@defect("C101")
def one_more_place_states_another_extracted(case: Case, draw: Draw) -> str | None:
    template = draw.choice(table("defects")["C101"]["extracted"])
    return _add_count(case, draw, "claims_extracted", template, case.stated["claims_extracted"])


@defect("C101")
def one_more_place_states_another_verified(case: Case, draw: Draw) -> str | None:
    template = draw.choice(table("defects")["C101"]["verified"])
    return _add_count(case, draw, "claims_verified", template, case.stated["claims_verified"])


@defect("C101")
def every_place_is_wrong(case: Case, draw: Draw) -> str | None:
    count = draw.choice(["claims_extracted", "claims_verified"])
    words = {"claims_extracted": "extracted", "claims_verified": "verified"}[count]
    slots = {**facts(case, draw), **_other(draw, case.stated[count])}
    case.stated[count] = slots["wrong"]
    for place in places(case, count):
        text = draw.one(table("defects")["C101"][words], slots)
        case.stated["counts"][place] |= {"value": slots["wrong"], "text": text}
    return f"/stated/{count}"


@defect("C101")
def rows_are_lost(case: Case, draw: Draw) -> str | None:
    lost = draw.randint(1, len(case.manifest["claims"]) - 2)
    del case.manifest["claims"][-lost:]
    return "/stated/claims_extracted"


@defect("C101")
def a_flag_is_turned(case: Case, draw: Draw) -> str | None:
    place = draw.randrange(len(case.manifest["claims"]))
    told = case.manifest["claims"][place]["stated"]
    told["verified"] = not told["verified"]
    told["flag"] = case.style["flags"][0 if told["verified"] else 1]
    return "/stated/claims_verified"


@defect("C101")
def a_row_is_doubled(case: Case, draw: Draw) -> str | None:
    rows = case.manifest["claims"]
    rows.append(
        {**draw.choice(rows), "id": f"c{len(rows) + 1:03d}", "text": "The authors thank their funders."}
    )
    return "/stated/claims_extracted"


@defect("C102")
def screening_does_not_add_up(case: Case, draw: Draw) -> str | None:
    p, out = len(case.manifest["sources"]), draw.randint(11, 90)
    slots = {"found": p + out + draw.randint(1, 40), "out": out, "wrong": p}
    text = draw.one(table("defects")["C102"]["flow"], slots)
    place = draw.choice(["provenance /methodology", "/abstract", "/stated/notes/-"])
    if place == "provenance /methodology":
        case.provenance["methodology"] = None
    return say(case, place, text)


@defect("C102")
def another_number_of_papers(case: Case, draw: Draw) -> str | None:
    if "flow" in case.style:
        return None
    slots = _other(draw, len(case.manifest["sources"]))
    case.stated["papers_retrieved"] = slots["wrong"]
    for place in places(case, "papers_retrieved"):
        text = draw.one(table("defects")["C102"]["papers"], slots)
        case.stated["counts"][place] |= {"value": slots["wrong"], "text": text}
    return "/stated/papers_retrieved"


@defect("C102")
def a_reference_without_a_claim(case: Case, draw: Draw) -> str | None:
    lost = draw.choice(case.manifest["sources"])["id"]
    rest = [one["id"] for one in case.manifest["sources"] if one["id"] != lost]
    for claim in case.manifest["claims"]:
        claim["sources"] = [one for one in claim["sources"] if one != lost] or [draw.choice(rest)]
    return f"/sources/{int(lost[1:]) - 1}"


@defect("C102")
def a_claim_without_a_reference(case: Case, draw: Draw) -> str | None:
    counted = [one for claim in case.manifest["claims"] for one in claim["sources"]]
    listed = list(enumerate(case.manifest["claims"]))
    for place, claim in draw.sample(listed, len(listed)):
        if all(counted.count(one) > 1 for one in claim["sources"]):
            claim["sources"] = draw.choice([[], None])
            return f"/claims/{place}/sources"
    return None


def _wrong_total(case: Case, draw: Draw, members: int) -> str:
    parts = [draw.randint(2, 400) for _ in range(members)]
    total = sum(parts) + draw.choice([-1, 1]) * draw.choice([1, 1, 2, 9, 10, 90])
    slots = {"total": max(1, total), "a": parts[0], "b": parts[1]}
    text = draw.one(table("defects")["C103"]["totals"], slots)
    if members > 2:
        text = f"{slots['total']} in all: " + ", ".join(map(str, parts))
    case.stated["totals"].append({"text": text, "total": slots["total"], "members": parts})
    return f"/stated/totals/{len(case.stated['totals']) - 1}"


@defect("C103")
def two_members(case: Case, draw: Draw) -> str | None:
    return _wrong_total(case, draw, 2)


@defect("C103")
def many_members(case: Case, draw: Draw) -> str | None:
    return _wrong_total(case, draw, draw.randint(3, 9))


@defect("C103")
def a_member_is_lost(case: Case, draw: Draw) -> str | None:
    if not case.stated["totals"] or 0 in case.stated["totals"][0]["members"]:
        return None
    case.stated["totals"][0]["members"].pop()
    return "/stated/totals/0"


@defect("C103")
def a_total_is_changed(case: Case, draw: Draw) -> str | None:
    if not case.stated["totals"]:
        return None
    total = case.stated["totals"][0]
    wrong = total["total"] + draw.randint(1, 60)
    total["text"], total["total"] = total["text"].replace(str(total["total"]), str(wrong)), wrong
    return "/stated/totals/0"


def _empty(listed: list[object] | None, stated: bool) -> Seed:
    """Return a way to leave a report without claims: a list shown or not, a count of 0 stated or not."""

    def seed(case: Case, draw: Draw) -> str | None:
        case.manifest["claims"], case.stated["claims_extracted"] = listed, 0 if stated else None
        case.stated["claims_verified"] = 0 if stated else None
        case.stated["counts"] = [one for one in case.stated["counts"] if one["count"] == "papers_retrieved"]
        if stated:
            text = draw.choice(table("defects")["C104"]["texts"])
            case.stated["counts"].append({"count": "claims_extracted", "value": 0, "text": text})
        return "/claims" if listed is not None else "/stated/claims_extracted"

    seed.__name__ = (
        f"{'empty' if listed is not None else 'hidden'}_list_{'and_a_count_of_0' if stated else 'alone'}"
    )
    return seed


for _listed, _stated in (([], True), (None, True), ([], False)):
    defect("C104")(_empty(_listed, _stated))


@defect("C104")
def empty_list_beside_a_count(case: Case, draw: Draw) -> str | None:
    case.manifest["claims"] = []
    return "/claims"


@defect("C104")
def hidden_list_and_0_in_the_counts_only(case: Case, draw: Draw) -> str | None:
    _empty(None, stated=True)(case, draw)
    case.stated["claims_extracted"] = None
    return "/stated/counts"
