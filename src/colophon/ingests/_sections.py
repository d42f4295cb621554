"""Split a printed report into title, front matter and sections, whatever its headings look like."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from colophon.ingests._text import bare, is_ruler, label, plain, prepare

_NAMES = {
    "abstract": ("abstract", "summary", "executive summary"),
    "introduction": ("introduction", "background"),
    "research question": ("research question", "research questions", "research goal", "question"),
    "methodology": (
        "methodology",
        "methods",
        "method",
        "materials and methods",
        "approach",
        "search strategy",
    ),
    "results": ("results", "findings", "results and findings"),
    "limitations": ("limitations", "limitation", "known limitations", "limitations and caveats", "caveats"),
    "uncertainties": ("uncertainties", "uncertainty"),
    "claims": (
        "extracted claims",
        "key claims",
        "main claims",
        "claims extracted",
        "claims",
        "claim table",
        "claim list",
        "claims table",
        "list of claims",
        "verified claims",
        "claims and verification",
        "extracted statements",
        "statements",
        "extracted findings",
    ),
    "references": (
        "references",
        "sources",
        "bibliography",
        "works cited",
        "cited sources",
        "sources cited",
        "references cited",
        "list of references",
        "literature",
    ),
    "verification level": ("verification level", "verification"),
    "quality tier": ("quality tier", "tier"),
    "quality dimensions": ("quality dimensions", "dimensions"),
    "correction record": ("correction record", "corrections", "correction"),
    "provenance": ("provenance",),
    "artifacts": ("artifacts", "artefacts"),
    "gate": ("publication gate", "gate"),
    "queries": ("queries", "search queries"),
    "dates": ("dates",),
    "notes": ("notes", "note"),
    "other": (
        "discussion",
        "conclusion",
        "conclusions",
        "acknowledgements",
        "acknowledgments",
        "appendix",
        "future work",
        "keywords",
    ),
}
_CANONICAL = {printed: name for name, names in _NAMES.items() for printed in names}
KNOWN = frozenset(_NAMES)
_RUN_IN = ("abstract", "introduction", "methodology", "results", "limitations", "uncertainties")
_ATX = re.compile(r"\s{0,3}(#{1,6})\s+(?=\S)")
_NUMBERING = re.compile(
    r"(?:section\s{1,3})?(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}|[ivx]{1,4}(?=[.):]))[.):]?\s{1,4}"
)
_RUN_IN_HEAD = re.compile(
    r"\s{0,3}([*_]{0,3}(?:[0-9]{1,2}[.)]?\s{1,3})?[A-Za-z]{6,14}[*_]{0,3}[:.—–][*_]{0,3})\s{1,4}(?=\S)"
)
# "Table 1: Extracted Claims (2)": what stands around the name of a heading.
_TABLE = re.compile(r"table\s{1,3}[0-9]{1,3}\s{0,2}[.:–—-]\s{0,3}")
_COUNTED = re.compile(r"\s{0,3}\((?:n\s?=\s?)?[0-9]{1,6}\)$")
_NUMBERS = re.compile(r"[*_]{0,3}([0-9]{1,2}(?:\.[0-9]{1,2}){0,3})[.)]?\s")
_ENTRY = re.compile(
    r"\s{0,12}(?:[-*+•|<]|\[?[0-9]{1,4}[\].)]\s)|.{0,2000}(?:https?://|arxiv:|doi:?\s?10\.)", re.IGNORECASE
)
_DISPLAY_ID = re.compile(
    r"(?:(?:record|report|paper|display)?\s{0,3}(?:id)?\s{0,2}[:#]?\s{1,3})?([A-Z][A-Z0-9]{1,11}:[0-9A-F]{8})",
    re.IGNORECASE,
)
_PROPERTY = re.compile(r"([A-Za-z][\w -]{0,58}):\s{1,9}(\S.{0,2000})")
_PLAIN_LEVEL, _BOLD_LEVEL = 2, 7
_LONGEST_HEADING = 100


@dataclass(frozen=True, slots=True)
class Section:
    """A section: heading as printed, canonical name (or the compared heading), and its lines."""

    printed: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report taken apart; ``front`` are the lines above the first section without title and id.

    ``headings`` are those of all sections and of the parts within them, ``moved`` the names of sections that
    are empty because what follows them stands under a heading of its own.
    """

    title: str | None
    display_id: str | None
    front: tuple[str, ...]
    sections: tuple[Section, ...]
    headings: tuple[str, ...] = ()
    moved: frozenset[str] = frozenset()

    def lines(self, name: str) -> list[str] | None:
        """Return the lines of all sections of that name; None when the report has none or they moved away."""
        found = [section for section in self.sections if section.name == name]
        if name in self.moved and not any(line.strip() for section in found for line in section.lines):
            return None
        return [line for section in found for line in (*section.lines, "")] if found else None

    def has(self, *names: str) -> int:
        """Return how many of the named sections the report has."""
        return len({section.name for section in self.sections} & set(names))


@dataclass(frozen=True, slots=True)
class _Heading:
    printed: str
    name: str
    known: bool
    bold: bool = False
    following: str | None = None
    height: int = 1
    level: int = _PLAIN_LEVEL


@lru_cache(maxsize=1)
def split(text: str) -> Report:
    """Take a report apart; never fails.  Every format asks for the same text, so the last one is kept."""
    front, lines = _front_matter(prepare(text).split("\n"))
    title = display_id = None
    headings: list[str] = []
    sections: list[tuple[_Heading, list[str]]] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        heading = _heading(lines, position, sections[-1][0] if sections else None)
        position += heading.height if heading else 1
        if heading is None:
            body = sections[-1][1] if sections else front
            # One empty line says as much as many.
            if line.strip() or (body and body[-1].strip()):
                body.append(line)
        elif not sections and not heading.known and title is None:
            title = bare(heading.printed)
        elif not sections and heading.bold and not heading.known:
            front.append(line)
        elif sections and _is_within(sections[-1][0], heading, lines, position):
            headings.append(heading.printed)
            sections[-1][1].append("")
        else:
            headings.append(heading.printed)
            sections.append((heading, [heading.following] if heading.following else []))
    if title and (shown := _DISPLAY_ID.fullmatch(title)):
        title, front = None, [shown[1], *front]
    front, display_id = _without_display_id(front)
    found = tuple(Section(heading.printed, heading.name, tuple(body)) for heading, body in sections)
    return Report(title, display_id, tuple(front), found, tuple(headings), _moved(sections))


def _without_display_id(front: list[str]) -> tuple[list[str], str | None]:
    rest = []
    display_id = None
    for line in front:
        shown = _DISPLAY_ID.fullmatch(bare(line)) if display_id is None else None
        if shown:
            display_id = shown[1].upper()
        else:
            rest.append(line)
    return rest, display_id


def _front_matter(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part properties between two rulers at the very top from the report; each becomes a row."""
    first = next((position for position, line in enumerate(lines) if line.strip()), 0)
    if lines[first].strip() != "---":
        return [], lines
    rows: list[str] = []
    for position in range(first + 1, min(first + 60, len(lines))):
        line = lines[position].strip()
        if line in ("---", "..."):
            return rows, lines[position + 1 :]
        if found := _PROPERTY.fullmatch(line):
            value = found[2].strip().strip("\"'").replace("|", "\\|")
            rows.append(f"| {found[1]} | {value} |")
        elif line:
            rows.append(line)
    return [], lines


def _is_within(within: _Heading, heading: _Heading, lines: Sequence[str], below: int) -> bool:
    """Whether an unknown heading begins a part of the known section above it."""
    if heading.known or not within.known or within.name == "other":
        return False
    outer, inner = _NUMBERS.match(within.printed), _NUMBERS.match(heading.printed)
    if inner and (outer is None or not inner[1].startswith(outer[1] + ".")):
        return False
    if heading.level <= within.level and not (inner and outer):
        return False
    if within.name != "references":
        return True
    # What stands under "Primary" are references, under "Disclaimer" they are none.
    following = next((line for line in lines[below : below + 5] if line.strip()), "")
    return _ENTRY.match(following) is not None


def _moved(sections: list[tuple[_Heading, list[str]]]) -> frozenset[str]:
    """The names of empty sections behind which an unknown or a deeper heading stands."""
    found = set()
    for (heading, body), (after, _) in pairwise(sections):
        if not any(map(str.strip, body)) and (not after.known or after.level > heading.level):
            found.add(heading.name)
    return frozenset(found)


def canonical(printed: str) -> tuple[str, bool]:
    """Return the canonical name of a heading and whether it is a known one."""
    name = label(printed)
    name = label(name[match.end() :]) if (match := _NUMBERING.match(name)) else name
    if name not in _CANONICAL:
        shorter = label(_COUNTED.sub("", _TABLE.sub("", name, count=1)))
        name = shorter if _CANONICAL.get(shorter) in ("claims", "references") else name
    return _CANONICAL.get(name, name), name in _CANONICAL


def _heading(lines: list[str], position: int, within: _Heading | None) -> _Heading | None:
    line = lines[position]
    stripped = line.strip()
    if not stripped or stripped[0] == "|" or "\t" in stripped:
        return None
    if match := _ATX.match(line):
        # A closing row of hashes is Markdown, not text.
        return _named(line[match.end() :].rstrip().rstrip("#").rstrip() or stripped, level=len(match[1]))
    below = lines[position + 1].strip() if position + 1 < len(lines) else ""
    if _is_underlined(lines, position, stripped, below):
        return _named(stripped, height=2, level=1 if below[0] == "=" else 2)
    if len(stripped) > _LONGEST_HEADING:
        return _run_in(line, within)
    named = _named(stripped)
    # A wrapped line of prose may be a single word: "... than other\nmethods\nof its kind."
    if named.known and stripped[-1] != "." and not stripped[0].islower():
        return named
    bold = len(stripped) > 4 and stripped[:2] == stripped[-2:] and stripped[:2] in ("**", "__")
    if bold and bare(stripped)[-1:] not in (".", ":", ";", ","):
        return _named(stripped, bold=True, level=_BOLD_LEVEL)
    return _run_in(line, within)


def _named(printed: str, height: int = 1, bold: bool = False, level: int = _PLAIN_LEVEL) -> _Heading:
    name, known = canonical(printed) if len(printed) <= _LONGEST_HEADING else (printed, False)
    return _Heading(plain(printed), name, known, bold, height=height, level=level)


def _is_underlined(lines: list[str], position: int, stripped: str, below: str) -> bool:
    if len(below) < 3 or below.strip(below[0]) or below[0] not in "=-" or is_ruler(stripped):
        return False
    alone = position == 0 or not lines[position - 1].strip()
    # The head of an aligned table is underlined too, but has gaps.
    return alone and "  " not in stripped and "|" not in stripped and (below[0] == "=" or stripped[-1] != ".")


def _run_in(line: str, within: _Heading | None) -> _Heading | None:
    """A heading that stands on the first line of its text, such as ``Abstract: We ...``."""
    match = _RUN_IN_HEAD.match(line)
    name = canonical(match[1].replace("—", "").replace("–", ""))[0] if match else None
    if match is None or name not in _RUN_IN or (within and not _may_follow(within, name)):
        return None
    return _Heading(plain(match[1]), str(name), True, following=line[match.end() :])


def _may_follow(within: _Heading, name: str | None) -> bool:
    """Whether a run-in heading may begin a section here; an abstract may be structured by such words."""
    return within.name != name and (within.name != "abstract" or within.following is not None)
