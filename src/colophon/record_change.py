"""One record before and after a change: what was found, what folds, what the rules conclude."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from colophon import filed, layout
from colophon.amend import shown
from colophon.change_report import FieldChange, RecordChange
from colophon.examination import examine_loaded
from colophon.filed import Filed
from colophon.fold import Record, Step
from colophon.folder import load
from colophon.index import Facts
from colophon.model import ClaimRerun, Derived, Finding
from colophon.rules.derive import derive
from colophon.rules.vocabularies import Vocabularies
from colophon.snapshot import Place
from colophon.store import Tree

_KINDS = {"applied": "folded", "confirmed": "folded", "waits": "waits", "proposed": "proposed"}


@dataclass(frozen=True, slots=True)
class Side:
    """A record on one side of a change.

    ``facts`` and ``record`` are None when it is not there or not readable; ``is_record`` says whether its
    folder has a manifest at all.  ``signature`` is that of :class:`colophon.examination.Examined`.
    """

    tree: Tree
    facts: Facts | None
    record: Record | None
    findings: tuple[Finding, ...]
    filed: Filed
    is_record: bool = False
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """A record on both sides of a change."""

    id: str
    base: Side
    head: Side


def look(old: Place, new: Place, record: str) -> Looked:
    """Read a record on both sides."""
    return Looked(record, _side(old, record), _side(new, record))


def _side(place: Place, record: str) -> Side:
    folder, tree = layout.record_folder(record), place.tree
    names = {entry.name for entry in tree.entries(folder)}
    if not names:
        return Side(tree, None, None, (), filed.read(tree, folder, record))
    loaded = load(tree, record, folder, place.prefix)
    seen = examine_loaded(loaded)
    is_record = "manifest.json" in names
    return Side(tree, seen.facts, loaded.record, seen.findings, loaded.filed, is_record, seen.signature)


def record_change(
    one: Looked,
    changed: Iterable[str],
    removals: Collection[str],
    vocabularies: Vocabularies,
    reruns: Sequence[Sequence[ClaimRerun]] = ((), ()),
) -> RecordChange:
    """Return what a change does to one record, for people.

    ``changed`` are the paths that the change touches, ``removals`` those whose content goes; ``reruns`` is
    what re-runs say about its claims, before and after.
    """
    before, after = _derived(one.base, vocabularies, reruns[0]), _derived(one.head, vocabularies, reruns[1])
    facts = one.head.facts or one.base.facts
    known = {step.id for step in one.base.record.steps} if one.base.record else set()
    steps = [step for step in (one.head.record.steps if one.head.record else ()) if step.id not in known]
    return RecordChange(
        id=one.id,
        display_id=facts.display_id if facts else one.id[:8].upper(),
        title=facts.title if facts else "not readable",
        is_new=one.base.facts is None,
        files=tuple(sorted(path for path in changed if f"/{one.id}/" in path)),
        tier=(_value(before, "tier"), _value(after, "tier")),
        level=(_value(before, "level"), _value(after, "level")),
        state=(_value(before, "state"), _value(after, "state")),
        fields=tuple(field for step in steps for field in _fields(step)),
        events=tuple(_told(step) for step in steps),
        removed=tuple(path for path in removals if f"/{one.id}/" in path),
    )


def _derived(side: Side, vocabularies: Vocabularies, reruns: Sequence[ClaimRerun]) -> Derived | None:
    return None if side.facts is None else derive(side.facts, side.findings, vocabularies, reruns)


def _value(derived: Derived | None, name: str) -> str | None:
    return None if derived is None else str(getattr(derived, name).value)


def _fields(step: Step) -> Iterator[FieldChange]:
    for change in step.changes:
        kind = _KINDS.get(step.outcome, "not applied")
        old = None if change.adds else _text(change.old)
        yield FieldChange(step.event.id, change.document, change.pointer, old, _text(change.new), kind)


def _text(value: object) -> str:
    return value if isinstance(value, str) else shown(value)


def _told(step: Step) -> tuple[str, str, str, str]:
    outcome = step.outcome if step.refused is None else f"{step.outcome}: {step.refused.message}"
    return step.event.id, step.event.event.type, step.event.event.reporter.name, outcome
