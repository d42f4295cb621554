"""The summary of a pull request: whether it may be merged, what to mend, what becomes of each record."""

from collections.abc import Collection, Iterator, Sequence

from colophon.change_report._difference import difference
from colophon.change_report._inert import cell, code, fenced, words
from colophon.change_report._values import ChangeReport, FieldChange, RecordChange
from colophon.model import Finding, Patch, Severity
from colophon.report import (
    blocks,
    counted,
    harmless,
    lines_to_write,
    place,
    record_page,
    rule_page,
    weight,
)

LIMIT = 60_000
# For the line that says how much was left out, and for the notes.
_RESERVE = 500
_NOTES = 4_000
_TITLE = 300
_FILES = 10
_LONGEST_PATCH = 10_000
_COMMIT = 100


def markdown(
    report: ChangeReport, root: str, site_url: str | None = None, *, failing: Collection[Severity] = ()
) -> str:
    """Return the summary of a change as Markdown, at most ``LIMIT`` characters, cut at whole entries.

    ``root`` is put before each path.  Rules and records are linked where ``site_url`` is an address.
    ``failing`` are severities whose findings block besides damage.  No text of a record becomes a link,
    an image, HTML, a mention, or a reference to an issue.
    """
    site = site_url if site_url and site_url.startswith(("https://", "http://")) else None
    entries = {True: list[str](), False: list[str]()}
    for finding in report.findings:
        entries[blocks(finding, failing)].append(_finding(finding, root, site))
    head = _head(report, len(entries[True]))
    tail = _fitted("Notes", _listed(report.notes), _NOTES, "note", report) + _standing(report)
    room = LIMIT - len(head) - len(tail)
    mend = _fitted("What must be mended", entries[True], room // 2, "finding", report)
    room -= len(mend)
    noticed = _fitted("What else the change brings", entries[False], room // 3, "finding", report)
    touched = [row for record in report.records for row in _record(record, root, site)]
    records = _fitted("Records", touched, room - len(noticed), "row", report)
    return head + mend + records + noticed + tail


def _fitted(title: str, rows: Sequence[str], room: int, noun: str, report: ChangeReport) -> str:
    """Return a section with as many whole rows as there is room for, and how many are left out."""
    if not rows:
        return ""
    text = f"\n## {title}\n"
    for taken, row in enumerate(rows):
        if len(text) + len(row) + _RESERVE > room:
            left = counted(len(rows) - taken, f"more {noun}")
            command = code(f"colophon check --base {report.base}", _COMMIT)
            return f"{text}\n**{left} left out here, of {len(rows)}.** {command} prints all.\n"
        text += row
    return text


def _listed(items: Sequence[str]) -> list[str]:
    """Return the rows of a list; the first has an empty line before it."""
    return [f"{'' if at else chr(10)}- {words(item)}\n" for at, item in enumerate(items)]


def _head(report: ChangeReport, blocking: int) -> str:
    verdict = f"Must not be merged yet: {counted(blocking, 'thing')}" if blocking else "May be merged"
    said = (
        f"{counted(len(report.records), 'record')} touched, {counted(report.files, 'file')} changed, "
        f"{counted(len(report.findings), 'finding')} brought by the change"
    )
    commits = f"From {code(report.base, _COMMIT)} to {code(report.head, _COMMIT)}."
    removed = sum(len(record.removed) for record in report.records)
    loud = f"\n**REMOVED: {counted(removed, 'file')}, listed at the records.**\n" if removed else ""
    return f"# {verdict}\n\n{said}. {commits}\n{loud}"


def _standing(report: ChangeReport) -> str:
    if not report.standing_where:
        return ""
    where = f": {code(report.standing_where)}" if report.standing else "."
    return f"\n{counted(report.standing, 'finding')} stood before this change{where}\n"


def _finding(finding: Finding, root: str, site: str | None) -> str:
    name = f"{finding.code} {finding.slug}"
    if site is not None:
        name = f"[{name}]({rule_page(site, finding.code, finding.slug)})"
    pointer = f" {code(finding.pointer)}" if finding.pointer else ""
    return (
        f"\n**{name}**, {weight(finding)}, at {code(f'{root}{finding.path}:{finding.line}')}{pointer}\n"
        f"\n{code(finding.message, 2_000)}\n"
        f"{_patch(finding.patch) if finding.patch else ''}"
        f"\nHelp: {code(f'colophon explain {finding.code}')}\n"
    )


def _patch(patch: Patch) -> str:
    lines = lines_to_write(patch)
    if not lines:
        return f"\nWrite nothing {place(patch)}.\n"
    block = fenced(lines)
    if len(block) > _LONGEST_PATCH:
        printed = f"{counted(len(lines), 'line')}, too much for this place"
        return f"\nWrite {place(patch)} what {code('colophon check')} prints: {printed}.\n"
    changed = any(harmless(line) != line for line in lines)
    stands = f"\n{code(chr(92) + 'u{...}')} stands for the character with that number.\n" if changed else ""
    return f"\nWrite {place(patch)}:\n\n{block}{stands}"


def _record(record: RecordChange, root: str, site: str | None) -> Iterator[str]:
    yield _record_head(record, root, site) + _table(record)
    if record.removed:
        yield f"\n**REMOVED: {counted(len(record.removed), 'file')}**\n"
        yield from _listed([root + path for path in record.removed])
    yield from map(_field, record.fields)
    if record.events:
        yield "\nEvents filed:\n"
    for at, (event, kind, reporter, outcome) in enumerate(record.events):
        said = f"{code(event)} {code(kind)} by {code(reporter)}: {words(outcome)}"
        yield f"{'' if at else chr(10)}- {said}\n"


def _record_head(record: RecordChange, root: str, site: str | None) -> str:
    shown = [code(root + path, _TITLE) for path in record.files[:_FILES]]
    if len(record.files) > _FILES:
        shown.append(f"{len(record.files) - _FILES} more")
    page = f" [Its page now]({record_page(site, record.id)})." if site and not record.is_new else ""
    files = f" Files: {', '.join(shown)}." if shown else ""
    return (
        f"\n### {code(record.title, _TITLE)} ({code(record.display_id, _COMMIT)})\n"
        f"\n{'New record' if record.is_new else 'Record'} {code(record.id, _COMMIT)}.{files}{page}\n"
    )


def _table(record: RecordChange) -> str:
    rows = (("state", record.state), ("tier", record.tier), ("level", record.level))
    return "\n| | before | after |\n| --- | --- | --- |\n" + "".join(
        f"| {name} | {_value(before)} | {'the same' if before == after else _value(after)} |\n"
        for name, (before, after) in rows
    )


def _value(value: str | None) -> str:
    return "none" if value is None else cell(value)


def _field(field: FieldChange) -> str:
    return (
        f"\n{code(field.document)} {code(field.pointer)}: {words(field.kind)}, event {code(field.event)}\n"
        f"\n{fenced(difference(field.old, field.new), 'diff')}"
    )
