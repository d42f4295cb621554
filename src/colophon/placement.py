"""Where a file of a registry may stand, judged by its path alone, and which names are one on some machine.

Beside a registry that lies in a folder, the repository's own ``schemas`` and ``vocabularies`` are judged too.
"""

import re
import unicodedata
from dataclasses import dataclass

from colophon.characters import tidy, visible
from colophon.layout import (
    BINDING,
    BY_RECORD,
    BY_SOURCE,
    CODE,
    DATED,
    EXPERIMENT,
    KINDS,
    STATEMENT,
    UUID,
    event_path,
    record_folder,
)

SETTINGS = "registry.yaml"
FOLDERS = ("papers", "works", "sources", "bindings", "runs", "reviews", "refusals", "vocabularies")
# These belong to the repository, whichever folder the registry has in it.
SHARED = ("schemas", "vocabularies")
KEEPER = "papers/.gitkeep"
_DEEPEST = 8
_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]*")
_PAPER_FILE = re.compile(
    rf"report\.txt|manifest\.json|provenance\.json|corrections/{STATEMENT.pattern}|(?:checks|groundings)/.+"
)
_STATEMENT = re.compile(r"papers/../[^/]+/corrections/[^/]+\.yaml|(?:reviews|refusals)/.+\.yaml")
_CONTRACT = re.compile(r"schemas/([a-z-]+)/(v[0-9.]+)\.json")
_VOCABULARY = re.compile(r"vocabularies/([^/]+)\.yaml")


@dataclass(frozen=True, slots=True)
class Place:
    """A path of the repository that the gate judges.

    ``path`` is relative to the repository and exact; ``shown`` is relative to the registry, in Unicode;
    ``inner`` is the path from the registry's folder, or from the repository's top for what is shared there.
    """

    path: str
    shown: str
    inner: str

    def is_inside(self, folder: str) -> bool:
        """Whether it lies in the registry's folder, not in what the repository shares beside it."""
        return not folder or self.path.startswith(f"{folder}/")

    @property
    def is_protected(self) -> bool:
        """Whether what is filed here stays as it is."""
        return self.inner.split("/")[0] in (*FOLDERS, *SHARED) and self.inner != KEEPER

    @property
    def holds_document(self) -> bool:
        """Whether it is a part of the registry that documents are filed in."""
        return self.inner.split("/")[0] in FOLDERS and self.inner != KEEPER and not self.contract

    @property
    def record(self) -> str:
        """The id of the record whose folder, reviews or refusals this path lies in, or nothing."""
        parts = self.inner.split("/")
        in_record = len(parts) > 3 and parts[0] in BY_RECORD and parts[1] == parts[2][:2]
        return parts[2] if in_record and UUID.fullmatch(parts[2]) else ""

    @property
    def is_statement(self) -> bool:
        """Whether it is what somebody said on a day: a correction event, a review or a refusal."""
        return _STATEMENT.fullmatch(self.inner) is not None

    @property
    def contract(self) -> str:
        """The contract or vocabulary that this file is, or nothing."""
        if found := _CONTRACT.fullmatch(self.inner):
            return f"{found[1]}-{found[2]}"
        found = _VOCABULARY.fullmatch(self.inner)
        return found[1] if found else ""


def place(path: str, folder: str) -> Place | None:
    """Return how a path of the repository is judged, or None when it is none of the registry's business.

    ``folder`` is the registry's path inside the repository, "" for the top.
    """
    if folder and path.startswith(f"{folder}/"):
        inner = path.removeprefix(f"{folder}/")
        return Place(path, inner.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), inner)
    top = path.partition("/")[0]
    replaces_registry = f"{folder}/".startswith(f"{path}/")
    if top in SHARED or replaces_registry or (not folder and top in (*FOLDERS, SETTINGS)):
        return beside(path, folder)
    return None


def anywhere(path: str, folder: str) -> Place:
    """Return the place of a path, whether or not it is the registry's business."""
    return place(path, folder) or beside(path, folder)


def misplaced(place: Place) -> str | None:
    """Return in words why no file may be added at a place, with what was expected, or None."""
    if place.inner in (SETTINGS, KEEPER):
        return None
    parts = place.inner.split("/")
    for part in parts:
        if part.startswith("."):
            return f"'{_shortened(part)}' is a hidden name, expected one that does not begin with a dot"
        if not _NAME.fullmatch(part):
            meant = f", such as {part.lower()}" if _NAME.fullmatch(part.lower()) else ""
            return f"'{_shortened(part)}' is no name for a file here, expected a-z, 0-9, dot, - and _{meant}"
    if len(parts) > _DEEPEST:
        return f"lies {len(parts)} levels deep, expected at most {_DEEPEST}"
    if parts[0] not in (*FOLDERS, *SHARED) or (parts[0] == "schemas" and place.path != place.inner):
        return f"'{parts[0]}' has no place in a registry, expected {SETTINGS} or one of {', '.join(FOLDERS)}"
    if len(parts) < 2:
        return f"'{parts[0]}' is a file, expected a folder"
    if parts[0] in BY_RECORD:
        return _misplaced_in_record(parts)
    if parts[0] in BY_SOURCE:
        return _misplaced_of_source(parts)
    return _misplaced_of_experiment(parts) if parts[0] in ("bindings", "runs") else None


def _misplaced_of_source(parts: list[str]) -> str | None:
    """Judge what must follow: ``<folder>/<kind>/<identifier>/<UTC day>-<name>.json``."""
    folder = parts[0]
    if len(parts) != 4 or parts[1] not in KINDS or not DATED.fullmatch(parts[-1]):
        kinds = ", ".join(KINDS)
        wanted = f"{folder}/KIND/IDENTIFIER/<UTC day>-NAME.json (KIND: {kinds}; NAME: 3 to 40 of a-z, 0-9, -)"
        return f"'{'/'.join(parts[1:])}' has no place in {folder}, expected {wanted}"
    return None


_RUN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{16}\.json")
_KEPT_CODE = re.compile(r"[0-9a-f]{64}\.py")


def _misplaced_of_experiment(parts: list[str]) -> str | None:
    """Judge what must follow: a binding, a run in the folder of its machine, or the code that ran."""
    folder, inner = parts[0], "/".join(parts[1:])
    if EXPERIMENT.fullmatch(parts[1]):
        if folder == "bindings" and len(parts) == 3 and BINDING.fullmatch(parts[2]):
            return None
        if folder == "runs" and len(parts) == 4 and EXPERIMENT.fullmatch(parts[2]):
            name = _KEPT_CODE if parts[2] == CODE else _RUN
            if name.fullmatch(parts[3]):
                return None
    wanted = "bindings/EXPERIMENT/NAME.json (NAME: 3 to 60 of a-z, 0-9, -)"
    if folder == "runs":
        wanted = f"runs/EXPERIMENT/MACHINE/<UTC day>-<16 hex>.json or runs/EXPERIMENT/{CODE}/<SHA-256>.py"
    return f"'{_shortened(inner)}' has no place in {folder}, expected {wanted}"


def _misplaced_in_record(parts: list[str]) -> str | None:
    """Judge what must follow from a record's id: ``<folder>/<first 2 hex>/<id>/<file>``."""
    folder = parts[0]
    if len(parts) < 4:
        return f"lies above a record's folder, expected {folder}/<first 2 digits of the id>/<id>/NAME"
    shard, record, inner = parts[1], parts[2], "/".join(parts[3:])
    if not UUID.fullmatch(record):
        return f"'{record}' is no record's id, expected a lower-case UUID"
    if shard != record[:2]:
        return f"lies in {folder}/{shard}, expected {record_folder(record, folder)}/{inner}"
    if folder == "papers" and not _PAPER_FILE.fullmatch(inner):
        wanted = "report.txt, manifest.json, provenance.json, corrections/NAME.yaml, checks/ or groundings/"
        return (
            f"'{inner}' has no place in a record's folder, expected {wanted} (NAME: 3 to 40 of a-z, 0-9, -)"
        )
    if folder != "papers" and not STATEMENT.fullmatch(inner):
        return f"'{inner}' is no file of {folder}, expected NAME.yaml (NAME: 3 to 40 of a-z, 0-9, -)"
    return None


def folded(name: str) -> str:
    """Return what is left of a name on a machine that folds case, accents and unseen characters."""
    return unicodedata.normalize("NFC", tidy(name).casefold()).rstrip(" .")


def is_beside(path: str, folder: str) -> bool:
    """Whether a path lies where somebody who forgot the registry's folder would put a statement."""
    parts = path.split("/")
    looks_so = len(parts) == 1 or parts[0] in (*BY_RECORD, "corrections")
    return bool(folder) and looks_so and path.endswith((".yaml", ".yml"))


def meant_for(contract: str, record: str, path: str, folder: str) -> str:
    """Return where a statement about a record belongs: ``contract`` is its name without the version."""
    slug = path.rpartition("/")[2].rpartition(".")[0]
    part = {"review": "reviews", "refusal": "refusals"}.get(contract)
    inner = event_path(record, slug) if part is None else f"{record_folder(record, part)}/{slug}.yaml"
    return f"{folder}/{inner}"


def twin(path: str, folder: str) -> str | None:
    """Return what is judged and an unjudged path is one with on a machine that folds names, or None."""
    parts = path.split("/")
    for root in (folder, *SHARED) if folder else (*FOLDERS, *SHARED, SETTINGS):
        own = root.split("/")
        if [folded(part) for part in parts[: len(own)]] == [folded(part) for part in own]:
            return root
    return None


def beside(path: str, folder: str) -> Place:
    """Return the place of a path outside of the registry's folder."""
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Place(path, "../" * len(folder.split("/")) + shown if folder else shown, path)


def _shortened(name: str) -> str:
    shown = visible(name)
    return shown if len(shown) <= 80 else f"{shown[:60]} ..."
