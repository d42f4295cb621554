"""Sources as cited."""

import re
from typing import Any

from colophon.ingests import _tables
from colophon.ingests._text import blocks, is_ruler, list_item, optional, plain

URL = re.compile(r"https?://[^\s<>\"]+")
_LINK = re.compile(r"\[([^\[\]\n]{1,2000})\]\(<?(https?://[^\s<>\"()]+(?:\([^\s<>\"()]*\)[^\s<>\"()]*)?)>?\)")
_ARXIV_ID = r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]{2,12}(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?(?![0-9])"
_ARXIV_URL = re.compile(
    r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/(" + _ARXIV_ID + r")(?:\.pdf)?/?"
)
_ARXIV = re.compile(r"(?<!\w)arxiv:\s{0,2}(" + _ARXIV_ID + ")", re.IGNORECASE)
_QUERY = re.compile(r"[?#].*", re.DOTALL)
# No name of a work holds steps to another folder.
_UPWARD = re.compile(r"/(?:\.|%2e){1,2}(?:/|%2f|$)|\\", re.IGNORECASE)
_DOI_URL = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.[0-9]{4,9}/\S+)")
_DOI = re.compile(r"(?:(?<!\w)doi:?\s{0,2}|(?<![\w./]))(10\.[0-9]{4,9}/[^\s<>\"]+)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|arxiv:|doi:|10\.[0-9]{4,9}/", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,]?\s{1,4}(?:and\s)?|[;,](?=<?https?://)")
_ONLY_ADDRESS = re.compile(rf"<?https?://[^\s<>\"]+>?|arxiv:{_ARXIV_ID}|doi:10\.\S+", re.IGNORECASE)
_PUNCTUATION = ".,;:!?'’”*_"
_NUMBER = re.compile(r"(?<![\w.])(?:\[([0-9]{1,4})\]|s0*([0-9]{1,4})|([0-9]{1,4}))(?![\w.])")
_COLUMNS = {
    **dict.fromkeys(("title", "reference", "source", "citation", "work", "paper"), "title"),
    **dict.fromkeys(("url", "link", "address", "doi", "arxiv", "arxiv id", "identifier"), "address"),
    **dict.fromkeys(("#", "no", "number", "id", "n", "№"), "number"),
}
_NOTHING = re.compile(r"(?:none|no (?:references|sources|claims)\b[^.]{0,60}|n/a|[-–—]+)\.?", re.IGNORECASE)


def sources(lines: list[str] | None) -> list[dict[str, Any]] | None:
    """Return the sources of a section in printed order; None without a section, [] when it is empty."""
    if lines is None:
        return None
    table = _tables.find(lines, _COLUMNS, "title", {}) or _tables.find(lines, _COLUMNS, "address", {})
    if table and len(table.kinds) > 1:
        rows = [row for row in table.rows if table.cell(row, "title") or table.cell(row, "address")]
        return [{"id": f"s{number:03d}", **_from_row(table, row)} for number, row in enumerate(rows, 1)]
    cited = [part for line in _joined(lines) for block in blocks([line]) for part in _parted(block)]
    if len(cited) == 1 and is_none(cited[0]):
        return []
    return [{"id": f"s{number:03d}", **source(text)} for number, text in enumerate(cited, 1)]


def _from_row(table: _tables.Table, row: tuple[str, ...]) -> dict[str, Any]:
    title, address = table.cell(row, "title"), table.cell(row, "address")
    found = source(address or title)
    if found["kind"] == "other":
        return found | {"identifier": title or address}
    return found | {"title": optional(title)} if address and title else found


def is_none(text: str) -> bool:
    """Whether the text says in words that a list is empty."""
    return _NOTHING.fullmatch(text) is not None


def _joined(lines: list[str]) -> list[str]:
    """Join continuation lines with the entry that they continue; below a list item they need no indent."""
    found: list[list[str]] = []
    addressed = False
    for line in lines:
        text = line.strip()
        begun = bool(found and found[-1][0])
        if begun and text and list_item(line) is None and not is_ruler(line):
            # Below a list item, a line that begins with a further address is a work of its own.
            further = addressed and _ADDRESS.match(text.lstrip(" <")) is not None
            if line[:2].isspace() or (list_item(found[-1][0]) is not None and not further):
                found[-1].append(text)
                addressed = addressed or _ADDRESS.search(text) is not None
                continue
        found.append([line.rstrip()])
        addressed = _ADDRESS.search(text) is not None
    return [" ".join(entry) for entry in found]


def _parted(text: str) -> list[str]:
    """Part an entry that is nothing but several addresses."""
    parts = [part for part in _BETWEEN.split(text) if part]
    return parts if len(parts) > 1 and all(map(_ONLY_ADDRESS.fullmatch, parts)) else [text]


def source(text: str) -> dict[str, Any]:
    """Return {kind, identifier, url, title} of one reference as printed."""
    link = _LINK.search(text)
    match = None if link else URL.search(text)
    url = link[2] if link else _closed(match[0]) if match else None
    printed = link[0] if link else url
    kind, identifier = _identity(url, text)
    rest = text.replace(printed, " ", 1) if printed else text
    if kind in ("arxiv", "doi"):
        rest = _DOI.sub(" ", _ARXIV.sub(" ", rest))
    title = link[1] if link and not URL.match(link[1]) else None
    title = _title(title if title is not None else rest)
    if kind == "other":
        return {"kind": kind, "identifier": text, "url": None, "title": None}
    return {"kind": kind, "identifier": identifier, "url": url, "title": title}


def _closed(url: str) -> str:
    """Drop the punctuation of the sentence around an address."""
    url = url.rstrip(_PUNCTUATION)
    surplus = url.count(")") - url.count("(")
    end = len(url)
    while end and (url[end - 1] in _PUNCTUATION or (surplus > 0 and url[end - 1] == ")")):
        surplus -= url[end - 1] == ")"
        end -= 1
    return url[:end]


def _identity(url: str | None, text: str) -> tuple[str, str]:
    for kind, in_url, in_text in (("arxiv", _ARXIV_URL, _ARXIV), ("doi", _DOI_URL, _DOI)):
        match = (
            in_url.fullmatch(_QUERY.sub("", url) if kind == "arxiv" else url) if url else in_text.search(text)
        )
        if match and not _UPWARD.search(match[1]):
            return kind, _closed(match[1])
    return ("url", url) if url else ("other", text)


def _title(rest: str) -> str | None:
    title = plain(rest)
    for empty in ("<>", "()", "[]"):
        title = title.replace(empty, "")
    title = title.strip(" \u00a0.,;:-–—|<>*")
    if len(title) > 1 and (title[0], title[-1]) in (('"', '"'), ("“", "”"), ("'", "'"), ("‘", "’")):
        title = title[1:-1].rstrip(".,")
    return title.strip() or None


def named(cell: str, cited: list[dict[str, Any]] | None) -> list[str] | None:
    """Return the ids of the sources that a claim's cell names, in printed order, or None for none.

    A name is a number in the list, an id, an arXiv identifier, a DOI, an address or a title.
    """
    found: list[tuple[int, str]] = []
    for entry in cited or ():
        for name in (entry["identifier"], entry["url"], entry["title"]):
            if name and name in cell:
                found.append((cell.index(name), entry["id"]))
                break
    if not found:
        for match in _NUMBER.finditer(cell):
            number = int(match[1] or match[2] or match[3])
            if 1 <= number <= len(cited or ()):
                found.append((match.start(), f"s{number:03d}"))
    return list(dict.fromkeys(identifier for _, identifier in sorted(found))) or None
