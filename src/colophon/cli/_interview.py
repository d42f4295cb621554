"""The questions of ``colophon correct``: what is wrong, what should stand there, why, and who says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from colophon import pointer as pointers
from colophon import reasons
from colophon.amend import shown
from colophon.answers import evidence_named, fits, orcid_named
from colophon.characters import refused
from colophon.cli._questions import Option, Questions
from colophon.cli._tables import side_by_side, visible_lines
from colophon.contracts.correction_event import OPINIONS, TRANSCRIPTION
from colophon.correcting import is_words, missing, to_value
from colophon.errors import UsageError
from colophon.filing import Draft, DraftChange
from colophon.fold import Documents
from colophon.matching import in_one_line, stands_in
from colophon.record_fields import Field, fields, find
from colophon.records import Named
from colophon.records import find as find_record

_WHAT = (
    "What is wrong?  The number of a claim such as 3, some of its words, or a field such as title.\n"
    "(? lists the fields, Enter: the record as a whole)"
)
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """The record that a person corrects; ``report`` is its report in one line, empty when it was removed."""

    documents: Documents
    report: str
    known: Mapping[str, Named]


def which_record(questions: Questions, known: Mapping[str, Named]) -> Named:
    """Ask for the record."""
    question = (
        "Which record?  Its id, the first eight digits, the address of its page, or words of its title."
    )
    return questions.ask(question, lambda answer: find_record(answer, known))


def completed(questions: Questions, draft: Draft, subject: Subject, name: str) -> Draft:
    """Ask for whatever a draft lacks and return it whole.  ``name`` is proposed as the reporter's."""
    about: list[Field] = []
    if not draft.changes and (
        draft.type in ("", *OPINIONS) or "--change" in missing(draft, has_changes=False)
    ):
        draft, about = _with_changes(questions, draft, subject)
    if not draft.type:
        draft = _with_type(questions, draft, subject, whole=not draft.changes and not about)
    if "--reason" in missing(draft, has_changes=True):
        options = [Option(one.name, one.wording) for one in reasons.for_type(draft.type)]
        draft = replace(draft, reason=questions.choose("Why?", options))
    if draft.type == "SUPERSESSION" and not draft.successor:
        question = "Which record takes its place?"
        successor = questions.ask(question, lambda answer: find_record(answer, subject.known))
        draft = replace(draft, successor=successor.id)
    return _with_reporter(questions, _with_note(questions, draft, about), name)


def _with_changes(questions: Questions, draft: Draft, subject: Subject) -> tuple[Draft, list[Field]]:
    """Ask for fields and their new values; returned too are the fields for which nothing better is known."""
    changes: list[DraftChange] = []
    about: list[Field] = []
    whole = draft.type in ("", *OPINIONS)
    while True:
        field = _which_field(questions, subject.documents, may_be_whole=whole and not changes and not about)
        if field is None:
            break
        questions.say(f"\n{field.name} ({field.document}:{field.pointer}) now says\n  {_value(field)}")
        change = _new_value(questions, subject.documents, field, may_be_open=draft.type in ("", *OPINIONS))
        if change is None:
            about.append(field)
        else:
            changes.append(change)
            questions.console.print(side_by_side([change], "now", "corrected"))
        if not questions.yes("Is another field wrong?", default=False):
            break
    return replace(draft, changes=tuple(changes)), about


def _value(field: Field) -> str:
    if field.value is pointers.ABSENT:
        return "nothing yet"
    return visible_lines(field.value) if isinstance(field.value, str) else shown(field.value)


def _which_field(questions: Questions, documents: Documents, *, may_be_whole: bool) -> Field | None:
    def read(answer: str) -> list[Field]:
        if answer == "?":
            listed = [f"  {one.name:<32} {shown(one.value)[:_SHORT]}" for one in fields(documents)]
            raise UsageError("the fields are\n" + "\n".join(listed))
        if not answer and not may_be_whole:
            raise UsageError("a field is needed")
        return find(documents, answer, loosely=True) if answer else []

    found = questions.ask(
        _WHAT if may_be_whole else _WHAT.replace(", Enter: the record as a whole", ""), read
    )
    if len(found) <= 1:
        return found[0] if found else None
    options = [Option(one.name, shown(one.value)[:_SHORT]) for one in found]
    chosen = questions.choose("Which one?", options)
    return next(one for one in found if one.name == chosen)


def _new_value(
    questions: Questions, documents: Documents, field: Field, *, may_be_open: bool
) -> DraftChange | None:
    """Ask what should stand in a field; None when the person knows only that it is wrong."""

    def read(answer: str) -> DraftChange | None:
        if not answer and may_be_open:
            return None
        return to_value(documents, field, answer)

    known = " (Enter: nothing better is known)" if may_be_open else ""
    return questions.ask(f"What should it say?{known}", read)


def _with_type(questions: Questions, draft: Draft, subject: Subject, *, whole: bool) -> Draft:
    """Ask for the kind of correction in plain words; for the publisher's words a dispute is proposed."""
    if whole or not draft.changes:
        known = [one for one in reasons.vocabulary().types if one.is_notice and one.name != "REMOVAL"]
        known = known if whole else [one for one in known if one.name in OPINIONS]
        options = [Option(one.name, one.wording) for one in known]
        return replace(draft, type=questions.choose("What is to be said?", options, "DISPUTE"))
    if is_words(draft.changes):
        if _is_slip(questions, draft, subject):
            return replace(draft, type=_usual_type(draft), reason=TRANSCRIPTION)
        questions.say(
            "\nThen this is a dispute: the publisher's words stay, and yours are shown beside them."
        )
        return replace(draft, type="DISPUTE")
    known = [one for one in reasons.vocabulary().types if not one.is_notice or one.name in OPINIONS]
    options = [Option(one.name, one.wording) for one in known]
    return replace(
        draft, type=questions.choose("What kind of correction is it?", options, _usual_type(draft))
    )


def _usual_type(draft: Draft) -> str:
    """Return the type that fits the field which is changed first."""
    return reasons.type_of_field(draft.changes[0].document, draft.changes[0].pointer)


def _is_slip(questions: Questions, draft: Draft, subject: Subject) -> bool:
    """Ask whether the report says otherwise, and look there.

    What stands now was hardly copied wrongly when the report has it too, unless it is only the beginning.
    """
    words = [one for one in draft.changes if is_words([one])]
    pairs = [(in_one_line(str(one.old)), in_one_line(str(one.new))) for one in words]
    if not subject.report or not all(stands_in(new, subject.report) for _, new in pairs):
        questions.say("\nThis is what the publisher said, and report.txt does not have your text.")
        return False
    questions.say("\nThis is what the publisher said, and report.txt has your text word for word.")
    likely = all(not stands_in(old, subject.report) or new.startswith(old) for old, new in pairs)
    return questions.yes("So was it only copied wrongly here?", default=likely)


def _with_note(questions: Questions, draft: Draft, about: list[Field]) -> Draft:
    """Ask for note and evidence, unless the note is given."""
    if draft.note.strip():
        return draft
    start = "".join(f"{field.name} ({field.document}:{field.pointer})\n" for field in about)
    note = start + questions.lines("What is wrong, and how do you know?", needed=True)
    evidence = list(draft.evidence)
    while not draft.evidence:
        question = "Where can a reader see it?  An address that begins with https:// (Enter: no more)"
        address = questions.ask(question, _or_none(evidence_named))
        if not address:
            break
        evidence += [address] if address not in evidence else []
    return replace(draft, note=note, evidence=tuple(evidence))


def _with_reporter(questions: Questions, draft: Draft, name: str) -> Draft:
    """Ask who says so, unless it is given."""
    if draft.reporter.strip():
        return draft
    questions.say("\nYour name, the note and the evidence become part of the registry and stay public.")

    def read(answer: str) -> str:
        if answer and fits("name", answer) and refused(answer) is None:
            return answer
        raise UsageError("a name or a handle is needed, on one line")

    reporter = questions.ask("Your name, or a handle", read, name)
    orcid = draft.orcid or questions.ask("Your ORCID iD (Enter: none)", _or_none(orcid_named)) or None
    return replace(draft, reporter=reporter, orcid=orcid)


def _or_none(read: Callable[[str], str]) -> Callable[[str], str]:
    return lambda answer: read(answer) if answer else ""
