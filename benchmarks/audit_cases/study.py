"""What a made-up report is about: a question, sources, and claims whose numbers agree with one another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from audit_cases.drawing import Draw, in_words, rounded, table, with_article

Slots = dict[str, Any]

_NUMERIC = ("value", "value", "difference", "difference", "relative", "rank")
_LOCATORS = (
    "Table {t}",
    "p. {page}",
    "Section {t}.{u}",
    "Figure {t}",
    "Table {t}, row {u}",
    "pp. {page}-{after}",
    "Appendix B, Table {t}",
    "Results, paragraph {u}",
    "section {t}, second paragraph",
    "page {page}, left column",
    "Table {t} ({u}th line)",
    "Sec. {t}, Eq. {u}",
    "sentences {u} to {v} of Section {t}",
    "Supplement, p. {u}",
)
_DOIS = (
    "10.5555/{y}.{n}",
    "10.55999/j.{w}.{y}.{n}",
    "10.70112/{w}-{y}-{n}",
    "10.5555/s{n}-0{y}-{w}",
    "10.48901/{w}/{n}",
    "10.70112/{w}({y}){n}.1",
    "10.55999/978-{n}_12",
)
_FIRST_DAY = date(2026, 1, 12)


@dataclass
class Said:
    """One claim: which kind of sentence it is, the facts that fill it, its text and where it was read."""

    kind: str
    slots: Slots
    text: str
    sources: list[int]
    locator: str


@dataclass
class Study:
    """Everything that a report says of its field, before any publisher has worded it."""

    field: dict[str, Any]
    asked: Slots
    question: str
    title: str
    claims: list[Said]
    sources: list[dict[str, Any]]
    retrieved: date


def study(draw: Draw, field: dict[str, Any]) -> Study:
    """Draw a whole study of one field."""
    asked = _asked(draw, field)
    papers = draw.randint(4, 9)
    claims = [
        Said(kind, slots, sentence(draw, kind, slots), [], "") for kind, slots in _facts(draw, asked, papers)
    ]
    retrieved = _FIRST_DAY + timedelta(days=draw.randrange(240))
    sources = _sources(draw, asked, papers, retrieved)
    _cite(draw, claims, papers)
    words = {**asked, "words": in_words(papers)}
    title = draw.one(table("sentences")["titles"]["common"], words)
    return Study(
        field,
        asked,
        draw.one(table("sentences")["questions"]["common"], asked),
        title,
        claims,
        sources,
        retrieved,
    )


def _asked(draw: Draw, field: dict[str, Any]) -> Slots:
    system, other, third = draw.some(field["systems"], 3)
    return {
        "field": field,
        "system": system,
        "other": other,
        "third": third,
        "area": field["area"],
        "dataset": draw.choice(field["datasets"]),
        "share": draw.choice(field["shares"]),
        "part": draw.choice(field["parts"]),
        "task": draw.choice(field["tasks"]),
    }


def sentence(draw: Draw, kind: str, slots: Slots) -> str:
    """Word one fact; a kind of field has sentences of its own beside those that all share."""
    templates = table("sentences")["claims"]
    return draw.one([slots["template"]] if "template" in slots else templates[kind], slots)


def _facts(draw: Draw, asked: Slots, papers: int) -> Iterator[tuple[str, Slots]]:
    """Yield kinds and facts of claims: no number is given twice, so none can disagree with another."""
    field = asked["field"]
    cells = [(dataset, share) for dataset in field["datasets"] for share in field["shares"]]
    cells.remove((asked["dataset"], asked["share"]))
    cells = [(asked["dataset"], asked["share"]), *draw.some(cells, len(cells))]
    templates = [*table("sentences")["claims"]["quality"], *table("sentences")["claims"][field["kind"]]]
    # What is asked for is named: the first of them names both systems.
    qualities = [draw.choice([one for one in templates if "ystem}" in one and "ther}" in one])]
    qualities += draw.some([one for one in templates if one not in qualities], 8)
    yield draw.choice(_NUMERIC), numbers(draw, asked, *cells[0])
    yield "quality", {**asked, "template": qualities[0]}
    yield from _costs(draw, asked)
    for number in range(1, draw.randint(papers - 1, papers + 5)):
        near = asked if draw.chance(0.6) else {**asked, **_pair(draw, field, asked)}
        if draw.chance(0.45) and number < len(qualities):
            task = draw.choice([asked["task"], draw.choice(field["tasks"])])
            part = draw.choice(field["parts"])
            yield "quality", {**near, "task": task, "part": part, "template": qualities[number]}
        else:
            yield draw.choice(_NUMERIC), numbers(draw, near, *cells[number])


def _pair(draw: Draw, field: dict[str, Any], asked: Slots) -> Slots:
    """Return the asked system beside two others."""
    other, third = draw.some([one for one in field["systems"] if one != asked["system"]], 2)
    return {"other": other, "third": third}


def numbers(draw: Draw, near: Slots, dataset: str, share: str) -> Slots:
    """Return facts about one share on one dataset: the system leads, the third comes last."""
    v = draw.decimal(58, 96)
    w = v - draw.decimal(0.8, 11)
    return {
        **near,
        "dataset": dataset,
        "share": share,
        "a_share": with_article(share),
        "v": v,
        "w": w,
        "d": v - w,
        "x": w - draw.decimal(0.8, 9),
        "r": rounded((v - w) / w * 100),
        "setting": draw.choice(near["field"]["settings"]),
    }


def _costs(draw: Draw, asked: Slots) -> Iterator[tuple[str, Slots]]:
    """Yield a cost or two, and how a collection divides."""
    field = asked["field"]
    for cost, unit in draw.some(field["costs"], draw.randint(0, 2)):
        c, f = (
            draw.decimal(3, 60),
            draw.choice([Decimal("1.5"), Decimal(2), Decimal("2.5"), Decimal(3), Decimal(4)]),
        )
        e = (c * f).normalize()
        slots = {
            **asked,
            "cost": cost,
            "a_cost": with_article(cost),
            "unit": unit,
            "c": c,
            "f": f,
            "e": f"{e:f}",
        }
        yield draw.choice(["ratio", "ratio", "amount"]), slots
    if draw.chance(0.5):
        things, these, those = draw.choice(field["members"])
        k, m = draw.randint(120, 4800), draw.randint(120, 4800)
        slots = {"dataset": draw.choice(field["datasets"]), "things": things, "these": these, "those": those}
        yield "total", {**asked, **slots, "k": k, "m": m, "n": k + m}


def _cite(draw: Draw, claims: list[Said], papers: int) -> None:
    """Give every claim a source and a place, every source a claim, and no source more than half of them."""
    order = draw.sample(range(len(claims)), len(claims))
    for turn, place in enumerate(order):
        first = turn % papers
        claims[place].sources = [first]
        if draw.chance(0.12):
            claims[place].sources.append((first + 1) % papers)
        claims[place].locator = locator(draw)


def locator(draw: Draw) -> str:
    """Return a place in a paper."""
    page, u = draw.randint(2, 28), draw.randint(4, 9)
    slots = {"t": draw.randint(1, 7), "u": u, "v": u + 2, "page": page, "after": page + 1}
    return draw.one(_LOCATORS, slots)


def _sources(draw: Draw, asked: Slots, papers: int, retrieved: date) -> list[dict[str, Any]]:
    field = asked["field"]
    found: list[dict[str, Any]] = []
    titles: set[str] = set()
    while len(found) < papers:
        slots = {**asked, **{key: draw.choice(field[f"{key}s"]) for key in ("dataset", "part", "task")}}
        slots["system"], slots["other"] = draw.some(field["systems"], 2)
        title = draw.one(table("sentences")["sources"]["common"], slots)
        if title not in titles:
            titles.add(title)
            found.append(source(draw, title, retrieved, 0.75 if field["kind"] == "computing" else 0.2))
    return found


def source(draw: Draw, title: str, retrieved: date, preprints: float) -> dict[str, Any]:
    """Return a source with an identifier that its registry could have given before the search."""
    if draw.chance(preprints):
        day = retrieved - timedelta(days=draw.randint(40, 1500))
        identifier = f"{day:%y%m}.{draw.randint(1, 19999):05d}v{draw.randint(1, 4)}"
        return _source("arxiv", identifier, f"https://arxiv.org/abs/{identifier}", title)
    if draw.chance(0.06):
        address = f"https://reports.harbour-institute.edu/{draw.randint(100, 9999)}"
        return _source("url", address, address, title)
    slots = {
        "y": draw.randint(2016, 2025),
        "n": draw.randint(10000, 99999),
        "w": draw.choice(["hes", "ajx", "mtr", "bio"]),
    }
    identifier = draw.one(_DOIS, slots)
    return _source("doi", identifier, f"https://doi.org/{identifier}", title)


def _source(kind: str, identifier: str, url: str, title: str) -> dict[str, Any]:
    return {"kind": kind, "identifier": identifier, "url": url, "title": title}
