"""The last lines that a terminal shows of the check of a change."""

from collections import Counter
from collections.abc import Collection

from colophon.change_report._inert import clipped
from colophon.change_report._values import ChangeReport, RecordChange
from colophon.characters import inert
from colophon.model import Severity
from colophon.report import blocks, counted, kinds

_RECORDS = 10
_TITLE = 80


def text_summary(report: ChangeReport, failing: Collection[Severity] = ()) -> str:
    """Return what a change does in a few lines; ``failing`` are severities that block besides damage."""
    count = len(report.records)
    lines = [f"{counted(count, 'record')} touched{':' if count else ''}"]
    lines += [f"  {_record(record)}" for record in report.records[:_RECORDS]]
    if count > _RECORDS:
        lines.append(f"  and {counted(count - _RECORDS, 'more record')}")
    lines += [f"note: {inert(note)}" for note in report.notes]
    lines.append(f"brought by the change: {kinds(report.findings)}")
    if report.standing:
        lines.append(f"{counted(report.standing, 'finding')} stood before: {inert(report.standing_where)}")
    blocking = sum(blocks(finding, failing) for finding in report.findings)
    lines.append(f"must not be merged yet: {counted(blocking, 'thing')}" if blocking else "may be merged")
    return "\n".join(lines)


def _record(record: RecordChange) -> str:
    parts = [inert(f"{record.display_id} {clipped(record.title, _TITLE)}")]
    if record.is_new:
        parts.append("new")
    for name, (before, after) in (("state", record.state), ("tier", record.tier), ("level", record.level)):
        if before != after:
            parts.append(f"{name} {inert(after or 'gone')}{f' (was {inert(before)})' if before else ''}")
    fields = Counter(field.kind for field in record.fields)
    parts += [f"{counted(number, 'field')} {inert(kind)}" for kind, number in sorted(fields.items())]
    if record.events:
        parts.append(counted(len(record.events), "event"))
    if record.removed:
        parts.append(f"REMOVED: {counted(len(record.removed), 'file')}")
    return "; ".join(parts)
