"""The first page: what this is, the newest papers, the tiers, and what was found."""

from collections.abc import Iterator

from colophon.judgement import Judged
from colophon.model import Page
from colophon.pages import Output, _figures, _lists, _log, _words, registry_page, render
from colophon.settings import Settings
from colophon.views import RegistryView

_LATEST = 5
_RULES = 8


@registry_page("home")
def home(view: RegistryView) -> Iterator[Output]:
    """Yield index.html."""
    newest = _lists.newest_first(view.listed)
    fired = [found for found in _figures.found_by_rule(view) if found.findings]
    body = render(
        "home.html",
        settings=view.settings,
        figures=_stats(view),
        latest=[_card(item, view.settings) for item in newest[:_LATEST]],
        tiers=list(_lists.tiers(view.settings).values()),
        needs_texts=_needs_texts(view.settings),
        statement=view.settings.vocabularies["quality-tiers-v2"]["statement"],
        fired=sorted(fired, key=lambda found: -found.papers)[:_RULES],
        fired_total=len(fired),
        papers=_words.counted(len(newest), "paper"),
        happened=[_line(one) for one in _log.happened(view.everything)[:_LATEST]],
    )
    yield Page("index.html", view.settings.name, view.settings.description, "", body)


def _needs_texts(settings: Settings) -> str:
    """Return which tiers rest on held texts, by their labels."""
    *others, last = (
        tier["label"] for tier in _lists.tiers(settings).values() if tier["name"] in _lists.ON_TEXTS
    )
    return _lists.NEEDS_TEXTS.format(f"{', '.join(others)} or {last}")


def _stats(view: RegistryView) -> list[tuple[str, str, str]]:
    """Return (label, link or "", number) of each figure, every one counted from its list."""
    listed = view.listed
    corrections = sum(len(item.facts.events) for item in view.everything)
    return [
        ("papers" if len(listed) != 1 else "paper", "papers.html", f"{len(listed):,}"),
        ("withheld", "withheld.html", f"{len(view.withheld):,}"),
        ("claims listed", "", f"{_figures.claims_listed(listed):,}"),
        ("claims found in a held source", "", f"{_figures.claims_located(listed):,}"),
        ("correction" if corrections == 1 else "corrections", "corrections-log.html", f"{corrections:,}"),
    ]


def _line(one: _log.Happened) -> dict[str, object]:
    """Return what the first page shows of one correction."""
    return {
        "entry": one.entry,
        "title": _words.short(one.title, _lists.TITLE),
        "day_text": _words.day(one.entry.date),
        "note": _words.short(one.entry.note, 160),
    }


def _card(item: Judged, settings: Settings) -> dict[str, object]:
    """Return what the first page shows of one paper: its row and the worst that was found."""
    worst = next(_figures.reasons(item), "")
    return {"row": _lists.paper_row(item, settings), "worst": _words.short(worst, 240)}
