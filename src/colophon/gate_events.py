"""What a change may add to the history of one record: nothing before what was published, nothing in vain.

An event that would sort before a published one would alter published versions.  One that would not be applied
is refused while its author can still mend it.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from colophon import canon, faults, yaml_guard
from colophon.contracts.correction_event import instant
from colophon.documents import Document
from colophon.filed import Filed, event_id
from colophon.fold import FiledEvent, FiledReview, moment, place
from colophon.matching import did_you_mean, suggestion
from colophon.model import Fault, Finding, FindingClass, Patch, Severity

_DECIDES = {"review-v1": "reviewer", "refusal-v1": "decided_by"}


def history_findings(
    base: Filed, head: Filed, record: str, added: Collection[str], maintainers: Collection[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the files that a change adds to one record's history.

    ``added`` are registry-relative paths; ``maintainers`` are the names in the base's registry.yaml.
    """
    new = [document for document in head.documents if document.path in added]
    yield from (finding for document in new for finding in _late(document, base, record))
    yield from (finding for document in new for finding in _stranger(document, record, maintainers))


def removed_events(
    head: Filed, record: str, removals: Collection[str], maintainers: Collection[str]
) -> Iterator[Finding]:
    """Refuse to take an event away unless a maintainer confirms it: with it goes what it says."""
    place_of, confirmed = f"papers/{record[:2]}/{record}", _confirmed(head, maintainers)
    documents = {document.path: document for document in head.documents}
    for one in head.events:
        file = one.event.removal.file if one.event.removal is not None else ""
        if not file.startswith("corrections/") or f"{place_of}/{file}" not in removals:
            continue
        if one.sha256 not in confirmed:
            message = (
                f"takes away {file} and what it says of the record; expected a review of this file by "
                f"{_names(maintainers)} in the same change, with sha256: {one.sha256}"
            )
            document = documents[f"{place_of}/corrections/{one.slug}.yaml"]
            yield _finding(document, record, "H410", "/removal/file", message, None)


def _confirmed(head: Filed, maintainers: Collection[str]) -> set[str]:
    return {one.review.sha256 for one in head.reviews if one.review.reviewer in maintainers}


def _names(maintainers: Collection[str]) -> str:
    return " or ".join(sorted(maintainers)) or "a maintainer, of whom registry.yaml names none yet"


def blocking(finding: Finding, added: Collection[str]) -> Finding:
    """Return a finding as it weighs on a change: what is wrong with an added event refuses it."""
    if finding.path not in added or not finding.code.startswith("H3"):
        return finding
    return replace(finding, severity=Severity.ERROR, finding_class=FindingClass.INTEGRITY)


def dated(finding: Finding, base: Filed, head: Filed, added: Collection[str], now: str) -> Finding:
    """Return a finding about a date that is missing or cannot be read, with the line to write at ``now``."""
    is_missing = finding.pointer == "" and finding.message.startswith('"date" is a required')
    if finding.code != "S110" or finding.path not in added or not (is_missing or finding.pointer == "/date"):
        return finding
    raw = next((document.raw for document in head.documents if document.path == finding.path), b"")
    if not raw:
        return finding
    line_text = f"date: {_fitting(base, now)}"
    if is_missing:
        lines = yaml_guard.read(raw).lines
        line = lines.get("/reporter", lines.get("", 1))
        message, patch = f"date is missing, expected the line `{line_text}`", Patch(line, line - 1, line_text)
    else:
        message = f"{finding.message}; expected a line such as `{line_text}`"
        patch = Patch(finding.line, finding.line, line_text)
    return replace(finding, message=message, patch=patch)


def _fitting(base: Filed, now: str) -> str:
    """Return a date for what is filed now: the day alone, where that comes after what is published."""
    published: list[FiledEvent | FiledReview] = [*base.events, *base.reviews]
    if not published:
        return now[:10]
    last = max(published, key=place)
    if instant(now[:10]) > moment(last):
        return now[:10]
    return now if now > moment(last) else _just_after(last)


def _late(document: Document, base: Filed, record: str) -> Iterator[Finding]:
    """Refuse an event or review that would sort before a published one, and print the line that fits."""
    published: list[FiledEvent | FiledReview] = [*base.events, *base.reviews]
    data = document.data
    if data is None or data["contract_version"] == "refusal-v1" or not published:
        return
    last = max(published, key=place)
    is_review, own = data["contract_version"] == "review-v1", event_id(data["date"], document.raw)
    twin = next((entry for entry in published if entry.id == own), None)
    if twin is not None:
        message = f"has the same bytes as {_file(twin)}, expected one of the two; leave this one out"
        yield blocking(_finding(document, record, "H309", "", message, None), [document.path])
        return
    if (instant(data["date"]), is_review, own) > place(last):
        return
    fitting = _just_after(last)
    message = (
        f"dated {data['date']}, it would come before {last.id} of {moment(last)}, which is published; "
        f"expected a later time, such as the line `date: {fitting}`"
    )
    yield _finding(document, record, "H407", "/date", message, f"date: {fitting}")


def _file(entry: FiledEvent | FiledReview) -> str:
    return f"{'corrections' if isinstance(entry, FiledEvent) else 'reviews'}/{entry.slug}.yaml"


def _just_after(last: FiledEvent | FiledReview) -> str:
    later = datetime.fromisoformat(moment(last).removesuffix("Z")) + timedelta(seconds=1)
    return f"{later.isoformat()}Z"


def _stranger(document: Document, record: str, maintainers: Collection[str]) -> Iterator[Finding]:
    """Refuse a review or a refusal by somebody who is no maintainer of the base."""
    data = document.data or {}
    key = _DECIDES.get(data.get("contract_version", ""))
    if key is None or data[key] in maintainers:
        return
    known = ", ".join(sorted(maintainers)) or "nobody yet"
    nearest = did_you_mean(data[key], list(maintainers))
    message = (
        f"{data[key]} is no maintainer in the registry.yaml that this change starts from, which names "
        f"{known}{suggestion(nearest)}"
    )
    yield _finding(document, record, "H411", f"/{key}", message, f"{key}: {nearest}" if nearest else None)


def _finding(
    document: Document, record: str, code: str, pointer: str, message: str, line_text: str | None
) -> Finding:
    line = canon.line_of(yaml_guard.read(document.raw).lines, pointer)
    patch = Patch(line, line, line_text) if line_text else None
    return faults.finding(Fault(code, line, pointer, message, patch), document.path, record)
