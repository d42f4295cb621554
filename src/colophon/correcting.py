"""Making a correction event from what a person says: fields, values, type, reason, date, name of the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from colophon import answers, atomic, canon, event_trial, filed, filing, layout, reasons, schema
from colophon import pointer as pointers
from colophon.amend import Refused, amend
from colophon.contracts import correction_event
from colophon.contracts.correction_event import OPINIONS, TRANSCRIPTION, Change
from colophon.errors import RegistryError, UsageError
from colophon.event_trial import Trial
from colophon.filing import Draft, DraftChange
from colophon.fold import Documents
from colophon.record_fields import Field, the_one
from colophon.records import Named
from colophon.settings import Settings
from colophon.store import Tree
from colophon.yaml_text import Tree as Value
from colophon.yaml_text import written

_PURE_NOTICES = ("SUPERSESSION", "RETRACTION", "WITHDRAWAL", "REINSTATEMENT")


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction event ready to be written; ``path`` counts from the registry's root."""

    path: str
    text: str
    trial: Trial


def draft_change(documents: Documents, words: str, given: str) -> DraftChange:
    """Return the change of one field, its old value filled in from the record as it stands.

    Raises UsageError when the words name no one field, or when no such change can be made there.
    """
    return to_value(documents, the_one(documents, words), given)


def to_value(documents: Documents, field: Field, given: str) -> DraftChange:
    """Return the change of a field to a value as a person types it; ``null`` is none.

    Raises UsageError when no such change can be made.
    """
    document = documents.named(field.document)
    new = _typed_value(document, field, given)
    adds = field.value is pointers.ABSENT
    draft = DraftChange(field.document, field.pointer, None if adds else written(field.value), new, adds)
    refused = _refused(document, draft)
    if refused is not None:
        raise UsageError(
            refused.message, "colophon show ID prints the record; colophon explain " + refused.code
        )
    return draft


def _typed_value(document: dict[str, Any], field: Field, given: str) -> Value:
    """Return a typed value; for a place that holds an object or a list it is read as JSON."""
    if given == "null":
        return None
    shape = schema.shape_at(document["contract_version"], _path(document, field.pointer))
    types = shape.types if shape is not None else frozenset[str]()
    if types & {"object", "array"} and "string" not in types:
        reading = canon.read(given.encode())
        if not reading.faults and isinstance(reading.value, dict | list):
            return written(reading.value)
        if shape is not None and "text" in shape.properties:
            return {"text": given}
    return given


def _path(document: dict[str, Any], place: str) -> list[str]:
    """Return the tokens of a pointer, the next item of a list by its number."""
    path = pointers.parts(place)
    if path[-1:] == [pointers.END]:
        above = pointers.resolve(document, place.rpartition("/")[0])
        path[-1] = str(len(above)) if isinstance(above, list) else "0"
    return path


def refilled(documents: Documents, change: DraftChange) -> DraftChange:
    """Return a change whose old value, where none was given but one stands there, is that of the record."""
    current = pointers.resolve(documents.named(change.document), change.pointer)
    if not change.adds or current is pointers.ABSENT:
        return change
    return replace(change, old=written(current), adds=False)


def change_of(draft: DraftChange) -> Change:
    """Return a drafted change as its file will be read."""
    old = {} if draft.adds else {"old": draft.old}
    return Change.model_validate(
        {"document": draft.document, "pointer": draft.pointer, "new": draft.new, **old}
    )


def _refused(document: dict[str, Any], draft: DraftChange) -> Refused | None:
    """Return why a change cannot be made, or what the document would break with it."""
    amended = amend(document, change_of(draft))
    if isinstance(amended, Refused):
        return amended
    found = schema.faults(document["contract_version"], amended[0])
    return Refused("H306", f"{found[0].pointer} {found[0].message}", "new") if found else None


def is_words(changes: Iterable[DraftChange]) -> bool:
    """Whether a change touches what the publisher said."""
    return any(correction_event.is_words(change.document, change.pointer) for change in changes)


def missing(draft: Draft, *, has_changes: bool) -> list[str]:
    """Return the options that still have to be given, by name."""
    needed = {
        "--type": not draft.type,
        "--reason": not draft.reason and draft.type in _noted(),
        "--change": not has_changes and draft.type not in _noted(),
        "--successor": draft.type == "SUPERSESSION" and not draft.successor,
        "--note": not draft.note.strip(),
        "--reporter": not draft.reporter.strip(),
    }
    return [name for name, lacks in needed.items() if lacks]


def _noted() -> list[str]:
    return [entry.name for entry in reasons.vocabulary().types if entry.is_notice]


def settled(draft: Draft) -> Draft:
    """Return a draft whose changes stand where its type has them.

    Raises UsageError for changes of the publisher's words without a right to, and for a notice with changes.
    """
    changes = (*draft.changes, *draft.proposed)
    places = [(one.document, one.pointer) for one in changes if not one.pointer.endswith("/-")]
    twice = next((place for place in places if places.count(place) > 1), None)
    if twice is not None:
        raise UsageError(f"{twice[1]} is changed twice", "give each field once")
    if draft.type in OPINIONS:
        return replace(draft, proposed=changes, changes=())
    if draft.type in _PURE_NOTICES and changes:
        message = f"a {draft.type} changes no field, it is about the record as a whole"
        raise UsageError(message, "leave --change out, or file a second correction for the field")
    if is_words(changes) and draft.reason not in (TRANSCRIPTION, "publisher-revision"):
        place = next(one.pointer for one in changes if is_words([one]))
        hint = (
            "--type DISPUTE to say what is wrong with it; --reason transcription if report.txt says otherwise"
        )
        raise UsageError(f"{place} is what the publisher said, no {draft.type} changes it", hint)
    return replace(draft, changes=changes, proposed=())


def date_of(tree: Tree, paper: str, given: str | None, today: str, now: str) -> str:
    """Return the date of a new event: the given one, else the day, else a time after all that is filed."""
    if given is not None:
        if not answers.fits("moment", given):
            raise UsageError(f"--date {given!r} is no date, expected {today} or {now}")
        return given
    people = filed.read(tree, layout.record_folder(paper), paper)
    return people.next_date(now) or now


def slug_for(draft: Draft, names: Iterable[str], taken: Iterable[str]) -> str:
    """Return a file name made of what is corrected and why; ``names`` are the fields in words."""
    first = next(iter(names), draft.type.lower().replace("_", " "))
    words = [first.removeprefix("manifest ").removeprefix("provenance "), draft.reason or ""]
    return filing.slug_of(" ".join(words), set(taken))


def prepared(
    tree: Tree, settings: Settings, known: Mapping[str, Named], draft: Draft, slug: str, now: str
) -> Correction:
    """Return the correction as a file, tried on its record.

    Raises UsageError with what the gate would say of it, RegistryError when the record cannot be read.
    """
    text = filing.text(draft, filing.modeline(settings))
    path = layout.event_path(draft.paper, slug)
    trial = event_trial.attempt(tree, settings, known, path, text.encode(), now)
    if trial.findings:
        said = "; ".join(f"{one.pointer} {one.message} ({one.code} {one.slug})" for one in trial.findings)
        raise UsageError(
            f"the correction would be refused: {said}", f"colophon explain {trial.findings[0].code}"
        )
    if trial.record is None:
        raise RegistryError(f"the record {draft.paper} cannot be read", f"colophon check {draft.paper}")
    return Correction(path, text, trial)


def write(registry: Path, correction: Correction) -> Path:
    """Write the file where it belongs; nothing is overwritten and no link is followed."""
    file = registry / correction.path
    for part in (
        file.parent.parent.parent.parent,
        file.parent.parent.parent,
        file.parent.parent,
        file.parent,
    ):
        if part.is_symlink() or (part.exists() and not part.is_dir()):
            raise RegistryError(f"{part}: is a link or a file, expected a folder", "colophon check lists it")
    if file.is_symlink() or file.exists():
        raise UsageError(f"{file}: is there already, and no correction is ever edited", "give another --slug")
    atomic.write(file, correction.text.encode())
    return file
