"""The text of a correction event file, from what its reporter says, and the place where it goes."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from colophon import yaml_text
from colophon.event_faults import NO_DATE
from colophon.settings import Settings
from colophon.yaml_text import Tree

CONTRACT = "correction-event-v1"
_SLUG = range(3, 41)
_FALLBACK = "correction"
# From the folder of an event to the root of its registry: papers/<hh>/<paper>/corrections.
_FOLDERS_ABOVE = 4


@dataclass(frozen=True, slots=True)
class DraftChange:
    """One field with the value it has and the one it should have.  ``adds``: there is no old value.

    A value is text, None, or a mapping or list of such for an object such as a new claim.
    """

    document: str
    pointer: str
    old: Tree = None
    new: Tree = None
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A correction event that is not filed yet.  Without a date a placeholder is written."""

    paper: str
    type: str
    note: str
    reason: str | None = None
    date: str | None = None
    reporter: str = ""
    orcid: str | None = None
    kind: str = "person"
    evidence: tuple[str, ...] = ()
    proposed: tuple[DraftChange, ...] = ()
    changes: tuple[DraftChange, ...] = ()
    successor: str | None = None
    removal: dict[str, str] | None = None


def text(draft: Draft, modeline: str = "") -> str:
    """Return the file as a person would write it, with ``modeline`` as its first line."""
    note = yaml_text.block(draft.note, 0) or yaml_text.double_quoted(draft.note)
    lines = [
        *([modeline] if modeline else []),
        *yaml_text.members(_head(draft)),
        f"note: {note}",
        *yaml_text.members(_tail(draft)),
    ]
    return "\n".join(lines) + "\n"


def reason(name: str) -> str:
    """Return what gives a reason, to stand behind the note of a file that has none yet."""
    return "\n".join(yaml_text.members({"reason": name})) + "\n"


def proposal(change: DraftChange) -> str:
    """Return what proposes one change, to stand at the end of a file that has no changes yet."""
    return "\n".join(yaml_text.members({"proposed": [_change(change)]})) + "\n"


def _head(draft: Draft) -> dict[str, Tree]:
    """Return what stands before the note."""
    reporter = {"name": draft.reporter, "orcid": draft.orcid, "kind": draft.kind}
    head: dict[str, Tree] = {
        "contract_version": CONTRACT,
        "paper": draft.paper,
        "type": draft.type,
        "reason": draft.reason,
        "date": draft.date or NO_DATE,
        "reporter": {name: value for name, value in reporter.items() if value is not None},
    }
    return {name: value for name, value in head.items() if value is not None}


def _tail(draft: Draft) -> dict[str, Tree]:
    """Return what stands behind the note."""
    tail: dict[str, Tree] = {
        "evidence": list(draft.evidence),
        "proposed": [_change(change) for change in draft.proposed],
        "changes": [_change(change) for change in draft.changes],
        "successor": draft.successor,
        "removal": draft.removal,
    }
    return {name: value for name, value in tail.items() if value}


def _change(change: DraftChange) -> dict[str, Tree]:
    old: dict[str, Tree] = {} if change.adds else {"old": change.old}
    return {"document": change.document, "pointer": change.pointer, **old, "new": change.new}


def slug_of(words: str, taken: Collection[str] = ()) -> str:
    """Return a file name for an event, made of words, that is not taken."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = _shortened(re.sub(r"[^a-z0-9]+", "-", plain).strip("-"), _SLUG.stop - 1)
    if len(slug) not in _SLUG:
        slug = _FALLBACK
    return next(name for name in _numbered(slug) if name not in taken)


def _shortened(slug: str, longest: int) -> str:
    """Return at most ``longest`` characters of a slug, cut between words where there are some."""
    if len(slug) <= longest:
        return slug
    cut = slug[:longest]
    return (cut if slug[longest] == "-" else cut.rpartition("-")[0] or cut).strip("-")


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    number = 2
    while True:
        end = f"-{number}"
        yield _shortened(slug, _SLUG.stop - 1 - len(end)) + end
        number += 1


def modeline(settings: Settings) -> str:
    """Return the comment that tells an editor where the contract is: on the site, else in the repository."""
    if settings.site_url:
        schema = f"{settings.site_url}schemas/{CONTRACT}.json"
    else:
        parts = [part for part in settings.folder.split("/") if part not in ("", ".")]
        name, _, version = CONTRACT.rpartition("-")
        schema = "../" * (_FOLDERS_ABOVE + len(parts)) + f"schemas/{name}/{version}.json"
    return f"# yaml-language-server: $schema={schema}"
