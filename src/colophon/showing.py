"""Showing an edit at once: the pages of the records that were touched, before a build brings the rest."""

import tempfile
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from colophon import atomic, frame
from colophon.examination import Examined, Task, examine
from colophon.fresh_folder import WORK, is_site, locked
from colophon.judgement import Judged, judge
from colophon.model import FindingClass
from colophon.pipeline import Survey, rules
from colophon.placement import place
from colophon.rendering import Job, Workshop, listed, render_records
from colophon.store import WorkTree

# More records than a person edits at a time: then a build is the better answer.
_MOST = 16


def touched(folder: Path, changed: Iterable[Path], survey: Survey) -> frozenset[str]:
    """Return the records that changed files belong to.

    Nothing where a file belongs to none of the records of the survey, or where there are many: such a
    change can be seen only by a build.
    """
    known = {item.id for item in survey.judged}
    found = set()
    for path in changed:
        at = place(path.relative_to(folder).as_posix(), "") if path.is_relative_to(folder) else None
        found.add(at.record if at is not None else "")
    return frozenset(found) if found <= known and len(found) <= _MOST else frozenset()


def show(tree: WorkTree, survey: Survey, records: Collection[str], target: Path) -> Survey | None:
    """Write the pages of some records into the site ``target``; return the survey with these as they are now.

    They are judged beside all others, whose findings and lists stay as they were until the next build.
    None, and nothing is written, when one of them is damaged or no site is there: a build says why.

    Raises EnvironmentFault when a file cannot be written, or while another build is at work.
    """
    # A link to a site stays a link.
    target = target.resolve()
    if survey.settings is None or not is_site(target):
        return None
    prefix = survey.settings.id_prefix
    fresh = {
        item.id: examine(Task(tree, item.id, item.folder, prefix))
        for item in survey.judged
        if item.id in records
    }
    examined = tuple(fresh.get(one.id, one) for one in survey.examined)
    judged = tuple(judge(tree, survey.settings, examined, survey.reruns.by_record(), only=records))
    if _are_damaged(fresh.values()) or _are_damaged(judged):
        return None
    work = target.parent / WORK
    with locked(target), atomic.refusals_in_one_line(target), tempfile.TemporaryDirectory(dir=work) as beside:
        prose = frame.render(work, survey.settings, use_cache=True)
        workshop = Workshop(tree, survey.settings, rules(), prose.frame, Path(beside))
        for _, files, _ in render_records(Job(workshop, judged)):
            for path, _, _, _ in listed(files):
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(beside) / path).replace(target / path)
    return replace(survey, examined=examined)


def _are_damaged(found: Iterable[Examined] | Iterable[Judged]) -> bool:
    """Whether one of some records has a finding from which nothing is published."""
    return any(finding.finding_class is FindingClass.INTEGRITY for one in found for finding in one.findings)
