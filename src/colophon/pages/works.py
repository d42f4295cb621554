"""The works: cited source papers of which something is filed, with their own claims.

A work has no tier, level or score, and it is never counted among the papers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from colophon import canon, layout, schema
from colophon.judgement import Judged
from colophon.model import Artifact, Page
from colophon.pages import (
    Output,
    _links,
    _lists,
    _log,
    _stated_scores,
    _verdict_rows,
    _words,
    registry_page,
    render,
)
from colophon.pages._held import held_in_words, status_in_words
from colophon.pages.sources import Source, by_source, file_name, resting
from colophon.reruns import Claim
from colophon.rules.verdict import Verdict
from colophon.score_rows import placed
from colophon.views import RegistryView
from colophon.works import FiledClaim, FiledWork, Work

_CONTRACT = "published-work-v1"
_TITLE, _TEXT, _PLACE, _AUTHORS, _CITING = 200, 1_200, 200, 600, 20
_READ = {
    "paper": "the paper",
    "abstract": "its abstract",
    "readme": "a README",
    "code": "code",
    "other": "elsewhere",
}
_COMMIT, _SCORES, _FILES, _STRIKES, _VERDICTS = 12, 12, 12, 4, 6


@registry_page("works")
def works(view: RegistryView) -> Iterator[Output]:
    """Yield the list of works, and for each its page and its JSON."""
    found = by_source(view.listed) if view.works else []
    # Of addresses that differ in their letters' case alone, the most cited stands for all.
    cited = {(one.kind, layout.without_version(one.kind, one.identifier)): one for one in reversed(found)}
    names = [(work.kind, work.identifier) for work in view.works]
    sources = [
        replace(cited.get(name) or Source(*name, ()), in_hand=view.in_hand.get(name)) for name in names
    ]
    yield from _index(view, sources)
    said = view.reruns.by_claim()
    for work, source in zip(view.works, sources, strict=True):
        yield from _pages(work, source, said)
        body = canon.dumps(document(work, source.papers))
        yield Artifact(f"{_base(work)}.json", "application/json", body)


def _base(work: Work) -> str:
    return f"works/{file_name(work.kind, work.identifier)}"


def _index(view: RegistryView, sources: Sequence[Source]) -> Iterator[Page]:
    pairs = sorted(zip(view.works, sources, strict=True), key=lambda pair: -len(pair[1].papers))
    rows = (
        render(
            "_work_row.html",
            title=_words.short(work.title, _TITLE),
            path=f"{_base(work)}.html",
            shown=source.shown,
            claims=len(work.claims),
            papers=len(source.papers),
            status=status_in_words(source.in_hand),
        )
        for work, source in pairs
    )
    text = f"{_words.counted(len(view.works), 'work')} with their own claims"
    for part in _lists.parts("works", rows):
        body = render("works.html", part=part, text=text)
        yield Page(part.path, part.titled("Works"), f"{text}, the most cited first.", "sources", body)


def _pages(work: Work, source: Source, said: Mapping[Claim, Sequence[Verdict]]) -> Iterator[Page]:
    """Yield the page of one work, with continuations when it has very many claims."""
    title = _words.short(work.title, _TITLE)
    struck = sum(one.is_struck for one in work.claims)
    for part in _parts(work, said):
        body = render(
            "works_one.html",
            part=part,
            title=title,
            source=source,
            authors=_words.short(", ".join(work.authors), _AUTHORS) if work.authors else "",
            claims=_words.counted(len(work.claims), "claim"),
            struck=struck,
            held=held_in_words(source.in_hand),
            status=status_in_words(source.in_hand),
            files=[_file(one) for one in work.files[-_FILES:]],
            earlier_files=max(0, len(work.files) - _FILES),
            papers=[_paper(item, claims) for item, claims in _shown(source)],
            more=len(source.papers) - _CITING,
            all_papers=f"../{source.base}.html",
            json=f"{_base(work).rpartition('/')[2]}.json",
        )
        text = f"What {source.shown} says of itself: {_words.counted(len(work.claims), 'claim')}."
        yield Page(part.path, part.titled(title), text, "sources", body)


def _parts(work: Work, said: Mapping[Claim, Sequence[Verdict]]) -> Iterator[_lists.Part]:
    rows = (
        render("_work_claim_row.html", claim=_claim(one), **_verdicts(work, one, said)) for one in work.claims
    )
    return _lists.parts(_base(work), rows, divider="__")


def _verdicts(work: Work, filed: FiledClaim, said: Mapping[Claim, Sequence[Verdict]]) -> dict[str, Any]:
    """Return the verdicts on a claim, as rows show them, and how many more there are."""
    found = said.get((work.kind, work.identifier, filed.claim.id), ())
    shown = [_verdict_rows.in_list(one, "../") for one in found[:_VERDICTS]]
    return {"verdicts": shown, "more_verdicts": len(found) - len(shown)}


def claim_pages(work: Work, said: Mapping[Claim, Sequence[Verdict]]) -> dict[str, str]:
    """Return on which page each claim of a work stands, by its id."""
    paths = [part.path for part in _parts(work, said) for _ in range(part.count)]
    return dict(zip((one.claim.id for one in work.claims), paths, strict=True))


def _shown(source: Source) -> Iterator[tuple[Judged, int | None]]:
    return zip(source.papers[:_CITING], source.claims, strict=False)


def _paper(item: Judged, claims: int | None) -> tuple[str, str, Any, str]:
    standing = _log.standing(item)
    return item.id, _words.short(_log.titled(item), _TITLE), standing, resting(claims, item.facts.claims)


def _file(filed: FiledWork) -> dict[str, Any]:
    manifest = filed.manifest
    return {
        "name": _words.short(filed.path.rpartition("/")[2], _PLACE),
        "day": manifest.date,
        "day_text": _words.day(manifest.date),
        "by": _words.short(manifest.added_by, _PLACE),
    }


def _claim(filed: FiledClaim) -> dict[str, Any]:
    """Return what the page shows of a claim."""
    claim, read = filed.claim, filed.claim.read_in
    places = [place for one in claim.scores if (place := placed(one)) and not filed.is_struck]
    scores = [_score(model, dataset) for model, dataset in dict.fromkeys(places)]
    return {
        "id": claim.id,
        "text": _words.clip(claim.text, _TEXT),
        "locator": _words.short(claim.locator, _PLACE),
        "read": _READ[read.where],
        "href": _links.safe(read.url),
        "commit": (read.commit or "")[:_COMMIT],
        "note": _words.short(read.note, _PLACE) if read.note else "",
        "strikes": [
            {"reason": _words.short(strike.reason, _PLACE), "day": by.manifest.date,
             "day_text": _words.day(by.manifest.date)}
            for by, strike in filed.strikes[:_STRIKES]
        ],
        "scores": scores[:_SCORES],
        "more_scores": max(0, len(scores) - _SCORES),
    }  # fmt: skip


def _score(model: str, dataset: str) -> tuple[str, str]:
    """Return the address of the page about a model on a dataset, and its name."""
    name = f"{_stated_scores.name(model)} on {_stated_scores.name(dataset)}"
    return f"../{_stated_scores.of_model(dataset, model)}.html", name


def document(work: Work, papers: Sequence[Judged]) -> dict[str, Any]:
    """Return the published-work-v1 of a work that these listed papers cite, the newest first."""
    values = {
        "contract_version": _CONTRACT,
        "work": {"kind": work.kind, "identifier": work.identifier},
        "title": work.title,
        "authors": list(work.authors) if work.authors else None,
        "files": [
            {"path": one.path, "sha256": one.sha256, "document": one.manifest.model_dump(mode="json")}
            for one in work.files
        ],
        "struck": [
            {"claim": filed.claim.id, "path": by.path, "reason": strike.reason}
            for filed in work.claims
            for by, strike in filed.strikes
        ],
        "cited_by": [item.id for item in papers],
    }
    ordered: dict[str, Any] = schema.ordered(_CONTRACT, values)
    return ordered
