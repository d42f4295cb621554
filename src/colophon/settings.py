"""A registry's own settings and vocabularies."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from colophon import bundle, documents, faults, schema, yaml_guard
from colophon.errors import RegistryError
from colophon.layout import BY_RECORD, BY_SOURCE
from colophon.model import Fault, Finding
from colophon.store import Entry, Tree

VOCABULARIES = (
    "correction-reasons-v1",
    "quality-dimensions-v1",
    "quality-tiers-v1",
    "quality-tiers-v2",
    "verification-levels-v1",
)
# The folders at a registry's root that hold what it was given; nothing that is made of them goes there.
FOLDERS = (*BY_RECORD, *BY_SOURCE, "vocabularies")
_FORGES = {"github.com": "github", "codeberg.org": "forgejo", "gitlab.com": "gitlab"}
_INIT = "colophon init makes a new registry; --registry DIR names another folder"


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``registry.yaml`` says, and the vocabularies by id.  All plain values, so it pickles.

    ``folder`` is the registry's path inside its repository, empty for the repository itself.
    ``maintainers`` are names.
    """

    name: str
    description: str
    id_prefix: str
    site_url: str | None
    repository_url: str | None
    opened: str
    append_only: bool
    vocabularies: dict[str, dict[str, Any]]
    forge: str = "other"
    branch: str = "main"
    folder: str = "registry"
    maintainers: tuple[str, ...] = ()

    @property
    def stewards(self) -> frozenset[str]:
        """The names that the registry answers for: its own, and those of its maintainers."""
        return frozenset({self.name, *self.maintainers})


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings, or None with the integrity findings that say why."""

    settings: Settings | None
    findings: tuple[Finding, ...]


def load(tree: Tree) -> LoadedSettings:
    """Read ``registry.yaml`` and the vocabularies.  Raises RegistryError when there is no registry."""
    entries = {entry.name: entry for entry in tree.entries("")}
    entry = entries.get("registry.yaml")
    if entry is None:
        raise RegistryError("this folder is no registry: it has no registry.yaml", _INIT)
    document = documents.read_yaml(tree, "registry.yaml", entry, "registry-v1")
    vocabularies: dict[str, dict[str, Any]] = {}
    findings = [*document.findings, *_no_folders(entries), *_vocabularies(tree, vocabularies)]
    if document.data is None or findings:
        return LoadedSettings(None, tuple(findings))
    return LoadedSettings(_settings(document.data, vocabularies), ())


def differences(before: Settings, after: Settings) -> Iterator[str]:
    """Yield in words what one ``registry.yaml`` says otherwise than another."""
    for name in (field.name for field in fields(Settings) if field.name != "vocabularies"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"registry.yaml: {name} was {_shown(old)} and is {_shown(new)}"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "nobody"
    return {None: "nothing", True: "true", False: "false"}.get(value, str(value))


def _settings(data: dict[str, Any], vocabularies: dict[str, dict[str, Any]]) -> Settings:
    folder = data.get("folder") or "registry"
    host = (urlsplit(data["repository_url"] or "").hostname or "").lower()
    return Settings(
        name=data["name"],
        description=data["description"],
        id_prefix=data["id_prefix"],
        site_url=data["site_url"],
        repository_url=data["repository_url"],
        opened=data["opened"],
        append_only=data["append_only"],
        forge=data.get("forge") or _FORGES.get(host, "other"),
        branch=data.get("branch") or "main",
        folder="" if folder == "." else folder,
        maintainers=tuple(one["name"] for one in data["maintainers"]),
        vocabularies=vocabularies,
    )


def _no_folders(entries: dict[str, Entry]) -> Iterator[Finding]:
    """Yield what stands where a folder belongs: a link leads out of the registry, a file hides records."""
    for name in FOLDERS:
        if name in entries and entries[name].kind != "folder":
            fault = Fault("S108", 1, "", f"{name} is a file, link or device, expected a folder")
            yield faults.finding(fault, name)


@cache
def _released(name: str) -> tuple[bytes, dict[str, Any]]:
    """Return the bytes of a released vocabulary and what they say; do not change it.

    A check of a change reads the settings of two commits, and one of a main line those of each.
    """
    raw = (bundle.vocabularies() / f"{name}.yaml").read_bytes()
    return raw, schema.typed(name, yaml_guard.read(raw).value)


def _vocabularies(tree: Tree, into: dict[str, dict[str, Any]]) -> Iterator[Finding]:
    """Fill ``into`` with the vocabularies and yield what is wrong with them."""
    entries = {entry.name: entry for entry in tree.entries("vocabularies")}
    for name in VOCABULARIES:
        path = f"vocabularies/{name}.yaml"
        entry = entries.pop(f"{name}.yaml", None)
        if entry is None:
            yield faults.finding(Fault("S117", 1, "", f"vocabulary {name} is missing"), path)
            continue
        raw, data = _released(name)
        if entry.kind == "file" and entry.size == len(raw) and tree.read(path) == raw:
            into[name] = data
            continue
        document = documents.read_yaml(tree, path, entry, name)
        yield from document.findings
        if document.data is not None:
            into[name] = document.data
            yield faults.finding(Fault("S115", 1, "", f"differs from the released {name}"), path)
    for name in entries:
        fault = Fault("S114", 1, "", f"{name} is none of the released vocabularies {', '.join(VOCABULARIES)}")
        yield faults.finding(fault, f"vocabularies/{name}")
