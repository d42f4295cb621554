"""Made-up experiments for pages: every kind of verdict and plot, hostile texts, the largest that may be."""

from typing import Any, cast

from colophon import contracts
from colophon.bindings import FiledBinding
from colophon.contracts.reproduction_binding import Binding
from colophon.contracts.run_record import RunRecord
from colophon.reruns import Rerun, Reruns
from colophon.rules.verdict import Run, verdict

from ...reruns import binding, run

EXACT = {"value": 0, "kind": "absolute", "basis": "exact", "why": "A count is exact."}
DIGEST = "sha256:" + "ab" * 32


def metric(value: float, formula: str = "total(layer_parameters)", **more: Any) -> dict[str, Any]:
    """One metric."""
    return {
        "value": value, "low": None, "high": None, "unit": None, "kind": "measured", "formula": formula,
        "low_formula": None, "high_formula": None, "what": "what it is", **more,
    }  # fmt: skip


def _point(metric_: str, *, x: float | None = None, label: str | None = None) -> dict[str, Any]:
    return {"x": x, "label": label, "metric": metric_}


def _plot(name: str, kind: str, text: str, *series: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "name": name, "title": text, "kind": kind, "x": text, "y": text,
        "x_scale": "log", "y_scale": "linear", "level": None,
        "series": [{"label": text, "points": points} for points in series], **more,
    }  # fmt: skip


def _run(name: str, machine: str = "desk", **changes: Any) -> Run:
    samples = {"layer_parameters": {"unit": None, "what": "parameters", "values": [300, 300, 400]}}
    document = run(samples=samples, **changes)
    document["machine"] = {**document["machine"], "name": machine}
    return Run(f"runs/sums/{machine}/{name}.json", DIGEST, cast(RunRecord, contracts.read(document)))


def _stewards(runs: tuple[Run, ...]) -> frozenset[str]:
    """Everybody but Eve: hostile names are among those that the registry answers for."""
    return frozenset({"Ada Example", *(run.record.operator for run in runs)} - {"Eve"})


def _bound(name: str, owner: dict[str, str], runs: tuple[Run, ...], **changes: Any) -> Any:
    document = {"claim": owner, "tolerance": EXACT, **changes}
    made = cast(Binding, contracts.read(binding(**document)))
    return verdict(made, f"bindings/sums/{name}.json", runs, _stewards(runs))


def _expect(value: float, relation: str = "equals") -> dict[str, Any]:
    return {"text": f"{value:g}", "value": value, "unit": None, "relation": relation}


def small_reruns(hostile: str, owner: dict[str, str]) -> Reruns:
    """An experiment with every verdict, every kind of plot and hostile texts, and one without a run."""
    metrics = {
        "parameters": metric(1000, kind="counted"),
        "spread": metric(500, low=400, high=600, unit="x"),
        "small": metric(2.5e-7, "parameters * 1e-9 / 4", what=hostile),
    }
    plots = [
        _plot("over", "lines", hostile, [_point("spread", x=1024), _point("parameters", x=2048)],
              [_point("small", x=4096), _point("gone", x=1)], level={"value": 700, "label": hostile}),
        _plot("beside", "bars", "bars", [_point("spread", label=hostile), _point("small", label="b")]),
        _plot("parts", "stacks", "stacks", [_point("spread", label="a")], [_point("parameters", label="a")]),
        _plot("nothing", "lines", "nothing", [_point("gone", x=1)]),
        _plot("nowhere", "lines", "nowhere", [_point("spread", label="a")]),
    ]  # fmt: skip
    old = [{"name": "old.py", "sha256": "sha256:" + "cd" * 32}]
    texts = {
        "title": hostile,
        "question": hostile,
        "limits": hostile,
        "operator": hostile,
        "notes": [hostile],
    }
    runs = (
        _run("2026-07-01-0000000000000001", code=old, metrics=metrics),
        _run("2026-07-02-0000000000000002", metrics={**metrics, "spread": metric(7, low=6, high=8)}),
        _run("2026-07-02-0000000000000003", machine="second", metrics=metrics, plots=plots, **texts,
             published={"stated": {"value": 9, "text": hostile, "unit": None, "owner": owner}}),
        _run("2026-07-03-0000000000000004", machine="elsewhere", operator="Eve", title="Mine",
             metrics={**metrics, "parameters": metric(7, kind="counted")}),
    )  # fmt: skip
    said = (
        _bound(
            "agrees",
            owner,
            runs,
            expected=_expect(1000),
            statement=hostile,
            why=hostile,
        ),
        _bound("strange", owner, runs, expected=_expect(1000), filed_by="Eve", grade="in_kind"),
        _bound("differs", owner, runs, expected=_expect(999)),
        _bound("disagree", owner, runs, expected=_expect(500), metric="/metrics/spread"),
        _bound("in-kind", owner, runs, expected=_expect(999), grade="in_kind"),
        _bound("waits", owner, runs, expected=_expect(1), metric="/metrics/later", grade="in_kind"),
        _bound("cannot", owner, runs, expected=None, metric=None, tolerance=None, grade="cannot_test"),
    )
    earlier = FiledBinding("bindings/sums/earlier.json", said[1].binding, hostile, None)
    code = {one.sha256: hostile.encode() for held in runs for one in held.record.code}
    texts = {one.path: hostile for one in said}
    stewards, replaced = _stewards(runs), {"differs.json": earlier}
    whole = Rerun("sums", runs, said, texts, code, frozenset({DIGEST}), stewards, replaced)
    bare = _bound("alone", owner, (), expected=_expect(1), grade="in_kind")
    return Reruns((whole, Rerun("waiting", (), (bare,), {bare.path: "words"}, {}, frozenset())))


def large_reruns(owner: dict[str, str]) -> Reruns:
    """An experiment with as much of everything as a contract allows, each character escaped to six bytes."""
    long = "'" * 2000
    names = [f"m{number}_{'x' * 60}" for number in range(300)]
    metrics = {
        name: metric(1e308 if number % 7 == 0 else number, low=-number, high=2e99, what=long, unit=long[:50])
        for number, name in enumerate(names)
    }
    lines = [[_point(name, x=float(2**at)) for at, name in enumerate(names[:200])] for _ in range(20)]
    bars = [[_point(name, label=f"{at} {long}") for at, name in enumerate(names[:200])] for _ in range(20)]
    kinds = (("lines", lines), ("bars", bars), ("stacks", bars)) * 8
    plots = [_plot(f"plot-{at}", kind, long, *points) for at, (kind, points) in enumerate(kinds)]
    parts = [{"name": f"part-{at}", "what": long, "presets": ["gpu"], "ran": at == 0} for at in range(40)]
    backends = [{"step": long, "name": long}] * 200
    runs = tuple(
        _run(f"2026-07-0{number}-000000000000000{number}", metrics=metrics, plots=plots, backends=backends,
             notes=[long] * 100, title=long, question=long, limits=long, operator="'" * 200,
             parts=parts)
        for number in range(1, 6)
    )  # fmt: skip
    said = tuple(
        _bound(f"bound-{at}", owner, runs, metric=f"/metrics/{names[at]}", statement=long, why=long * 2,
               expected={**_expect(at), "text": long}, tolerance={**EXACT, "why": long})
        for at in range(120)
    )  # fmt: skip
    code = {one.sha256: b"pass\n" for held in runs for one in held.record.code}
    return Reruns(
        (Rerun("sums", runs, said, {one.path: long * 2 for one in said}, code, frozenset(), _stewards(runs)),)
    )
