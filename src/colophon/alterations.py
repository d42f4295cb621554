"""What a change does to files that a registry already holds: only a removal that says why is allowed."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from posixpath import normpath
from typing import Any, cast

from colophon import canon, contracts, faults, schema, spelling, yaml_guard
from colophon.amend import waits
from colophon.characters import unix, visible
from colophon.contracts.correction_event import Event
from colophon.layout import record_folder
from colophon.model import Fault, Finding, Patch
from colophon.placement import Place
from colophon.removal import Note, meant_note, removed_digest
from colophon.repository import Change, Repository

PLAIN = "100644"
# How the mode of a file begins; what follows says whether it may be run.
_FILE = "100"
_CORRECTION = "correction-event-v1"


@dataclass(frozen=True, slots=True)
class Filed:
    """A change of one path that the gate judges."""

    change: Change
    place: Place


@dataclass(frozen=True, slots=True)
class _Removal:
    """What a REMOVAL event that the change adds says: the paper, the file in its folder, the digest."""

    place: Place
    line: int
    file: str
    digest: str

    @property
    def target(self) -> str:
        """The path below the registry of the file that goes."""
        return f"{record_folder(self.place.record)}/{self.file}"


def finding(
    code: str, place: Place, message: str, line: int = 1, pointer: str = "", mend: Patch | None = None
) -> Finding:
    """Return a finding at a place."""
    return faults.finding(Fault(code, line, pointer, message, mend), place.shown, place.record)


def quoted(path: str) -> str:
    """Return a path as a person types it after a command."""
    return shlex.quote(visible(path))


class Alterations:
    """The changed, deleted and retyped files among ``filed``, compared with the bytes of ``base``.

    ``added`` are the paths of all new files, also outside of what is judged, by the id of their bytes.
    """

    def __init__(
        self, repository: Repository, base: str, filed: tuple[Filed, ...], added: Mapping[str, str]
    ) -> None:
        self._repository = repository
        self._base = base
        self._filed = filed
        self._added = added

    def findings(self) -> Iterator[Finding]:
        """Yield one finding for each file that does not stay what it is."""
        for item in self._filed:
            if item.place.is_protected and item.change.status != "A":
                yield from self._judged(item)
        yield from self._unfulfilled()

    @cached_property
    def removals(self) -> tuple[str, ...]:
        """The files, by path below the registry, whose removal an event of the same change explains."""
        return tuple(
            sorted(
                item.place.shown
                for item in self._filed
                if item.change.status == "M" and item.change.new_mode.startswith(_FILE)
                if (note := self._note(item)) is not None and self._refused(item, note) is None
            )
        )

    def _judged(self, item: Filed) -> Iterator[Finding]:
        if item.change.status == "D":
            yield finding("H402", item.place, self._deleted(item))
        elif item.change.status == "T":
            if item.change.new_mode == PLAIN:
                message = "was a link or submodule and becomes a file, expected to stay as it is"
                yield finding("H403", item.place, f"{message}; {self._back(item)}")
        elif not item.change.new_mode.startswith(_FILE) or item.change.old_oid == item.change.new_oid:
            return  # A link or submodule is refused for its mode; with the same bytes, a mode was mended.
        elif item.place.shown not in self.removals:
            yield self._edited(item)

    def _edited(self, item: Filed) -> Finding:
        note = self._note(item)
        refused = self._refused(item, note) if note is not None else None
        if refused is not None:
            return refused
        old, new = self._bytes(item.change.old_oid), self._bytes(item.change.new_oid)
        if removed_digest(old) is not None:
            message = f"was removed and is written again, expected to stay removed; {self._back(item)}"
            return finding("H401", item.place, message)
        if _lines(old) == _lines(new):
            message = f"differs in nothing but line ends or the final newline; {self._back(item)}"
            return finding("H412", item.place, f"{message}, then: git config core.autocrlf false")
        if item.place.is_statement:
            message = f"is filed and edited here, expected to stay as it is; {self._back(item)}"
            return finding("H406", item.place, f"{message}, then say the rest in a new file")
        message = f"is filed and changed here, expected to stay as it is; {self._back(item)}"
        return finding("H401", item.place, f"{message}, then {_instead(item.place)}")

    def _deleted(self, item: Filed) -> str:
        """Say what happened to a deleted file: moved, meant to be removed, or gone."""
        if (other := self._added.get(item.change.old_oid)) is not None:
            return f"was moved to {visible(other)}, expected to stay; {self._back(item)}"
        for event in self._events:
            if event.target == item.place.inner:
                expected = f"expected the one line {self._due(item).line} in its place"
                return f"is deleted, {expected}; {self._back(item)}"
        if item.place.is_statement:
            kept = "say in a new file that it is no longer true"
        else:
            kept = _instead(item.place)
        return f"is deleted, expected to stay; {self._back(item)}, then {kept}"

    def _back(self, item: Filed) -> str:
        return f"take this back: git checkout {self._base[:12]} -- {quoted(item.change.path)}"

    def _note(self, item: Filed) -> Note | None:
        """Return the note of a removal that the new bytes are meant to be.

        What says that something was removed stays: else nothing would say so in the end.
        """
        if not item.place.record or not item.place.inner.startswith("papers/"):
            return None
        old = self._bytes(item.change.old_oid)
        if removed_digest(old) is not None or _removal(item.place, old) is not None:
            return None
        return meant_note(self._bytes(item.change.new_oid))

    def _due(self, item: Filed) -> Note:
        """Return the note that is to stand in the place of a file of the base."""
        return note_of(self._bytes(item.change.old_oid), item.place.is_statement)

    def _left(self, event: _Removal) -> str:
        """Say what is wrong with a REMOVAL of a file that the change does not touch."""
        path = event.place.path.removesuffix(event.place.inner) + event.target
        node = self._repository.node(self._base, path)
        if node is None or node.kind != "blob":
            return "which is no file of this record; expected its path, counted from the record's folder"
        raw = self._bytes(node.oid)
        if removed_digest(raw) is not None:
            return "which was removed before; expected no second event"
        due = note_of(raw, event.file.startswith("corrections/"))
        return f"which this change leaves as it is; expected the one line {due.line} in its place"

    def _refused(self, item: Filed, note: Note) -> Finding | None:
        """Return why a note of a removal does not hold, or None when an added event explains it."""
        due = self._due(item)
        message: str | None
        mend = None
        if note.digest != due.digest:
            message = f"names {note.digest}, but the file that it replaces has the digest {due.digest}"
        elif (message := self._unexplained(item, due.digest)) is None:
            if self._bytes(item.change.new_oid) == due.raw:
                return None
            message = f"is nearly the note of this removal, expected the one line {due.line} and a line feed"
            message = f"{message}: printf '%s\\n' {shlex.quote(due.line)}"
            mend = Patch(1, 1, due.line)
        return finding("H410", item.place, message, mend=mend)

    def _unexplained(self, item: Filed, went: str) -> str | None:
        file = "/".join(item.place.inner.split("/")[3:])
        events = [event for event in self._events if event.target == item.place.inner]
        if not events:
            wanted = f"an event of type REMOVAL with file: {file} and sha256: {went}"
            return f"is replaced by the note of a removal that this change does not explain; add {wanted}"
        if all(event.digest != went for event in events):
            other = events[0]
            return f"has the digest {went}, but the event {other.place.shown} names {visible(other.digest)}"
        return None

    def _unfulfilled(self) -> Iterator[Finding]:
        """Yield the REMOVAL events whose file stays as it is."""
        altered = {item.place.inner for item in self._filed if item.change.status != "A"}
        for event in self._events:
            own = f"{record_folder(event.place.record)}/"
            if event.file.startswith(own):
                wanted = f"file: {visible(event.file.removeprefix(own))}"
                message = f"counts from the record's folder, expected {wanted}"
            elif normpath(event.file) != event.file:
                message = f"has parts that lead nowhere, expected file: {visible(normpath(event.file))}"
            elif event.target not in altered:
                message = f"removes {visible(event.file)}, {self._left(event)}"
            else:
                continue
            yield finding("H410", event.place, message, event.line, "/removal/file")

    @cached_property
    def _events(self) -> tuple[_Removal, ...]:
        """The REMOVAL events that the change adds; one that cannot be read explains nothing."""
        new = (item for item in self._filed if item.change.status == "A" and item.change.new_mode == PLAIN)
        return tuple(
            event
            for item in new
            if item.place.is_statement and item.place.inner.startswith("papers/")
            if (event := _removal(item.place, self._bytes(item.change.new_oid))) is not None
        )

    def _bytes(self, oid: str) -> bytes:
        """Return the bytes of a file; one larger than files here may be is stood for by its id."""
        raw = self._repository.read_small(oid, canon.MAX_BYTES)
        return oid.encode() if raw is None else raw


def note_of(raw: bytes, is_statement: bool) -> Note:
    """Return the note for the bytes of a file; that of a correction says when it was filed."""
    typed = _as_event(raw)[0] if is_statement else {}
    if not typed or schema.faults(_CORRECTION, typed):
        return Note(canon.digest(raw))
    event = cast(Event, contracts.read(typed))
    return Note(canon.digest(raw), event.date, waited=waits(event))


def _as_event(raw: bytes) -> tuple[dict[str, Any], Mapping[str, int]]:
    """Return the bytes as an event in the contract's spelling, valid or not, and the line of each pointer."""
    reading = yaml_guard.read(raw)
    typed = schema.typed(_CORRECTION, spelling.canonical(_CORRECTION, reading.value))
    return typed if isinstance(typed, dict) else {}, reading.lines


def _removal(place: Place, raw: bytes) -> _Removal | None:
    event, lines = _as_event(raw)
    named = event.get("removal")
    if event.get("type") != "REMOVAL" or event.get("paper") != place.record or not isinstance(named, dict):
        return None
    line = lines.get("/removal/file", 1)
    return _Removal(place, line, str(named.get("file"))[:400], str(named.get("sha256"))[:80])


def _instead(place: Place) -> str:
    """Return what to do for somebody who would change a file that is filed."""
    if place.record:
        return f"correct or withdraw the record by an event: colophon correct {place.record}"
    if place.contract:
        return "add a new version in a file of its own"
    return "add what is to be said now as a file beside it"


def _lines(raw: bytes) -> bytes:
    """Return text without what editors change unasked."""
    return unix(raw).replace(b"\r", b"\n").rstrip(b"\n")
