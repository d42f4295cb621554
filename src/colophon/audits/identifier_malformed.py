"""B101: identifiers of sources that cannot be right."""

import re
from collections.abc import Callable, Iterator

from colophon.audits import audit
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_ARXIV = re.compile(r"([0-9]{2})([0-9]{2})\.([0-9]+)(v[0-9]+)?")
_OLD_ARXIV = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?/([0-9]{2})([0-9]{2})([0-9]{3})(v[0-9]+)?")
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_FIRST_MONTH, _LAST_OLD_MONTH, _FIRST_OLD_MONTH = "2007-04", "2007-03", "1991-07"
_FIVE_DIGITS_SINCE = "2015-01"
_CENTURY = 91

Problems = Callable[[str, str | None], Iterator[str]]


@audit("B101", severity=Severity.WARNING)
def identifier_malformed(record: Record) -> Examination:
    """What: The identifier of a source must be one that its registry could have given. For arXiv: the form
    `2601.15305v1` (since April 2007; four digits before 2015, five since) or `math.GT/0309136v1` before, a
    month from 01 to 12, a version, and a month not later than the report's own. For DOIs: `10.`, a registrant
    and a suffix without spaces. For `urn:uuid:`: a UUID.

    Why: A source that cannot be looked up cannot be checked. An arXiv number without a version points to a
    text that may change after the report was written.

    Example: `2613.04512v1` names month 13. `2601.15305` names no version.

    Mend: If the report prints the identifier correctly and it was copied wrongly, file a correction with the
    reason `transcription`. Otherwise the publisher can issue a corrected list of sources. A correction is
    shown beside the record, and the finding stays.
    """
    recognised = 0
    flaws = []
    for position, source in enumerate(record.manifest.sources or ()):
        problems = _problems_of(source.kind, source.identifier)
        if problems is None:
            continue
        recognised += 1
        found = list(problems(source.identifier, record.manifest.submitted))
        if found:
            shown = source.identifier if len(source.identifier) <= 80 else f"{source.identifier[:77]}..."
            flaws.append(Flaw(f"/sources/{position}/identifier", f"{shown}: {'; '.join(found)}"))
    return Examination(recognised, recognised, tuple(flaws))


def _problems_of(kind: str, identifier: str) -> Problems | None:
    if kind == "arxiv":
        return _arxiv_problems
    if kind == "doi":
        return _doi_problems
    return _uuid_problems if identifier.casefold().startswith("urn:uuid:") else None


def _arxiv_problems(identifier: str, submitted: str | None) -> Iterator[str]:
    number = re.sub(r"^(?:arxiv:\s*|https?://arxiv\.org/abs/)", "", identifier, flags=re.IGNORECASE)
    new, old = _ARXIV.fullmatch(number), _OLD_ARXIV.fullmatch(number)
    match = new or old
    if match is None:
        yield "no arXiv identifier, expected the form 2601.15305v1"
        return
    year, month, version = match[1], match[2], match[4]
    if not "01" <= month <= "12":
        yield f"month {month} does not exist"
        return
    since = f"{1900 if int(year) >= _CENTURY else 2000}"[:2] + f"{year}-{month}"
    yield from _new_form_problems(since, match[3]) if new else _old_form_problems(since)
    if version is None:
        yield "names no version"
    elif int(version[1:]) == 0:
        yield "versions begin with v1"
    if submitted is not None and since > submitted[:7]:
        yield f"from {since}, later than the report of {submitted[:7]}"


def _new_form_problems(since: str, digits: str) -> Iterator[str]:
    if since < _FIRST_MONTH:
        yield f"this form began in {_FIRST_MONTH}"
        return
    expected = 5 if since >= _FIVE_DIGITS_SINCE else 4
    if len(digits) != expected:
        yield f"has {len(digits)} digits after the point, {since[:4]} has {expected}"
    elif int(digits) == 0:
        yield "numbers begin with 1"


def _old_form_problems(since: str) -> Iterator[str]:
    if not _FIRST_OLD_MONTH <= since <= _LAST_OLD_MONTH:
        yield f"this form was used from {_FIRST_OLD_MONTH} to {_LAST_OLD_MONTH}"


def _doi_problems(identifier: str, _submitted: str | None) -> Iterator[str]:
    name = re.sub(r"^(?:doi:\s*|https?://(?:dx\.)?doi\.org/)", "", identifier, flags=re.IGNORECASE)
    if not _DOI.fullmatch(name):
        yield "no DOI, expected the form 10.1000/suffix"


def _uuid_problems(identifier: str, _submitted: str | None) -> Iterator[str]:
    if not _UUID.fullmatch(identifier[len("urn:uuid:") :]):
        yield "no UUID, expected 8-4-4-4-12 hex digits"
