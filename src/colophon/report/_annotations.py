"""Findings as GitHub workflow commands, which GitHub shows beside the lines of a pull request."""

from collections.abc import Iterable, Sequence

from colophon.characters import visible
from colophon.model import Finding, FindingClass, Severity
from colophon.report._order import worst_first

_LEVELS = {Severity.ERROR: "warning", Severity.WARNING: "warning", Severity.NOTE: "notice"}
# GitHub shows that many annotations of each level per step and drops the others without a word.
_SHOWN = 10


def github(findings: Iterable[Finding], root: str, elsewhere: Sequence[str] = ()) -> str:
    """Return GitHub workflow commands, the worst ten of each level; ``root`` is put before each path.

    Only integrity findings, which block, are shown as errors.  When there are more than GitHub shows, a
    last notice counts them and names where they are: ``elsewhere`` are files that hold all of them.
    """
    ordered = worst_first(findings)
    kept = _kept(ordered, _SHOWN)
    if len(kept) == len(ordered):
        return "".join(_command(finding, root) for finding in kept)
    kept = _kept(ordered, _SHOWN - 1)
    return "".join(_command(finding, root) for finding in kept) + _rest(len(ordered) - len(kept), elsewhere)


def _kept(ordered: Sequence[Finding], notices: int) -> list[Finding]:
    """Return the first findings of each level, ``notices`` of the lowest."""
    room = {"error": _SHOWN, "warning": _SHOWN, "notice": notices}
    kept = []
    for finding in ordered:
        level = _level(finding)
        if room[level] > 0:
            room[level] -= 1
            kept.append(finding)
    return kept


def _level(finding: Finding) -> str:
    return "error" if finding.finding_class is FindingClass.INTEGRITY else _LEVELS[finding.severity]


def _command(finding: Finding, root: str) -> str:
    title = _property(f"{finding.code} {finding.slug}")
    message = f"{finding.pointer} {visible(finding.message)} (colophon explain {finding.code})"
    place = f"file={_property(root + finding.path)},line={finding.line}"
    return f"::{_level(finding)} {place},title={title}::{_data(message.strip())}\n"


def _rest(count: int, elsewhere: Sequence[str]) -> str:
    noun = "finding is" if count == 1 else "findings are"
    where = f"are in {' and in '.join(elsewhere)}" if elsewhere else "are printed by colophon check"
    said = f"{count} more {noun} not shown here, because GitHub shows {_SHOWN} of each level; all {where}"
    return f"::notice title=More findings::{_data(said)}\n"


def _data(value: str) -> str:
    return visible(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
