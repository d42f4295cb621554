"""H201: days that cannot have followed one another."""

# ruff: noqa: D103  the name of a way says what it does

from datetime import date, timedelta

from audit_cases.drawing import Draw, table
from audit_cases.publishing import Case
from audit_cases.seeding import defect

_ORDER = ("retrieved", "written", "reviewed", "published")


def _moved(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


@defect("H201")
def one_day_before_the_one_before_it(case: Case, draw: Draw) -> str | None:
    if case.stated["dates"] is None:
        return None
    earlier, later = sorted(draw.sample(range(4), 2))
    case.stated["dates"][_ORDER[later]] = _moved(
        case.stated["dates"][_ORDER[earlier]], -draw.choice([1, 1, 7, 60, 400])
    )
    return f"/stated/dates/{_ORDER[later]}"


@defect("H201")
def dated_after_publication(case: Case, draw: Draw) -> str | None:
    if case.stated["dates"] is None:
        return None
    case.manifest["submitted"] = _moved(case.stated["dates"]["published"], draw.choice([1, 3, 30]))
    return "/submitted"


@defect("H201")
def dated_before_writing(case: Case, draw: Draw) -> str | None:
    if case.stated["dates"] is None:
        return None
    case.manifest["submitted"] = _moved(case.stated["dates"]["written"], -draw.choice([1, 3, 30]))
    return "/submitted"


@defect("H201")
def gate_outside_its_time(case: Case, draw: Draw) -> str | None:
    dates = case.stated["dates"]
    if dates is None:
        return None
    day = draw.choice([_moved(dates["published"], 2), _moved(dates["written"], -2)])
    case.stated["gate"] = {"verdict": "PASS", "reason": "All items are present.", "evaluated_at": day}
    return "/stated/gate/evaluated_at"


@defect("H201")
def the_gates_reason_is_too_early(case: Case, draw: Draw) -> str | None:
    day = _moved(case.manifest["submitted"], -draw.randint(1, 90))
    reason = draw.one(table("defects")["H201"]["precedes"], {"day": day})
    case.stated["gate"] = {"verdict": "PASS", "reason": reason, "evaluated_at": None}
    return "/stated/gate/reason"


@defect("H201")
def a_source_of_a_month_after_the_search(case: Case, draw: Draw) -> str | None:
    dates = case.stated["dates"]
    found = [place for place, source in enumerate(case.manifest["sources"]) if source["kind"] == "arxiv"]
    if dates is None or not found:
        return None
    dates["retrieved"] = _moved(dates["written"], -150)
    for place in found[1:]:
        case.manifest["sources"][place]["identifier"] = f"2403.{draw.randint(1, 19999):05d}v1"
        case.manifest["sources"][place]["url"] = None
    source = case.manifest["sources"][found[0]]
    source["identifier"] = (
        f"{date.fromisoformat(_moved(dates['written'], -60)):%y%m}.{draw.randint(1, 19999):05d}v1"
    )
    source["url"] = None
    return f"/sources/{found[0]}/identifier"
