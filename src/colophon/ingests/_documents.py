"""From a report taken apart to the facts of its manifest and provenance."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from colophon.errors import ReportError
from colophon.ingests import Parsed, _limits, _process, _thresholds
from colophon.ingests._artifacts import artifacts
from colophon.ingests._claims import claims
from colophon.ingests._fields import Fields, fields, is_field
from colophon.ingests._front import Front, read
from colophon.ingests._numbers import iso_date
from colophon.ingests._question import question_and_subject
from colophon.ingests._references import URL, sources
from colophon.ingests._sections import KNOWN, Report, Section
from colophon.ingests._stated import stated
from colophon.ingests._tables import pair
from colophon.ingests._text import bare, blocks, listed_sentences, prose, sentences
from colophon.matching import cut_texts

_ABSTRACT_LABEL = re.compile(r"[*_]{0,2}abstract[*_]{0,2}\s{0,2}[:—–][*_]{0,2}\s{0,4}", re.IGNORECASE)
_DRAFT = re.compile(
    r"\bthis\s(?:report|paper|document|text|page)\sis\san?\s(?:[\w-]{1,30}\s){0,4}draft\b", re.IGNORECASE
)
_SYNTHESIS = re.compile(
    r"\b(?:this\s(?:report|paper|document|text|page)\s(?:is\san?\s(?:[\w-]{1,30}\s){0,4}synthesis|synthesi[sz]es)"
    r"|machine-generated\s(?:[\w-]{1,30}\s){0,2}synthesis)\b",
    re.IGNORECASE,
)
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])")
_DATED = ("retrieved", "written", "reviewed", "published", "gate_evaluated")
# Sections in which a publisher speaks of its own work.
_OWN = ("methodology", "results", "verification level", "provenance", "quality tier", "notes")
# Sections whose text is no account of the publisher's own numbers.
_LISTS = ("claims", "references", "queries")


def documents(report: Report, generator: str | None = None) -> Parsed:
    """Return what the report states.

    ``generator`` is the system that the format itself names as the writer.  Raises ReportError when
    title or publisher are missing, or a value does not fit its contract.
    """
    labelled = fields(report)
    front = read(report, labelled.get("title"))
    publisher = labelled.get("publisher") or labelled.get("provenance_publisher") or front.byline
    if publisher is None:
        raise ReportError("the report names no publisher, expected one below its title or in its provenance")
    cited = sources(report.lines("references"))
    listed, unread_claims = claims(report.lines("claims"), cited)
    manifest = _manifest(report, front, labelled, publisher) | {"claims": listed, "sources": cited}
    manifest["truncated"] = [pointer for pointer, _ in cut_texts(manifest)]
    provenance, doubtful = _provenance(report, labelled, generator)
    _limits.check(manifest)
    _limits.check(provenance)
    beside = front.byline if front.byline and front.byline.casefold() != publisher.casefold() else None
    guessed = [f"line {beside!r} above the first section"] if beside and beside != generator else []
    unread = [*guessed, *front.unread, *labelled.unread, *_unread_dates(labelled), *unread_claims, *doubtful]
    return Parsed(manifest, provenance, report.display_id, tuple(dict.fromkeys([*unread, *_unread(report)])))


def _manifest(report: Report, front: Front, labelled: Fields, publisher: str) -> dict[str, Any]:
    places = list(_places(report))
    own = list(_places(_without_foreign_abstract(report)))
    question, subject = question_and_subject(report, labelled)
    abstract = prose(report.lines("abstract"))
    superseded = _UUID.search((labelled.get("supersedes") or "").lower())
    return {
        "publisher": {"name": publisher, "url": _address(labelled.get("publisher_url")) or front.url},
        "title": front.title,
        "research_question": question,
        "subject": subject,
        "abstract": abstract[_label_end(abstract) :].strip() or None if abstract else None,
        "submitted": front.submitted or _iso(labelled, "submitted"),
        "kind": _kind(front, places),
        "license": labelled.get("license"),
        "claims": None,
        "sources": None,
        "stated": stated(report, front, labelled, places, own) | {"notes": _notes(report)},
        "artifacts": artifacts(report.lines("artifacts"), labelled.artifacts),
        "limitations": _listed(report, "limitations"),
        "uncertainties": _listed(report, "uncertainties"),
        "supersedes": superseded[0] if superseded else None,
        "headings": list(report.headings) or None,
        "truncated": [],
        "extensions": {},
    }


def _provenance(report: Report, labelled: Fields, generator: str | None) -> tuple[dict[str, Any], list[str]]:
    """The provenance, and sentences with a threshold that cannot be told to be that of the claims."""
    method = report.lines("methodology")
    own = [sentence for section in _of(report, *_OWN) for sentence in _remarks(section)]
    told = listed_sentences(method or ()) or _spoken(report)
    panel, panel_sentence = _process.panel(told, own)
    threshold, doubtful = _thresholds.read(labelled.get("threshold"), [*told, *own])
    rows = artifacts(None, labelled.artifacts)
    archive = {
        "artifact": next((shown["label"] for shown in rows or () if shown["type"] == "report"), None),
        "external_record": labelled.get("external_record"),
        "claim_lineage": labelled.get("claim_lineage"),
        "quality_guide": labelled.get("quality_guide"),
    }
    remarks = [sentence for section in _of(report, "provenance") for sentence in _remarks(section)]
    found = {
        "publisher": labelled.get("provenance_publisher"),
        "generator": labelled.get("generator") or generator,
        "methodology": prose(method),
        "search": _process.search(told, labelled, report.lines("queries")),
        "embeddings": _process.embeddings(told, labelled),
        "verification": _process.verification(_telling(told, own), labelled, threshold),
        "panel": panel,
        "review": _process.review(told, labelled, panel_sentence),
        "archive": archive if any(archive.values()) else None,
        "notes": [*labelled.values.get("note", ()), *remarks] or None,
    }
    return found, doubtful


def _spoken(report: Report) -> list[str]:
    """Every sentence, without the abstract when that may be the one of a source."""
    places = _places(_without_foreign_abstract(report))
    return [sentence for place in places for sentence in sentences(place)]


def _without_foreign_abstract(report: Report) -> Report:
    """The report without its abstract, unless that says that it is the abstract of a synthesis."""
    if _SYNTHESIS.search(" ".join(report.lines("abstract") or ())):
        return report
    return replace(report, sections=tuple(s for s in report.sections if s.name != "abstract"))


def _telling(told: list[str], own: list[str]) -> list[str]:
    """Sentences that may tell how claims were verified."""
    return list(dict.fromkeys([*told, *own]))


def _unread(report: Report) -> list[str]:
    """Sections of which nothing is kept but their heading."""
    unknown = [s for s in report.sections if s.name not in KNOWN or s.name == "other"]
    found = [
        f"section {bare(section.printed)!r}" for section in unknown if any(map(str.strip, section.lines))
    ]
    moved = [name for name in ("claims", "references") if name in report.moved and report.lines(name) is None]
    return found + [f"section of {name}, which is empty above the next heading" for name in moved]


def _unread_dates(labelled: Fields) -> list[str]:
    shown = [(key, labelled.get(key)) for key in ("submitted", *_DATED)]
    return [f"date {text!r} ({key})" for key, text in shown if text and iso_date(text) is None]


def _places(report: Report) -> Iterator[str]:
    """Paragraphs and table rows in which the publisher states things, in printed order."""
    yield from (line.strip() for line in report.front if line.strip())
    for section in report.sections:
        if section.name in _LISTS:
            continue
        run: list[str] = []
        for line in section.lines:
            row = pair(line)
            if row or is_field(section.name, line):
                yield from blocks(run)
                run = []
                yield f"{row[0]} | {row[1]}" if row and "|" in line else line.strip()
            else:
                run.append(line)
        yield from blocks(run)


def _of(report: Report, *names: str) -> list[Section]:
    return [section for section in report.sections if section.name in names]


def _remarks(section: Section) -> list[str]:
    """Sentences of a section of rows that are no rows."""
    return listed_sentences("" if is_field(section.name, line) else line for line in section.lines)


def _notes(report: Report) -> list[str] | None:
    names = ("verification level", "quality tier", "quality dimensions", "correction record", "gate", "notes")
    found = []
    for section in _of(report, *names):
        if section.name == "quality dimensions":
            found += listed_sentences(
                "" if pair(line) or ":" in line[:60] else line for line in section.lines
            )
        else:
            found += _remarks(section)
    return found or None


def _listed(report: Report, name: str) -> list[str] | None:
    lines = report.lines(name)
    return None if lines is None else listed_sentences(lines)


def _label_end(abstract: str) -> int:
    match = _ABSTRACT_LABEL.match(abstract)
    return match.end() if match else 0


def _kind(front: Front, places: list[str]) -> str | None:
    if any("draft" in notice.casefold() for notice in front.notices) or any(map(_DRAFT.search, places)):
        return "draft"
    return "synthesis" if any(map(_SYNTHESIS.search, places)) else None


def _iso(labelled: Fields, key: str) -> str | None:
    return iso_date(labelled.get(key))


def _address(text: str | None) -> str | None:
    match = URL.search(text or "")
    return match[0].rstrip(".,;)") if match else None
