"""The scores that claims state, in words, and where the pages about them lie."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from colophon import layout
from colophon.benchmark_evidence import Benchmark, Group
from colophon.pages import _lists, _log, _words
from colophon.pages.sources import file_name
from colophon.score_rows import Row, folded, unpacked
from colophon.views import RegistryView

_NAME, _PLACE, _TITLE = 120, 160, 120
# Of one claim.
_PAGES = 3
# The index lists paths of up to 300 characters, and these have two such parts.
_LONGEST_PART = 100
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)")
# The folder of the dataset "x.html" would stand where the page of "x" does.
_ENDING = re.compile(r"\.(?=(?:html|json)$)")
# What a column of the table shows, and of which key.
COLUMNS = (
    ("Size", "size"), ("Split", "split"), ("Shots", "shots"), ("Tools", "tools"), ("Harness", "harness"),
    ("Precision", "precision"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owner:
    """Who states scores: a paper with its tier and standing, or a work, which has neither."""

    path: str
    title: str
    tier: str = ""
    tier_label: str = ""
    standing: _log.Standing | None = None
    pages: Mapping[str, str] = field(default_factory=dict)

    def at(self, claim: str) -> str:
        """Return the address of a claim, from the site's root; a paper may show it on a further page."""
        return f"{self.path}#claims" if self.tier else f"{self.pages.get(claim, self.path)}#{claim}"


def owners(view: RegistryView, pages: Mapping[str, Mapping[str, str]]) -> dict[str, Owner]:
    """Return all papers and works by what rows call them; ``pages`` says where the claims of works stand."""
    labels = {name: tier["label"] for name, tier in _lists.tiers(view.settings).items()}
    found = {
        f"{one.kind} {one.identifier}": Owner(
            f"works/{file_name(one.kind, one.identifier)}.html",
            _words.short(one.title, _TITLE),
            pages=pages.get(f"{one.kind} {one.identifier}", {}),
        )
        for one in view.works
    }
    for item in view.everything:
        tier, title = item.derived.tier.value, _words.short(_log.titled(item), _TITLE)
        standing = _log.standing(item)
        found[item.id] = Owner(f"papers/{item.id}.html", title, tier, labels[tier], standing)
    return found


def of_claims(lines: Iterable[bytes]) -> dict[str, dict[str, str]]:
    """Return for each claim the pages about its scores: their paths, from the root, with their titles."""
    found: dict[str, dict[str, str]] = {}
    for row in map(unpacked, lines):
        path = f"{of_model(row.dataset, row.model)}.html"
        pages = found.setdefault(row.score.claim_id, {})
        if len(pages) < _PAGES:
            pages[path] = f"{name(row.model)} on {name(row.dataset)}"
    return found


def of_dataset(dataset: str) -> str:
    """Return the path of the page about a dataset, without its ending."""
    return f"benchmarks/{_part(dataset)}"


def of_model(dataset: str, model: str) -> str:
    """Return the path of the page about a model on a dataset, without its ending."""
    return f"{of_dataset(dataset)}/{_part(model)}"


@lru_cache(maxsize=1_024)
def _part(text: str) -> str:
    """Return a name as a part of a path that is no device of Windows and does not end like a page."""
    part = layout.path_part(folded(text), _LONGEST_PART)
    if _DEVICE.match(part):
        part = f"_{ord(part[0]):x}_{part[1:]}"
    return _ENDING.sub("_2e_", part)


def name(text: str) -> str:
    """Return the name of a model or a dataset, shortened for a page."""
    return _words.short(text, _NAME)


def values(found: Benchmark, group: Group) -> str:
    """Return the scores of a group as printed: one, or the least and the greatest of one unit."""
    rows = sorted((found.rows[place] for place in group.places), key=lambda row: row.score.value)
    texts = [_words.short(row.score.value_text, _NAME) for row in rows]
    if len(set(texts)) == 1:
        return texts[0]
    return "in different units" if "unit" in group.comparison.different else f"{texts[0]} to {texts[-1]}"


def says(found: Benchmark, group: Group) -> str:
    """Return what the scores of a group say together."""
    scores = _words.counted(len(group.places), "score")
    if group.finding == "single":
        return scores
    if group.finding == "agree":
        return f"{scores}, equal in every key; they agree"
    if group.finding == "contested":
        spread = f"{group.comparison.spread:f}"
        return f"contested: {values(found, group)}, {spread} apart, among scores equal in every key"
    return f"{scores}, {values(found, group)}, {group.comparison}"


def shown(row: Row, known: Mapping[str, Owner]) -> dict[str, Any]:
    """Return one score for its row of a table."""
    score, owner = row.score, known[row.owner_id]
    return {
        "value": _words.short(score.value_text, _NAME),
        "keys": [(label, _short(getattr(score, key))) for label, key in COLUMNS],
        "owner": owner,
        "href": owner.at(score.claim_id),
        "claim": score.claim_id,
        "source": _words.short(row.source, _PLACE) if row.source else "",
        "locator": _words.short(row.locator, _PLACE) if row.locator else "",
    }


def _short(text: str | None) -> str:
    return _words.short(text, _NAME) if text else ""
