"""K101 to K106: what a report says of its own checking."""

# ruff: noqa: D103  the name of a way says what it does

from audit_cases.drawing import Draw, table
from audit_cases.editing import MANIFEST_TEXTS, PROVENANCE_TEXTS, facts, places, rewrite, say
from audit_cases.publishing import Case
from audit_cases.seeding import defect


def _lexical(case: Case, draw: Draw) -> str:
    """Let a likeness of words decide what is verified, at a threshold at which it says nothing."""
    limit = draw.randint(10, 30)
    slots = {"method": draw.choice(table("defects")["K101"]["methods"]), "threshold": f"0.{limit:02d}"}
    case.provenance["verification"] = {
        "method": slots["method"], "features": draw.choice([None, "bigrams", "words"]),
        "threshold": {"text": slots["threshold"], "value": limit / 100, "unit": None},
    }  # fmt: skip
    case.provenance["methodology"] = draw.one(table("defects")["K101"]["methodology"], slots)
    case.manifest["limitations"] = [f"Method: {slots['method']}.", f"The threshold is {slots['threshold']}."]
    for claim in case.manifest["claims"]:
        mark = claim["stated"]["verified"]
        score = draw.randint(limit, 35) if mark else draw.randint(1, limit - 2)
        claim["stated"] |= {"confidence": f"0.{score:02d}"}
    return "/claims"


@defect("K101")
def likeness_of_words_called_verified(case: Case, draw: Draw) -> str | None:
    where = _lexical(case, draw)
    for claim in case.manifest["claims"]:
        claim["stated"]["flag"] = "verified" if claim["stated"]["verified"] else "unverified"
    return where


@defect("K101")
def likeness_of_words_ticked(case: Case, draw: Draw) -> str | None:
    where = _lexical(case, draw)
    tick, cross = draw.choice([("✓", "×"), ("✔", "✘"), ("yes", "no"), ("TRUE", "FALSE"), ("Verified", "-")])
    for claim in case.manifest["claims"]:
        claim["stated"]["flag"] = tick if claim["stated"]["verified"] else cross
    return where


def _only(case: Case, draw: Draw, place: str) -> str | None:
    """Say that abstracts were searched, and nothing else about the text."""
    if "K102" in case.group:
        # This record says elsewhere which text was searched, which would contradict the defect.
        return None
    text = draw.choice(table("defects")["K102"]["sentences"])
    abstracts = case.manifest["abstract"].replace("full texts", "papers").replace("full text", "paper")
    case.manifest["abstract"] = abstracts
    case.manifest["limitations"] = [one for one in case.manifest["limitations"] if "full" not in one.lower()]
    case.provenance["verification"] |= {"method": "comparison with the source", "features": None}
    case.provenance["methodology"] = "Claims were taken from the papers."
    if place == "verification":
        case.provenance["verification"]["method"] = text
        return "provenance /verification/method"
    return say(case, place, text)


@defect("K102")
def abstracts_searched_says_the_method(case: Case, draw: Draw) -> str | None:
    return _only(case, draw, "verification")


@defect("K102")
def abstracts_searched_says_the_text(case: Case, draw: Draw) -> str | None:
    return _only(
        case,
        draw,
        draw.choice(["provenance /methodology", "/abstract", "/limitations/-", "provenance /notes/-"]),
    )


@defect("K103")
def called_independent(case: Case, draw: Draw) -> str | None:
    if case.style.get("people"):
        return None
    text = draw.one(table("defects")["K103"]["sentences"], facts(case, draw))
    return say(case, draw.choice([*MANIFEST_TEXTS[:3], *PROVENANCE_TEXTS]), text)


@defect("K103")
def counted_as_independent(case: Case, draw: Draw) -> str | None:
    if case.style.get("people"):
        return None
    place = places(case, "claims_verified")[0]
    case.stated["counts"][place]["text"] = draw.one(table("defects")["K103"]["counts"], facts(case, draw))
    return f"/stated/counts/{place}/text"


@defect("K104")
def no_claim_has_a_place(case: Case, draw: Draw) -> str | None:
    return _unplaced(case, draw, len(case.manifest["claims"]))


@defect("K104")
def some_claims_have_no_place(case: Case, draw: Draw) -> str | None:
    return _unplaced(case, draw, draw.randint(2, len(case.manifest["claims"]) - 1))


@defect("K104")
def one_claim_has_no_place(case: Case, draw: Draw) -> str | None:
    return _unplaced(case, draw, 1)


def _unplaced(case: Case, draw: Draw, count: int) -> str:
    """Leave claims without a source and without a place; a source alone would name the one to read."""
    chosen = draw.some(range(len(case.manifest["claims"])), count)
    for place in chosen:
        case.manifest["claims"][place] |= {"locator": None, "sources": draw.choice([None, []])}
    return "/claims" if count > 1 else f"/claims/{chosen[0]}"


def _about_one(case: Case, draw: Draw, owners: list[str]) -> str:
    """Let at least a third of the claims, and at least four, describe one instance."""
    words, texts = table("defects")["K106"], []
    count = max(4, round(len(case.manifest["claims"]) * draw.uniform(0.35, 0.7)))
    for template in draw.some(words["claims"], count):
        a_thing, b_thing = draw.some(words["things"], 2)
        slots = {
            "a_thing": a_thing,
            "b_thing": b_thing,
            "num": draw.randint(3, 40),
            "owner": draw.choice(owners),
        }
        texts.append(draw.words(template, slots))
    rewrite(case, draw, texts)
    return "/claims"


@defect("K106")
def much_is_about_one_example(case: Case, draw: Draw) -> str | None:
    return _about_one(case, draw, draw.choice(table("defects")["K106"]["examples"]))


@defect("K106")
def much_is_about_one_named_instance(case: Case, draw: Draw) -> str | None:
    return _about_one(case, draw, [draw.choice(table("defects")["K106"]["instances"])])
