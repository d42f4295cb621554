"""The lists of a paper page, row by row, so that a long list can continue on pages of its own.

A page is bounded in bytes whatever a record holds.  Every row is bounded (long texts are shortened and
go on in the JSON), and the lists of one page share what is left of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import minijinja

from colophon import forge
from colophon.evidence import in_hand
from colophon.model import Finding, Severity
from colophon.pages import _stated_scores, _verdict_rows, rendered
from colophon.pages._beside import proposals, shown, struck
from colophon.pages._forms import findings_in_order, page_name, place_of, proposal, reason_of
from colophon.pages._held import holdings_in_words, status_in_words
from colophon.pages._links import of_source, safe, with_kind
from colophon.pages._panel import panel_rows
from colophon.pages._passages import of_claims
from colophon.pages._places import claim_at, said
from colophon.pages._record_events import events, refusals
from colophon.pages._record_facts import dimension_rows, provenance_rows, stated_rows
from colophon.pages._steps import versions
from colophon.pages._words import clip, cost, short
from colophon.views import RecordView

_TEXT, _LINE, _NAMES, _RULES, _OLD = 8_000, 1_200, 20, 4, 120
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
Items = Callable[[RecordView], Iterable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of a record: its key on the page, its title, the kind of its rows and their values."""

    key: str
    title: str
    kind: str
    items: tuple[dict[str, Any], ...]

    def rows(self, root: str, record_id: str, first: int = 0) -> list[str]:
        """Return rows as HTML, from the one at ``first``; ``root`` is the way up to the site's root."""
        # The paper's own page lies above the folder of its further pages, a continued list lies in it.
        way = f"{record_id}/" if root == "../" else ""
        page = {"kind": self.kind, "root": root, "way": way, "json": f"{root}papers/{record_id}.json"}
        return list(rendered("_record_rows.html", self.items[first:], **page))


def listings(view: RecordView) -> dict[str, Listing]:
    """Return every list of a record by key, in the order of the page, for a page on which all of them fit."""
    on_page = {form.anchor: form.page for form in view.forms}
    found: tuple[tuple[str, str, str, Items], ...] = (
        ("findings", "Findings", "finding", partial(_findings, whole=True, on_page=on_page)),
        ("claims", "Claims", "claim", partial(_claims, on_page=on_page)),
        ("sources", "Sources", "source", _sources),
        ("dimensions", "Quality dimensions", "dimension", dimension_rows),
        ("rules", "Rules that were run", "rule", _rules),
        ("corrections", "Corrections", "event", events),
        ("refusals", "Declined corrections", "refusal", refusals),
        ("versions", "Versions", "version", versions),
        ("provenance", "Provenance as stated", "fact", provenance_rows),
        ("stated", "Also stated in the report", "fact", stated_rows),
        ("panel", "Review panel", "fact", panel_rows),
        ("limitations", "Limitations", "text", partial(_proposed_texts, name="limitations")),
        ("uncertainties", "Uncertainties", "text", partial(_proposed_texts, name="uncertainties")),
        ("notes", "Notes of the publisher", "text", _notes),
    )
    return {key: Listing(key, title, kind, tuple(items(view))) for key, title, kind, items in found}


def parted(view: RecordView, found: dict[str, Listing]) -> dict[str, Listing]:
    """Return the lists for a page on which they do not all fit: the claim of a finding may be on another."""
    on_page = {form.anchor: form.page for form in view.forms}
    findings = replace(found["findings"], items=tuple(_findings(view, whole=False, on_page=on_page)))
    return {**found, "findings": findings}


def joined(rows: Iterable[str]) -> minijinja.Markup:
    """Return rows as one piece of HTML.  They come from templates of this package, escaped."""
    return minijinja.Markup("".join(rows))


def shared(totals: dict[str, int], room: int) -> dict[str, int]:
    """Divide the room of a page among lists: none gets more than it needs, the rest share it by weight."""
    given: dict[str, int] = {}
    waiting = sum(_weight(key) for key in totals)
    for key, total in sorted(totals.items(), key=lambda item: (item[1] / _weight(item[0]), item[0])):
        given[key] = max(0, min(total, (room - sum(given.values())) * _weight(key) // waiting))
        waiting -= _weight(key)
    return given


def _weight(key: str) -> int:
    # What a reader comes for gets more of the page than what stands below it.
    return 4 if key == "claims" else 1


def fitting(rows: list[str], room: int) -> int:
    """Return how many rows, from the first on, fit into ``room`` bytes."""
    for count, row in enumerate(rows):
        room -= len(row.encode())
        if room < 0:
            return count
    return len(rows)


def _findings(view: RecordView, *, whole: bool, on_page: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield findings, the gravest first, then in the order of the file; each names the claim it is about."""
    claims = view.record.manifest.claims or ()
    for number, finding in enumerate(findings_in_order(view), 1):
        place = _claim_of(finding)
        claim = claims[place].id if place is not None and place < len(claims) else ""
        where = ("", claim) if whole else (f"papers/{view.record.id}.html", "claims")
        about = dict(zip(("claim", "claim_page", "claim_anchor"), (claim, *where), strict=True))
        yield {
            **_finding_values(view, finding),
            **about,
            **_form(on_page, f"f{number}"),
            "old": _old(view, finding),
            "reason": reason_of(finding),
        }


def _form(on_page: dict[str, str], anchor: str) -> dict[str, str]:
    """Return the address, beside the record's further pages, of the form that begins a correction."""
    return {"correct": f"{on_page.get(anchor, page_name(1))}#{anchor}"}


def _old(view: RecordView, finding: Finding) -> str:
    """Return the short value that a finding is about, from which a script begins a proposal."""
    change = proposal(view, *place_of(finding))
    if change is None or change.document != "manifest" or not isinstance(change.old, str):
        return ""
    return change.old if cost(change.old) <= _OLD else ""


def _claim_of(finding: Finding) -> int | None:
    """Return the place, from 0, of the claim that a finding is about."""
    return claim_at(finding.pointer) if finding.path.endswith("/manifest.json") else None


def _finding_values(view: RecordView, finding: Finding) -> dict[str, Any]:
    """Return a finding as the shared macro wants it."""
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "slug": finding.slug,
        "message": short(said(finding), _LINE),
        "path": short(finding.path.removeprefix(f"{view.record.folder}/"), 400),
        "pointer": short(finding.pointer, 400),
        "line": finding.line,
        "second": finding.second,
        "href": safe(forge.file_link(view.settings, finding.path, finding.line)),
    }


def _found_in_claims(view: RecordView) -> dict[int, list[dict[str, str]]]:
    """Return by the place of a claim the rules that found something there, the gravest first."""
    found: dict[int, dict[str, dict[str, str]]] = {}
    for finding in sorted(view.judged.findings, key=lambda item: (_ORDER.index(item.severity), item.code)):
        place = _claim_of(finding)
        if place is not None:
            rule = {"code": finding.code, "slug": finding.slug, "severity": finding.severity.value}
            found.setdefault(place, {})[finding.code] = rule
    return {place: list(rules.values())[:_RULES] for place, rules in found.items()}


def _claims(view: RecordView, *, on_page: dict[str, str]) -> Iterator[dict[str, Any]]:
    truncated, found = set(view.record.manifest.truncated), _found_in_claims(view)
    proposed, gone, grounded = proposals(view), struck(view), of_claims(view)
    scores = _stated_scores.of_claims(view.judged.scores)
    claims = view.record.manifest.claims or ()
    texts = {claim.id: claim.text for claim in claims}
    verdicts = _verdict_rows.of_claims(view.judged.derived.reruns, texts)
    for place, claim in enumerate(claims):
        confidence = claim.stated.confidence
        yield {
            "id": claim.id,
            "text": clip(claim.text, _TEXT),
            "is_cut": f"/claims/{place}/text" in truncated,
            **_form(on_page, claim.id),
            "proposed": list(shown(proposed.get(f"claims/{place}", []))),
            "struck": gone.get(f"claims/{place}", "") if claim.struck else "",
            "found": found.get(place, []),
            "verified": claim.stated.verified,
            "flag": short(claim.stated.flag, 200) if claim.stated.flag else None,
            "confidence": short(confidence, 200) if confidence else None,
            "sources": (claim.sources or ())[:_NAMES],
            "more_sources": max(0, len(claim.sources or ()) - _NAMES),
            "locator": short(claim.locator, 400) if claim.locator else None,
            "values": [short(value.text, 60) for value in (claim.values or ())[:_NAMES] if value],
            "ground": grounded(claim.id, claim.text),
            "scores": list(scores.get(claim.id, {}).items()),
            "verdicts": verdicts.get(claim.id, [])[:_RULES],
            "more_verdicts": max(0, len(verdicts.get(claim.id, [])) - _RULES),
        }


def _sources(view: RecordView) -> Iterator[dict[str, Any]]:
    proposed, gone = proposals(view), struck(view)
    for place, source in enumerate(view.record.manifest.sources or ()):
        held = view.record.evidence.of(source.id)
        yield {
            "proposed": list(shown(proposed.get(f"sources/{place}", []))),
            "struck": gone.get(f"sources/{place}", "") if source.struck else "",
            "id": source.id,
            "name": short(with_kind(source.kind, source.identifier), _LINE),
            "href": of_source(source.kind, source.identifier, source.url),
            "url": short(source.url, _LINE) if source.url and source.kind in ("url", "other") else None,
            "title": short(source.title, _LINE) if source.title else None,
            "held": holdings_in_words(held),
            "status": status_in_words(in_hand(held)),
        }


def _rules(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield what rules found, could check and had nothing to look at, each rule with its number of places."""
    labels = ("Found something", "Found nothing", "Could check nothing", "Nothing to look at")
    found: dict[str, list[str]] = {label: [] for label in labels}
    for code, recognised, checked, flagged in sorted(view.judged.outcomes):
        rule = f"{code} {view.rules[code].slug}"
        places = f"{checked}" if checked == recognised else f"{checked} of {recognised}"
        if flagged:
            found[labels[0]].append(f"{rule} ({flagged} in {places})")
        elif checked:
            found[labels[1]].append(f"{rule} ({places})")
        elif recognised:
            found[labels[2]].append(f"{rule} ({places})")
        else:
            found[labels[3]].append(rule)
    yield from ({"label": label, "rules": rules} for label, rules in found.items() if rules)


def _notes(view: RecordView) -> Iterator[dict[str, Any]]:
    yield from _texts((*(view.record.manifest.stated.notes or ()), *(view.record.provenance.notes or ())))


def _proposed_texts(view: RecordView, *, name: str) -> Iterator[dict[str, Any]]:
    """Yield limitations or uncertainties, with what is proposed for each."""
    proposed = proposals(view)
    for place, item in enumerate(_texts(getattr(view.record.manifest, name))):
        yield {**item, "proposed": list(shown(proposed.get(f"{name}/{place}", [])))}


def _texts(texts: tuple[str, ...] | None) -> Iterator[dict[str, Any]]:
    for text in texts or ():
        yield {"text": clip(text, _TEXT), "proposed": []}
