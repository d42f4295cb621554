"""Formulas are arithmetic and nothing else: they give what a calculator gives, and run no code."""

import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import formulas
from colophon.formulas import FormulaError, evaluate, names_in

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "scripts" / "experiments"
NAMES = {"a": 2, "b": 0.5, "c": -3.25, "many": (4.0, 1.0, 2.5), "pair": (1, 2)}


def harness() -> ModuleType:
    """The harness of the scripts, which evaluates formulas on its own."""
    sys.path.insert(0, str(SCRIPTS))
    spec = importlib.util.spec_from_file_location("harness_of_formulas", SCRIPTS / "harness.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


HARNESS = harness()


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1 / (64 * 4 / 4096 + 2048 / 131072)", 12.8),
        ("-a ** 2", -4),
        ("median(many)", 2.5),
        ("mean(pair) + total(many)", 9),
        ("stdev(pair)", math.sqrt(0.5)),
        ("quantile(many, 0.25)", 1.75),
        ("count(many) * max(many) - min(a, b)", 11.5),
        ("floor(7 / 2) + ceil(7 / 2) + abs(c)", 10.25),
        ("sqrt(16) + log2(8) + exp(0) + log(1)", 8),
        ("2 ** 0.5", math.sqrt(2)),
    ],
)
def test_a_formula_gives_what_a_calculator_gives(formula: str, value: float) -> None:
    """Operators have their usual precedence, functions their usual meaning."""
    assert evaluate(formula, NAMES) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("", "cannot be read"),
        ("1 +", "cannot be read"),
        ("__import__('os')", "no function"),
        ("open(1)", "no function"),
        ("a.real", "Attribute"),
        ("many[0]", "Subscript"),
        ("[1, 2]", "List"),
        ("1 if a else 2", "IfExp"),
        ("lambda: 1", "Lambda"),
        ("a < b", "Compare"),
        ("'x'", "no number"),
        ("True", "no number"),
        ("1j", "no number"),
        ("+a", "UAdd"),
        ("7 // 2", "FloorDiv"),
        ("1 / 0", "division by zero"),
        ("2 ** 1001", "too large"),
        ("9 ** 999", "out of range"),
        ("(-8) ** 0.5", "no number"),
        ("log(0)", "math domain error"),
        ("missing + 1", "no number called missing"),
        ("many + 1", "list of samples"),
        ("median(a)", "list of samples is expected"),
        ("median(many, many)", "takes 1 arguments"),
        ("quantile(many, 2)", "not between 0 and 1"),
        ("sqrt(x=4)", "plain arguments"),
        ("sqrt(*many)", "Starred"),
        ("stdev(one)", "takes two samples"),
        ("max(a)", "list of samples is expected"),
        ("(" * 300, "cannot be read"),
        ("-" * 399 + "a", ""),
        ("1" + "+1" * 200, "at most 400"),
        ("exp(1000)", "range"),
        ("9" * 390, "too large"),
        ("floor(1e308) * floor(1e308)", "too large"),
    ],
)
def test_what_is_no_arithmetic_is_refused_in_words(formula: str, words: str) -> None:
    """A stranger's formula can name nothing, call nothing and take no time that matters."""
    if words:
        with pytest.raises(FormulaError, match=words.replace("(", r"\(")):
            evaluate(formula, {**NAMES, "one": (1.0,)})
    else:
        assert abs(evaluate(formula, NAMES)) == 2


LEAVES = st.sampled_from(
    ["a", "b", "c", "median(many)", "mean(pair)", "quantile(many, b)", "3", "0.25", "count(many)"]
)


def grown(below: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Formulas made of smaller ones."""
    return st.one_of(
        st.tuples(below, st.sampled_from(["+", "-", "*", "/"]), below).map(
            lambda p: f"({p[0]} {p[1]} {p[2]})"
        ),
        below.map(lambda one: f"-{one}"),
        below.map(lambda one: f"abs({one})"),
        st.tuples(below, below).map(lambda p: f"max({p[0]}, {p[1]})"),
    )


@given(st.recursive(LEAVES, grown, max_leaves=8))
def test_both_programs_that_read_formulas_agree(formula: str) -> None:
    """What a script computed when it ran is what the registry computes from the same names."""
    if len(formula) > formulas.LONGEST:
        return
    try:
        theirs = eval(formula, {"__builtins__": {}}, {**HARNESS.FUNCTIONS, **NAMES})
    except ArithmeticError:
        with pytest.raises(FormulaError):
            evaluate(formula, NAMES)
        return
    assert evaluate(formula, NAMES) == pytest.approx(theirs, rel=1e-12)


def test_both_programs_know_the_same_functions() -> None:
    """A formula that a script can evaluate is one that the registry can."""
    assert set(HARNESS.FUNCTIONS) == {*formulas.FUNCTIONS, "min", "max"}


def test_the_names_of_a_formula_are_its_numbers() -> None:
    """Functions are none of them."""
    assert names_in("max(a, b) + quantile(many, 0.5) / a") == {"a", "b", "many"}


@given(st.text(max_size=80))
def test_any_text_gets_an_answer(text: str) -> None:
    """No formula makes the check fail otherwise than in words."""
    try:
        assert math.isfinite(evaluate(text, NAMES))
    except FormulaError as error:
        assert str(error)
