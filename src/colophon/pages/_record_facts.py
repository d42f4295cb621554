"""Facts of a paper page: what is stated, how the report says it was made, how the tier was reached."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from colophon.contracts.paper_manifest import Measure
from colophon.pages._words import Text, clip, counted, day, named, short
from colophon.views import RecordView

_LINE, _TEXT, _VALUES = 600, 3_000, 8
NOT_SHOWN, UNASSESSED = "not shown", "UNASSESSED"
_SCORE = re.compile(r"^(score [0-9.]+)(?=,)")
Value = str | int | None


def fact(label: str, *values: Value, limit: int = _LINE, ours: bool = False, more: int = 0) -> dict[str, Any]:
    """Return one row of facts; a value that is None is left out, and a row without any is "not shown"."""
    shown = [clip(str(value), limit) for value in values if value is not None]
    return {"label": label, "values": shown, "ours": ours, "more": more, "missing": NOT_SHOWN}


def _listed(label: str, values: Iterable[str] | None) -> dict[str, Any]:
    """Return a row for a list; [] is said to be empty, which differs from not shown."""
    found = None if values is None else list(values)
    row = fact(label, *(found or ())[:_VALUES], limit=300, more=max(0, len(found or ()) - _VALUES))
    return row if found is None or found else {**row, "missing": "an empty list"}


def _printed(measure: Measure | None) -> str | None:
    return measure.text if measure else None


def stated_first(view: RecordView) -> list[dict[str, Any]]:
    """Return what stands beside the tier: the publisher's own score, counts and tier."""
    stated = view.record.manifest.stated
    rows = [
        fact("Review score", _printed(stated.review_score), limit=200),
        fact("Papers retrieved", stated.papers_retrieved),
        fact("Claims extracted", stated.claims_extracted),
        fact("Claims verified", stated.claims_verified),
        fact("Tier", stated.tier, limit=200),
        fact("Level", stated.level, limit=200),
    ]
    for label, value in (("Decision", stated.decision), ("Policy", stated.policy)):
        if value is not None:
            rows.append(fact(label, value, limit=200))
    return rows


def provenance_rows(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield how the report says it was made; what it does not show stands together in the last row."""
    missing = []
    for row in (*_made(view), *_archive(view)):
        if row["values"] or row["missing"] != NOT_SHOWN:
            yield row
        else:
            missing.append(row["label"])
    if missing:
        yield {**fact("Not shown", ", ".join(missing).capitalize()), "ours": True}


def _made(view: RecordView) -> Iterator[dict[str, Any]]:
    made = view.record.provenance
    search, checks, panel = made.search, made.verification, made.panel
    yield fact("Publisher", made.publisher or view.record.manifest.publisher.name)
    yield fact("Generator", made.generator)
    yield fact("Methodology", made.methodology, limit=_TEXT)
    yield _listed("Databases searched", search.databases if search else None)
    yield _listed("Queries", search.queries if search else None)
    yield fact("Number of queries", search.query_count if search else None)
    yield fact("Order of the search", search.order if search else None)
    yield fact("Embeddings", made.embeddings.model if made.embeddings else None)
    yield fact("Embedding dimension", made.embeddings.dimension if made.embeddings else None)
    yield fact("Verification method", checks.method if checks else None, limit=_TEXT)
    yield fact("Verification features", checks.features if checks else None)
    yield fact("Verification threshold", _printed(checks.threshold) if checks else None)
    yield fact("Review panel", panel.name if panel else None)
    yield _listed("Panel roles", panel.roles if panel else None)
    yield fact("Panel revises below", _printed(panel.revise_below) if panel else None)
    yield fact("Panel rounds", panel.rounds if panel else None)
    yield fact("Review", made.review, limit=_TEXT)


def _archive(view: RecordView) -> Iterator[dict[str, Any]]:
    archive, stated = view.record.provenance.archive, view.record.manifest.stated
    yield fact("Archived artifact", archive.artifact if archive else None)
    yield fact("External record", archive.external_record if archive else None)
    yield fact("Claim lineage", archive.claim_lineage if archive else None)
    yield fact("Quality guide", archive.quality_guide if archive else None)
    yield _provenance_level(view, stated.provenance_level)
    yield fact("Provenance in words", stated.provenance_label)


def _provenance_level(view: RecordView, printed: str | None) -> dict[str, Any]:
    """Return the stated provenance level with the prefix PV: two scales never share one on a page."""
    label = "Provenance level"
    match = re.fullmatch(r"(?:PV|L)([1-9])", (printed or "").strip())
    if match is None:
        return fact(label, printed)
    entry = named(view.settings.vocabularies["verification-levels-v1"], "provenance_levels", f"PV{match[1]}")
    meaning = f", {entry['label'].lower()}" if entry["wording"] else ""
    words = f"{entry['name']}{meaning}. Stated; the prefix PV keeps it apart from verification levels"
    return fact(label, words, ours=True)


def stated_rows(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield what else the report states, without the rows of what it does not show."""
    manifest, stated = view.record.manifest, view.record.manifest.stated
    gate, dates, correction = stated.gate, stated.dates, stated.correction
    rows = [
        fact("Notice above the abstract", stated.header),
        fact("Examines", manifest.subject),
        fact("Licence", manifest.license),
        fact("Supersedes", manifest.supersedes),
        fact("Tier, why", stated.tier_basis, limit=_TEXT),
        fact("Level in words", stated.level_label),
        fact("Claim records", stated.claim_source),
        fact("Revision rounds", stated.revision_rounds),
        fact("Gate", gate.verdict if gate else None),
        fact("Gate, why", gate.reason if gate else None, limit=_TEXT),
        fact("Gate evaluated", gate.evaluated_at if gate else None),
        *(
            fact(f"{name.capitalize()} on", day(getattr(dates, name)) if dates else None)
            for name in ("retrieved", "written", "reviewed", "published")
        ),
        fact("Corrections, state", correction.status if correction else None),
        fact("Corrections, count", correction.count if correction else None),
        _listed("Contracts named", stated.contracts),
        _listed("Counts, every place", [count.text for count in stated.counts] or None),
        _listed("Totals", [total.text for total in stated.totals] or None),
        _listed("Files named", _artifacts(view)),
    ]
    yield from (row for row in rows if row["values"])


def _artifacts(view: RecordView) -> list[str] | None:
    found = view.record.manifest.artifacts
    if found is None:
        return None
    return [", ".join(part for part in (a.type, a.label, a.url, a.format, a.sha256) if part) for a in found]


def dimensions_in_words(view: RecordView) -> str:
    """Return the sentence above the dimensions; without any value it stands for the whole table."""
    statement: str = view.settings.vocabularies["quality-dimensions-v1"]["statement"]
    if _has_dimensions(view):
        return statement
    unassessed = counted(len(view.judged.derived.dimensions), "dimension")
    return f"{statement} No rule has been applied to any of the {unassessed}, and the report states none."


def _has_dimensions(view: RecordView) -> bool:
    stated = view.record.manifest.stated.dimensions
    return bool(stated) or any(item.level != UNASSESSED for _, item in view.judged.derived.dimensions)


def dimension_rows(view: RecordView) -> Iterator[dict[str, Any]]:
    """Yield every quality dimension beside the one that is stated; stated ones of other names follow.

    Those without a level, neither ours nor stated, stand together in the last row.
    """
    if not _has_dimensions(view):
        return
    vocabulary = view.settings.vocabularies["quality-dimensions-v1"]
    stated = dict(view.record.manifest.stated.dimensions or {})
    entries = {entry["id"]: entry for entry in vocabulary["dimensions"]}
    idle = []
    for identifier, assessed in view.judged.derived.dimensions:
        entry = entries[identifier]
        if assessed.level == UNASSESSED and entry["name"] not in stated:
            idle.append(f"{identifier} {entry['label'].lower()} ({assessed.basis})")
            continue
        level = named(vocabulary, "levels", assessed.level)["label"]
        yield {
            "id": identifier,
            "label": entry["label"],
            "level": level,
            "basis": short(assessed.basis, _LINE),
            "inputs": [short(text, 200) for text in assessed.inputs[:5]],
            "stated": stated.pop(entry["name"], None),
        }
    for name, value in stated.items():
        label = name.replace("_", " ")
        yield {"id": None, "label": label, "level": None, "basis": None, "inputs": [], "stated": value}
    if idle:
        yield {"idle": idle}


def tier_rows(view: RecordView) -> list[dict[str, Any]]:
    """Return the facts of the tier, each with its rule."""
    entries = {entry["name"]: entry for entry in view.settings.vocabularies["quality-tiers-v2"]["facts"]}
    return [
        {"label": entries[name]["label"], "text": short(text, _LINE), "rule": entries[name]["rule"]}
        for name, text in view.judged.derived.tier_facts
    ]


def publisher_tiers(view: RecordView) -> dict[str, Any] | None:
    """Return the stated tier beside those whose published rule holds; None without both tier and score."""
    vocabulary, stated = view.settings.vocabularies["quality-tiers-v1"], view.record.manifest.stated
    if stated.tier is None and stated.review_score is None:
        return None
    judgement = view.judged.derived.publisher_tiers
    names = [name for name in judgement.value.split(", ") if name]
    of_scale = rf"\1 of {vocabulary['scale']['maximum']:g}"
    return {
        "statement": vocabulary["statement"],
        "stated": None if stated.tier is None else short(stated.tier, 200),
        "labels": [named(vocabulary, "tiers", name)["label"] for name in names],
        "reasons": [short(_SCORE.sub(of_scale, reason), _LINE) for reason in judgement.reasons[:6]],
    }


def level_facts(view: RecordView) -> dict[str, Any]:
    """Return level, its meaning, its reasons and how many claims have which level."""
    vocabulary, derived = view.settings.vocabularies["verification-levels-v1"], view.judged.derived
    entry = named(vocabulary, "levels", derived.level.value)
    stated = view.record.manifest.stated.level
    numbers = [(name, number) for name, number in derived.claims_per_level if number]
    return {
        "name": entry["name"],
        "label": entry["label"],
        "wording": entry["wording"],
        "statement": vocabulary["statement"],
        "stated": None if stated is None else short(stated, 200),
        "reasons": [short(reason, _LINE) for reason in derived.level.reasons[:6]],
        "claims": [f"{counted(number, 'claim')} at {name}" for name, number in numbers],
    }


def long_text(text: str | None, limit: int) -> Text | None:
    """Return a text that may be shortened, or None."""
    return None if text is None else clip(text, limit)
