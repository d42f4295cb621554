"""papers/<id>.html: one paper.  What is this, may I rely on it, why not; then everything else.

No page passes 40 KB: texts are shortened, and lists that do not fit continue at papers/<id>/<list>-<n>.html.
"""

from collections.abc import Iterator
from typing import Any

from colophon import canon, forge
from colophon.model import Page, Severity
from colophon.pages import Output, _lists, record_page, render
from colophon.pages._abstract import ABSTRACT, abstract_pieces
from colophon.pages._beside import STATED_FIRST, in_no_list, proposals, shown
from colophon.pages._links import safe
from colophon.pages._passages import shown_grounding
from colophon.pages._record_events import shortened
from colophon.pages._record_facts import (
    NOT_SHOWN,
    dimensions_in_words,
    level_facts,
    long_text,
    publisher_tiers,
    stated_first,
    tier_rows,
)
from colophon.pages._record_head import head, head_of_continuation
from colophon.pages._record_lists import Listing, fitting, joined, listings, parted, shared
from colophon.pages._tier_inputs import brief, inputs_of
from colophon.pages._told import REASONS, Told, lead, told
from colophon.pages._words import clip, cost, counted, short
from colophon.views import RecordView

# 40 KB less the frame, which takes less than 4 KB; a test pours the largest record into it.
ROOM = 35_800
_OF_CONTINUATION = 33_000
# What the rows of all lists get at least before a long note is shortened for them.
_ROWS = 4_000
_TITLE, _LINE, _CITATION = 1_500, 600, 2_500
_FORMATS = (("bibtex", "BibTeX"), ("csl_json", "CSL-JSON"), ("ris", "RIS"))


@record_page("paper")
def paper(view: RecordView) -> Iterator[Output]:
    """Yield the page of one paper, and the pages on which its long lists continue."""
    about, top = told(view), head(view)
    context = {**about.tier, **_context(view)}
    found = listings(view)
    rows = {key: _rows(view, listing) for key, listing in found.items()}
    room = ROOM - len(top.encode())
    is_long = sum(len(row) for each in rows.values() for row in each) > room
    body = "" if is_long else _body(context, found, {key: len(each) for key, each in rows.items()}, rows)
    if is_long or len(body.encode()) > room:
        found = parted(view, found)
        rows["findings"] = _rows(view, found["findings"])
        bare = len(_body(context, found, dict.fromkeys(found, 0), rows).encode())
        if bare + _ROWS > room:
            # The JSON has them too.
            context["tier_inputs"] = ""
            context["banner"] = shortened(context["banner"], bare + _ROWS - room)
            bare = len(_body(context, found, dict.fromkeys(found, 0), rows).encode())
        shown = _shown(found, rows, room - bare)
        body = _body(context, found, shown, rows)
        for key, listing in found.items():
            if shown[key] < len(listing.items):
                yield from _continuations(view, about, listing, shown[key])
    yield _page(about, f"{view.record.id}.html", about.title, body, top)


def _rows(view: RecordView, listing: Listing) -> list[str]:
    """Return the rows of a list as they stand on the first page."""
    return listing.rows("../", view.record.id)


def _page(about: Told, path: str, title: str, body: str, top: str) -> Page:
    """Return a page below ``papers``."""
    return Page(f"papers/{path}", title, about.description, "papers", body, top, "page-paper")


def _shown(found: dict[str, Listing], rows: dict[str, list[str]], room: int) -> dict[str, int]:
    """Return how many rows of each list stand on the first page; the rows share what room there is."""
    sizes = {key: sum(len(row.encode()) for row in each) for key, each in rows.items()}
    given = shared(sizes, room)
    return {key: fitting(rows[key], given[key]) for key in found}


def _body(
    context: dict[str, Any], found: dict[str, Listing], shown: dict[str, int], rows: dict[str, list[str]]
) -> str:
    lists = {
        key: {
            "key": key,
            "title": listing.title,
            "rows": joined(rows[key][: shown[key]]),
            "shown": shown[key],
            "total": len(listing.items),
            "next": f"{context['id']}/{key}-2.html" if shown[key] < len(listing.items) else "",
        }
        for key, listing in found.items()
    }
    return render("paper.html", **context, lists=lists)


def _continuations(view: RecordView, about: Told, listing: Listing, first: int) -> Iterator[Page]:
    """Yield the pages of one list after the first; every page holds at least one row."""
    root, number, total = "../../", 2, len(listing.items)
    rows = listing.rows(root, view.record.id, first)
    before = f"../{view.record.id}.html#{listing.key}"
    while first < total:
        fit = max(1, fitting(rows, _OF_CONTINUATION))
        last = first + fit
        path = f"{view.record.id}/{listing.key}-{number}.html"
        body = render(
            "paper_claims.html",
            **{**about.tier, "tier_href": f"../{about.tier['tier_href']}"},
            title=clip(view.record.manifest.title, 300),
            json=f"{root}papers/{view.record.id}.json",
            paper=f"{root}papers/{view.record.id}.html",
            display_id=view.record.manifest.display_id,
            key=listing.key,
            list_title=listing.title,
            rows=joined(rows[:fit]),
            place=f"{first + 1:,} to {last:,} of {total:,}",
            before=before,
            after=f"{listing.key}-{number + 1}.html" if last < total else "",
        )
        title = f"{listing.title}, {first + 1:,} to {last:,}: {about.title}"
        yield _page(about, path, title, body, head_of_continuation(view, path))
        before, first, number, rows = f"{listing.key}-{number}.html", last, number + 1, rows[fit:]


def _context(view: RecordView) -> dict[str, Any]:
    """Return everything of the page but its lists."""
    manifest, derived = view.record.manifest, view.judged.derived
    return {
        **lead(view),
        **_findings_in_words(view),
        "json": f"{view.record.id}.json",
        "title": clip(manifest.title, _TITLE),
        "question": long_text(manifest.research_question, 3_000),
        "abstract": long_text(manifest.abstract, ABSTRACT),
        "abstract_pieces": abstract_pieces(view),
        "tier_inputs": canon.compact(brief(inputs_of(view))).decode(),
        "is_looked_up": shown_grounding(view) is not None,
        "texts_held": len(view.record.evidence.held),
        "reasons": [short(reason, _LINE) for reason in derived.tier.reasons[:REASONS]],
        "tier_rows": tier_rows(view),
        "publisher_tiers": publisher_tiers(view),
        "level": level_facts(view),
        "dimensions_in_words": dimensions_in_words(view),
        "last": view.record.steps[-1].date if view.record.steps else "",
        **_beside_texts(view),
        "needs_texts": _lists.NEEDS_TEXTS.format("a better tier")
        if derived.tier.value == _lists.LOWEST
        else "",
        "state_reasons": [short(reason, _LINE) for reason in derived.state.reasons[:REASONS]],
        **_lists_in_words(view),
        **_filing(view),
        "citations": list(_citations(view)),
    }


def _beside_texts(view: RecordView) -> dict[str, Any]:
    """Return the proposals that stand in no list, by place, and the rows of what is stated with theirs."""
    beside = {place: list(shown(items)) for place, items in in_no_list(proposals(view)).items()}
    rows = [{**row, "proposed": beside.pop(STATED_FIRST[row["label"]], [])} for row in stated_first(view)]
    return {"stated_rows": rows, "beside": beside}


def _findings_in_words(view: RecordView) -> dict[str, Any]:
    findings = view.judged.findings
    numbers = {severity: sum(f.severity is severity for f in findings) for severity in Severity}
    found = [counted(number, severity.value) for severity, number in numbers.items() if number]
    looked = sum(outcome[1] > 0 for outcome in view.judged.outcomes)
    return {
        "found": " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found),
        "looked": looked,
        "rules_run": len(view.judged.outcomes),
    }


def _lists_in_words(view: RecordView) -> dict[str, Any]:
    """Return what is said of lists that the report does not show, which are not the same as empty ones."""
    manifest = view.record.manifest
    claims, sources = manifest.claims, manifest.sources
    return {
        "claims_shown": claims is not None,
        "sources_shown": sources is not None,
        "claims_in_words": NOT_SHOWN if claims is None else counted(len(claims), "claim"),
        "sources_in_words": NOT_SHOWN if sources is None else counted(len(sources), "source"),
        "names_sources": any(claim.sources for claim in claims or ()),
        "declares_method": bool(view.record.provenance.verification),
        "papers_retrieved": manifest.stated.papers_retrieved,
        "limitations_shown": manifest.limitations is not None,
        "uncertainties_shown": manifest.uncertainties is not None,
    }


def _filing(view: RecordView) -> dict[str, Any]:
    """Return where the record lies, how it was read, and where a correction of it is filed."""
    ingest, settings = view.record.provenance.ingest, view.settings
    folder = view.record.folder
    form = view.forms[0]
    return {
        "folder": folder,
        "report_href": safe(forge.file_link(settings, f"{folder}/report.txt")),
        "form_href": form.link or f"{view.record.id}/correct.html",
        "form_is_forge": bool(form.link),
        "file_name": short(ingest.file_name, _LINE),
        "size": f"{ingest.size:,}",
        "sha256": ingest.sha256,
        "format": f"{ingest.format}, version {ingest.version}",
        "filed_contract": view.record.filed_contract,
        "contract": view.record.manifest.contract_version,
    }


def _citations(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield the citations; one too long for the page is left to the JSON, for a part of one is none."""
    for name, label in _FORMATS:
        text = view.citations[name]
        shown = text if cost(text) <= _CITATION else ""
        yield {"id": name.replace("_", "-"), "label": label, "text": shown, "open": name == _FORMATS[0][0]}
