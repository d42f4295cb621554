"""Small edits of a record that lookalikes and defects share.  Each returns the pointer of what it wrote."""

from collections.abc import Sequence
from typing import Any

from audit_cases.drawing import Draw, in_words, with_article
from audit_cases.publishing import Case
from audit_cases.study import numbers

# Where a publisher may say something about its own work.
MANIFEST_TEXTS = ("/abstract", "/limitations/-", "/stated/notes/-", "/uncertainties/-")
PROVENANCE_TEXTS = ("provenance /methodology", "provenance /review", "provenance /notes/-")


def facts(case: Case, draw: Draw) -> dict[str, Any]:
    """Return slots for sentences about this record, with numbers that occur nowhere in it.

    The dataset is one that no claim names together with this share, so that nothing can clash by accident.
    """
    asked = case.study.asked
    used = {(said.slots.get("dataset"), said.slots.get("share")) for said in case.study.claims}
    cells = [
        (d, s) for d in asked["field"]["datasets"] for s in asked["field"]["shares"] if (d, s) not in used
    ]
    slots = numbers(draw, asked, *draw.choice(cells))
    n, k, p = len(case.manifest["claims"]), case.stated["claims_verified"], len(case.manifest["sources"])
    kinds = [source["kind"] for source in case.manifest["sources"]]
    a, m = kinds.count("arxiv"), draw.randint(1, max(1, k - 2))
    return {
        **slots,
        "n": n,
        "k": k,
        "p": p,
        "u": n - k,
        "nw": in_words(n),
        "kw": in_words(k),
        "pw": in_words(p),
        "a": a,
        "b": p - a,
        "m": m,
        "mw": in_words(m),
        "big": n + draw.randint(9, 40),
        "few": draw.choice(["two", "three", "several"]),
        "question": case.manifest["research_question"],
        "title": case.manifest["title"],
        "publisher": case.manifest["publisher"]["name"],
        "a_share": with_article(slots["share"]),
        "method": case.provenance["verification"]["method"],
    }


def say(case: Case, place: str, text: str) -> str:
    """Write a sentence at a place: at the end of a text, or as a further item of a list."""
    document = case.provenance if place.startswith("provenance") else case.manifest
    *way, last = place.removeprefix("provenance ").split("/")[1:]
    holder: Any = document
    for part in way if last != "-" else way[:-1]:
        holder = holder[part]
    if last == "-":
        items = holder[way[-1]] = [*(holder[way[-1]] or []), text]
        return f"{place.removesuffix('-')}{len(items) - 1}"
    before = holder[last]
    if before and not before.endswith((".", "?", "!")):
        # Some texts are phrases; a sentence behind one begins a new one.
        before = f"{before}."
    holder[last] = f"{before} {text}" if before else text
    return place


def rewrite(case: Case, draw: Draw, texts: Sequence[str]) -> list[str]:
    """Put texts in the places of claims that say the least about the question; counts stay as they are."""
    kinds = {said.text: said.kind for said in case.study.claims}
    listed = list(enumerate(case.manifest["claims"]))
    draw.shuffle(listed)
    asked = case.study.asked
    listed.sort(key=lambda one: (kinds.get(one[1]["text"]) != "quality", asked["dataset"] in one[1]["text"]))
    written = []
    for (place, claim), text in zip(listed, texts, strict=False):
        claim["text"] = text
        written.append(f"/claims/{place}/text")
    return written


def places(case: Case, count: str) -> list[int]:
    """Return where a count is stated."""
    return [place for place, one in enumerate(case.stated["counts"]) if one["count"] == count]


def text_of(case: Case, pointer: str) -> str:
    """Return what stands at a pointer, as text."""
    held: Any = case.provenance if pointer.startswith("provenance") else case.manifest
    for part in pointer.removeprefix("provenance ").split("/")[1:]:
        if isinstance(held, list):
            held = held[int(part)] if part.isdigit() and int(part) < len(held) else None
        else:
            held = held.get(part) if isinstance(held, dict) else None
    return str(held)
