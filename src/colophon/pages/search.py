"""The search over all papers: a page whose script asks the database of the search.

Without a script, and from disk, where a page may fetch nothing, it leads to the lists.
"""

from collections.abc import Iterator

from colophon.model import Page
from colophon.pages import Output, _lists, registry_page, render
from colophon.pages.papers import months_of
from colophon.views import RegistryView

_MONTHS_SHOWN = 24


@registry_page("search")
def search(view: RegistryView) -> Iterator[Output]:
    """Yield search.html."""
    tiers = _lists.tiers(view.settings)
    months = months_of(_lists.newest_first(view.listed))[:_MONTHS_SHOWN]
    body = render(
        "search.html",
        papers=len(view.announced),
        # A slim site has no list of the papers of a tier.
        tiers=[{"name": name, "label": t["label"]} for name, t in tiers.items() if not view.is_slim],
        months=months,
    )
    yield Page(
        "search.html",
        "Search",
        "The words of all papers, their claims and findings; narrowed by tier, level, state and year.",
        "papers",
        body,
        head='<script src="assets/search-page.js" defer></script>\n',
    )
