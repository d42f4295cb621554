"""The corrections log: everything that happened to the papers after they were filed, the newest first.

The newest stand on one page with filters, all of them by month; a table says what became of each tier.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from colophon.contracts.quality_tiers import EvidenceTierVocabulary
from colophon.judgement import Judged
from colophon.model import Page
from colophon.pages import Output, _lists, _log, _words, registry_page, render
from colophon.pages._log import OUTCOMES, Happened
from colophon.rules.standing import tier_as_filed
from colophon.rules.vocabularies import vocabularies_of
from colophon.views import RegistryView

_NEWEST = 200
_MONTHS_SHOWN = 24
# Bytes of rows on one page: the table of tiers takes some, too.
_ROOM = 22_000
_NOTE = 220
_STATES = ("CORRECTED", "DISPUTED", "SUPERSEDED", "WITHDRAWN", "RETRACTED")
_ABOUT = "What was corrected, disputed, taken back or declined after it was filed"


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in one month."""

    key: str
    happened: tuple[Happened, ...]

    @property
    def path(self) -> str:
        """The first page of the month's list."""
        return f"corrections-log/{self.key}.html"

    @property
    def title(self) -> str:
        """The month in words."""
        return _words.month(self.key)

    @property
    def count(self) -> int:
        """How many rows its list has."""
        return len(self.happened)


@registry_page("corrections_log")
def corrections_log(view: RegistryView) -> Iterator[Output]:
    """Yield the newest corrections, one list per month, and a list of months when there are many."""
    happened = _log.happened(view.everything)
    grouped = groupby(happened, key=lambda one: one.entry.date[:7])
    months = [Month(key, tuple(group)) for key, group in grouped]
    yield from _newest(view, happened, months)
    for month in months:
        yield from _month(month)
    if len(months) > _MONTHS_SHOWN:
        yield from _all_months(months)


def totals(happened: Sequence[Happened]) -> str:
    """Return how much happened, each kind counted: "2 corrections, 1 confirmation, 1 refusal"."""
    kinds = Counter(one.entry.kind for one in happened)
    parts = [_words.counted(kinds["event"], "correction")]
    parts += [_words.counted(kinds["review"], "confirmation")] if kinds["review"] else []
    parts += [_words.counted(kinds["refusal"], "refusal")] if kinds["refusal"] else []
    return ", ".join(parts)


def _newest(view: RegistryView, happened: list[Happened], months: list[Month]) -> Iterator[Page]:
    """Yield corrections-log.html and the pages on which the newest rows continue."""
    begin, text = 0, totals(happened)
    rows = [_row(one, "") for one in happened[:_NEWEST]]
    for part in _lists.parts("corrections-log", rows, room=_ROOM):
        shown = happened[begin : begin + part.count]
        begin += part.count
        body = render(
            "corrections_log.html",
            part=part,
            total=len(happened),
            newest=len(rows),
            totals=text,
            choices=_choices(shown),
            states=[state.lower() for state in _STATES],
            tiers=list(_by_tier(view)) if part.number == 1 else [],
            months=months[:_MONTHS_SHOWN],
            more_months=len(months) > _MONTHS_SHOWN,
        )
        yield Page(part.path, part.titled("Corrections log"), f"{_ABOUT}: {text}.", "", body)


def _month(month: Month) -> Iterator[Page]:
    """Yield the pages of one month's list."""
    begin = 0
    heading, text = f"Corrections of {month.title}", totals(month.happened)
    for part in _lists.parts(f"corrections-log/{month.key}", (_row(one, "../") for one in month.happened)):
        shown = month.happened[begin : begin + part.count]
        begin += part.count
        body = render(
            "corrections_log_month.html",
            part=part,
            title=month.title,
            heading=heading,
            totals=text,
            choices=_choices(shown),
        )
        yield Page(part.path, part.titled(heading), f"{heading}: {text}.", "", body)


def _all_months(months: Sequence[Month]) -> Iterator[Page]:
    """Yield the list of all months."""
    rows = (
        render("_month_row.html", href=f"../{month.path}", title=month.title, count=month.count)
        for month in months
    )
    heading, up = "Corrections by month", ("../corrections-log.html", "Corrections log")
    for part in _lists.parts("corrections-log/months", rows):
        body = render("papers_months.html", part=part, up=up, heading=heading, noun="Entries")
        yield Page(part.path, part.titled(heading), "All months with corrections.", "", body)


def _row(one: Happened, root: str) -> str:
    item, entry = one.item, one.entry
    return render(
        "_log_row.html",
        root=root,
        entry=entry,
        day_text=_words.day(entry.date),
        title=_words.short(one.title, _lists.TITLE),
        display_id=item.facts.display_id,
        standing=one.standing,
        state=item.derived.state.value,
        outcome=OUTCOMES[entry.outcome],
        reason=_words.short(entry.reason, 100),
        filer=_words.short(entry.filer, 140),
        note=_words.short(f"{entry.asked} Answer: {entry.note}" if entry.asked else entry.note, _NOTE),
    )


def _choices(shown: Sequence[Happened]) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """Return the filters of a page, (name, label, choices), each choice counted from its rows."""
    types = Counter((one.entry.type, one.entry.type_label) for one in shown)
    states = Counter(one.item.derived.state.value for one in shown)
    outcomes = Counter(one.entry.outcome for one in shown)
    return [
        ("type", "Type", [(name, label, n) for (name, label), n in sorted(types.items())]),
        ("state", "State of the paper", [(name, name.lower(), n) for name, n in sorted(states.items())]),
        (
            "outcome",
            "Outcome",
            [(name, OUTCOMES[name], outcomes[name]) for name in OUTCOMES if outcomes[name]],
        ),
    ]


def _by_tier(view: RegistryView) -> Iterator[dict[str, object]]:
    """Yield, of each tier, how many papers were filed into it and in which state they are today."""
    vocabulary = vocabularies_of(view.settings.vocabularies).evidence_tiers
    found: dict[str, Counter[str]] = {name: Counter() for name in _lists.tiers(view.settings)}
    for item in view.everything:
        found[_as_filed(item, vocabulary)][item.derived.state.value] += 1
    for name, tier in _lists.tiers(view.settings).items():
        yield {
            "name": name,
            "label": tier["label"],
            "papers": found[name].total(),
            "counts": [(state.lower(), found[name][state]) for state in _STATES],
        }


def _as_filed(item: Judged, vocabulary: EvidenceTierVocabulary) -> str:
    if not item.facts.history:
        return item.derived.tier.value
    return tier_as_filed(item.facts, item.findings, vocabulary)
