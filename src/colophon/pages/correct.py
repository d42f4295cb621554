"""papers/<id>/correct.html: how to correct one paper, with a file begun for it, each claim and each finding.

Where the forge can, a link opens its form for a new file with the text in it; elsewhere the text stands here
to be copied.  Without a script the reader types the date; with one it is filled in.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from colophon import filing, forge, reasons
from colophon import pointer as pointers
from colophon.event_faults import NO_NAME, NO_NOTE
from colophon.filing import Draft, DraftChange
from colophon.model import Finding, Page, Severity
from colophon.pages import Output, record_page, render
from colophon.pages._links import safe
from colophon.pages._places import claim_at, in_words, said
from colophon.pages._words import cost, short
from colophon.pointer import ABSENT
from colophon.views import RecordView
from colophon.yaml_text import written

FIRST = "correct.html"
# Of the 40 KB that a page may have; frame, heading and steps take the rest.
_ROOM, _LINE, _LONGEST, _MARKS = 28_500, 300, 8_000, 520
_ORDER = tuple(Severity)
_TYPE = "DISPUTE"
_FIELDS = (("title", "Title"), ("research_question", "Research question"), ("abstract", "Abstract"))
# What a rule finds, in the words of a reason; other rules are named like their reason or have none.
_REASONS = {
    "dates-out-of-order": "contradictory",
    "flag-contradicts-threshold": "contradictory",
    "text-cut": "cut-text",
    "tier-contradicts-inputs": "contradictory",
    "totals-disagree": "counts-disagree",
}
_NO_REASON = "other"


@dataclass(frozen=True, slots=True)
class Form:
    """One file that a reader may begin: the anchor on the page, what it is about, its place and its text.

    ``link`` opens the forge's form with the text in it, or is empty.
    """

    anchor: str
    about: str
    quote: str
    path: str
    text: str
    link: str

    @property
    def size(self) -> int:
        """How many bytes it takes on a page, at most."""
        return cost(self.about) + cost(self.quote) + cost(self.link or self.text) + _MARKS


class Forms:
    """The forms of one paper."""

    def __init__(self, view: RecordView) -> None:
        self._view = view
        self._taken: Collection[str] = {filed.slug for filed in view.record.events}
        self._modeline = filing.modeline(view.settings)
        self._begun: dict[str, str] = {}

    def general(self) -> Form:
        """Return the form for whatever is wrong with the paper."""
        return self._form("paper", "The paper as a whole", "", "what-is-wrong", None)

    def each(self) -> Iterator[Form]:
        """Yield the form of each text and claim, then of each finding, in the order of the paper's page."""
        view, manifest = self._view, self._view.record.manifest
        for name, label in _FIELDS:
            change = proposal(view, "manifest", f"/{name}")
            if change is not None and change.old is not None:
                yield self._form(name, label, str(change.old), name, change)
        for place, claim in enumerate(manifest.claims or ()):
            change = proposal(view, "manifest", f"/claims/{place}/text")
            yield self._form(claim.id, f"Claim {claim.id}", claim.text, f"claim-{claim.id}", change)
        for number, finding in enumerate(findings_in_order(view), 1):
            change, about = proposal(view, *place_of(finding)), f"{finding.code} {finding.slug}"
            name = f"{_name_of(finding)}-{finding.code}"
            yield self._form(f"f{number}", about, said(finding), name, change, reason_of(finding))

    def _form(
        self,
        anchor: str,
        about: str,
        quote: str,
        words: str,
        change: DraftChange | None,
        reason: str = _NO_REASON,
    ) -> Form:
        path = filing.path(self._view.record.id, filing.slug_of(words, self._taken))
        text = self._start(reason) + (filing.proposal(change) if change is not None else "")
        # A text that would fill a page of its own is left out: its field is named in the note.
        if cost(text) > _LONGEST:
            text = self._start(reason)
        link = safe_link(forge.new_file_link(self._view.settings, path, text))
        return Form(anchor, about, short(quote, _LINE), path, text, link)

    def _start(self, reason: str) -> str:
        """Return the file without a proposal."""
        if reason not in self._begun:
            draft = Draft(self._view.record.id, _TYPE, NO_NOTE, reason=reason, reporter=NO_NAME)
            self._begun[reason] = filing.text(draft, self._modeline)
        return self._begun[reason]


def proposal(view: RecordView, document: str, pointer: str) -> DraftChange | None:
    """Return a proposal that starts from the value that stands there; None for no plain value."""
    value = pointers.resolve(view.record.current.named(document), pointer) if pointer else ABSENT
    if value is ABSENT or isinstance(value, dict | list):
        return None
    text = written(value)
    return DraftChange(document, pointer, old=text, new=text)


def place_of(finding: Finding) -> tuple[str, str]:
    """Return document and pointer of what a finding is about; no pointer where that is a correction."""
    document = "provenance" if finding.path.endswith("/provenance.json") else "manifest"
    return document, finding.pointer if finding.path.endswith(".json") else ""


def safe_link(link: str) -> str:
    """Return an address of the forge that may become a link; one with a whole file in it is long."""
    return link if safe(link.partition("?")[0]) else ""


def findings_in_order(view: RecordView) -> list[Finding]:
    """Return findings as the paper's page lists them: the gravest first, then in the order of the file."""
    return sorted(view.judged.findings, key=lambda finding: _ORDER.index(finding.severity))


def _name_of(finding: Finding) -> str:
    claim = claim_at(finding.pointer)
    return f"claim-c{claim + 1:03d}" if claim is not None else in_words(finding.pointer) or "finding"


def reason_of(finding: Finding) -> str:
    """Return the reason of a dispute that fits what a rule found."""
    name = _REASONS.get(finding.slug, finding.slug)
    return name if any(reason.name == name for reason in reasons.for_type(_TYPE)) else _NO_REASON


@record_page("correct")
def correct(view: RecordView) -> Iterator[Output]:
    """Yield the pages with the forms of one paper."""
    forms = Forms(view)
    pages = list(_filled([forms.general(), *forms.each()]))
    for number, held in enumerate(pages, 1):
        yield _page(view, held, number, len(pages))


def places(view: RecordView) -> dict[str, str]:
    """Return on which page, below ``papers/<id>/``, the form of each anchor stands."""
    forms = Forms(view)
    pages = enumerate(_filled([forms.general(), *forms.each()]), 1)
    return {form.anchor: _name(number) for number, held in pages for form in held}


def _filled(forms: list[Form]) -> Iterator[list[Form]]:
    """Yield as many forms at a time as fit on one page."""
    held: list[Form] = []
    room = _ROOM
    for form in forms:
        if held and form.size > room:
            yield held
            held, room = [], _ROOM
        held.append(form)
        room -= form.size
    yield held


def _name(number: int) -> str:
    return FIRST if number == 1 else f"correct-{number}.html"


def _page(view: RecordView, held: list[Form], number: int, of: int) -> Page:
    record, settings = view.record, view.settings
    folder = filing.folder(record.id)
    where = "/".join(part for part in (settings.folder, folder) if part)
    context: dict[str, Any] = {
        "id": record.id,
        "display_id": record.manifest.display_id,
        "title": short(record.manifest.title, 600),
        "forms": held,
        "number": number,
        "of": of,
        "before": _name(number - 1) if number > 1 else "",
        "after": _name(number + 1) if number < of else "",
        "where": where,
        "prefill": forge.has_prefill(settings),
        "new_file": safe_link(forge.folder_link(settings, held[0].path)),
        "last": record.steps[-1].date if record.steps else "",
    }
    title = f"Correct {record.manifest.display_id}" + (f", page {number}" if number > 1 else "")
    description = f"File a correction of {record.manifest.display_id}."
    body = render("correct.html", **context)
    return Page(
        f"papers/{record.id}/{_name(number)}", title, description, "papers", body, body_class="page-correct"
    )
