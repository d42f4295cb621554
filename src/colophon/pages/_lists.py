"""Lists of papers: their rows, their order, and pages that stay small whatever a registry holds.

Text of a record may be two thousand characters long, so a page is closed by its bytes, not by its rows
alone.  Rows are rendered apart from one another for that reason.
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from minijinja import safe

from colophon.judgement import Judged
from colophon.model import Finding, Severity
from colophon.pages import _log, _words, rendered
from colophon.settings import Settings

# Of the 40 KB that a page may have; frame, heading, filters and pagination take the rest.
_ROW_BYTES = 28_000
_ROWS = 50
# Bytes of the rows of one list.
_IN_MEMORY = 4_000_000
TITLE, _NAME = 200, 80
_SEVERITIES = tuple(Severity)
# The tiers that rest on claims looked up in held sources.
ON_TEXTS, LOWEST = ("GROUNDED", "MOSTLY_GROUNDED", "LOCATED"), "UNCHECKED"
NEEDS_TEXTS = (
    "A paper can reach {} only where the text of its sources is held, and its claims are found there."
)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """What a list shows of one paper.

    ``order`` is the place of its tier in the vocabulary, from 1.  ``title`` stands behind what the state puts
    before it; ``standing`` is None while the paper is CURRENT.
    """

    id: str
    display_id: str
    title: str
    publisher: str
    day: str | None
    day_text: str
    year: str
    tier: str
    tier_label: str
    because: str
    order: int
    stated_tier: str | None
    level: str
    claims: int | None
    findings: int
    state: str
    standing: _log.Standing | None


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
        title=_words.short(_log.titled(item), TITLE),
        publisher=_words.short(facts.publisher, _NAME),
        day=facts.submitted,
        day_text=_words.day(facts.submitted) or "",
        year=facts.submitted[:4] if facts.submitted else "none",
        tier=tier,
        tier_label=vocabulary[tier]["label"],
        because=_words.because(item.derived, item.findings),
        order=list(vocabulary).index(tier) + 1,
        stated_tier=_words.short(facts.stated_tier, _NAME) if facts.stated_tier else None,
        level=item.derived.level.value,
        claims=facts.claims,
        findings=len(item.findings),
        state=item.derived.state.value,
        standing=_log.standing(item),
    )


def paper_rows(items: Iterable[Judged], settings: Settings, root: str) -> Iterator[str]:
    """Yield table rows of papers."""
    return rendered("_paper_rows.html", (paper_row(item, settings) for item in items), root=root)


def parts(
    base: str, rows: Iterable[str], *, divider: str = "-", most: int = _ROWS, room: int = _ROW_BYTES
) -> Iterator[Part]:
    """Yield the pages of a list: ``<base>.html``, ``<base>-2.html`` and so on; at least one.

    ``divider`` stands before the number; ``most`` is how many rows one page may hold at most,
    ``room`` how many bytes they may take.
    """
    # Each page says how many there are, and all rows of a long list would fill the memory.
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as held:
        pages = [(held.write("\n".join(page).encode()), len(page)) for page in _filled(rows, most, room)]
        held.seek(0)
        paths = [f"{base}.html", *(f"{base}{divider}{n}.html" for n in range(2, len(pages) + 1))]
        for place, (path, (size, count)) in enumerate(zip(paths, pages, strict=True)):
            before = _way(path, paths[place - 1]) if place else ""
            after = _way(path, paths[place + 1]) if place + 1 < len(paths) else ""
            shown = safe(held.read(size).decode())
            yield Part(path, shown, count, place + 1, len(paths), before, after)


def _filled(rows: Iterable[str], most: int, room: int) -> Iterator[list[str]]:
    """Yield rows in portions that fit one page."""
    page: list[str] = []
    used = 0
    for row in rows:
        size = len(row.encode()) + 1
        if page and (len(page) == most or used + size > room):
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
