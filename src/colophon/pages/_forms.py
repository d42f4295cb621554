"""The files with which readers may begin: one for the paper, one for each text, claim and finding of it."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from colophon import filing, forge, layout, reasons
from colophon import pointer as pointers
from colophon.event_faults import NO_NAME, NO_NOTE
from colophon.filing import Draft, DraftChange
from colophon.model import Finding, Severity
from colophon.pages._links import safe
from colophon.pages._places import claim_at, in_words, said
from colophon.pages._words import cost, short
from colophon.pointer import ABSENT
from colophon.views import Form, RecordView
from colophon.yaml_text import written

_FIRST = "correct.html"
# Of the 40 KB that a page may have; frame, heading and steps take the rest.
_ROOM, _LINE, _LONGEST, _MARKS = 28_500, 300, 8_000, 260
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


def forms(view: RecordView) -> tuple[Form, ...]:
    """Return every form of a paper in the order of its pages; the first is for the paper as a whole.

    They are many and long, so they are made once for a record and handed to its pages in the view.
    """
    making = _Making(view)
    pages = enumerate(_filled([making.general(), *making.each()]), 1)
    return tuple(replace(form, page=page_name(number)) for number, held in pages for form in held)


def page_name(number: int) -> str:
    """Return the file name of a page of forms, counted from 1."""
    return _FIRST if number == 1 else f"correct-{number}.html"


def _filled(made: list[Form]) -> Iterator[list[Form]]:
    """Yield as many forms at a time as fit on one page."""
    held: list[Form] = []
    whole = room = _ROOM - cost(made[0].begin)
    for form in made:
        size = cost(form.about) + cost(form.quote) + cost(form.link or form.end) + _MARKS
        if held and size > room:
            yield held
            held, room = [], whole
        held.append(form)
        room -= size
    yield held


class _Making:
    """The forms of one paper, made one by one."""

    def __init__(self, view: RecordView) -> None:
        self._view = view
        self._taken: Collection[str] = {filed.slug for filed in view.record.events}
        draft = Draft(view.record.id, _TYPE, NO_NOTE, reporter=NO_NAME)
        self._begin = filing.text(draft, filing.modeline(view.settings))
        self._paths: dict[str, str] = {}

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
        path = self._path(words)
        end = filing.reason(reason) + (filing.proposal(change) if change is not None else "")
        # A text that would fill a page of its own is left out: its field is named in the note.
        is_whole = cost(end) <= _LONGEST
        if not is_whole:
            end = filing.reason(reason)
        link = safe_link(forge.new_file_link(self._view.settings, path, self._begin + end))
        is_quoted = is_whole and not link and change is not None and change.old == quote
        return Form(
            anchor, about, "" if is_quoted else short(quote, _LINE), path, self._begin, end, link, _FIRST
        )

    def _path(self, words: str) -> str:
        """Return a path that is free; many findings share one, and many names may be taken."""
        if words not in self._paths:
            slug = filing.slug_of(words, self._taken)
            self._paths[words] = layout.event_path(self._view.record.id, slug)
        return self._paths[words]


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
