"""What a change may do to a registry: add files where they belong, and nothing else.

Judged are paths, modes and bytes of two commits, read from git; what an added event says is judged elsewhere.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from colophon import attributes, canon, meanwhile, placement, schema, yaml_guard
from colophon.alterations import PLAIN, Alterations, Filed, finding, quoted
from colophon.characters import visible
from colophon.model import Finding
from colophon.placement import KEEPER, SETTINGS, Place
from colophon.removal import LONGEST, removed_digest
from colophon.repository import Change, Repository

_MODES = {
    "100755": ("executable", "run git update-index --chmod=-x {path}"),
    "120000": (
        "a symbolic link",
        "put the file itself in its place: git rm --cached {path}, then git add it",
    ),
    "160000": ("a submodule", "run git rm --cached {path}, then add the files themselves"),
}
# The contract and the paper of a correction, a review or a refusal, which both stand at a margin.
_STATEMENT = re.compile(
    rb"(?ms)^contract_version:\s*(correction-event|review|refusal)-v1\b.*?^paper:\s*([0-9a-f-]{36})"
)
# What a registry.yaml that cannot be read says of its promise, in whatever spelling.
_PROMISE = re.compile(rb"append_only[\"']?\s*:\s*[\"']?([A-Za-z]*)")


@dataclass(frozen=True, slots=True)
class PathReport:
    """What a change does to the files of a registry.  Paths are relative to the registry, in order.

    ``changed`` are the files that the change adds, alters or takes away, where that is still to be done;
    ``append_only`` is what was promised before; ``added`` are the new documents that may stand where they
    are; ``touched`` the ids of the records with a change in their folder, reviews or refusals;
    ``schemas_added`` the ids of new contracts and vocabularies; ``removals`` the files whose removal an
    event in the same change explains.
    """

    changed: frozenset[str]
    append_only: bool
    findings: tuple[Finding, ...]
    added: tuple[str, ...]
    touched: tuple[str, ...]
    schemas_added: tuple[str, ...]
    removals: tuple[str, ...]


def judge_change(repository: Repository, base: str, tip: str, head: str, folder: str) -> PathReport:
    """Judge what leads from ``base``, the commit at which a branch began, to ``head``.

    ``tip`` is the commit that the branch goes to now; what it promises and holds counts as well, since it may
    have been filed after the branch began.  ``folder`` is the registry's path inside the repository, "" for
    its top.  Raises EnvironmentFault when an object is not in the clone.
    """
    changes = repository.changes(base, head)
    if tip != base:
        changes = tuple(change for change in changes if not meanwhile.is_there(repository, tip, change))
    filed = tuple(Filed(c, p) for c in changes if (p := placement.place(c.path, folder)) is not None)
    new = tuple(item for item in filed if item.change.status == "A")
    found = [
        *_modes(filed),
        *_places(repository, filed),
        *_twins(changes, folder),
        *_notes_of_nothing(repository, new),
    ]
    found += _collisions(repository, (head, tip), filed, folder)
    found += _outside(repository, changes, folder)
    schemas = tuple(sorted({item.place.contract for item in new} - {""}))
    append_only = any(_promises(repository, commit, folder) for commit in {base, tip})
    removals: tuple[str, ...] = ()
    if append_only:
        by_bytes = {change.new_oid: change.path for change in changes if change.status == "A"}
        altered = Alterations(repository, base, filed, by_bytes)
        found += altered.findings()
        if any(item.place.inner == SETTINGS for item in filed):
            found += _kept_promise(repository, head, folder)
        found += _own_judges(repository, new, schemas)
        found += attributes.findings(repository, changes, folder)
        if tip != base:
            found += meanwhile.names_taken(repository, base, tip, new)
            found += meanwhile.mixed(repository, tip, changes, folder)
        removals = altered.removals
    refused = {item.path for item in found}
    added = (
        item.place.shown for item in new if item.place.holds_document and item.place.shown not in refused
    )
    return PathReport(
        frozenset(item.place.inner for item in filed if item.place.is_inside(folder)),
        append_only,
        tuple(sorted(set(found))),
        tuple(sorted(added)),
        tuple(sorted({item.place.record for item in filed} - {""})),
        schemas,
        removals,
    )


def _notes_of_nothing(repository: Repository, new: Iterable[Filed]) -> Iterator[Finding]:
    """Yield the added files that are the note of a removal: no file was there that could have gone."""
    for item in new:
        if not item.place.record or item.change.new_mode != PLAIN:
            continue
        raw = repository.read_small(item.change.new_oid, LONGEST)
        if raw is not None and removed_digest(raw) is not None:
            message = "is the note of a removal in a place where no file was, expected the file itself"
            yield finding("H410", item.place, message)


def _modes(filed: Iterable[Filed]) -> Iterator[Finding]:
    """Yield what is there after the change and is no plain file."""
    for item in filed:
        if item.change.status != "D" and item.change.new_mode != PLAIN:
            what, mend = _MODES.get(
                item.change.new_mode, (f"of mode {item.change.new_mode}", "commit it again")
            )
            message = f"is {what}, expected a plain file; {mend.format(path=quoted(item.change.path))}"
            yield finding("H403", item.place, message)


def _places(repository: Repository, filed: Iterable[Filed]) -> Iterator[Finding]:
    """Yield the added files that have no place here, and those that are too large."""
    files = [item for item in filed if item.change.status in "AM" and item.change.new_mode == PLAIN]
    sizes = repository.sizes([item.change.new_oid for item in files])
    for item in filed:
        is_keeper = item.place.inner == KEEPER
        if item.change.status != "A" and not is_keeper:
            continue
        size, most = sizes.get(item.change.new_oid, 0), 0 if is_keeper else canon.MAX_BYTES
        if (message := placement.misplaced(item.place)) is not None:
            yield finding("H405", item.place, message)
        elif size > most:
            yield finding("H405", item.place, f"has {size} bytes, expected at most {most}")


def _collisions(
    repository: Repository, commits: Iterable[str], filed: Iterable[Filed], folder: str
) -> Iterator[Finding]:
    """Yield names on the way to an added file that are one with a neighbour's on some machine.

    ``commits`` hold the neighbours; what the change deletes is none any more.
    """
    above = len(folder.split("/")) if folder else 0
    ways: dict[tuple[str, str], Filed] = {}
    gone = {item.change.path for item in filed if item.change.status == "D"}
    for item in filed:
        if item.change.status != "A":
            continue
        parts = item.change.path.split("/")
        for level in range(above if item.place.is_inside(folder) else 0, len(parts)):
            ways.setdefault(("/".join(parts[:level]), parts[level]), item)
    neighbours: dict[str, dict[str, list[str]]] = {}
    for (parent, name), item in ways.items():
        if parent not in neighbours:
            neighbours[parent] = _by_folded_name(repository, commits, parent, gone)
        same = neighbours[parent][placement.folded(name)]
        if len(same) > 1:
            other = next((neighbour for neighbour in same if neighbour != name), name)
            yield finding("H404", item.place, _collision(name, other))


def _by_folded_name(
    repository: Repository, commits: Iterable[str], folder: str, gone: Collection[str]
) -> dict[str, list[str]]:
    above = f"{folder}/" if folder else ""
    names = {node.name for commit in commits for node in repository.entries(commit, folder)}
    found: dict[str, list[str]] = {}
    for name in sorted(name for name in names if f"{above}{name}" not in gone):
        found.setdefault(placement.folded(name), []).append(name)
    return found


def _twins(changes: Iterable[Change], folder: str) -> Iterator[Finding]:
    """Yield added files outside of what is judged that land inside it on a machine that folds names."""
    for change in changes:
        if change.status == "A" and placement.place(change.path, folder) is None:
            root = placement.twin(change.path, folder)
            if root is not None:
                yield finding("H404", placement.beside(change.path, folder), _collision(change.path, root))


def _outside(repository: Repository, changes: Iterable[Change], folder: str) -> Iterator[Finding]:
    """Yield the corrections, reviews and refusals outside of the registry, where nobody reads them."""
    for change in changes:
        if change.status != "A" or change.new_mode != PLAIN or not placement.is_beside(change.path, folder):
            continue
        raw = repository.read_small(change.new_oid, yaml_guard.MAX_BYTES)
        found = _STATEMENT.search(raw) if raw is not None else None
        if found is not None:
            place = placement.beside(change.path, folder)
            meant = placement.meant_for(found[1].decode(), found[2].decode(), change.path, folder)
            message = f"lies outside of {folder}, so nothing reads it; expected {quoted(meant)}"
            yield finding("H405", place, f"{message}: git mv {quoted(change.path)} there")


def _collision(name: str, other: str) -> str:
    what = f"'{visible(name)}' and '{visible(other)}' are one file or folder on some machines"
    return f"{what}, expected names that differ in more than case or accents; choose another name"


def _settings(repository: Repository, commit: str, folder: str) -> bytes | None:
    """Return the bytes of a commit's registry.yaml, or None when it is missing or no plain file."""
    node = repository.node(commit, f"{folder}/{SETTINGS}" if folder else SETTINGS)
    if node is None or node.mode != PLAIN:
        return None
    return repository.read_small(node.oid, yaml_guard.MAX_BYTES)


def _promises(repository: Repository, commit: str, folder: str) -> bool:
    """Whether the registry at a commit is append-only.

    One whose registry.yaml is missing, too large or damaged counts as such, unless it plainly says otherwise:
    else damage, which two fine changes can make together, would open the gate to whoever mends it.
    """
    raw = _settings(repository, commit, folder)
    if raw is None:
        return repository.tree_oid(commit, f"{folder}/papers" if folder else "papers") is not None
    reading = yaml_guard.read(raw)
    if reading.faults:
        said = {word.lower() for word in _PROMISE.findall(raw)}
        return not said or bool(said - {b"false", b"no", b"off"})
    return _append_only(reading.value)


def _append_only(value: Any) -> bool:
    settings = schema.typed("registry-v1", value)
    return isinstance(settings, dict) and settings.get("append_only") is True


def _kept_promise(repository: Repository, head: str, folder: str) -> Iterator[Finding]:
    """Yield a finding when the head does not say append_only: true as clearly as the base did."""
    place = Place(SETTINGS, SETTINGS, SETTINGS)
    raw = _settings(repository, head, folder)
    expected = "expected the line append_only: true, as before; all other lines may change"
    if raw is None:
        yield finding("H408", place, f"is missing, too large or no plain file, {expected}")
        return
    reading = yaml_guard.read(raw)
    if reading.faults:
        fault = reading.faults[0]
        yield finding("H408", place, f"cannot be read: {visible(fault.message)}; {expected}", fault.line)
    elif not _append_only(reading.value):
        line = reading.lines.get("/append_only", 1)
        yield finding("H408", place, f"does not say append_only: true any more, {expected}", line)


def _own_judges(
    repository: Repository, new: Iterable[Filed], contracts: tuple[str, ...]
) -> Iterator[Finding]:
    """Yield the added documents that name a contract which comes in the same change."""
    for item in new if contracts else ():
        if item.place.holds_document and item.change.new_mode == PLAIN:
            raw = repository.read_small(item.change.new_oid, canon.MAX_BYTES)
            named, line = _named_contract(item.place.path, raw) if raw is not None else ("", 1)
            if named in contracts:
                message = f"names {named}, which comes in the same change, expected a contract that is merged"
                mend = "merge the contract first, then the records: two pull requests"
                yield finding("H409", item.place, f"{message}; {mend}", line, "/contract_version")


def _named_contract(path: str, raw: bytes) -> tuple[str, int]:
    """Return the contract that a document names, and the line; nothing when it names none."""
    if path.endswith(".json"):
        json = canon.read(raw)
        value, lines = json.value, canon.lines(raw) if json.value is not None else {}
    elif path.endswith(".yaml"):
        yaml = yaml_guard.read(raw)
        value, lines = yaml.value, yaml.lines
    else:
        return "", 1
    named = value.get("contract_version") if isinstance(value, dict) else None
    return str(named or ""), lines.get("/contract_version", 1)
