"""Scores by benchmark and model: what records and works state, and which of it may be compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from colophon import canon
from colophon.benchmark_evidence import Benchmark, benchmark, by_name, document
from colophon.model import Artifact, Page
from colophon.pages import Output, _lists, _stated_scores, _words, registry_page, render
from colophon.pages._record_lists import fitting, joined
from colophon.pages._stated_scores import Owner
from colophon.pages.works import claim_pages
from colophon.score_rows import of_work, packed
from colophon.views import RegistryView

# Digits of a value that hardly two measurements have in common by chance.
_DIGITS = 4
# Owners of one such value, and bytes of a page for all of them.
_OWNERS, _SAME_ROOM = 6, 9_000
# Of one model in a list of models.
_GROUPS = 6
_ROOM = 19_000


@dataclass(frozen=True, slots=True)
class _Model:
    """One model on a dataset: where its page lies, and of its first groups metric, values and a word."""

    name: str
    path: str
    scores: int
    groups: tuple[tuple[str, str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class _Dataset:
    """One dataset for the list of all."""

    name: str
    path: str
    models: int
    scores: int
    contested: int


@registry_page("benchmarks")
def benchmarks(view: RegistryView) -> Iterator[Output]:
    """Yield the list of datasets, a page for each, and a page and its JSON for each model on one."""
    stated = {f"{one.kind} {one.identifier}": tuple(map(packed, of_work(one))) for one in view.works}
    said = view.reruns.by_claim()
    pages = {
        name: claim_pages(work, said)
        for work, (name, lines) in zip(view.works, stated.items(), strict=True)
        if lines
    }
    known = _stated_scores.owners(view, pages)
    listed = []
    # All papers count, for each row shows the tier of its paper.
    papers = (item.scores for item in view.everything)
    for models in by_name(chain.from_iterable(chain(stated.values(), papers))).values():
        evidence = [benchmark(lines) for lines in models.values()]
        for one in evidence:
            yield from _of_model(one, known)
        dataset = evidence[0].dataset
        path = _stated_scores.of_dataset(dataset)
        yield from _of_dataset(dataset, path, evidence, known)
        contested = sum(group.finding == "contested" for one in evidence for group in one.groups)
        scores = sum(one.total for one in evidence)
        listed.append(_Dataset(_stated_scores.name(dataset), path, len(evidence), scores, contested))
    yield from _index(listed)


def _index(listed: Sequence[_Dataset]) -> Iterator[Page]:
    ordered = sorted(listed, key=lambda one: (-one.models, -one.scores, one.path))
    rows = (render("_benchmark_row.html", one=one) for one in ordered)
    scores = sum(one.scores for one in listed)
    text = f"{_words.counted(scores, 'score')} on {_words.counted(len(listed), 'benchmark')}"
    for part in _lists.parts("benchmarks", rows):
        body = render("benchmarks.html", part=part, text=text)
        about = f"{text}, as papers and works state them."
        yield Page(part.path, part.titled("Benchmarks"), about, "sources", body)


def _of_dataset(
    dataset: str, path: str, evidence: Sequence[Benchmark], known: Mapping[str, Owner]
) -> Iterator[Page]:
    """Yield the page of one dataset: its models, and figures that were stated for several of them."""
    shown = _stated_scores.name(dataset)
    rows = (render("_benchmark_model_row.html", one=_model(one), root="../") for one in evidence)
    text = f"{_words.counted(len(evidence), 'model')} on {shown}"
    same = _same(evidence, known)
    for part in _lists.parts(path, rows, divider="__", room=_ROOM):
        body = render("benchmarks_dataset.html", part=part, name=shown, text=text, same=same)
        yield Page(part.path, part.titled(shown), f"{text}, as papers and works state them.", "sources", body)


def _model(found: Benchmark) -> _Model:
    groups = tuple(
        (
            _stated_scores.name(group.metric or ""),
            _stated_scores.values(found, group),
            group.finding,
        )
        for group in found.groups[:_GROUPS]
    )
    path = _stated_scores.of_model(found.dataset, found.model)
    more = len(found.groups) - len(groups)
    return _Model(_stated_scores.name(found.model), path, found.total, groups, more)


def _same(evidence: Sequence[Benchmark], known: Mapping[str, Owner]) -> dict[str, Any]:
    """Return the figures of four digits or more that different owners state for different models, as rows."""
    stated: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    for found in evidence:
        path = _stated_scores.of_model(found.dataset, found.model)
        for row in found.rows:
            if sum(map(str.isdigit, row.score.value_text)) >= _DIGITS:
                owner = known[row.owner_id]
                entry = {
                    "model": _stated_scores.name(row.model),
                    "path": path,
                    "title": owner.title,
                    "href": owner.at(row.score.claim_id),
                }
                stated.setdefault(row.score.value_text, {})[found.model, row.owner_id] = entry
    rows = []
    for value, by in sorted(stated.items()):
        if len({model for model, _ in by}) > 1 and len({owner for _, owner in by}) > 1:
            entries = list(by.values())
            more = len(entries) - _OWNERS
            rows.append(
                render("_benchmark_same_row.html", value=value, stated=entries[:_OWNERS], more=max(0, more))
            )
    shown = fitting(rows, _SAME_ROOM)
    return {"rows": joined(rows[:shown]), "more": len(rows) - shown}


def _of_model(found: Benchmark, known: Mapping[str, Owner]) -> Iterator[Output]:
    """Yield the page of one model on one dataset, and its benchmark-evidence-v1."""
    path = _stated_scores.of_model(found.dataset, found.model)
    model, dataset = _stated_scores.name(found.model), _stated_scores.name(found.dataset)
    title = f"{model} on {dataset}"
    text = f"{_words.counted(found.total, 'score')} of {title}"
    for part in _lists.parts(path, _rows(found, known, "../" * path.count("/")), divider="__"):
        body = render(
            "benchmarks_one.html",
            part=part,
            title=title,
            total=found.total,
            left_out=found.total - len(found.rows),
            dataset=dataset,
            dataset_path=f"{_stated_scores.of_dataset(found.dataset)}.html",
            columns=[label for label, _ in _stated_scores.COLUMNS],
            json=f"{path.rpartition('/')[2]}.json",
        )
        yield Page(part.path, part.titled(title), f"{text}, as papers and works state them.", "sources", body)
    yield Artifact(f"{path}.json", "application/json", canon.dumps(document(found)))


def _rows(found: Benchmark, known: Mapping[str, Owner], root: str) -> Iterator[str]:
    """Yield the scores as rows, a row that says what they are together before each group."""
    for group in found.groups:
        yield render(
            "_benchmark_group_row.html",
            metric=_stated_scores.name(group.metric or ""),
            says=_stated_scores.says(found, group),
            is_contested=group.finding == "contested",
            columns=len(_stated_scores.COLUMNS) + 2,
        )
        for place in group.places:
            row = _stated_scores.shown(found.rows[place], known)
            yield render("_benchmark_score_row.html", row=row, root=root)
