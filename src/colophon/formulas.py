"""Formulas of metrics: arithmetic over named numbers and lists of samples, evaluated without running code.

A formula is what a person could type into a calculator: numbers, names, ``+ - * / **``, parentheses, and the
functions in :data:`FUNCTIONS`.  Everything else is refused, and so is work without bound.
"""

import ast
import math
import statistics
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

Number = float | int
Value = Number | Sequence[Number]

LONGEST = 400
# A power grows faster than anything else that can be written.
_LARGEST_POWER = 1000


class FormulaError(ValueError):
    """A formula that is none, or that gives no number; the message says why."""


def _quantile(values: Sequence[Number], share: Number) -> Number:
    """Return a quantile by linear interpolation between the two nearest of the sorted values."""
    if not 0 <= share <= 1:
        raise FormulaError(f"quantile {share} is not between 0 and 1")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _stdev(values: Sequence[Number]) -> Number:
    """Return the sample standard deviation, by two passes: that of the library takes thirty times as long."""
    if len(values) < 2:
        raise FormulaError("a standard deviation takes two samples and more")
    middle = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1))


# 97.5% quantiles of Student's distribution for 1 to 30 degrees of freedom, as tables print them.
_T95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


def _t95(freedom: Number) -> Number:
    """Return the factor of a standard error that makes a 95% interval, for values less one in number.

    Beyond the table it is Fisher's expansion about the normal quantile.
    """
    if freedom < 1:
        raise FormulaError("an interval takes two values and more")
    if freedom <= len(_T95):
        return _T95[math.floor(freedom) - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def _power(base: Number, exponent: Number) -> Number:
    if abs(exponent) > _LARGEST_POWER:
        raise FormulaError(f"the power {exponent} is too large")
    value = float(base) ** exponent
    if isinstance(value, complex):
        raise FormulaError(f"{base} to the power {exponent} is no number")
    return value


# By name: the function, and whether each argument is a list of samples.
FUNCTIONS: Mapping[str, tuple[Callable[..., Number], tuple[bool, ...]]] = {
    "median": (statistics.median, (True,)),
    "mean": (statistics.fmean, (True,)),
    "stdev": (_stdev, (True,)),
    "quantile": (_quantile, (True, False)),
    "t95": (_t95, (False,)),
    "total": (math.fsum, (True,)),
    "count": (len, (True,)),
    "sqrt": (math.sqrt, (False,)),
    "log": (math.log, (False,)),
    "log2": (math.log2, (False,)),
    "exp": (math.exp, (False,)),
    "abs": (abs, (False,)),
    "floor": (math.floor, (False,)),
    "ceil": (math.ceil, (False,)),
}
# These take a list of samples, or two numbers and more.
_EXTREMES: Mapping[str, Callable[[Sequence[Number]], Number]] = {"min": min, "max": max}
FUNCTION_NAMES = frozenset({*FUNCTIONS, *_EXTREMES})
_OPERATIONS: Mapping[type, Callable[[Number, Number], Number]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: _power,
}


def evaluate(formula: str, names: Mapping[str, Value]) -> Number:
    """Return what a formula gives.

    Raises FormulaError when it is none, names what is not there, or gives no finite number.
    """
    tree = _parsed(formula)
    try:
        value = _number(tree, names)
        # A whole number may be too large to be any other.
        is_finite = math.isfinite(value)
    except (ArithmeticError, ValueError) as error:
        raise FormulaError(str(error)) from error
    if not is_finite:
        raise FormulaError(f"it gives {value}")
    return value


def names_in(formula: str) -> frozenset[str]:
    """Return the names of numbers and samples that a formula uses.  Raises FormulaError when it is none."""
    return frozenset(uses_of(formula))


def constants_in(formula: str) -> frozenset[Number]:
    """Return the numbers that are written out in a formula.  Raises FormulaError when it is none."""
    nodes = ast.walk(_parsed(formula))
    return frozenset(cast(Number, node.value) for node in nodes if isinstance(node, ast.Constant))


@lru_cache(maxsize=16384)
def uses_of(formula: str) -> tuple[str, ...]:
    """Return the same, each name as often as it is used."""
    nodes = list(ast.walk(_parsed(formula)))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return tuple(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called)


@lru_cache(maxsize=16384)
def _parsed(formula: str) -> ast.expr:
    if len(formula) > LONGEST:
        raise FormulaError(f"it has {len(formula)} characters, at most {LONGEST} are read")
    try:
        with warnings.catch_warnings():
            # Python warns of what it reads in two ways, such as `1or 2`; here that is no formula.
            warnings.simplefilter("error")
            tree = ast.parse(formula, mode="eval").body
    except (SyntaxError, SyntaxWarning, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError("it cannot be read as a formula") from error
    for node in ast.walk(tree):
        _judge(node)
    return tree


def _judge(node: ast.AST) -> None:
    """Refuse whatever is no arithmetic."""
    allowed = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load, ast.operator, ast.USub)
    if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
        raise FormulaError(f"{node.value!r} is no number")
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise FormulaError("only functions with plain arguments can be called")
        if node.func.id not in FUNCTION_NAMES:
            raise FormulaError(f"there is no function {node.func.id}")
    if isinstance(node, ast.BinOp) and type(node.op) not in _OPERATIONS:
        raise FormulaError(f"{type(node.op).__name__} is no operation of a formula")
    if not isinstance(node, allowed):
        raise FormulaError(f"{type(node).__name__} has no place in a formula")


def _number(node: ast.expr, names: Mapping[str, Value]) -> Number:
    if isinstance(node, ast.Constant):
        return cast(Number, node.value)
    if isinstance(node, ast.Name):
        value = _named(node.id, names)
        if isinstance(value, Sequence):
            raise FormulaError(f"{node.id} is a list of samples, not one number")
        return value
    if isinstance(node, ast.UnaryOp):
        return -_number(node.operand, names)
    if isinstance(node, ast.BinOp):
        return _OPERATIONS[type(node.op)](_number(node.left, names), _number(node.right, names))
    return _called(cast(ast.Call, node), names)


def _called(node: ast.Call, names: Mapping[str, Value]) -> Number:
    name = cast(ast.Name, node.func).id
    if name in _EXTREMES:
        if len(node.args) == 1:
            return _EXTREMES[name](_samples(node.args[0], names))
        return _EXTREMES[name]([_number(one, names) for one in node.args])
    function, takes = FUNCTIONS[name]
    if len(node.args) != len(takes):
        raise FormulaError(f"{name} takes {len(takes)} arguments, here are {len(node.args)}")
    arguments: list[Any] = [
        _samples(one, names) if is_list else _number(one, names)
        for one, is_list in zip(node.args, takes, strict=True)
    ]
    return function(*arguments)


def _samples(node: ast.expr, names: Mapping[str, Value]) -> Sequence[Number]:
    value = _named(node.id, names) if isinstance(node, ast.Name) else None
    if not isinstance(value, Sequence):
        raise FormulaError("a list of samples is expected by its name")
    return value


def _named(name: str, names: Mapping[str, Value]) -> Value:
    if name not in names:
        raise FormulaError(f"there is no number called {name}")
    return names[name]
