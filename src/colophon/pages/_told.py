"""What every page of one paper says of it, in whatever form: title, description, tier and why, state."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from colophon.pages._links import safe
from colophon.pages._passages import grounding_in_words
from colophon.pages._places import said
from colophon.pages._record_events import banner, removed
from colophon.pages._words import NO_DATE, because, day, month, named, short
from colophon.rules.state import title_prefix
from colophon.views import RecordView

_LINE, _FOUND = 600, 4
# How many reasons of a tier or a state a page shows.
REASONS = 8
_RULE = re.compile(r"\b([A-Z][0-9]{3}) ([a-z][a-z0-9-]*)")


@dataclass(frozen=True, slots=True)
class Told:
    """What every page of one paper says of it, found out once: title for the tab, description, tier."""

    title: str
    description: str
    tier: dict[str, Any]


def told(view: RecordView) -> Told:
    """Return what all pages say; the title of a record that was taken back says so first."""
    manifest, tier = view.record.manifest, _tier(view)
    publisher, kind = short(manifest.publisher.name, 200), manifest.kind or "synthesis"
    return Told(
        f"{title_prefix(view.judged.facts.history)}{short(manifest.title, _LINE)}",
        f"Machine-generated {kind} by {publisher}. Evidence tier: {tier['tier_label']}.",
        tier,
    )


def _tier(view: RecordView) -> dict[str, Any]:
    tier = view.judged.derived.tier.value
    entry = named(view.settings.vocabularies["quality-tiers-v2"], "tiers", tier)
    return {
        "tier": tier,
        "tier_label": entry["label"],
        "tier_wording": entry["wording"],
        "because": because(view.judged.derived, view.judged.findings),
        "tier_href": f"../tiers.html#{tier.lower()}",
        "statement": view.settings.vocabularies["quality-tiers-v2"]["statement"],
    }


def lead(view: RecordView) -> dict[str, Any]:
    """Return what a page of a paper begins with, beside its title: who made it, what it is worth and why."""
    manifest, derived = view.record.manifest, view.judged.derived
    cut = ("title", "research_question", "abstract")
    return {
        "id": view.record.id,
        "display_id": manifest.display_id,
        "up": _up(view),
        "kind": manifest.kind or "literature synthesis",
        "publisher": short(manifest.publisher.name, _LINE),
        "publisher_href": safe(manifest.publisher.url),
        "submitted": manifest.submitted,
        "submitted_in_words": day(manifest.submitted),
        "prefix": title_prefix(view.judged.facts.history),
        "cut": {name: f"/{name}" in manifest.truncated for name in cut},
        "banner": banner(view),
        "removed": removed(view),
        "state": derived.state.value,
        "why": list(_why(view)),
        "more_reasons": max(0, len(derived.tier.reasons) - REASONS),
        "looked_up": grounding_in_words(view),
    }


def _up(view: RecordView) -> list[tuple[str, str]]:
    """Return the way up: the list of the month, or the page of the withheld."""
    submitted = view.record.manifest.submitted
    listed = (
        (f"{submitted[:7]}.html", month(submitted)) if submitted else ("undated.html", NO_DATE.capitalize())
    )
    if view.judged.derived.tier.value == "WITHHELD":
        listed = ("../withheld.html", "Withheld")
    return [("../papers.html", "Papers"), listed]


def _why(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield why the tier is what it is: a reason that names rules becomes what those rules found."""
    none = {"text": "", "code": "", "slug": "", "more": 0}
    for reason in view.judged.derived.tier.reasons[:REASONS]:
        codes = {code for code, _ in _RULE.findall(reason)}
        found = [finding for finding in view.judged.findings if finding.code in codes]
        for finding in found[:_FOUND]:
            yield {**none, "text": short(said(finding), _LINE), "code": finding.code, "slug": finding.slug}
        if not found:
            yield {**none, "text": short(reason, _LINE)}
        elif len(found) > _FOUND:
            yield {**none, "more": len(found) - _FOUND}
