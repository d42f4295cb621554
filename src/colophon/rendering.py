"""Rendering: pages and files of records and of the registry, validated and written into a new folder."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from colophon import atomic, canon, folder, schema, slim
from colophon.errors import EnvironmentFault
from colophon.exports import EXPORTS, cite
from colophon.fold import Record
from colophon.frame import Frame, Prose
from colophon.judgement import Judged
from colophon.model import Artifact, Files, Page, Rule, Written
from colophon.pages import KINDS, Kind, OfRecord, Output
from colophon.pages._forms import forms
from colophon.search_entry import Entry, entry
from colophon.settings import Settings
from colophon.store import Tree
from colophon.views import RecordView, RegistryView

_NESTS = (dict, list)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every rendering needs; it pickles, so it can be sent to any process.

    A site of the form that hosts with a limit can hold has a ``slim`` frame, for pages of and about papers.
    ``old`` is the site that is there, if one is.
    """

    tree: Tree
    settings: Settings
    rules: Mapping[str, Rule]
    frame: Frame
    target: Path
    slim: Frame | None = None
    old: Path | None = None

    @property
    def is_slim(self) -> bool:
        """Whether the site has the form that :mod:`colophon.slim` describes."""
        return self.slim is not None

    def poured(self, page: Page) -> bytes:
        """Return the whole HTML of a page."""
        frame = self.slim if self.slim is not None and page.path.startswith("papers/") else self.frame
        return frame.pour(page, self.settings.name)

    def kinds(self) -> list[Kind]:
        """Return the kinds of pages that a site of this form has."""
        return [kind for name, kind in KINDS.all().items() if slim.makes(name, is_slim=self.is_slim)]

    def kinds_of_record(self) -> dict[str, OfRecord]:
        """Return how the kinds of pages are made that a site of this form has for each record, by name."""
        return {kind.name: kind.of_record for kind in self.kinds() if kind.of_record is not None}

    def kept(self, outputs: Iterable[Output]) -> Iterable[Output]:
        """Return what a site of this form has of some pages and files."""
        return slim.kept(outputs) if self.is_slim else outputs


@dataclass(frozen=True, slots=True)
class Job:
    """A chunk of records to be rendered; of those in ``kinds``, by id, only some kinds of pages."""

    workshop: Workshop
    judged: tuple[Judged, ...]
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)


def render_records(job: Job) -> list[tuple[str, Files, Entry]]:
    """Render and write a chunk of records; returns (id, files, what the search knows) of each."""
    return [(one.id, *_render_record(job.workshop, one, job.kinds.get(one.id))) for one in job.judged]


def search_entries(job: Job) -> list[Entry]:
    """Return what the search knows of a chunk of records, without rendering them."""
    return [entry(_loaded(job.workshop, judged)[0], judged) for judged in job.judged]


def _render_record(workshop: Workshop, judged: Judged, wanted: frozenset[str] | None) -> tuple[Files, Entry]:
    view = _record_view(workshop, judged)
    files = {
        name: [put(workshop, one) for one in workshop.kept(of_record(view))]
        for name, of_record in workshop.kinds_of_record().items()
        if wanted is None or name in wanted
    }
    distinct(listed(files))
    return files, entry(view.record, judged)


def listed(files: Files) -> list[Written]:
    """Return the files of all kinds."""
    return [one for written in files.values() for one in written]


def distinct(written: list[Written]) -> list[Written]:
    """Return what was written; two files of one address are a bug of this program, and raise RuntimeError."""
    twice = [path for path, count in Counter(one[0] for one in written).items() if count > 1]
    if twice:
        raise RuntimeError(f"{twice[0]} was written twice")
    return written


def _loaded(workshop: Workshop, judged: Judged) -> tuple[Record, dict[str, Any]]:
    """Return a record and its manifest as stored."""
    loaded = folder.load(workshop.tree, judged.id, judged.folder, workshop.settings.id_prefix)
    if loaded.record is None or loaded.manifest is None or loaded.digest != judged.digest:
        raise EnvironmentFault(
            f"{judged.folder}: changed while the site was being built", "run the build again"
        )
    return loaded.record, loaded.manifest


def _record_view(workshop: Workshop, judged: Judged) -> RecordView:
    record, stored = _loaded(workshop, judged)
    manifest, derived = record.manifest, judged.derived
    citation = cite(
        manifest,
        judged.facts.history,
        tier=derived.tier.value,
        state=derived.state,
        site_url=workshop.settings.site_url,
    )
    citations = {name: one.write(manifest, citation) for name, one in EXPORTS.all().items()}
    view = RecordView(record, stored, judged, workshop.settings, workshop.rules, citations)
    # A slim page begins no correction.
    return view if workshop.is_slim else replace(view, forms=forms(view))


def render_registry(workshop: Workshop, view: RegistryView) -> list[Written]:
    """Render and write everything that is made once for the whole registry."""
    kinds = [kind.of_registry for kind in workshop.kinds() if kind.of_registry is not None]
    return [put(workshop, one) for of_registry in kinds for one in workshop.kept(of_registry(view))]


def copy_prose(prose: Prose, workshop: Workshop) -> list[Written]:
    """Write the prose pages and assets, which are rendered already, into a new folder."""
    files = prose.files()
    for path, file in files:
        body = file.read_bytes()
        if workshop.is_slim and path.endswith(".html"):
            body = slim.linked(path, body.decode()).encode()
        write(workshop.target, path, body, workshop.old)
    return [(path, "", 0, "") for path, _ in files]


def put(workshop: Workshop, output: Output) -> Written:
    """Write one page or artifact; published JSON is validated against the contracts that it names."""
    if isinstance(output, Page):
        body, media_type = workshop.poured(output), "text/html"
    else:
        body, media_type = output.body, output.media_type
        _validate(output)
    write(workshop.target, output.path, body, workshop.old)
    return output.path, media_type, len(body), canon.digest(body)


def write(target: Path, path: str, body: bytes, old: Path | None = None) -> None:
    """Write a file of a new folder; one that the ``old`` folder has with the same bytes is linked over.

    So it stays the file that it was, with its time, and whoever copies the site elsewhere need not send it.
    """
    # The folder is swapped in whole, so its files need no rename of their own.  A worker that was lost may
    # have begun the same file; what its successor writes is the same again.
    file = target / path
    try:
        if old is None or not _is_linked(old / path, target, file, body):
            file.write_bytes(body)
    except FileNotFoundError:
        if not target.is_dir():
            # The build is over, and its folder stays away.
            raise
        file.parent.mkdir(parents=True, exist_ok=True)
        write(target, path, body, old)


def _is_linked(there: Path, target: Path, file: Path, body: bytes) -> bool:
    """Whether a file that is there has these bytes and was linked over, by a worker that was lost perhaps.

    Raises FileNotFoundError where the folder of ``file``, or all of ``target``, is missing.
    """
    if atomic.plain(there, len(body), atomic.mode_below(target)) != body:
        return False
    try:
        os.link(there, file)
    except FileExistsError:
        return file.samefile(there)
    except FileNotFoundError:
        raise
    except OSError:
        # Not every disk has links, and none has any number of them.
        return False
    return True


def _validate(artifact: Artifact) -> None:
    """Raise RuntimeError when published JSON does not fit its contract: that is a bug of this program."""
    if artifact.media_type == "application/jsonl":
        documents: Iterable[Any] = (orjson.loads(line) for line in artifact.body.splitlines())
    elif artifact.media_type == "application/json":
        documents = (orjson.loads(artifact.body),)
    else:
        return
    for document in documents:
        for part in _parts(document):
            found = schema.faults(part["contract_version"], part)
            if found:
                raise RuntimeError(f"{artifact.path}: {part['contract_version']}: {found[0]}")


def _parts(document: Any) -> Iterator[dict[str, Any]]:
    """Yield a document and the documents inside it that name a contract."""
    waiting = [document] if isinstance(document, _NESTS) else []
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += [below for below in one if isinstance(below, _NESTS)]
            continue
        if isinstance(one.get("contract_version"), str):
            yield one
        waiting += [below for below in one.values() if isinstance(below, _NESTS)]
