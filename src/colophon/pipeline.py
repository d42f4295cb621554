"""The one place where stages meet: examine every record, judge the registry, report or publish."""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from colophon import change_check, faults, holdings, packed, rerun, reruns, schema, settings, site, works
from colophon.audits import AUDITS
from colophon.change_check import joined
from colophon.change_report import ChangeReport
from colophon.errors import RegistryError
from colophon.examination import Examined, examined
from colophon.examined_again import examined_again
from colophon.executor import Progress
from colophon.folder import record_folders
from colophon.judgement import Judged, future_dates, judge
from colophon.model import Fault, Finding, FindingClass, Rule, Tally
from colophon.repository import Repository
from colophon.reruns import NOTHING_RUN, Reruns
from colophon.settings import Settings
from colophon.shards import Shard
from colophon.sharing import Sharing
from colophon.store import Tree, WorkTree
from colophon.strays import strays


@dataclass(frozen=True, slots=True)
class Survey:
    """A registry as it stands.  ``settings`` is None when it could not be read.

    ``examined`` is what was found in each record alone, for whoever asked to keep it.
    """

    settings: Settings | None
    judged: tuple[Judged, ...]
    findings: tuple[Finding, ...]
    tallies: dict[str, Tally]
    folders: int
    reruns: Reruns = NOTHING_RUN
    examined: tuple[Examined, ...] = ()

    @property
    def integrity(self) -> tuple[Finding, ...]:
        """The findings that mean damage."""
        return tuple(f for f in self.findings if f.finding_class is FindingClass.INTEGRITY)


def rules() -> dict[str, Rule]:
    """Return every rule by code, integrity and editorial, sorted."""
    editorial = {code: audit.rule for code, audit in AUDITS.all().items()}
    return dict(sorted({**faults.RULES, **editorial}.items()))


def survey(
    tree: Tree,
    executor: Executor,
    progress: Progress,
    *,
    engine: schema.Engine = "fast",
    now: str | None = None,
    memory: Path | None = None,
    keep_examined: bool = False,
) -> Survey:
    """Examine and judge a whole registry.  ``now`` asks for the rules about future dates.

    ``memory`` is the file that keeps what was found in records, so that the next run need not look again.
    Raises RegistryError when the folder is no registry.
    """
    loaded = settings.load(tree)
    if loaded.settings is None:
        return Survey(None, (), tuple(sorted(loaded.findings)), {}, 0)
    prefix, folders = loaded.settings.id_prefix, record_folders(tree)
    if memory is not None and isinstance(tree, WorkTree) and engine == "fast":
        found = examined_again(tree, folders, prefix, executor, progress, memory)
    else:
        found = examined(tree, folders, prefix, executor, progress, engine)
    alike = Sharing()
    seen = [alike.examined(one) for one in found]
    today = rerun.todays_code(Path(tree.root)) if isinstance(tree, WorkTree) else {}
    again = reruns.read(tree, loaded.settings.stewards, today, now)
    with packed.staying():
        judged = tuple(judge(tree, loaded.settings, seen, again.by_record(), sharing=alike))
    findings = [*strays(tree, {item.id for item in seen})]
    findings += [*holdings.findings(tree, now), *works.findings(tree, now), *again.findings]
    findings.extend(finding for item in seen if item.facts is None for finding in item.findings)
    findings.extend(finding for item in judged for finding in item.findings)
    if now is not None:
        findings.extend(future_dates((item.facts for item in judged), now, tree))
        findings.extend(_opened_later(loaded.settings.opened, now))
    kept = tuple(seen) if keep_examined else ()
    return Survey(loaded.settings, judged, tuple(sorted(findings)), _tallies(judged), len(seen), again, kept)


def _tallies(judged: tuple[Judged, ...]) -> dict[str, Tally]:
    """Sum the outcomes of every rule."""
    totals = {code: [0, 0, 0, 0, 0] for code in AUDITS.all()}
    for item in judged:
        for code, recognised, checked, flagged in item.outcomes:
            total = totals[code]
            total[0] += 1
            total[1] += recognised
            total[2] += checked
            total[3] += flagged
            total[4] += not recognised
    return {code: Tally(*total) for code, total in totals.items()}


def _opened_later(opened: str, now: str) -> Iterator[Finding]:
    if opened > now[:10]:
        fault = Fault("H101", 1, "/opened", f"date {opened} lies after the time of this check, {now}")
        yield faults.finding(fault, "registry.yaml")


@dataclass(frozen=True, slots=True)
class Change:
    """A change to be judged: two names of commits, whether commit by commit, and at what time (ISO, UTC).

    ``cache`` is a file that keeps what is known of the registry for the next check, or None.
    """

    registry: Path
    base: str
    head: str
    by_commit: bool
    cache: Path | None
    now: str


def judge_change(change: Change, executor: Executor, progress: Progress) -> ChangeReport:
    """Judge what a change does to a registry, read from git alone.

    Raises EnvironmentFault, with the command that mends it, when git does not hold what is needed.
    """
    repository, folder = Repository.open(change.registry)
    base, head = repository.commit(change.base), repository.commit(change.head)
    ask = change_check.Ask(repository, folder, rules(), change.now, change.cache, executor, progress)
    if change.by_commit:
        return joined(base, head, change_check.walk(ask, base, head))
    begun = repository.merge_base(base, head)
    report = change_check.judge(ask, begun, base, head)
    if begun != head:
        return report
    note = (
        f"{change.base} has all of this already, so nothing is judged; commit on a branch: git switch -c NAME"
    )
    return replace(report, notes=(note, *report.notes))


def build(
    tree: Tree,
    target: Path,
    executor: Executor,
    progress: Progress,
    *,
    use_cache: bool = True,
    memory: Path | None = None,
    shard: Shard | None = None,
    parts: tuple[Path, ...] = (),
    keep_examined: bool = False,
    is_untouched: bool = False,
    is_slim: bool = False,
) -> Survey:
    """Publish the registry as a static site into ``target``; the old site stays until the new one is whole.

    ``memory`` and ``keep_examined`` are those of :func:`survey`.  With a ``shard`` only the pages of its
    records are written, and ``parts`` are the folders of shards whose pages need not be rendered again.
    ``is_untouched`` says that every file of the old site is known to be as it was written, ``is_slim`` asks
    for the form of a site that :mod:`colophon.slim` describes.

    Raises RegistryError when the registry is damaged, naming the first finding.
    """
    found = survey(tree, executor, progress, memory=memory, keep_examined=keep_examined)
    if found.settings is None or found.integrity:
        first, count = found.integrity[0], len(found.integrity)
        raise RegistryError(
            f"the registry has {count} integrity finding{'s' if count > 1 else ''}, nothing was published; "
            f"first: {first.path}:{first.line} {first.pointer} {first.code} {first.message}",
            "colophon check lists them all",
        )
    if shard is not None:
        where = (target, executor, progress, shard)
        site.publish_shard(tree, found.settings, found.judged, rules(), *where, is_slim=is_slim)
        return found
    site.publish(
        tree,
        found.settings,
        found.judged,
        found.tallies,
        found.reruns,
        rules(),
        target,
        executor,
        progress,
        use_cache=use_cache,
        parts=parts,
        is_untouched=is_untouched,
        is_slim=is_slim,
    )
    return found
