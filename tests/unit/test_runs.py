"""Stored runs and bindings: whatever is changed in one of them is found, by the right rule, in its place."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from colophon import canon, contracts, reruns, settings
from colophon.contracts.run_record import RunRecord
from colophon.model import Finding
from colophon.run_metrics import differing
from colophon.store import WorkTree

from ..conftest import ROOT
from ..reruns import CLAIM, CODE, EXPERIMENT, Registry, run, work

NOW = "2026-12-01T12:00:00Z"
ADA = ("Ada Example",)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A registry with one run and one binding to it."""
    made = Registry(tmp_path)
    made.add_run()
    made.bind()
    return made


def found(registry: Registry, now: str | None = NOW) -> list[Finding]:
    """Everything that is wrong with runs and bindings."""
    return list(reruns.read(registry.tree, ADA, now=now).findings)


def codes(registry: Registry) -> set[str]:
    """The rules that found something."""
    return {finding.code for finding in found(registry)}


def test_a_run_with_its_binding_is_in_order(registry: Registry) -> None:
    """And its claim is verified."""
    assert found(registry) == []
    (only,) = reruns.read(registry.tree, ADA).experiments
    assert [said.verdict for said in only.verdicts] == ["VERIFIED"]
    assert set(only.code) == {canon.digest(raw) for raw in CODE.values()}


def test_one_changed_digit_of_a_run_is_found(registry: Registry, tmp_path: Path) -> None:
    """Whichever digit it is: the name is the digest of the bytes."""
    (file,) = tmp_path.glob(f"runs/{EXPERIMENT}/desk/*.json")
    raw = file.read_bytes()
    places = [at for at, byte in enumerate(raw) if chr(byte).isdigit()]
    for at in places[:: max(1, len(places) // 40)]:
        digit = b"7" if raw[at : at + 1] != b"7" else b"3"
        file.write_bytes(raw[:at] + digit + raw[at + 1 :])
        assert "E103" in codes(registry), raw[at - 20 : at + 20]


def test_one_changed_byte_of_stored_code_is_found(registry: Registry, tmp_path: Path) -> None:
    """A verdict names its code by digest."""
    file = next(iter(sorted(tmp_path.glob(f"runs/{EXPERIMENT}/code/*.py"))))
    file.write_bytes(file.read_bytes() + b"\n")
    assert codes(registry) == {"E103"}


def test_missing_code_is_found(registry: Registry, tmp_path: Path) -> None:
    """A run without its code is none that anybody could check, and its binding has no run then."""
    next(iter(sorted(tmp_path.glob(f"runs/{EXPERIMENT}/code/*.py")))).unlink()
    assert codes(registry) == {"E102", "E101"}


def test_a_missing_run_is_found(registry: Registry, tmp_path: Path) -> None:
    """A direct binding without a run announces a result; code of which no run speaks is a stray."""
    next(iter(tmp_path.glob(f"runs/{EXPERIMENT}/desk/*.json"))).unlink()
    assert codes(registry) == {"E101", "S114"}


Change = Callable[[dict[str, Any]], None]


def put(*path: str | int, value: Any) -> Change:
    """A change of one member."""

    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value

    return change


def interval(low: float | None, high: float | None) -> dict[str, Any]:
    """The spread of the example with another interval, which its formulas give."""
    ends = {"low": low, "high": high}
    written = {f"{end}_formula": None if value is None else str(value) for end, value in ends.items()}
    return {**run()["metrics"]["spread"], **ends, **written}


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (put("metrics", "parameters", "value", value=1001), "E104", "/metrics/parameters/value"),
        (put("metrics", "spread", "high", value=601), "E104", "/metrics/spread/high"),
        (put("metrics", "spread", "low", value=None), "E104", "/metrics/spread/low"),
        (put("samples", "layer_parameters", "values", value=[400, 601]), "E104", "/metrics/parameters/value"),
        (put("metrics", "parameters", "formula", value="total(gone)"), "E104", "/metrics/parameters/formula"),
        (put("metrics", "parameters", "formula", value="spread + 500"), "", ""),
        (put("metrics", "spread", "formula", value="spread"), "E104", "/metrics/spread/formula"),
        (put("metrics", "spread", value=interval(500, 600)), "", ""),
        (put("metrics", "spread", value=interval(501, 600)), "E104", "/metrics/spread"),
        (put("metrics", "spread", value=interval(400, 499)), "E104", "/metrics/spread"),
        (put("metrics", "spread", value=interval(400, None)), "E104", "/metrics/spread"),
        (
            put("samples", "median", value={"unit": None, "what": "x", "values": [1]}),
            "E104",
            "/samples/median",
        ),
        (
            put("published", "parameters_stated", "owner", "identifier", value="2601.00001v2"),
            "E107",
            "/published/parameters_stated",
        ),
        (
            put("parameters", "spread", value={"value": 1, "unit": None, "what": "x"}),
            "E104",
            "/metrics/spread",
        ),
        (
            put("published", "parameters_stated", "text", value="1,001"),
            "E107",
            "/published/parameters_stated",
        ),
        (put("published", "parameters_stated", "value", value=1001), "E107", "/published/parameters_stated"),
        (
            put("published", "parameters_stated", "owner", "claim", value="c009"),
            "E107",
            "/published/parameters_stated",
        ),
        (put("preset", value="smoke"), "E106", "/preset"),
        (put("checks", 0, "error", value=0.5), "E106", "/checks/0"),
        (put("started", value="2026-07-03T00:00:00Z"), "S113", "/ended"),
    ],
)
def test_what_does_not_follow_is_found(tmp_path: Path, change: Change, code: str, pointer: str) -> None:
    """Also where the name fits the bytes: a metric that was written by hand shows itself."""
    registry, document = Registry(tmp_path), run()
    change(document)
    registry.add_run(document)
    held = [(one.code, one.pointer) for one in found(registry)]
    assert (code, pointer) in held if code else held == []


def test_metrics_in_a_circle_are_no_result(tmp_path: Path) -> None:
    """Two metrics that follow from each other agree with whatever was written."""
    registry, document = Registry(tmp_path), run()
    for name, other in (("parameters", "spread"), ("spread", "parameters")):
        one = document["metrics"][name]
        one.update(formula=other, value=5, low=None, high=None, low_formula=None, high_formula=None)
    registry.add_run(document)
    assert {one.code for one in found(registry)} == {"E104"}
    assert all("follows from itself" in one.message for one in found(registry))


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (run(experiment="other"), "S112"),
        (run(machine={**run()["machine"], "name": "elsewhere"}), "S112"),
        (run(ended="2027-01-01T00:00:00Z"), "H101"),
    ],
)
def test_a_run_lies_where_it_says_and_not_in_the_future(tmp_path: Path, document: Any, code: str) -> None:
    """Its folder names experiment and machine, its name the day."""
    registry = Registry(tmp_path)
    raw_place = f"runs/{EXPERIMENT}/desk"
    file = registry.add_run(document)
    target = tmp_path / raw_place / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    file.rename(target)
    assert code in codes(registry)


@pytest.mark.parametrize(
    "path",
    [
        "runs/x.json",
        "runs/UPPER/x.json",
        f"runs/{EXPERIMENT}/x.json",
        f"runs/{EXPERIMENT}/desk/x.json",
        f"runs/{EXPERIMENT}/code/x.py",
        f"runs/{EXPERIMENT}/code/{'a' * 64}.txt",
        "bindings/x.json",
        f"bindings/{EXPERIMENT}/A.json",
        f"bindings/{EXPERIMENT}/deep/x.json",
    ],
)
def test_strays_are_named(registry: Registry, path: str) -> None:
    """Nothing lies in these folders that is not judged."""
    registry.write(path, b"{}\n")
    assert "S114" in codes(registry) or "S108" in codes(registry)


def expecting(text: str, value: float, relation: str, unit: str | None = None) -> dict[str, Any]:
    """The change that makes a binding expect something else."""
    return {"expected": {"text": text, "value": value, "unit": unit, "relation": relation}}


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        (expecting("1,001", 1001, "equals"), "E105", "/expected/text"),
        (expecting("1,000", 1001, "equals"), "E105", "/expected/value"),
        (expecting("1", 1, "equals"), "E105", "/expected/text"),
        (expecting("1,000", -1000, "at_least"), "E105", "/expected/value"),
        (expecting("-5%", 5, "equals"), "E105", "/expected/value"),
        # The claim prints it, but a metric without a unit is no percentage.
        (expecting("-5%", -5, "equals"), "E114", "/expected/unit"),
        (expecting("the larger one", 0, "above"), "", ""),
        (expecting("the larger one", 0, "at_least"), "", ""),
        (expecting("the larger one", 2, "above"), "E105", "/expected/value"),
        (expecting("the larger one", 0, "equals"), "E105", "/expected/value"),
        ({"claim": {**CLAIM, "claim": "figures-c002"}}, "S113", "/claim/claim"),
        ({"claim": {**CLAIM, "identifier": "2601.00009"}}, "S113", "/claim/identifier"),
        ({"claim": {"kind": "paper", "identifier": "0" * 36, "claim": "c001"}}, "S113", "/claim/identifier"),
        ({"experiment": "other"}, "S112", "/experiment"),
        ({"claim": {**CLAIM, "identifier": "2601.00001v1"}}, "S112", "/claim/identifier"),
        ({"claim": {**CLAIM, "identifier": "arXiv:2601.00001"}}, "S112", "/claim/identifier"),
        (expecting("1,000", 1000, "equals", "ms"), "E114", "/expected/unit"),
        ({"metric": "/metrics/gone"}, "E101", "/metric"),
        ({"metric": "/metrics/gone", "grade": "in_kind"}, "", ""),
        ({"date": "2027-01-01"}, "H101", "/date"),
        ({"supersedes": "gone.json"}, "S113", "/supersedes"),
        ({"supersedes": "small.json"}, "S113", "/supersedes"),
        ({"tolerance": {"value": 5, "kind": "absolute", "basis": "exact", "why": "x"}}, "E113", "/tolerance"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_binding_is_found(
    registry: Registry, changes: dict[str, Any], code: str, pointer: str
) -> None:
    """In its place, with its line."""
    registry.bind("other", filed_by="Eve")
    registry.bind(**changes)
    held = [(one.code, one.pointer) for one in found(registry)]
    assert held == ([(code, pointer)] if code else [])


def test_a_later_binding_replaces_an_earlier_one(registry: Registry) -> None:
    """Only the newest of a chain gives a verdict; two that replace the same one are refused."""
    registry.bind("mended", supersedes="small.json", statement="The same, said better.")
    (only,) = reruns.read(registry.tree).experiments
    assert [said.path for said in only.verdicts] == [f"bindings/{EXPERIMENT}/mended.json"]
    assert found(registry) == []
    # Two that replace the same one both stand: which was filed first no file says.
    registry.bind("rival", supersedes="small.json")
    assert found(registry) == []
    (only,) = reruns.read(registry.tree).experiments
    assert len(only.verdicts) == 2


def test_a_binding_is_replaced_by_its_author_or_a_maintainer(registry: Registry) -> None:
    """That is judged when it is filed; a maintainer who leaves later damages nothing."""
    registry.bind("other", supersedes="small.json", filed_by="Eve")
    path = [f"bindings/{EXPERIMENT}/other.json"]
    refused = list(reruns.findings_of(registry.tree, path, NOW, ()))
    assert [(one.code, one.pointer) for one in refused] == [("S113", "/filed_by")]
    assert list(reruns.findings_of(registry.tree, path, NOW, ("Eve",))) == []
    assert found(registry) == []


def test_a_stranger_replaces_nothing(registry: Registry) -> None:
    """Also where it lies in the registry already: both stand, and the stranger's decides nothing."""
    registry.bind("other", supersedes="small.json", filed_by="Eve", grade="in_kind")
    (only,) = reruns.read(registry.tree, ADA).experiments
    assert [(said.verdict, said.sender) for said in only.verdicts] == [
        ("UNVERIFIED", "Eve"),
        ("VERIFIED", None),
    ]
    assert only.replaced == {}
    # The other way round a maintainer confirms what a stranger sent.
    registry.bind("mine", supersedes="other.json", grade="in_kind")
    (only,) = reruns.read(registry.tree, ADA).experiments
    assert {one: earlier.name for one, earlier in only.replaced.items()} == {"mine.json": "other.json"}


def test_the_registrys_own_verdicts_stand_first(registry: Registry) -> None:
    """However strangers name their files: a page that has room for a few shows the registry's."""
    for place in range(8):
        registry.bind(f"aaa-{place}", filed_by="Eve")
    again = reruns.read(registry.tree, ADA)
    (said,) = again.by_claim().values()
    assert [one.sender for one in said] == [None, *["Eve"] * 8]
    assert said[0].verdict == "VERIFIED"


def test_a_long_chain_of_metrics_is_followed(tmp_path: Path) -> None:
    """However many stand between a metric and its samples."""
    registry, document = Registry(tmp_path), run()
    one = {**document["metrics"]["parameters"], "formula": "parameters + 0"}
    for at in range(3000):
        document["metrics"][f"m{at}"] = dict(one)
        one["formula"] = f"m{at} + 0"
    registry.add_run(document)
    assert found(registry) == []


def test_formulas_without_end_are_not_computed(tmp_path: Path) -> None:
    """What would keep the check busy for hours is refused in a moment."""
    registry, document = Registry(tmp_path), run()
    document["samples"]["many"] = {"unit": None, "what": "x", "values": [1] * 200_000}
    one = {**document["metrics"]["parameters"], "value": 1, "formula": "+".join(["median(many)"] * 30)}
    document["metrics"] |= {f"m{at}": one for at in range(1000)}
    registry.add_run(document)
    assert [(held.code, "20,000,000 values" in held.message) for held in found(registry)] == [("E104", True)]


def test_formulas_of_any_length_are_not_read(tmp_path: Path) -> None:
    """Reading them would take as long as computing them."""
    registry, document = Registry(tmp_path), run()
    one = {**document["metrics"]["parameters"], "formula": "+".join(["total(layer_parameters)"] * 16)}
    document["metrics"] |= {f"m{at}": one for at in range(1600)}
    registry.add_run(document)
    assert [(held.code, held.pointer) for held in found(registry)] == [("E104", "/metrics")]


def strike(registry: Registry, by: str) -> None:
    """Strike the claim that is bound."""
    later = {**work(), "date": "2026-07-09", "claims": [], "added_by": by}
    later["strikes"] = [{"claim": "figures-c001", "reason": "It stands in another row."}]
    registry.put("works/arxiv/2601.00001/2026-07-09-struck.json", later, "work-manifest-v1")


def test_a_stranger_strikes_no_verdict(registry: Registry) -> None:
    """The strike is shown where the claim is; the verdict stands until the registry strikes the claim."""
    strike(registry, "Eve")
    (only,) = reruns.read(registry.tree, ADA).experiments
    assert [said.verdict for said in only.verdicts] == ["VERIFIED"]
    said = list(reruns.reporters(registry.tree, ["works/arxiv/2601.00001/2026-07-09-struck.json"]))
    assert said == ["works/arxiv/2601.00001/2026-07-09-struck.json strikes 'figures-c001'; it names 'Eve'"]


def test_a_name_that_looks_like_another_is_spelled_out(registry: Registry) -> None:
    """In the note to whoever merges; and what it can do stands before the name."""
    registry.bind("other", filed_by="Ada Exаmple, who decides claims")
    paths = [f"bindings/{EXPERIMENT}/{name}.json" for name in ("small", "other")]
    own, other = reruns.reporters(registry.tree, paths, ADA)
    assert own.startswith(f'{paths[0]} decides claims; it names "Ada Example": ')
    assert other.startswith(f"{paths[1]} decides nothing; it names 'Ada Ex\\u0430mple, who decides claims': ")


def test_a_number_that_is_struck_later_decides_nothing(registry: Registry) -> None:
    """What follows from a claim that no more stands does not stand either."""
    document = run()
    document["metrics"]["stated"] = {
        **document["metrics"]["parameters"], "formula": "parameters_stated / 10", "value": 100,
        "kind": "arithmetic",
    }  # fmt: skip
    registry.add_run(document)
    other = {**work()["claims"][0], "id": "other-c001", "text": "There are 100."}
    registry.put(
        "works/arxiv/2601.00001/2026-07-02-other.json",
        {**work(), "date": "2026-07-02", "claims": [other]},
        "work-manifest-v1",
    )
    changes = expecting("100", 100, "equals")
    registry.bind("stated", claim={**CLAIM, "claim": "other-c001"}, metric="/metrics/stated", **changes)

    def stated() -> tuple[str, str]:
        (only,) = reruns.read(registry.tree, ADA).experiments
        (said,) = (one for one in only.verdicts if one.name == "stated")
        return said.verdict, said.reason

    assert stated()[0] == "VERIFIED"
    strike(registry, "Ada Example")
    verdict, reason = stated()
    assert verdict == "UNVERIFIED"
    assert reason.endswith("it follows from 1,000, which arxiv 2601.00001 figures-c001 no more says")


def test_bindings_that_supersede_each_other_are_refused(registry: Registry) -> None:
    """Otherwise neither would be shown."""
    registry.bind("one", supersedes="other.json")
    registry.bind("other", supersedes="one.json")
    assert {(one.code, one.pointer) for one in found(registry)} == {("S113", "/supersedes")}


def test_a_claim_that_is_struck_out_later_damages_nothing(registry: Registry) -> None:
    """What was bound to it, and what a run took from it, was said before."""
    strike(registry, "Ada Example")
    assert found(registry) == []
    (only,) = reruns.read(registry.tree, ADA).experiments
    (said,) = only.verdicts
    assert said.verdict == "UNVERIFIED"
    assert said.reason.endswith("but the claim was struck out since")


def test_a_record_that_is_removed_damages_nothing(registry: Registry) -> None:
    """A binding to a claim that is gone stays in its file and says nothing any more."""
    record = "11111111-1111-4111-8111-111111111111"
    registry.bind("paper", claim={"kind": "paper", "identifier": record, "claim": "c001"})
    assert {one.code for one in found(registry)} == {"S113"}
    note = b'{"removed": "sha256:' + b"a" * 64 + b'"}\n'
    registry.write(f"papers/11/{record}/manifest.json", note)
    assert found(registry) == []
    (only,) = reruns.read(registry.tree).experiments
    assert [said.path for said in only.verdicts] == [f"bindings/{EXPERIMENT}/small.json"]


def test_a_class_that_says_too_much_is_a_warning(tmp_path: Path) -> None:
    """It does not block, and the page says the class that holds."""
    registry, document = Registry(tmp_path), run()
    document["metrics"]["stated"] = {
        **copy.deepcopy(document["metrics"]["parameters"]),
        "formula": "parameters_stated", "value": 1000, "kind": "measured",
    }  # fmt: skip
    registry.add_run(document)
    assert [(one.code, one.severity) for one in found(registry)] == [("E112", "warning")]


def test_sums_in_another_order_are_the_same_metric() -> None:
    """The last digits of a sum depend on the program that sums."""
    document = run()
    document["metrics"]["parameters"]["value"] = 1000 * (1 + 1e-12)
    assert list(differing(cast(RunRecord, contracts.read(document)))) == []


def test_the_runs_and_bindings_of_this_registry_are_in_order() -> None:
    """Every stored number follows from its samples, and at least forty-five statements are decided."""
    tree = WorkTree(str(ROOT / "registry"))
    again = reruns.read(tree, settings.load(tree).settings.stewards, now=NOW)
    assert again.findings == ()
    decided = [said for one in again.experiments for said in one.verdicts if said.is_decided]
    by_code = [said for said in decided if said.run_class != "arithmetic"]
    assert len({(said.binding.claim, said.binding.expected) for said in decided}) >= 45
    assert len(by_code) >= 25
