"""An event that is not filed yet, tried on its record: what it would do, what the gate would say of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from colophon import filed, layout
from colophon.fold import Documents, Record, Step
from colophon.folder import Loaded, load
from colophon.gate_events import blocking, history_findings
from colophon.index import facts_of
from colophon.judgement import future_dates, link_findings
from colophon.model import Finding, Judgement
from colophon.outline import outline_of
from colophon.records import Named
from colophon.rules.state import correction_state
from colophon.settings import Settings
from colophon.store import OverlayTree, Tree


@dataclass(frozen=True, slots=True)
class Trial:
    """One record with an event tried on it.

    ``path`` is the event's, from the registry's root; ``findings`` are those that the gate would refuse it
    for.  ``record`` and ``step`` are None when the record, or the event, cannot be read.
    """

    path: str
    tree: Tree
    findings: tuple[Finding, ...]
    record: Record | None
    step: Step | None

    @property
    def is_applied(self) -> bool:
        """Whether the event can be read and its record takes it."""
        return self.step is not None and self.step.refused is None

    def documents(self) -> tuple[Documents, Documents]:
        """Return the record's documents before and after the event."""
        assert self.record is not None and self.step is not None  # noqa: S101  the caller looked
        versions = {version.number: version.documents for version in self.record.versions()}
        return versions[self.step.version - 1], versions[self.step.version]

    def states(self) -> tuple[Judgement, Judgement]:
        """Return the record's state before and after the event."""
        assert self.record is not None and self.step is not None  # noqa: S101  the caller looked
        history = facts_of(self.record).history
        return correction_state(history[: self.step.version - 2]), correction_state(
            history[: self.step.version - 1]
        )


def attempt(
    tree: Tree, settings: Settings, known: Mapping[str, Named], path: str, raw: bytes, now: str
) -> Trial:
    """Try an event on its record.

    ``path`` is where it lies or would lie, from the registry's root; ``now`` is an ISO time in UTC.
    """
    paper = path.split("/")[2]
    folder = path.removesuffix(f"/{path.rpartition('/')[2]}").removesuffix("/corrections")
    tried = OverlayTree(tree, ((path, raw),))
    loaded = load(tried, paper, folder, settings.id_prefix)
    base = filed.read(tree, folder, paper)
    added = {path} - {document.path for document in base.documents}
    found = [blocking(finding, {path}) for finding in loaded.findings if finding.path == path]
    found += history_findings(base, loaded.filed, paper, added, settings.maintainers)
    if loaded.record is not None and _step(loaded, path) is not None:
        facts = facts_of(loaded.record)
        found += [one for _, one in link_findings([outline_of(facts)], known, tried) if one.path == path]
        found += [one for one in future_dates([facts], now, tried) if one.path == path]
    return Trial(path, tried, tuple(sorted(set(found))), loaded.record, _step(loaded, path))


def _step(loaded: Loaded, path: str) -> Step | None:
    slug = filed.slug_of(path)
    steps = loaded.record.steps if loaded.record is not None else ()
    return next((step for step in steps if step.review is None and step.event.slug == slug), None)


def taken(tree: Tree, paper: str) -> Collection[str]:
    """Return the names of the files that stand among the corrections of a paper."""
    return {entry.name.removesuffix(".yaml") for entry in tree.entries(layout.corrections_folder(paper))}
