"""Frozen values that pass between the stages.  No value here holds its container or a file handle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

# The number of what came after all that has a number, in an order that nobody knows.
WAITING: Final = 1 << 40


class Severity(StrEnum):
    """How much a finding weighs; ``ERROR`` caps the evidence tier at UNSAFE."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class FindingClass(StrEnum):
    """``INTEGRITY``: the registry is damaged.  ``EDITORIAL``: the record as published is like this."""

    INTEGRITY = "integrity"
    EDITORIAL = "editorial"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with the prose that explains it.

    ``second`` rules compare stated with derived values and never feed a tier.  ``severity`` is that of a
    finding unless its flaw has one of its own.  ``undecided`` says what is missing where nothing is checked.
    """

    code: str
    slug: str
    severity: Severity
    finding_class: FindingClass
    what: str
    why: str
    example: str
    mend: str
    kinds: tuple[str, ...] = ("paper",)
    second: bool = False
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class Patch:
    """The exact text that mends a finding: lines ``first`` to ``last`` of its file become ``text``.

    Lines count from 1 and both are included; ``last < first`` inserts before ``first``; ``first == 0``
    replaces the whole file.
    """

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault inside a file, before the file's path and record are known."""

    code: str
    line: int
    pointer: str
    message: str
    patch: Patch | None = None


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong, and where.  ``record`` is the full id of the record, or empty."""

    path: str
    line: int
    pointer: str
    code: str
    message: str
    slug: str = field(compare=False)
    severity: Severity = field(compare=False)
    finding_class: FindingClass = field(compare=False)
    record: str = field(compare=False, default="")
    second: bool = field(compare=False, default=False)
    patch: Patch | None = field(compare=False, default=None)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What an audit reports.

    ``document`` is ``manifest`` or ``provenance``; the line is looked up by the pipeline from the stored
    bytes.  ``severity`` is None for that of the rule.
    """

    pointer: str
    message: str
    document: str = "manifest"
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """Outcome of one audit on one record.

    ``recognised`` counts the places where the rule had something to look at, ``checked`` those of
    them that could be decided.  ``recognised == 0`` means not applicable, never "fine".
    """

    recognised: int = 0
    checked: int = 0
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Sum of examinations of one rule over records."""

    records: int = 0
    recognised: int = 0
    checked: int = 0
    flagged: int = 0
    not_applicable: int = 0

    @property
    def consistent(self) -> int:
        """Places that were decided and found in order."""
        return max(0, self.checked - self.flagged)


@dataclass(frozen=True, slots=True)
class Share:
    """A fraction with its rule; ``None`` as numerator means that the list is not shown."""

    numerator: int | None
    denominator: int | None

    @property
    def shown(self) -> bool:
        """Whether both numbers are known."""
        return self.numerator is not None and self.denominator is not None

    def __str__(self) -> str:
        return f"{self.numerator} of {self.denominator}" if self.shown else "not shown"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A derived value and the reasons for it, in the order in which they decided."""

    value: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """One quality dimension: level, the rule it rests on, and the inputs of that rule."""

    level: str
    basis: str
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimRerun:
    """What a re-run says about one claim of a record, through one binding.

    ``outcome`` is ``agrees``, ``differs`` or ``open``, also where the grade keeps it from deciding; it is
    None, like all of a run, when no stored run has the metric.  ``is_confined`` says that the run was
    closed in and had no network, ``is_withheld`` that something other than the grade keeps the outcome from
    standing, and ``sender`` who filed a binding that the registry does not answer for.  ``expected`` is
    (text, value, unit), ``tolerance`` (value, kind, why).
    """

    claim: str
    verdict: str
    run_class: str | None
    grade: str
    outcome: str | None
    is_confined: bool
    experiment: str
    binding: str
    statement: str
    reason: str
    is_withheld: bool = False
    sender: str | None = None
    run: str | None = None
    run_sha256: str | None = None
    pointer: str | None = None
    value: float | int | None = None
    expected: tuple[str, float | int, str | None] | None = None
    tolerance: tuple[float | int, str, str] | None = None
    evaluated_at: str | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything that the rules conclude about a record.  Never stored.

    ``error_rules`` holds the distinct error rules that fired, such as ``C101 counts-disagree``; ``reruns``
    what re-runs say about its claims.
    """

    tier: Judgement
    tier_facts: tuple[tuple[str, str], ...]
    publisher_tiers: Judgement
    level: Judgement
    claims_per_level: tuple[tuple[str, int], ...]
    dimensions: tuple[tuple[str, Assessment], ...]
    state: Judgement
    error_rules: tuple[str, ...] = ()
    reruns: tuple[ClaimRerun, ...] = ()


# A file as it was written: site-relative path, media type, size in bytes, digest.
Written = tuple[str, str, int, str]
# What was written of a record, by kind of page.
Files = Mapping[str, list[Written]]


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of the published site: site-relative POSIX path, media type, bytes."""

    path: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page before it is poured into the frame.

    ``body`` is the content of ``<main>``; ``head`` are further elements for ``<head>``; ``section``
    names the entry of the navigation that is current, or is empty.
    """

    path: str
    title: str
    description: str
    section: str
    body: str
    head: str = ""
    body_class: str = ""


@dataclass(frozen=True, slots=True)
class Admissions:
    """In which order records came: the commit that each came with, by number from 1.

    ``numbers`` is None where nobody knows the order.
    """

    numbers: Mapping[str, int] | None

    def of(self, record: str) -> int | None:
        """Return the number of a record, which is ``WAITING`` while it is in no commit."""
        return None if self.numbers is None else self.numbers.get(record, WAITING)
