"""The papers: the newest on one page with filters, all of them by month."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from colophon.judgement import Judged
from colophon.model import Page
from colophon.pages import Output, _lists, _words, registry_page, render
from colophon.settings import Settings
from colophon.views import RegistryView

_NEWEST = 100
_MONTHS_SHOWN = 24
_UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter and how many rows of the page have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Month:
    """The papers of one month, or those that show no date."""

    key: str
    title: str
    papers: tuple[Judged, ...]

    @property
    def path(self) -> str:
        """The first page of the month's list."""
        return f"papers/{self.key}.html"

    @property
    def heading(self) -> str:
        """What the list holds, in words."""
        return "Papers without a date" if self.key == _UNDATED else f"Papers of {self.title}"


@registry_page("papers")
def papers(view: RegistryView) -> Iterator[Output]:
    """Yield the list of the newest papers, one list per month, and a list of months when there are many."""
    newest = _lists.newest_first(view.listed)
    months = months_of(newest)
    yield _overview(view, newest, months)
    for month in months:
        yield from _month(view.settings, month)
    if len(months) > _MONTHS_SHOWN:
        yield from _all_months(months)


def months_of(newest: Sequence[Judged]) -> list[Month]:
    """Return the months of records that are sorted newest first; undated ones come last."""
    grouped = groupby(newest, key=lambda item: (item.facts.submitted or _UNDATED)[:7])
    return [Month(key, _title(key), tuple(items)) for key, items in grouped]


def _title(key: str) -> str:
    return _words.NO_DATE if key == _UNDATED else _words.month(key)


def choices(settings: Settings, items: Sequence[Judged]) -> dict[str, list[Choice]]:
    """Return what the filters of a page offer, counted from its rows."""
    rows = [_lists.paper_row(item, settings) for item in items]
    years, levels = Counter(row.year for row in rows), Counter(row.level for row in rows)
    given, states = Counter(row.tier for row in rows), Counter(row.state for row in rows)
    return {
        "years": [Choice(y, "not shown" if y == "none" else y, years[y]) for y in _sorted_years(years)],
        "levels": [Choice(level, level, levels[level]) for level in sorted(levels)],
        "states": [Choice(state, state.lower(), states[state]) for state in sorted(states)],
        "tiers": [
            Choice(name, tier["label"], given[name])
            for name, tier in _lists.tiers(settings).items()
            if name != "WITHHELD"
        ],
    }


def _sorted_years(years: Counter[str]) -> list[str]:
    return [*sorted((y for y in years if y != "none"), reverse=True), *(y for y in years if y == "none")]


def _overview(view: RegistryView, newest: Sequence[Judged], months: Sequence[Month]) -> Page:
    """Return papers.html with as many of the newest papers as one page holds."""
    rows = _lists.paper_rows(islice(newest, _NEWEST), view.settings, "")
    part = next(_lists.parts("papers", rows))
    body = render(
        "papers.html",
        part=part,
        total=len(newest),
        total_text=_words.counted(len(newest), "paper"),
        withheld=len(view.withheld),
        choices=choices(view.settings, newest[: part.count]),
        months=months[:_MONTHS_SHOWN],
        more_months=len(months) > _MONTHS_SHOWN,
    )
    total = _words.counted(len(newest), "machine-generated paper")
    return Page(
        "papers.html", "Papers", f"{total}, newest first, with evidence tier and findings.", "papers", body
    )


def _month(settings: Settings, month: Month) -> Iterator[Page]:
    """Yield the pages of one month's list."""
    rows = _lists.paper_rows(month.papers, settings, "../")
    begin = 0
    for part in _lists.parts(f"papers/{month.key}", rows):
        shown = month.papers[begin : begin + part.count]
        begin += part.count
        total, offered = _words.counted(len(month.papers), "paper"), choices(settings, shown)
        body = render("papers_month.html", part=part, month=month, total=total, choices=offered)
        yield Page(part.path, part.titled(month.heading), f"{month.heading}: {total}.", "papers", body)


def _all_months(months: Sequence[Month]) -> Iterator[Page]:
    """Yield the list of all months."""
    rows = (
        render("_month_row.html", href=f"../{month.path}", title=month.title, count=len(month.papers))
        for month in months
    )
    heading, up = "Papers by month", ("../papers.html", "Papers")
    for part in _lists.parts("papers/months", rows):
        body = render("papers_months.html", part=part, up=up, heading=heading, noun="Papers")
        yield Page(part.path, part.titled(heading), "All months with papers.", "papers", body)
