"""What a change may add to the history of one record: nothing before what was published, nothing in vain.

An event that would sort before a published one would alter published versions.  One that would not be applied
is refused while its author can still mend it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from colophon import documents, layout, yaml_guard
from colophon.contracts.correction_event import instant
from colophon.documents import Document
from colophon.entries import Entry, FiledEvent, moment, place
from colophon.filed import Filed, event_id, just_after
from colophon.matching import did_you_mean, suggestion
from colophon.model import Finding, FindingClass, Patch, Severity
from colophon.removal import removed_digest

_DECIDES = {"review-v1": "reviewer", "refusal-v1": "decided_by"}


def history_findings(
    base: Filed, head: Filed, record: str, added: Collection[str], maintainers: Collection[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the files that a change adds to one record's history.

    ``added`` are registry-relative paths; ``maintainers`` are the names in the merged registry.yaml.
    """
    published = {entry.id: entry for entry in base.entries}
    removals = {one.path for one in head.events if one.event.removal is not None}
    gone = {document.path for document in head.documents if removed_digest(document.raw) is not None}
    for document in head.documents:
        if document.path in added:
            yield from _late(document, base.last, published, record)
            yield from _stranger(document, record, maintainers)
            yield from _confirmed_at_once(document, record, {*added} - removals)
            yield from _of_removed(document, record, gone)


def removals_unconfirmed(
    head: Filed,
    record: str,
    added: Collection[str],
    removals: Collection[str],
    maintainers: Collection[str],
) -> Iterator[Finding]:
    """Refuse to take a file away unless a maintainer confirms it: with it goes what was found in it."""
    confirmed = {
        (one.review.file, one.review.sha256) for one in head.reviews if one.review.reviewer in maintainers
    }
    by_path = {document.path: document for document in head.documents}
    for one in head.events:
        if one.path not in added or one.event.removal is None:
            continue
        file = one.event.removal.file
        if f"{layout.record_folder(record)}/{file}" in removals and (one.path, one.sha256) not in confirmed:
            message = (
                f"takes away {file} and what it says; expected a review of this file by "
                f"{_names(maintainers)} in the same change, with sha256: {one.sha256}"
            )
            yield documents.finding_at(by_path[one.path], record, "H410", "/removal/file", message)


def signatures(head: Filed, added: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield (path, name) of every added review and refusal: who is said to have decided."""
    for document in head.documents:
        key, name = _decider(document)
        if key and document.path in added:
            yield document.path, name


def _decider(document: Document) -> tuple[str, str]:
    """Return the field of a review or refusal that names who decided, and the name; else nothing."""
    data = document.data or {}
    key = _DECIDES.get(data.get("contract_version", ""), "")
    return key, data[key] if key else ""


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
    fitting = base.next_date(now)
    if not raw or fitting is None:
        return finding
    line_text = f"date: {fitting}"
    if is_missing:
        lines = yaml_guard.read(raw).lines
        line = lines.get("/reporter", lines.get("", 1))
        message, patch = f"date is missing, expected the line `{line_text}`", Patch(line, line - 1, line_text)
    else:
        message = f"{finding.message}; expected a line such as `{line_text}`"
        patch = Patch(finding.line, finding.line, line_text)
    return replace(finding, message=message, patch=patch)


def _of_removed(document: Document, record: str, gone: Collection[str]) -> Iterator[Finding]:
    """Refuse a review of an event that was removed: nobody can read it any more, and nothing comes of it."""
    data = document.data
    if data is not None and data["contract_version"] == "review-v1" and data["file"] in gone:
        message = f"{data['file']} was removed, expected a review of a file that is there"
        yield blocking(documents.finding_at(document, record, "H311", "/file", message), [document.path])


def _late(
    document: Document, last: Entry | None, published: Mapping[str, Entry], record: str
) -> Iterator[Finding]:
    """Refuse an event or review that would sort before a published one, and print the line that fits."""
    data = document.data
    if last is None or data is None or data["contract_version"] == "refusal-v1":
        return
    is_review, own = data["contract_version"] == "review-v1", event_id(data["date"], document.raw)
    if (twin := published.get(own)) is not None:
        message = f"has the id of {_file(twin)}, which is published; leave it out, or change a word of it"
        yield blocking(documents.finding_at(document, record, "H309", "", message), [document.path])
        return
    if (instant(data["date"]), is_review, own) > place(last):
        return
    message = f"dated {data['date']}, it would come before {last.id} of {moment(last)}, which is published"
    fitting = just_after(last)
    if fitting is None:
        message += "; no later time is left, so this record takes no event any more"
        yield documents.finding_at(document, record, "H407", "/date", message)
        return
    message += f"; expected a later time, such as the line `date: {fitting}`"
    yield documents.finding_at(document, record, "H407", "/date", message, f"date: {fitting}")


def _file(entry: Entry) -> str:
    return f"{'corrections' if isinstance(entry, FiledEvent) else 'reviews'}/{entry.slug}.yaml"


def _stranger(document: Document, record: str, maintainers: Collection[str]) -> Iterator[Finding]:
    """Refuse a review or a refusal by somebody who is no maintainer."""
    key, name = _decider(document)
    if not key or name in maintainers:
        return
    known = ", ".join(sorted(maintainers)) or "nobody yet"
    nearest = did_you_mean(name, list(maintainers))
    message = (
        f"{name} is no maintainer in the registry.yaml that is merged, which names "
        f"{known}{suggestion(nearest)}"
    )
    mend = f"{key}: {nearest}" if nearest else None
    yield documents.finding_at(document, record, "H411", f"/{key}", message, mend)


def _confirmed_at_once(document: Document, record: str, added: Collection[str]) -> Iterator[Finding]:
    """Refuse a review in the change that brings what it confirms: one hand could have written both."""
    data = document.data
    if data is None or data["contract_version"] != "review-v1" or data["file"] not in added:
        return
    message = (
        f"confirms {data['file']}, which comes in the same change; expected two changes: merge the "
        "event first, then its review"
    )
    yield documents.finding_at(document, record, "H413", "/file", message)
