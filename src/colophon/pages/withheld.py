"""The withheld papers, each with its reasons: kept at their address and out of every other list."""

from collections.abc import Iterator

from colophon.judgement import Judged
from colophon.model import Page
from colophon.pages import Output, _figures, _lists, _words, registry_page, render
from colophon.settings import Settings
from colophon.views import RegistryView

_REASON = 300
_REASONS = 8


@registry_page("withheld")
def withheld(view: RegistryView) -> Iterator[Output]:
    """Yield withheld.html and its continuations."""
    newest = _lists.newest_first(view.withheld)
    total = _words.counted(len(newest), "withheld paper")
    tier = _lists.tiers(view.settings)["WITHHELD"]
    for part in _lists.parts("withheld", (_row(item, view.settings) for item in newest)):
        body = render("withheld.html", part=part, total=total, tier=tier)
        yield Page(part.path, part.titled("Withheld"), f"{total}, each with its reasons.", "papers", body)


def _row(item: Judged, settings: Settings) -> str:
    reasons = [
        _words.short(_figures.sentence(reason), _REASON) for reason in item.derived.tier.reasons[:_REASONS]
    ]
    return render("_withheld_row.html", row=_lists.paper_row(item, settings), reasons=reasons)
