"""The pages of one record as they would be with an event, written into a folder of their own."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from colophon import atomic, frame
from colophon.contracts.paper_manifest import Manifest
from colophon.errors import UsageError
from colophon.event_trial import Trial
from colophon.examination import Examined, Task, examine
from colophon.judgement import Judged, judge
from colophon.model import Rule
from colophon.records import Named
from colophon.rendering import Job, Workshop, copy_prose, listed, render_records, write
from colophon.settings import Settings

_MARK = "PREVIEW.txt"
_SAID = b"Pages of one record, made by colophon preview.  The next preview here replaces this folder.\n"


def refuse_foreign(target: Path) -> None:
    """Raise UsageError when a folder holds something else than a preview."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not (target / _MARK).is_file():
        raise UsageError(f"{target}: holds something that is no preview", "choose an empty folder: --out DIR")


def judged_alone(trial: Trial, settings: Settings, known: Mapping[str, Named]) -> Judged:
    """Return the record of a trial, judged without the rules that compare records.

    Those that it names are read too, so that no link of it looks broken.
    """
    assert trial.record is not None  # noqa: S101  the caller looked
    record = trial.record
    names = {record.id, *_linked(record.manifest, trial)} & {*known, record.id}
    examined: list[Examined] = [
        examine(Task(trial.tree, name, f"papers/{name[:2]}/{name}", settings.id_prefix))
        for name in sorted(names)
    ]
    return next(item for item in judge(trial.tree, settings, examined) if item.id == record.id)


def _linked(manifest: Manifest, trial: Trial) -> Iterator[str]:
    """Yield the papers that a record names."""
    if manifest.supersedes is not None:
        yield manifest.supersedes
    for filed in trial.record.events if trial.record is not None else ():
        if filed.event.successor is not None:
            yield filed.event.successor


def write_pages(
    trial: Trial, judged: Judged, settings: Settings, rules: Mapping[str, Rule], target: Path
) -> list[str]:
    """Write the record's pages, and what every page needs, into ``target``; return their paths there.

    Raises UsageError when the target holds something else than a preview, EnvironmentFault when it cannot be
    written.
    """
    target = target.resolve()
    with atomic.refusals_in_one_line(target), tempfile.TemporaryDirectory() as work:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
        try:
            fresh.mkdir()
            prose = frame.render(Path(work), settings, use_cache=False)
            workshop = Workshop(trial.tree, settings, rules, prose.frame, fresh)
            copy_prose(prose, workshop)
            write(fresh, _MARK, _SAID)
            written = render_records(Job(workshop, (judged,)))
            atomic.swap(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return sorted(path for _, files, _ in written for path, *_ in listed(files))
