"""Lists of papers: their rows, their order, and pages that stay small whatever a registry holds.

Text of a record may be two thousand characters long, so a page is closed by its bytes, not by its rows
alone.  Rows are rendered one by one for that reason.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from minijinja import safe

from colophon.judgement import Judged
from colophon.model import Finding, Severity
from colophon.pages import render
from colophon.settings import Settings

PAGE_BYTES = 40_000
# Frame, heading, filters and pagination take the rest of PAGE_BYTES.
_ROW_BYTES = 30_000
_ROWS = 50
_TITLE, _NAME = 160, 60
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """What a list shows of one paper.  ``order`` is the place of its tier in the vocabulary, from 1."""

    id: str
    display_id: str
    title: str
    publisher: str
    day: str | None
    day_text: str
    year: str
    tier: str
    tier_label: str
    order: int
    stated_tier: str | None
    level: str
    claims: int | None
    findings: int
    state: str


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list: its path, its rows as HTML, and the file names of its neighbours or ""."""

    path: str
    rows: str
    count: int
    number: int
    of: int
    before: str
    after: str

    @property
    def root(self) -> str:
        """The way up from this page to the site's root."""
        return "../" * self.path.count("/")

    @property
    def place(self) -> str:
        """Where in the list this page stands, in words."""
        return f"Page {self.number} of {self.of}"

    def titled(self, title: str) -> str:
        """Return a page title that differs from part to part."""
        return title if self.number == 1 else f"{title}, page {self.number}"


def shortened(text: str, most: int = _TITLE) -> str:
    """Return text of at most ``most`` characters, cut between words where there is a space."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    words = start.rpartition(" ")[0]
    return (words if len(words) > most // 2 else start).rstrip(" ,.;:") + "…"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 paper``, ``4,317 papers``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day_in_words(day: str) -> str:
    """Return an ISO day as people write it: ``13 June 2026``."""
    return f"{int(day[8:10])} {month_in_words(day)}"


def month_in_words(day: str) -> str:
    """Return the month of an ISO day or month: ``June 2026``."""
    return f"{_MONTHS[int(day[5:7]) - 1]} {int(day[:4])}"


def newest_first(items: Iterable[Judged]) -> list[Judged]:
    """Return records by date, newest first and undated last, then by id."""
    by_id = sorted(items, key=lambda item: item.id)
    return sorted(by_id, key=lambda item: item.facts.submitted or "", reverse=True)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by severity, then by code and place."""
    return sorted(findings, key=lambda f: (_SEVERITIES.index(f.severity), f.code, f))


def tiers(settings: Settings) -> dict[str, dict[str, str]]:
    """Return the evidence tiers by name, in the order of the vocabulary."""
    return {tier["name"]: tier for tier in settings.vocabularies["quality-tiers-v2"]["tiers"]}


def paper_row(item: Judged, settings: Settings) -> PaperRow:
    """Return what a list shows of a paper."""
    facts, tier, vocabulary = item.facts, item.derived.tier.value, tiers(settings)
    return PaperRow(
        id=item.id,
        display_id=facts.display_id,
        title=shortened(facts.title),
        publisher=shortened(facts.publisher, _NAME),
        day=facts.submitted,
        day_text=day_in_words(facts.submitted) if facts.submitted else "",
        year=facts.submitted[:4] if facts.submitted else "none",
        tier=tier,
        tier_label=vocabulary[tier]["label"],
        order=list(vocabulary).index(tier) + 1,
        stated_tier=shortened(facts.stated_tier, _NAME) if facts.stated_tier else None,
        level=item.derived.level.value,
        claims=facts.claims,
        findings=len(item.findings),
        state="" if item.derived.state.value == "CURRENT" else item.derived.state.value.lower(),
    )


def paper_rows(items: Iterable[Judged], settings: Settings, root: str) -> Iterator[str]:
    """Yield table rows of papers."""
    for item in items:
        yield render("_paper_row.html", row=paper_row(item, settings), root=root)


def parts(base: str, rows: Iterable[str], *, divider: str = "-", room: int = _ROW_BYTES) -> Iterator[Part]:
    """Yield the pages of a list: ``<base>.html``, ``<base>-2.html`` and so on; at least one.

    ``divider`` stands before the number; ``room`` is how many bytes of rows one page may hold.
    """
    pages = list(_filled(rows, room))
    paths = [f"{base}.html", *(f"{base}{divider}{n}.html" for n in range(2, len(pages) + 1))]
    for place, (path, held) in enumerate(zip(paths, pages, strict=True)):
        before = _way(path, paths[place - 1]) if place else ""
        after = _way(path, paths[place + 1]) if place + 1 < len(paths) else ""
        yield Part(path, safe("".join(held)), len(held), place + 1, len(paths), before, after)


def _filled(rows: Iterable[str], room: int) -> Iterator[list[str]]:
    """Yield rows in portions that fit one page."""
    page: list[str] = []
    used = 0
    for row in rows:
        size = len(row.encode())
        if page and (len(page) == _ROWS or used + size > room):
            yield page
            page, used = [], 0
        page.append(row)
        used += size
    yield page


def _way(here: str, there: str) -> str:
    """Return the relative address of one page of a list from another."""
    up, own = here.count("/"), there.count("/")
    return there.rpartition("/")[2] if up == own and _folder(here) == _folder(there) else "../" * up + there


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
