"""A verdict follows from binding and runs: how a metric lies to its claim, and whether that may decide."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import contracts
from colophon.contracts.reproduction_binding import Binding
from colophon.contracts.run_record import RunRecord
from colophon.rules.verdict import Run, Verdict, verdict
from colophon.rules.verdict_faults import overstated
from colophon.rules.verdict_words import claimed, compared, label, printed

from ...reruns import CLAIM, binding, run

PATH = "bindings/count-parameters/small.json"
ADA = ("Ada Example",)


def bound(**changes: Any) -> Binding:
    """The example binding with members replaced."""
    return cast(Binding, contracts.read(binding(**changes)))


def stored(name: str = "1", **changes: Any) -> Run:
    """The example run, under a path of its own."""
    record = cast(RunRecord, contracts.read(run(**changes)))
    return Run(f"runs/count-parameters/{record.machine.name}/{name}.json", f"sha256:{name}", record)


def metric(value: float, low: float | None = None, high: float | None = None, **more: Any) -> dict[str, Any]:
    """One metric, given by its numbers; formulas are not looked at here but for their names."""
    return {
        "value": value, "low": low, "high": high, "unit": None, "kind": "counted", "what": "a number",
        "formula": "mean(layer_parameters)", "low_formula": None, "high_formula": None, **more,
    }  # fmt: skip


def expecting(text: str, value: float, relation: str = "equals") -> dict[str, Any]:
    """What a claim says; what prints a percentage counts in per cent."""
    return {"text": text, "value": value, "unit": "%" if "%" in text else None, "relation": relation}


def within(value: float, basis: str = "exact", kind: str = "absolute") -> dict[str, Any]:
    """A tolerance."""
    return {"value": value, "kind": kind, "basis": basis, "why": "See there."}


PRINTED, SPREAD = within(0.5, "printed_precision"), within(0.05, "observed_spread", "relative")


def said(of: dict[str, Any], expected: dict[str, Any], tolerance: dict[str, Any], **more: Any) -> Verdict:
    """The verdict on one metric."""
    changes = {"expected": expected, "tolerance": tolerance, **more}
    of = of if of["unit"] else {**of, "unit": "%" if "%" in expected["text"] else None}
    return verdict(bound(**changes), PATH, [stored(metrics={"parameters": of})], ADA)


@pytest.mark.parametrize(
    ("of", "expected", "tolerance", "word"),
    [
        (metric(1000), expecting("1,000", 1000), within(0), "VERIFIED"),
        (metric(1001), expecting("1,000", 1000), within(0), "FALSIFIED"),
        (metric(40.67), expecting("41%", 41), PRINTED, "VERIFIED"),
        (metric(40.4), expecting("41%", 41), PRINTED, "FALSIFIED"),
        # The interval of the metric reaches what was claimed, the metric itself does not.
        (metric(11.1, 10.5, 11.8), expecting("12x", 12), PRINTED, "UNVERIFIED"),
        (metric(11.1, 10.5, 11.4), expecting("12x", 12), PRINTED, "FALSIFIED"),
        # An order holds when the whole interval fulfils it.
        (metric(12.5, 11.8, 13.3), expecting("12", 12, "at_least"), PRINTED, "VERIFIED"),
        (metric(12.5, 11.4, 13.3), expecting("12", 12, "at_least"), PRINTED, "UNVERIFIED"),
        (metric(7.7, 7.4, 8.0), expecting("12", 12, "at_least"), PRINTED, "FALSIFIED"),
        (metric(1.5), expecting("1.5", 1.5, "at_most"), within(0), "VERIFIED"),
        (metric(1.6), expecting("1.5", 1.5, "at_most"), within(0), "FALSIFIED"),
        (metric(99), expecting("99%", 99, "above"), within(0), "FALSIFIED"),
        (metric(99), expecting("99%", 99, "below"), within(0), "FALSIFIED"),
        (metric(99), expecting("99%", 99, "at_least"), within(0), "VERIFIED"),
        (metric(-0.05), expecting("the larger one", 0, "above"), within(0), "FALSIFIED"),
        (metric(0.05), expecting("the larger one", 0, "above"), within(0), "VERIFIED"),
        (metric(0), expecting("less", 0, "below"), within(0), "FALSIFIED"),
        (metric(-1e-12), expecting("less", 0, "below"), within(0), "VERIFIED"),
        (metric(103, 95, 110), expecting("100", 100), SPREAD, "VERIFIED"),
    ],
)  # fmt: skip
def test_a_metric_decides_by_how_it_lies_to_the_claim(
    of: dict[str, Any], expected: dict[str, Any], tolerance: dict[str, Any], word: str
) -> None:
    """Agreement verifies, an interval wholly outside falsifies, and what lies between decides nothing."""
    assert said(of, expected, tolerance).verdict == word


@pytest.mark.parametrize("grade", ["in_kind", "direct"])
@given(value=st.floats(-1e6, 1e6), claimed=st.floats(-1e6, 1e6))
def test_only_a_direct_test_decides(grade: str, value: float, claimed: float) -> None:
    """In kind a metric supports or contradicts, and never verifies."""
    found = said(metric(value), expecting("the words", claimed, "above"), within(0), grade=grade)
    assert found.is_decided is (grade == "direct")
    assert found.outcome in ("agrees", "differs")
    assert found.reason.endswith("are counted") or found.is_decided


def test_what_cannot_be_tested_says_why() -> None:
    """There is no run, no class and no number."""
    changes = {
        "metric": None,
        "expected": None,
        "tolerance": None,
        "grade": "cannot_test",
        "why": "It is secret.",
    }
    found = verdict(bound(**changes), PATH, [stored()])
    assert (found.verdict, found.run, found.run_class, found.outcome) == ("UNVERIFIED", None, None, None)
    assert found.reason == "It is secret"


def test_without_a_run_nothing_is_said() -> None:
    """Runs without the metric, and runs of the smoke preset, are none."""
    for runs in ([], [stored(metrics={})], [stored(preset="smoke")]):
        found = verdict(bound(), PATH, runs)
        assert (found.verdict, found.run) == ("UNVERIFIED", None)
        assert found.reason == "no stored run has this metric yet"


def test_the_newest_code_counts_and_earlier_code_is_counted_beside_it() -> None:
    """A mended script is not outvoted by what it mended."""
    wrong = stored(
        "1", metrics={"parameters": metric(7)}, code=[{"name": "old.py", "sha256": "sha256:" + "a" * 64}]
    )
    right = stored("2", metrics={"parameters": metric(1000)})
    found = verdict(bound(tolerance=within(0)), PATH, [wrong, right], ADA)
    assert (found.verdict, found.run, found.others, found.disagreeing) == ("VERIFIED", right, 1, ())


def test_runs_of_the_same_code_that_disagree_decide_nothing() -> None:
    """Both are named."""
    one, other = (
        stored("1", metrics={"parameters": metric(7)}),
        stored("2", metrics={"parameters": metric(1000)}),
    )
    found = verdict(bound(tolerance=within(0)), PATH, [one, other], ADA)
    assert (found.verdict, found.disagreeing) == ("UNVERIFIED", (one,))
    assert "says otherwise" in found.reason


def test_nobody_replaces_what_another_reported() -> None:
    """Newer code of another maintainer can disagree, which decides nothing and turns no verdict round."""
    honest = stored("1", metrics={"parameters": metric(1000)})
    code = [{"name": "mine.py", "sha256": "sha256:" + "e" * 64}]
    other = stored(
        "2", metrics={"parameters": metric(7)}, code=code, operator="Eve", ended="2026-09-01T00:00:00Z"
    )
    found = verdict(bound(tolerance=within(0)), PATH, [honest, other], ("Ada Example", "Eve"))
    assert (found.verdict, found.disagreeing) == ("UNVERIFIED", (honest,))


def test_a_stranger_decides_nothing_and_takes_nothing_away() -> None:
    """Alone, a stranger's run is shown with what it says; beside a maintainer's it is named as a doubt."""
    honest = stored("1", metrics={"parameters": metric(1000)})
    other = stored("2", metrics={"parameters": metric(7)}, operator="Eve")
    alone = verdict(bound(tolerance=within(0)), PATH, [other], ADA)
    assert (alone.verdict, alone.outcome, alone.is_withheld) == ("UNVERIFIED", "differs", True)
    assert "reported by Eve, who is no maintainer of this registry" in alone.reason
    for runs in ([honest, other], [other, honest]):
        found = verdict(bound(tolerance=within(0)), PATH, runs, ADA)
        assert (found.verdict, found.run, found.disagreeing) == ("VERIFIED", honest, (other,))
        assert "1 other run says otherwise, sent by others" in found.reason


@pytest.mark.parametrize("grade", ["direct", "in_kind"])
def test_what_a_stranger_bound_waits_for_a_maintainer(grade: str) -> None:
    """Any metric could be bound to any claim."""
    found = said(metric(1000), expecting("1,000", 1000), within(0), filed_by="Eve", grade=grade)
    assert (found.verdict, found.outcome, found.is_withheld) == ("UNVERIFIED", "agrees", True)
    assert found.reason.endswith("bound by Eve, and no maintainer has confirmed it")


def test_a_run_that_leaves_it_open_says_nothing_against_another() -> None:
    """Too few samples are no dissent, neither a stranger's nor a maintainer's."""
    firm = stored("1", metrics={"parameters": metric(1000)})
    vague = {"parameters": metric(1000, kind="measured")}
    for more in ({"operator": "Eve"}, {"machine": machine("other")}):
        found = verdict(bound(tolerance=within(0)), PATH, [firm, stored("0", metrics=vague, **more)], ADA)
        runs = [stored("0", metrics=vague, **more), firm]
        assert verdict(bound(tolerance=within(0)), PATH, runs, ADA).verdict == "VERIFIED"
        assert found.disagreeing == ()


def test_what_a_strangers_run_lacks_is_nothing_wrong_with_a_binding() -> None:
    """No finding at a binding of the registry follows from what a stranger sends."""
    of = metric(1000, unit="ms")
    one = stored(metrics={"parameters": of}, operator="Eve")
    expected = {**expecting("1,000", 1000), "unit": "x"}
    found = verdict(bound(tolerance=within(0), expected=expected), PATH, [one], ADA)
    assert (found.faults, found.verdict) == ((), "UNVERIFIED")


def test_a_claim_that_is_no_more_what_was_bound_is_not_judged() -> None:
    """It was corrected or struck out since."""
    gone = "the claim was struck out since"
    runs = [stored(metrics={"parameters": metric(1000)})]
    found = verdict(bound(tolerance=within(0)), PATH, runs, ADA, gone)
    assert (found.verdict, found.is_withheld) == ("UNVERIFIED", True)
    assert found.reason == f"1000 agrees with the claimed 1,000, but {gone}"


@pytest.mark.parametrize(
    ("values", "of", "expected", "outcome"),
    [
        ([5, 5, 5], metric(5, 5, 5), expecting("5", 5), "agrees"),
        ([5, 5], metric(5, 5, 5), expecting("5", 5), "open"),
        ([5, 5, 5], metric(5), expecting("5", 5), "open"),
        ([5, 5, 5], metric(5), expecting("4", 4), "open"),
        ([5, 5, 5], metric(5, 5, 5), expecting("4", 4), "differs"),
        # The largest of samples has no interval, and fulfils an order or does not.
        ([5, 5, 5], metric(5), expecting("6", 6, "at_most"), "agrees"),
        ([5], metric(5), expecting("6", 6, "at_most"), "open"),
        ([5, 5, 5], metric(5), expecting("4", 4, "at_most"), "open"),
    ],
)
def test_what_was_measured_too_seldom_leaves_it_open(
    values: list[float], of: dict[str, Any], expected: dict[str, Any], outcome: str
) -> None:
    """Three samples and an interval are the least that shows how far measurements lie apart."""
    samples = {"layer_parameters": {"unit": None, "what": "times", "values": values}}
    one = stored(metrics={"parameters": {**of, "kind": "measured"}}, samples=samples)
    found = verdict(bound(expected=expected, tolerance=within(0)), PATH, [one], ADA)
    assert found.outcome == outcome


@pytest.mark.parametrize(
    ("text", "relation", "words"),
    [
        ("12", "at_least", "at least 12"), ("4%", "below", "less than 4%"), ("12", "equals", "12"),
        ("less than 4%", "below", "less than 4%"), ("falls", "below", '"falls"'),
    ],
)  # fmt: skip
def test_a_relation_is_said_once(text: str, relation: str, words: str) -> None:
    """Also where the quoted words of the claim say it themselves."""
    expected = bound(expected=expecting(text, 0, relation)).expected
    assert expected is not None
    assert claimed(expected) == words


@pytest.mark.parametrize(
    ("verdict_", "grade", "outcome", "is_withheld", "word"),
    [
        ("VERIFIED", "direct", "agrees", False, "verified"),
        ("FALSIFIED", "direct", "differs", False, "falsified"),
        ("UNVERIFIED", "direct", "open", False, "unverified"),
        ("UNVERIFIED", "in_kind", "agrees", False, "supported in kind"),
        ("UNVERIFIED", "in_kind", "differs", False, "contradicted in kind"),
        ("UNVERIFIED", "in_kind", "open", False, "left open in kind"),
        ("UNVERIFIED", "in_kind", "agrees", True, "unverified"),
        ("UNVERIFIED", "in_kind", None, False, "not run yet"),
        ("UNVERIFIED", "cannot_test", None, False, "cannot be tested"),
    ],
)
def test_the_word_of_a_verdict_says_how_far_it_came(
    verdict_: str, grade: str, outcome: str | None, is_withheld: bool, word: str
) -> None:
    """What a stranger sent supports nothing, in kind or otherwise."""
    assert label(verdict_, grade, outcome, is_withheld=is_withheld) == word


@pytest.mark.parametrize(
    ("stated", "unit", "is_same"),
    [
        ("x", "x", True), ("%", "points", True), (None, "x", True), ("x", None, True), ("ms", "ms", True),
        ("x", "ms", False), ("s", "ms", False), ("x", "%", False), ("GB", "B", False), ("x", "egg", False),
    ],
)  # fmt: skip
def test_units_are_those_of_the_claim(stated: str | None, unit: str | None, is_same: bool) -> None:
    """Twelve times are not twelve seconds; a loss in per cent may be counted in points."""
    found = said(metric(12, unit=unit), {**expecting("12", 12), "unit": stated}, within(0))
    assert [code for code, *_ in found.faults] == ([] if is_same else ["E114"])
    assert found.is_decided is is_same


@pytest.mark.parametrize("unit", ["share", "x", None, "ms"])
def test_a_printed_percentage_is_one(unit: str | None) -> None:
    """Half of what was found is no 60.9%, whatever unit the binding gives the printed number."""
    expected = {**expecting("60.9%", 60.9, "at_most"), "unit": unit}
    found = said(metric(0.5, unit=unit or "share"), expected, within(0))
    assert [code for code, *_ in found.faults] == ["E114"]
    assert found.verdict == "UNVERIFIED"


def test_what_a_stranger_binds_is_judged_too() -> None:
    """Their own binding, over their own run: its faults are theirs and are said."""
    changes = {"expected": {**expecting("12", 12), "unit": "ms"}, "tolerance": within(0), "filed_by": "Eve"}
    runs = [stored(metrics={"parameters": metric(12, unit="x")}, operator="Eve")]
    found = verdict(bound(**changes), PATH, runs, ADA)
    assert [code for code, *_ in found.faults] == ["E114"]
    own = verdict(bound(**{**changes, "filed_by": "Ada Example"}), PATH, runs, ADA)
    assert own.faults == (), "what a stranger's run lacks is no fault of the registry's binding"


@pytest.mark.parametrize(
    ("of", "expected", "tolerance", "text"),
    [
        (metric(40.6667), expecting("41%", 41), PRINTED, "0.3333 from 41, where up to 0.5 counts as equal"),
        (metric(41 + 1e-14), expecting("41%", 41), PRINTED, "0 from 41, where up to 0.5 counts as equal"),
        (metric(11.1, 10.5, 11.8), expecting("12", 12), PRINTED,
         "0.9 from 12, where up to 0.5 counts as equal; the interval 10.5 to 11.8 comes to 0.2, so it is not "
         "ruled out"),
        (metric(11.1, 10.5, 11.4), expecting("12", 12), PRINTED,
         "0.9 from 12, where up to 0.5 counts as equal; the interval 10.5 to 11.4 comes to 0.6, "
         "so it is ruled out"),
        (metric(11.1, 10.5, 11.8), expecting("12", 12, "at_least"), PRINTED,
         "all of 10.5 to 11.8 should be at least 11.5, which is 12 less 0.5"),
        (metric(1.5), expecting("1.5", 1.5, "at_most"), within(0), "1.5 should be at most 1.5"),
        (metric(-0.1), expecting("less", 0, "below"), within(0), "-0.1 should be less than 0"),
    ],
)  # fmt: skip
def test_the_comparison_is_written_out(
    of: dict[str, Any], expected: dict[str, Any], tolerance: dict[str, Any], text: str
) -> None:
    """So that a reader can do it."""
    found = said(of, expected, tolerance)
    assert found.metric is not None
    assert compared(found.binding, found.metric) == text


def test_an_expected_value_may_not_be_an_input() -> None:
    """A metric that follows from the claim's own number compares it with itself."""
    number = {"value": 1000, "text": "1,000", "unit": None, "owner": CLAIM}
    of = metric(1000, formula="parameters_stated", kind="arithmetic")
    for identifier in (CLAIM["identifier"], f"arXiv:{CLAIM['identifier']}v2"):
        number["owner"] = {**CLAIM, "identifier": identifier}
        runs = [stored(metrics={"parameters": of}, published={"parameters_stated": number})]
        found = verdict(bound(tolerance=within(0)), PATH, runs, ADA)
        assert found.verdict == "UNVERIFIED"
        assert [code for code, *_ in found.faults] == ["E111"]
    # The same number of another claim is no comparison with itself.
    other = {**number, "owner": {**CLAIM, "claim": "figures-c002"}}
    runs = [stored(metrics={"parameters": of}, published={"parameters_stated": other})]
    assert verdict(bound(tolerance=within(0)), PATH, runs, ADA).verdict == "VERIFIED"


@pytest.mark.parametrize("formula", ["94.05", "94.05 + 0 * mean(layer_parameters)", "0 - 94.05 * (0 - 1)"])
def test_a_formula_that_holds_the_expected_value_proves_nothing(formula: str) -> None:
    """Whatever stands around it."""
    of = metric(94.05, formula=formula)
    found = said(of, expecting("94.05%", 94.05), within(0))
    assert [code for code, *_ in found.faults] == ["E111"]
    assert found.verdict == "UNVERIFIED"


def test_a_parameter_that_is_the_expected_value_counts_as_an_input() -> None:
    """12.8 that was chosen proves nothing; a whole number such as 4 is chosen for many reasons."""
    chosen = {"width": {"value": 12.8, "unit": None, "what": "chosen"}}
    of = metric(12.8, formula="width", kind="counted")
    changes = {"expected": expecting("12.8x", 12.8), "tolerance": within(0)}
    found = verdict(bound(**changes), PATH, [stored(metrics={"parameters": of}, parameters=chosen)], ADA)
    assert [code for code, *_ in found.faults] == ["E111"]


@pytest.mark.parametrize(
    ("of", "tolerance"),
    [
        (metric(12.8), within(0.1, "exact")),
        (metric(12.8), within(0.06, "printed_precision")),
        (metric(12.8), within(0.1, "printed_precision", "relative")),
        (metric(12.8), within(0.1, "observed_spread")),
        (metric(12.8, 12.7, 12.85), within(0.2, "observed_spread")),
    ],
)
def test_a_tolerance_wider_than_its_basis_decides_nothing(
    of: dict[str, Any], tolerance: dict[str, Any]
) -> None:
    """With enough tolerance everything would agree."""
    found = said(of, expecting("12.8x", 12.8), tolerance)
    assert found.verdict == "UNVERIFIED"
    assert [code for code, *_ in found.faults] == ["E113"]


def machine(name: str) -> dict[str, Any]:
    """The machine of the example under another name."""
    made: dict[str, Any] = {**run()["machine"], "name": name}
    return made


@pytest.mark.parametrize(
    ("second", "stewards", "run_class"),
    [
        ({"machine": machine("other")}, (), "cpu"),
        ({"machine": machine("other")}, ("Ada Example",), "second-machine"),
        ({}, (), "cpu"),
        ({"machine": machine("other"), "operator": "Eve"}, (), "cpu"),
        ({"machine": machine("other"), "operator": "Eve"}, ("Eve",), "cpu"),
        ({"machine": machine("other"), "operator": "Eve"}, ("Eve", "Ada Example"), "second-machine"),
    ],
)
def test_a_second_machine_counts_by_who_vouches_for_it(
    second: dict[str, Any], stewards: tuple[str, ...], run_class: str
) -> None:
    """Only machines of maintainers count: nothing that a stranger filed raises its own standing."""
    metrics = {"parameters": metric(1000, 1000, 1000, kind="measured")}
    samples = {"layer_parameters": {"unit": None, "what": "times", "values": [1000, 1000, 1000]}}
    runs = [
        stored("1", metrics=metrics, samples=samples, **second),
        stored("2", metrics=metrics, samples=samples),
    ]
    assert verdict(bound(tolerance=within(0)), PATH, runs, stewards).run_class == run_class


def test_a_class_is_what_the_numbers_carry() -> None:
    """Measured or cached without a sample is arithmetic, and so is counted from published numbers alone."""
    number = {"value": 1000, "text": "1,000", "unit": None, "owner": {**CLAIM, "claim": "figures-c002"}}
    for kind in ("measured", "counted", "cached"):
        of = metric(1000, formula="stated + 0", kind=kind)
        one = stored(metrics={"parameters": of}, published={"stated": number})
        assert "parameters" in overstated(one.record)
        assert verdict(bound(tolerance=within(0)), PATH, [one]).run_class == "arithmetic"
    assert overstated(stored().record) == {}


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (metric(12.8, unit="x"), "12.8x"),
        (metric(40.6667, 40.5, 40.8333, unit="%"), "40.67% (40.5 to 40.83)"),
        (metric(3.62, unit="points"), "3.62 points"),
        (metric(140737488355328.0, unit="FLOP"), "140.7e12 FLOP"),
        (metric(131072), "131072"),
        (metric(0), "0"),
        (metric(-3.3e-11), "-3.300e-11"),
        (metric(12345.678), "12,346"),
    ],
)
def test_a_metric_is_printed_with_four_digits(of: dict[str, Any], text: str) -> None:
    """Rounded for people; the run has it in full."""
    record = stored(metrics={"parameters": of}).record
    assert printed(record.metrics["parameters"]) == text
