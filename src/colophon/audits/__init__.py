"""Audits: one file per defect.  An audit is a pure function of a record; its docstring is its docs page.

The docstring has four headed parts: ``What:``, ``Why:``, ``Example:``, ``Mend:``.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from colophon.catalog import Catalog
from colophon.fold import Record
from colophon.index import Facts
from colophon.model import Derived, Examination, FindingClass, Flaw, Rule, Severity
from colophon.outline import Outline

Examine = Callable[[Record], Examination]
ExamineStated = Callable[[Facts, Derived], Examination]
Across = Callable[[Iterable[Outline]], Iterator[tuple[str, Flaw]]]


@dataclass(slots=True)
class Audit:
    """One audit.

    ``examine`` looks at one record; ``across`` adds flaws that need the whole registry, as pairs of
    record id and flaw; ``examine_stated`` is the one function of a second audit, which compares a
    stated value with a derived one.  ``outcome`` says what ``across`` looks at in a record, beside what
    ``examine`` does.
    """

    rule: Rule
    examine: Examine | None = None
    examine_stated: ExamineStated | None = None
    across: Across | None = None
    outcome: Callable[[Outline], Examination] | None = None


AUDITS: Catalog[Audit] = Catalog("colophon.audits")
_PART = re.compile(r"^(What|Why|Example|Mend): *", re.MULTILINE)


def audit(
    code: str, *, severity: Severity, kinds: tuple[str, ...] = ("paper",)
) -> Callable[[Examine], Examine]:
    """Declare an audit of one record."""

    def declare(examine: Examine) -> Examine:
        rule = _rule(code, severity, kinds, examine, second=False)
        AUDITS.declare(code, Audit(rule, examine=examine), examine)
        return examine

    return declare


def second_audit(
    code: str, *, severity: Severity, kinds: tuple[str, ...] = ("paper",)
) -> Callable[[ExamineStated], ExamineStated]:
    """Declare an audit that compares a stated value with a derived one and never feeds a tier."""

    def declare(examine: ExamineStated) -> ExamineStated:
        rule = _rule(code, severity, kinds, examine, second=True)
        AUDITS.declare(code, Audit(rule, examine_stated=examine), examine)
        return examine

    return declare


def across(
    code: str, *, outcome: Callable[[Outline], Examination] | None = None, undecided: str = ""
) -> Callable[[Across], Across]:
    """Declare the registry-wide part of the audit declared above it in the same file.

    ``outcome`` counts what it looks at in one record, and ``undecided`` says in words what is missing where
    it can decide nothing.
    """

    def declare(function: Across) -> Across:
        audit = AUDITS.declared(code)
        audit.across, audit.outcome = function, outcome
        audit.rule = replace(audit.rule, undecided=undecided)
        return function

    return declare


def _rule(
    code: str, severity: Severity, kinds: tuple[str, ...], function: Callable[..., object], *, second: bool
) -> Rule:
    """Read the rule's prose from the docstring of its function."""
    prose = parts(inspect.getdoc(function) or "")
    missing = {"What", "Why", "Example", "Mend"} - prose.keys()
    if missing:
        raise RuntimeError(f"{code}: docstring of {function.__name__} lacks {', '.join(sorted(missing))}")
    slug = function.__name__.replace("_", "-")
    return Rule(
        code, slug, severity, FindingClass.EDITORIAL,
        prose["What"], prose["Why"], prose["Example"], prose["Mend"], kinds, second,
    )  # fmt: skip


def parts(docstring: str) -> dict[str, str]:
    """Split a docstring into its headed parts."""
    pieces = _PART.split(docstring)
    return {pieces[i]: pieces[i + 1].strip() for i in range(1, len(pieces) - 1, 2)}
