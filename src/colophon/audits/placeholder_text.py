"""P102: placeholders, empty cells, remnants of templates and of markup."""

import re
from collections.abc import Iterator

from colophon.audits import audit
from colophon.audits._debris import debris, placeholder
from colophon.audits._texts import texts
from colophon.contracts.paper_manifest import Claim
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_HEADING_DEBRIS = re.compile(r"#{1,6}\s|\*\*\S|__\S|</?[a-z]", re.IGNORECASE)


@audit("P102", severity=Severity.WARNING)
def placeholder_text(record: Record) -> Examination:
    """What: No text of a report should be a placeholder ("not publicly specified", "n/a", "TBD"), a template
    slot (`{{title}}`, `[insert source]`), or carry markup that should have been rendered (`**3 Results**`,
    `revision\\_round`, `&amp;`, `<br>`). A cell of a table should not be empty where the other rows have one.

    Why: It shows that nobody looked at the text before it was published, and it often stands where a fact
    should be.

    Example: The heading "3 Results" is printed as `**3 Results**`. The source of the claim records is given
    as "not publicly specified".

    Mend: The publisher can issue a clean report. If the markup came in when the report was read here, file a
    correction with the reason `transcription`. It is shown beside the record, and the finding stays.
    """
    recognised = 0
    flaws = []
    for document, reading in (("manifest", record.manifest), ("provenance", record.provenance)):
        for pointer, text in texts(reading):
            recognised += 1
            problems = list(_problems(pointer, text))
            if problems:
                flaws.append(Flaw(pointer, "; ".join(problems), document))
    empty = list(_empty_cells(record.manifest.claims or ()))
    recognised += len(empty)
    return Examination(recognised, recognised, (*flaws, *empty))


def _problems(pointer: str, text: str) -> Iterator[str]:
    whole = placeholder(text)
    if whole is not None:
        yield whole
        return
    left = list(debris(text))
    if left:
        yield f"holds {', '.join(left)}"
    elif pointer.startswith("/headings/") and _HEADING_DEBRIS.match(text):
        yield f'begins with markup: "{text[:60]}"'


def _empty_cells(claims: tuple[Claim, ...]) -> Iterator[Flaw]:
    """Yield the claims that lack a flag or confidence which at least half of the claims have."""
    for name in ("flag", "confidence"):
        cells = [getattr(claim.stated, name) for claim in claims]
        filled = sum(cell is not None for cell in cells)
        if 2 * filled < len(cells):
            continue
        for position, cell in enumerate(cells):
            if cell is None:
                message = f"is an empty cell, {filled} of {len(cells)} claims have a {name}"
                yield Flaw(f"/claims/{position}/stated/{name}", message)
