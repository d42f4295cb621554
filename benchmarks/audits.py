"""How well the audits find seeded defects, and how seldom they object to sound records.

    python benchmarks/audits.py                     # 360 sound records, 50 seeded ones for every rule
    python benchmarks/audits.py --show N101         # what was missed or found wrongly, with the text
    python benchmarks/audits.py --only C101,C102 --each 200 --json /tmp/audits.json

All records are made up (``audit_cases``), the same for the same seed.  A defect counts as found when the
record has a finding of its rule that the sound record did not have.  Shares have Wilson's 95 % interval.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import audit_cases.defects  # noqa: F401  declares the ways
from audit_cases.editing import text_of
from audit_cases.filing import examined
from audit_cases.lookalikes import disguised
from audit_cases.publishing import Case, sound
from audit_cases.seeding import DEFECTS, Injection, seeded

from colophon.audits import AUDITS
from colophon.model import Finding, Severity
from colophon.proportions import wilson_interval

SOUND, EACH, SEED = 360, 50, 20261126
RECALL, WARNED = 0.98, 0.1
# Rules that look at texts or states held of a source; a record alone cannot show their defects.
_NEED_HELD_TEXTS = ("B102", "B103", "K105", "T104")
_COLUMNS = (
    "rule", "severity", "seeded", "found", "recall (95 %)", "at the place", "false findings",
    "sound records flagged", "applicable", "recognised", "checked",
)  # fmt: skip


@dataclass
class Row:
    """What was measured of one rule."""

    code: str
    severity: str
    injected: int
    found: int
    at_place: int
    false_findings: int
    false_records: int
    recognised: int
    checked: int
    applicable: int
    ways: dict[str, str] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether the rule caps the evidence tier."""
        return self.severity == Severity.ERROR

    @property
    def recall(self) -> float:
        """Share of the seeded defects that were found."""
        return self.found / self.injected


@dataclass
class Measured:
    """The sound records with what was found in them, and the rows of the rules."""

    records: list[Case]
    findings: list[Finding]
    rows: list[Row] = field(default_factory=list)
    missed: dict[str, list[Injection]] = field(default_factory=lambda: defaultdict(list))


def sound_records(count: int, seed: int) -> list[Case]:
    """Return sound records; every second one has something that only looks like a defect."""
    return [disguised(sound(seed, n), seed, n // 2) if n % 2 else sound(seed, n) for n in range(count)]


def measured(count: int, each: int, seed: int, only: Sequence[str]) -> Measured:
    """Examine the sound records, then every rule's seeded ones in a registry of their own."""
    records = sound_records(count, seed)
    survey = examined(records)
    own = {case.id for case in records}
    editorial = [one for one in survey.findings if one.code in AUDITS.all() and one.record in own]
    outcome = Measured(records, editorial)
    for code in sorted(DEFECTS):
        if code in AUDITS.all() and (not only or code in only):
            outcome.rows.append(_row(outcome, code, each, seed, survey.tallies[code]))
    return outcome


def _row(outcome: Measured, code: str, each: int, seed: int, tally: Any) -> Row:
    injections = seeded(code, outcome.records, each, seed)
    known = {(one.record, one.pointer, one.message) for one in outcome.findings if one.code == code}
    by_record: dict[str, list[Finding]] = defaultdict(list)
    for one in examined(injection.case for injection in injections).findings:
        if one.code == code and (one.record, one.pointer, one.message) not in known:
            by_record[one.record].append(one)
    found, at_place, tried = Counter[str](), 0, Counter[str]()
    for injection in injections:
        tried[injection.way] += 1
        here = by_record[injection.case.id]
        found[injection.way] += bool(here)
        at_place += any(_meets(one.pointer, injection.where) for one in here)
        if not here:
            outcome.missed[code].append(injection)
    false = [one for one in outcome.findings if one.code == code]
    return Row(
        code, AUDITS.all()[code].rule.severity.value, each, found.total(), at_place, len(false),
        len({one.record for one in false}), tally.recognised, tally.checked,
        tally.records - tally.not_applicable,
        {way: f"{found[way]} of {tried[way]}" for way in tried},
    )  # fmt: skip


def _meets(pointer: str, where: str) -> bool:
    seeded_at = where.removeprefix("provenance ")
    return pointer.startswith(seeded_at) or seeded_at.startswith(pointer)


def print_rows(outcome: Measured) -> None:
    """Print the table of the rules."""
    print(f"| {' | '.join(_COLUMNS)} |\n| --- | --- {'| ---: ' * 2}| --- {'| ---: ' * 6}|")
    for row in outcome.rows:
        low, high = wilson_interval(row.found, row.injected)
        recall = f"{row.recall:.2f} ({low:.2f} to {high:.2f})"
        counts = (row.at_place, row.false_findings, row.false_records)
        looked = (row.applicable, row.recognised, row.checked)
        cells = (row.code, row.severity, row.injected, row.found, recall, *counts, *looked)
        print(f"| {' | '.join(map(str, cells))} |")


def goals(outcome: Measured) -> dict[str, tuple[bool, str]]:
    """Return whether each goal is met, and by how much."""
    errors = [row for row in outcome.rows if row.is_error]
    short = [
        f"{row.code} {row.recall:.2f}"
        for row in outcome.rows
        if row.recall < (1.0 if row.is_error else RECALL)
    ]
    wrong = [one for one in outcome.findings if one.severity is Severity.ERROR]
    warned = {one.record for one in outcome.findings if one.severity is Severity.WARNING}
    share = len(warned) / len(outcome.records)
    return {
        f"every error rule finds all that was seeded ({len(errors)} rules)": (
            not [row for row in errors if row.found < row.injected],
            ", ".join(f"{row.code} {row.recall:.2f}" for row in errors if row.found < row.injected) or "all",
        ),
        f"every rule finds at least {RECALL:.0%}": (not short, ", ".join(short) or "all"),
        "no error on a sound record": (not wrong, f"{len(wrong)} findings"),
        f"a warning on at most {WARNED:.0%} of the sound records": (
            share <= WARNED, f"{len(warned)} of {len(outcome.records)}, {share:.1%}"
        ),
    }  # fmt: skip


def print_goals(outcome: Measured, only: Sequence[str]) -> None:
    """Print the goals, and which rules could not be measured."""
    print(f"\nGoals, over {len(outcome.records)} sound records:")
    for goal, (met, told) in goals(outcome).items():
        print(f"- {'met' if met else 'NOT MET'}: {goal} ({told})")
    absent = [code for code in sorted(DEFECTS) if code not in AUDITS.all()]
    print(f"\nnot in this program: {', '.join(absent) or 'none'}")
    print(f"not seeded, need held texts: {', '.join(_NEED_HELD_TEXTS)}")
    unseeded = sorted(AUDITS.all().keys() - DEFECTS.keys() - {*_NEED_HELD_TEXTS})
    print(f"in this program and not seeded here: {', '.join(unseeded) or 'none'}")
    if only:
        print(f"asked for: {', '.join(only)} only")


def show(outcome: Measured, code: str) -> None:
    """Print what was missed and what was found wrongly, with the texts."""
    print(f"\n{code}: missed")
    for one in outcome.missed[code]:
        print(f"- {one.way}, {one.case.style['name']}, {one.where}: {_with_context(one.case, one.where)}")
    print(f"\n{code}: false findings")
    cases = {case.id: case for case in outcome.records}
    for found in outcome.findings:
        if found.code == code:
            case = cases[found.record]
            pointer = found.pointer if "manifest" in found.path else f"provenance {found.pointer}"
            print(f"- {case.style['name']} ({case.group}) {found.pointer}: {found.message}")
            print(f"  {_with_context(case, pointer)}")


def _with_context(case: Case, pointer: str) -> str:
    """Return what stands at a pointer; where that is short, what it is a part of."""
    if pointer == "/claims":
        return " | ".join(claim["text"] for claim in case.manifest["claims"] or ())[:1200]
    told = text_of(case, pointer)
    return (text_of(case, pointer.rpartition("/")[0]) if len(told) < 12 else told)[:1200]


def main() -> None:
    """Measure, print, and store what was measured."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--sound", type=int, default=SOUND)
    ask.add_argument("--each", type=int, default=EACH)
    ask.add_argument("--seed", type=int, default=SEED)
    ask.add_argument("--only", default="", help="codes of rules, by commas")
    ask.add_argument("--show", default="", help="code of one rule: print its misses and false findings")
    ask.add_argument("--json", type=Path)
    options = ask.parse_args()
    only = [code for code in options.only.split(",") if code]
    outcome = measured(options.sound, options.each, options.seed, only or [options.show] * bool(options.show))
    print_rows(outcome)
    print_goals(outcome, only)
    if options.show:
        show(outcome, options.show)
    if options.json:
        kept = {
            "seed": options.seed, "sound": len(outcome.records), "each": options.each,
            "rules": [
                asdict(row) | {"recall_interval": wilson_interval(row.found, row.injected)}
                for row in outcome.rows
            ],
            "goals": {goal: met for goal, (met, _) in goals(outcome).items()},
            "not_in_this_program": [code for code in sorted(DEFECTS) if code not in AUDITS.all()],
        }  # fmt: skip
        options.json.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
