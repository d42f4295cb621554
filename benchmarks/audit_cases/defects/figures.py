"""N101 to N105: numbers that cannot be right, or are called what they are not."""

# ruff: noqa: D103  the name of a way says what it does

from decimal import Decimal
from typing import Any

from audit_cases.drawing import Draw, rounded, table, with_article
from audit_cases.editing import facts, rewrite, say
from audit_cases.publishing import Case
from audit_cases.seeding import Seed, defect


def _claim(case: Case, draw: Draw, text: str) -> str:
    """Write a claim, or at times a sentence of the abstract."""
    if draw.chance(0.15):
        return say(case, "/abstract", text)
    return rewrite(case, draw, [text])[0]


def _wrong(draw: Draw, kind: str, slots: dict[str, Any]) -> Decimal:
    """Return a number that the others of its sentence do not give."""
    if kind == "difference":
        return Decimal(slots["d"]) + draw.choice([Decimal("0.5"), Decimal(1), Decimal("2.7"), Decimal(10)])
    if kind == "relative":
        return Decimal(slots["r"]) + draw.choice([Decimal("1.5"), Decimal(3), Decimal(12)])
    return draw.choice([Decimal(5), Decimal("7.5"), Decimal(6), Decimal(9)])


def _arithmetic(kind: str) -> Seed:
    def seed(case: Case, draw: Draw) -> str | None:
        slots = facts(case, draw)
        c = draw.decimal(3, 60)
        slots |= {
            "c": c,
            "e": f"{(c * draw.choice([2, 3, 4])).normalize():f}",
            "bad": _wrong(draw, kind, slots),
        }
        if kind == "total":
            slots |= {"k": draw.randint(20, 900), "m": draw.randint(20, 900)}
            slots["bad"] = slots["k"] + slots["m"] + draw.choice([-10, -1, 1, 2, 10, 100])
        template = draw.choice(table("defects")["N101"][kind])
        if template.startswith("Of the"):
            # Some may be neither; more than all cannot be.
            slots["bad"] = slots["k"] + slots["m"] - draw.choice([1, 2, 10])
        return _claim(case, draw, draw.words(template, slots))

    seed.__name__ = f"wrong_{kind}"
    return seed


for _kind in ("difference", "relative", "ratio", "total", "rank"):
    defect("N101")(_arithmetic(_kind))


@defect("N102")
def points_called_per_cent(case: Case, draw: Draw) -> str | None:
    slots = _apart(case, draw)
    return _claim(case, draw, draw.one(table("defects")["N102"]["claims"], slots))


@defect("N102")
def points_called_per_cent_in_another_claim(case: Case, draw: Draw) -> str | None:
    slots = _apart(case, draw)
    return rewrite(case, draw, [draw.words(one, slots) for one in table("defects")["N102"]["apart"]])[-1]


def _apart(case: Case, draw: Draw) -> dict[str, Any]:
    """Return two percentages whose difference is not also their relative change when rounded."""
    v, d = draw.decimal(40, 85), draw.decimal(3, 14)
    return facts(case, draw) | {"v": v, "w": v - d, "d": d}


@defect("N103")
def two_values_in_two_claims(case: Case, draw: Draw) -> str | None:
    slots = facts(case, draw)
    first, second = draw.some(table("defects")["N103"]["same"], 2)
    value = slots["v"] + draw.choice([-1, 1]) * draw.decimal(0.3, 9)
    value = min(value, Decimal("99.1"))
    texts = [draw.words(first, {**slots, "value": slots["v"]}), draw.words(second, {**slots, "value": value})]
    where = rewrite(case, draw, texts)
    first_claim, second_claim = (case.manifest["claims"][int(one.split("/")[2])] for one in where)
    second_claim["sources"] = list(first_claim["sources"])
    return where[-1]


@defect("N103")
def another_value_in_the_abstract(case: Case, draw: Draw) -> str | None:
    slots = facts(case, draw)
    first, second = draw.some(table("defects")["N103"]["same"], 2)
    rewrite(case, draw, [draw.words(first, {**slots, "value": slots["v"]})])
    return say(case, "/abstract", draw.words(second, {**slots, "value": slots["w"]}))


@defect("N104")
def outside_its_scale(case: Case, draw: Draw) -> str | None:
    small = draw.randint(20, 90)
    slots = facts(case, draw)
    shares = [one for one in slots["field"]["shares"] if one not in table("defects")["N104"]["elastic"]]
    share = draw.choice(shares)
    slots |= {
        "share": share,
        "a_share": with_article(share),
        "over": draw.decimal(100.4, 160),
        "digit": draw.randint(1, 9),
        "small": small,
        "big": small + draw.randint(1, 60),
        "grim": rounded(Decimal(draw.randint(4, 38)) / 40 * 100 + Decimal(str(draw.choice([0.9, 1.3, 0.7])))),
    }
    return _claim(case, draw, draw.one(table("defects")["N104"]["claims"], slots))


@defect("N105")
def a_spread_of_unlike_things(case: Case, draw: Draw) -> str | None:
    slots = facts(case, draw)
    slots["x"] = slots["v"] - draw.decimal(11, 40)
    slots["gap"] = slots["v"] - slots["x"]
    return _claim(case, draw, draw.one(table("defects")["N105"]["claims"], slots))
