"""T101 to T106: title, question and text are about different things, or about the author's own work."""

# ruff: noqa: D103  the name of a way says what it does

from audit_cases.drawing import Draw, capital, table
from audit_cases.editing import facts, say
from audit_cases.publishing import Case
from audit_cases.seeding import defect
from audit_cases.study import Study, study


def _elsewhere(case: Case, draw: Draw) -> Study:
    """Return a study of another field, with another kind of work where there is one."""
    others = [one for one in table("fields")["field"] if one["kind"] != case.study.field["kind"]]
    return study(draw, draw.choice(others))


@defect("T101")
def title_of_another_field(case: Case, draw: Draw) -> str | None:
    case.manifest["title"] = _elsewhere(case, draw).title
    return "/title"


@defect("T101")
def abstract_of_another_field(case: Case, draw: Draw) -> str | None:
    other = _elsewhere(case, draw)
    opening = draw.one(table("sentences")["abstracts"]["opening"], {**other.asked, "words": "seven"})
    case.manifest["abstract"] = " ".join([opening, *(said.text for said in other.claims[:4])])
    return "/title"


@defect("T101")
def title_of_another_question_and_place(case: Case, draw: Draw) -> str | None:
    other = _elsewhere(case, draw).asked
    template = "[Effects|Impact|Role] of the {part} on {share} in {system} for {task} on {dataset}"
    case.manifest["title"] = draw.words(template, other)
    return "/title"


@defect("T102")
def question_of_another_field(case: Case, draw: Draw) -> str | None:
    case.manifest["research_question"] = _elsewhere(case, draw).question
    return "/research_question"


@defect("T102")
def claims_of_another_field(case: Case, draw: Draw) -> str | None:
    claims = case.manifest["claims"]
    texts: list[str] = []
    while len(texts) < len(claims):
        texts += [said.text for said in _elsewhere(case, draw).claims]
    for claim, text in zip(claims, texts, strict=False):
        claim["text"] = text
    return "/research_question"


def _ask(case: Case, draw: Draw, templates: str, new: str) -> str:
    slots = {**facts(case, draw), **case.study.asked, "new": new}
    case.manifest["research_question"] = draw.one(table("defects")["T103"][templates], slots)
    return "/research_question"


@defect("T103")
def asked_system_in_no_claim(case: Case, draw: Draw) -> str | None:
    return _ask(case, draw, "questions", draw.choice(table("defects")["T103"]["system_names"]))


@defect("T103")
def asked_collection_in_no_claim(case: Case, draw: Draw) -> str | None:
    return _ask(case, draw, "datasets", draw.choice(table("defects")["T103"]["dataset_names"]))


@defect("T103")
def asked_measure_in_no_claim(case: Case, draw: Draw) -> str | None:
    return _ask(case, draw, "metrics", draw.choice(table("defects")["T103"]["metric_names"]))


@defect("T103")
def asked_system_dropped_from_the_claims(case: Case, draw: Draw) -> str | None:
    system = case.study.asked["system"]
    # Names only: "worked-example study" is a phrase of ordinary words, which may be said in others.
    if not any(letter.isdigit() or letter == "-" for letter in system) or not system[0].isupper():
        return None
    if system not in case.manifest["research_question"]:
        return None
    for claim in case.manifest["claims"]:
        claim["text"] = capital(
            claim["text"].replace(capital(system), "The method").replace(system, "the method")
        )
    return "/research_question"


@defect("T105")
def title_of_a_source(case: Case, draw: Draw) -> str | None:
    title = draw.choice(case.manifest["sources"])["title"]
    case.manifest["title"] = draw.choice(
        [
            title,
            title.upper(),
            title.title(),
            title.lower(),
            f"{title}.",
            f"\u201c{title}\u201d",
            title.replace("-", "\u2010"),
            title.replace(" ", "  "),
            title.replace(":", " \u2013"),
            f" {title} ".strip(),
            f"{title} ",
            title.replace(": ", " - "),
        ]
    )
    return "/title"


@defect("T106")
def the_abstract_introduces(case: Case, draw: Draw) -> str | None:
    case.manifest["kind"] = "synthesis"
    text = draw.one(table("defects")["T106"]["sentences"], case.study.asked)
    if draw.chance(0.5):
        case.manifest["abstract"] = f"{text} {case.manifest['abstract']}"
        return "/abstract"
    return say(case, "/abstract", text)


@defect("T106")
def the_whole_abstract_is_an_authors(case: Case, draw: Draw) -> str | None:
    case.manifest["kind"] = "synthesis"
    lines = draw.some(table("defects")["T106"]["sentences"], 3)
    case.manifest["abstract"] = " ".join(draw.words(one, case.study.asked) for one in lines)
    return "/abstract"
