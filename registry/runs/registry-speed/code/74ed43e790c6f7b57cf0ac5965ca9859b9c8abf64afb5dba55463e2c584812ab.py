"""What is to be reached: a bound on a metric, kept beside it as a parameter, and how much of it is used.

``most_<metric>`` is the largest value that meets a bound, ``least_<metric>`` the smallest.  A bound counts
for the size that it names and is not stretched to others.  1 KB is 1,024 bytes, 1 MB a million.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from harness import Metric, Run

SIZES = {"1k": 1_000, "5k": 5_000, "10k": 10_000, "100k": 100_000}
SMALLEST, LARGEST = "1k", "100k"


@dataclass(frozen=True)
class Bound:
    """A bound on one metric; ``side`` is ``most`` or ``least``."""

    metric: str
    side: str
    value: float
    unit: str
    what: str

    @property
    def name(self) -> str:
        """The parameter that keeps it."""
        return f"{self.side}_{self.metric}"

    @property
    def used(self) -> Metric | None:
        """The metric that is at most 1 where the bound is met; None for a bound of 0."""
        if not self.value:
            return None
        over = (self.metric, self.name) if self.side == "most" else (self.name, self.metric)
        what = f"share of its bound that is used, at most 1 where it is met: {self.what}"
        return Metric(f"use_of_{self.metric}", " / ".join(over), "x", "measured", what)


def of_size(label: str) -> tuple[Bound, ...]:
    """Return the bounds on what is measured by the part of a size."""
    pages = (
        Bound(f"frame_kb_{label}", "most", 8, "KB", "the frame that every page carries"),
        Bound(f"frame_compressed_kb_{label}", "most", 2.5, "KB", "the frame, compressed"),
        Bound(f"page_kb_{label}", "most", 24, "KB", "median of paper pages"),
        Bound(f"page_compressed_kb_{label}", "most", 7, "KB", "median of paper pages, compressed"),
        Bound(f"largest_page_kb_{label}", "most", 40, "KB", "largest paper page"),
    )
    if label != LARGEST:
        # Pages weigh the same among many records: at both ends that is seen.
        return pages if label == SMALLEST else ()
    return (
        Bound("check_seconds_100k", "most", 90, "s", "check without our cache"),
        Bound("build_seconds_100k", "most", 150, "s", "full build without our cache"),
        Bound("build_memory_100k", "most", 1000, "MB", "full build, all processes together"),
        Bound("site_mb_100k", "most", 4000, "MB", "the whole site with its JSON"),
        *pages,
    )


def of_slim(label: str) -> tuple[Bound, ...]:
    """Return the bounds on a slim site."""
    return (Bound("slim_mb_100k", "most", 1000, "MB", "a whole slim site"),) if label == LARGEST else ()


def of_changes(label: str) -> tuple[Bound, ...]:
    """Return the bounds on what is measured by the part about changes."""
    if label != LARGEST:
        untouched = Bound(f"unchanged_touched_{label}", "most", 0, "files", "touched where nothing changed")
        edited = Bound(f"edit_shown_seconds_{label}", "most", 1, "s", "an edit until a served page shows it")
        return (untouched, edited) if label == "10k" else (untouched,)
    return (
        Bound("check_again_seconds_100k", "most", 3, "s", "check with our cache"),
        Bound("unchanged_seconds_100k", "most", 1.5, "s", "build where nothing changed"),
        Bound("unchanged_touched_100k", "most", 0, "files", "touched where nothing changed"),
        Bound("one_changed_seconds_100k", "most", 3, "s", "build where one record changed"),
    )


def of_peers(label: str) -> tuple[Bound, ...]:
    """Return the bounds on what is measured beside the peers."""
    over_hugo = Bound(f"faster_than_hugo_{label}", "least", 3, "x", "our pages alone beside Hugo's")
    over_mkdocs = Bound(
        f"faster_than_mkdocs_{label}", "least", 25, "x", "our pages alone beside plain mkdocs"
    )
    return (over_hugo, over_mkdocs) if label == "5k" else (over_hugo,)


def of_search(label: str) -> tuple[Bound, ...]:
    """Return the bounds on the search index."""
    reading = (
        Bound(f"query_kb_{label}", "most", 150, "KB", "read by a typical query"),
        Bound(f"query_ms_{label}", "most", 300, "ms", "a typical query"),
        Bound(f"search_largest_mb_{label}", "most", 25, "MB", "largest file of the search index"),
    )
    return reading if label in {SMALLEST, LARGEST} else ()


# On the index of papers whose words are drawn as often as those of texts are.
DRAWN = (
    Bound("search_seconds_100k", "most", 90, "s", "the search index of drawn papers, built"),
    Bound("search_memory_100k", "most", 1000, "MB", "the search index of drawn papers, built"),
    Bound("search_update_seconds_100k", "most", 1, "s", "the same, updated for one paper"),
    Bound("drawn_query_kb_100k", "most", 150, "KB", "read by a typical query of drawn papers"),
    Bound("drawn_query_ms_100k", "most", 300, "ms", "a typical query of drawn papers"),
    Bound("drawn_largest_mb_100k", "most", 25, "MB", "largest file of the index of drawn papers"),
)


GROWTH = (
    Bound("check_growth", "most", 1.15, "x", "check: a record at 100k over one at 10k"),
    Bound("build_growth", "most", 1.15, "x", "build: a record at 100k over one at 10k"),
)


def metrics(bounds: Iterable[Bound]) -> list[Metric]:
    """Return how much of each bound is used."""
    return [one.used for one in bounds if one.used is not None]


def keep(run: Run, bounds: Iterable[Bound]) -> None:
    """Keep bounds beside what was measured."""
    for one in bounds:
        side = "at most" if one.side == "most" else "at least"
        run.parameter(one.name, one.value, one.unit, f"bound, {side}: {one.what}")
