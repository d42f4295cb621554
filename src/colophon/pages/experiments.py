"""Experiments: what was run again, what came out, and what that says about the claims bound to it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from minijinja import safe

from colophon import canon, formulas, run_metrics, schema
from colophon.contracts.run_record import Metric, Plot
from colophon.model import Artifact, Page
from colophon.pages import Output, _lists, _words, registry_page, render
from colophon.pages._experiment_data import document, plotted, table
from colophon.pages._plots import Drawn, drawn
from colophon.pages._run_facts import run_facts
from colophon.pages._verdict_rows import Places, alone, in_list, path, replaced
from colophon.pages.works import claim_pages
from colophon.reruns import Rerun
from colophon.rules.verdict import Run, Verdict
from colophon.rules.verdict_words import printed
from colophon.views import RegistryView

_TITLE, _TEXT, _LINE, _PARTS = 200, 800, 400, 14
# What verdicts, the drawings before them and the other results may take of an experiment's first page.
_ROWS, _DRAWINGS, _OTHERS = 12_000, 10_000, 4_000
_PRESETS = {"cpu": "without a GPU", "gpu": "on a GPU"}


@registry_page("experiments")
def experiments(view: RegistryView) -> Iterator[Output]:
    """Yield the list of experiments, and for each its pages, its data, its runs and the code that ran."""
    yield from _index(view)
    places = _places(view)
    for one in view.reruns.experiments:
        plots = _plots(one)
        fitting = _fitting(plots)
        yield from _pages(one, places, fitting, len(plots))
        yield from _verdicts(one, places)
        yield from _replaced(one)
        # Where all stand on the first page nothing leads to a page of their own.
        yield from _results(one, plots if len(fitting) < len(plots) else [])
        yield from _runs(one)
        yield from _files(one)


def _places(view: RegistryView) -> Places:
    """Return the pages of works' claims that something is bound to, or that a run takes numbers from."""
    said = view.reruns.by_claim()
    named = {(kind, identifier) for kind, identifier, _ in said}
    for one in view.reruns.experiments:
        owners = (number.owner for run in one.runs for number in run.record.published.values())
        named |= {(owner.kind, owner.identifier) for owner in owners}
    return {
        (work.kind, work.identifier, claim): page
        for work in view.works
        if (work.kind, work.identifier) in named
        for claim, page in claim_pages(work, said).items()
    }


def _index(view: RegistryView) -> Iterator[Page]:
    rows = (render("_experiment_row.html", **_summary(one)) for one in view.reruns.experiments)
    own = [said for one in view.reruns.experiments for said in one.verdicts if said.sender is None]
    total = Counter(said.verdict for said in own)
    text = f"{_words.counted(len(own), 'published statement')} bound to re-runs"
    for part in _lists.parts("experiments", rows):
        body = render(
            "experiments.html", part=part, text=text, verified=total["VERIFIED"], falsified=total["FALSIFIED"]
        )
        yield Page(part.path, part.titled("Experiments"), f"{text}.", "experiments", body)


def _summary(one: Rerun) -> dict[str, Any]:
    newest = one.newest
    own = [said for said in one.verdicts if said.sender is None]
    count = Counter(said.verdict for said in own)
    return {
        "id": one.experiment,
        "title": _title(one),
        "question": _words.short(newest.question, _TEXT) if newest else "",
        "bound": len(own),
        "sent": len(one.verdicts) - len(own),
        "sender": "" if one.is_own or newest is None else _words.short(newest.operator, _LINE),
        "verified": count["VERIFIED"],
        "falsified": count["FALSIFIED"],
        "runs": len(one.runs),
        "day_iso": one.runs[-1].record.ended[:10] if one.runs else None,
        "day_text": _words.day(one.runs[-1].record.ended) if one.runs else "",
    }


def _title(one: Rerun) -> str:
    newest = one.newest
    return _words.short(newest.title, _TITLE) if newest else one.experiment


def _pages(one: Rerun, places: Places, plots: list[Drawn], all_plots: int) -> Iterator[Page]:
    """Yield the page of an experiment: its question, some plots, its verdicts; the latter may continue."""
    newest, left = one.newest, list(_left(one))
    rows = (
        render("_verdict_row.html", said=in_list(said, "../", places)) for said in _in_order(one.verdicts)
    )
    for part in _lists.parts(f"experiments/{one.experiment}", rows, divider="__", room=_ROWS):
        body = render(
            "experiments_one.html",
            part=part,
            **_summary(one),
            limits=_words.short(newest.limits, _TEXT) if newest else "",
            plots=plots if part.number == 1 else [],
            all_plots=all_plots,
            others=_others(one) if part.number == 1 else "",
            left=left[:_PARTS],
            more_left=max(0, len(left) - _PARTS),
            is_bundled=bool(one.today),
            is_earlier=bool(one.runs) and one.is_earlier(one.speaking[-1]),
            script=f"{one.experiment.replace('-', '_')}.py",
        )
        title = part.titled(_title(one))
        yield Page(part.path, title, f"{title}: what was run again and what it says.", "experiments", body)


def _others(one: Rerun) -> str:
    """Return the rows of arithmetic that stands nowhere else: not bound, not drawn, no step to another."""
    metrics = _metrics(one)
    arithmetic = {name for name, (metric, _) in metrics.items() if metric.kind == "arithmetic"}
    used = {said.name for said in one.verdicts}
    used |= {
        p.metric for run in one.speaking for plot in run.record.plots for s in plot.series for p in s.points
    }
    for metric, _ in metrics.values():
        used |= frozenset().union(*map(formulas.names_in, run_metrics.formulas_of(metric)))
    rows, room = [], _OTHERS
    for name in sorted(arithmetic - used):
        row = _metric_row(name, metrics[name][0])
        room -= len(row.encode())
        if room < 0:
            break
        rows.append(row)
    return safe("\n".join(rows))


def _in_order(verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    """Return verdicts with what was decided first, then what was tested in kind, then what cannot be."""
    order = {"FALSIFIED": 0, "VERIFIED": 1, "UNVERIFIED": 2}

    def place(said: Verdict) -> tuple[bool, int, bool, bool, bool, str]:
        is_left = said.is_withheld or said.binding.grade == "direct"
        # Source papers are what reports rest on, so what they say comes before what reports make of it.
        is_of_report = said.outcome is None and said.binding.claim.kind == "paper"
        first = (said.sender is not None, order[said.verdict], said.outcome is None)
        return *first, is_left, is_of_report, said.path

    return sorted(verdicts, key=place)


def _left(one: Rerun) -> Iterator[dict[str, str]]:
    """Yield the parts of which no run is stored, with what they need."""
    newest = one.newest
    for part in newest.parts if newest else ():
        ran = any(part.name == other.name and other.ran for run in one.speaking for other in run.record.parts)
        if not ran:
            needs = next((words for preset, words in _PRESETS.items() if preset in part.presets), "")
            yield {"name": part.name, "what": _words.short(part.what, _TITLE), "needs": needs}


def _metrics(one: Rerun) -> dict[str, tuple[Metric, Run]]:
    """Return by name every metric, as its newest run has it that counts."""
    return {name: (metric, run) for run in one.speaking for name, metric in run.record.metrics.items()}


def _plots(one: Rerun) -> list[Drawn]:
    """Return what can be drawn of the newest metrics, as the newest run that declares it does."""
    metrics = {name: metric for name, (metric, _) in _metrics(one).items()}
    made = (drawn(plot, metrics) for plot in _declared(one).values())
    return [plot for plot in made if plot is not None]


def _declared(one: Rerun) -> dict[str, Plot]:
    return {plot.name: plot for run in one.speaking for plot in run.record.plots}


def _fitting(plots: list[Drawn]) -> list[Drawn]:
    """Return the first plots, as many as the first page has room for."""
    found, used = [], 0
    for plot in plots:
        used += len(render("_plot_row.html", plot_=plot, data=""))
        if used > _DRAWINGS:
            break
        found.append(plot)
    return found


def _verdicts(one: Rerun, places: Places) -> Iterator[Page]:
    """Yield the page of each verdict, from which it can be computed by hand."""
    for said in one.verdicts:
        is_earlier = said.run is not None and one.is_earlier(said.run)
        earlier = one.replaced.get(said.path.rpartition("/")[2])
        text = one.claims[said.path]
        shown = alone(said, text, places, is_earlier=is_earlier, replaces=earlier)
        body = render("experiments_verdict.html", said=shown, id=one.experiment, title=_title(one))
        title = f"{shown['statement']} ({shown['label']})"
        yield Page(path(said.path), _words.short(title, _TITLE), shown["reason"], "experiments", body)


def _replaced(one: Rerun) -> Iterator[Page]:
    """Yield a page for each binding that a later one replaces: links to it are kept."""
    for later, earlier in one.replaced.items():
        shown = replaced(earlier, later)
        body = render("experiments_replaced.html", said=shown, id=one.experiment, title=_title(one))
        title = _words.short(f"{shown['statement']} (replaced)", _TITLE)
        yield Page(path(earlier.path), title, "A later binding replaces this one.", "experiments", body)


def _results(one: Rerun, plots: list[Drawn]) -> Iterator[Page]:
    """Yield plots with their tables, then every metric with its formula."""
    data = f"{one.experiment}/plots"
    drawings = (render("_plot_row.html", plot_=plot, data=data) for plot in plots)
    base = f"experiments/{one.experiment}__results"
    for part in _lists.parts(base, drawings, divider="__") if plots else ():
        body = render("experiments_results.html", part=part, id=one.experiment, title=_title(one))
        yield Page(part.path, part.titled(f"{_title(one)}: plots"), "Every plot.", "experiments", body)
    rows = (_metric_row(name, metric) for name, (metric, _) in sorted(_metrics(one).items()))
    for part in _lists.parts(f"experiments/{one.experiment}__metrics", rows, divider="__", most=200):
        body = render("experiments_metrics.html", part=part, id=one.experiment, title=_title(one))
        yield Page(part.path, part.titled(f"{_title(one)}: metrics"), "Every metric.", "experiments", body)


def _metric_row(name: str, metric: Metric) -> str:
    return render(
        "_metric_row.html",
        name=name,
        value=printed(metric),
        kind=metric.kind,
        formula=_words.short(metric.formula, _LINE),
        what=_words.short(metric.what, _LINE),
    )


def _runs(one: Rerun) -> Iterator[Page]:
    rows = (
        render("_run_row.html", id=one.experiment, run=run_facts(run, is_earlier=one.is_earlier(run)))
        for run in reversed(one.runs)
    )
    for part in _lists.parts(f"experiments/{one.experiment}__runs", rows, divider="__"):
        body = render("experiments_runs.html", part=part, id=one.experiment, title=_title(one))
        yield Page(part.path, part.titled(f"{_title(one)}: runs"), "Every stored run.", "experiments", body)


def _files(one: Rerun) -> Iterator[Artifact]:
    """Yield the JSON and the table of an experiment, its runs as stored, and the code that ran."""
    base = f"experiments/{one.experiment}"
    yield Artifact(f"{base}.json", "application/json", canon.dumps(document(one)))
    metrics = _metrics(one)
    yield Artifact(f"{base}.csv", "text/csv", table(metrics).encode())
    for plot in _declared(one).values():
        yield Artifact(f"{base}/plots/{plot.name}.csv", "text/csv", plotted(plot, metrics).encode())
    for run in one.runs:
        machine, name = run.path.split("/")[2:]
        body = schema.ordered("run-record-v1", run.record.model_dump(mode="json"))
        yield Artifact(f"{base}/{machine}/{name}", "application/json", canon.dumps(body))
    for digest, code in one.code.items():
        yield Artifact(f"{base}/code/{digest.removeprefix('sha256:')}.py.txt", "text/plain", code)
