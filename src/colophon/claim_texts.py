"""The texts of claims, by who makes them: a record of the registry, or a cited work."""

import re
from collections.abc import Collection, Iterator, Mapping

from colophon import documents, folder, layout, removal, works
from colophon.contracts.run_record import ClaimOwner
from colophon.contracts.work_manifest import Strike
from colophon.fold import Record, Step
from colophon.language import figures
from colophon.store import Tree
from colophon.works import FiledWork, Work

PAPER = "paper"
_MINUS = "-−–"
_STRUCK = re.compile("/claims/([0-9]+)/struck")


class ClaimTexts:
    """Texts of claims by their owners, as filed and as they stand; each owner is read once.

    Claims that were struck out later are among those filed: what was said of them before stays as it was.
    """

    def __init__(self, tree: Tree, stewards: Collection[str] | None = None) -> None:
        """``stewards`` are the names whose word alone strikes a claim, None for everybody's."""
        self._tree = tree
        self._stewards = stewards
        self._known: dict[tuple[str, str], Mapping[str, str] | None] = {}
        self._works: dict[tuple[str, str], Work | None] = {}
        self._standing: dict[tuple[str, str], Mapping[str, str]] = {}
        self._removed: set[tuple[str, str]] = set()

    def of(self, kind: str, identifier: str) -> Mapping[str, str] | None:
        """Return the texts of an owner's claims by their ids, or None when there is no such owner."""
        owner = (kind, identifier)
        if owner not in self._known:
            is_paper = kind == PAPER
            self._known[owner] = self._of_paper(identifier) if is_paper else self._of_work(kind, identifier)
        return self._known[owner]

    def is_removed(self, kind: str, identifier: str) -> bool:
        """Whether the owner is a record whose manifest was removed, so that its claims are gone."""
        self.of(kind, identifier)
        return (kind, identifier) in self._removed

    def text_of(self, claim: Mapping[str, str]) -> str | None:
        """Return the text of a claim, or None when there is none."""
        return (self.of(claim["kind"], claim["identifier"]) or {}).get(claim["claim"])

    def standing(self, claim: ClaimOwner) -> str | None:
        """Return the text of a claim with all corrections, or None when it was struck out.

        What a stranger struck without a review stands, so that no stranger takes a verdict away.
        """
        owner = (claim.kind, claim.identifier)
        if owner not in self._standing:
            is_paper = claim.kind == PAPER
            self._standing[owner] = self._corrected(claim.identifier) if is_paper else self._unstruck(*owner)
        return self._standing[owner].get(claim.claim)

    def _corrected(self, record: str) -> Mapping[str, str]:
        # Display ids are judged where the record itself is; here only what its claims say counts.
        loaded = folder.load(self._tree, record, layout.record_folder(record), "").record
        if loaded is None:
            return {}
        gone = {place for place, step in _strikes(loaded) if self._counts(step)}
        claims = enumerate(loaded.manifest.claims or ())
        return {one.id: one.text for place, one in claims if not (one.struck and place in gone)}

    def _counts(self, step: Step) -> bool:
        is_confirmed = self._stewards is None or step.review is not None
        return is_confirmed or step.event.event.reporter.name in (self._stewards or ())

    def _unstruck(self, kind: str, identifier: str) -> Mapping[str, str]:
        work = self._work(kind, identifier)
        claims = () if work is None else work.claims
        return {one.claim.id: one.claim.text for one in claims if not any(map(self._is_word, one.strikes))}

    def _is_word(self, strike: tuple[FiledWork, Strike]) -> bool:
        return self._stewards is None or strike[0].manifest.added_by in self._stewards

    def _of_paper(self, record: str) -> Mapping[str, str] | None:
        if not layout.UUID.fullmatch(record):
            return None
        path = f"{layout.record_folder(record)}/manifest.json"
        for entry in self._tree.entries(layout.record_folder(record)):
            if entry.name == "manifest.json":
                found = documents.read_json(self._tree, path, entry, folder.MANIFESTS, record, "fast")
                if found.raw and removal.removed_digest(found.raw) is not None:
                    self._removed.add((PAPER, record))
                return {claim["id"]: claim["text"] for claim in (found.data or {}).get("claims") or ()}
        return None

    def _work(self, kind: str, identifier: str) -> Work | None:
        """Return a work, whose files are read once for what was filed and for what stands."""
        owner = (kind, identifier)
        if owner not in self._works:
            is_work = kind in layout.KINDS
            self._works[owner] = works.of_source(self._tree, kind, identifier) if is_work else None
        return self._works[owner]

    def _of_work(self, kind: str, identifier: str) -> Mapping[str, str] | None:
        work = self._work(kind, identifier)
        return None if work is None else {one.claim.id: one.claim.text for one in work.claims}


def _strikes(record: Record) -> Iterator[tuple[int, Step]]:
    """Yield the places of claims that were struck, each with the step that struck it."""
    for step in record.steps:
        for change in step.changes if step.effective else ():
            found = _STRUCK.fullmatch(change.pointer)
            if found and change.document == "manifest" and change.new is True:
                yield int(found[1]), step


def changed(expected: str | None, standing: str | None) -> str | None:
    """Return in words why a claim says no more what was bound, or None; ``standing`` as it stands now."""
    if standing is None:
        return "the claim was struck out since"
    if expected is not None and not figures.stands_in(expected, standing):
        return f"the claim was corrected since and no more says {expected}"
    return None


def misprinted(figure: str, value: float, text: str) -> str | None:
    """Return in words why a figure with its value is not what a claim prints, or None."""
    if not figures.stands_in(figure, text):
        return f"{figure!r} does not stand in the claim: {text[:200]}"
    has_sign = figure.lstrip()[:1] in tuple(_MINUS)
    is_signed = value <= 0 if has_sign else value >= 0 or any(minus in figure for minus in _MINUS)
    if figures.has_digits(figure) and not (is_signed and figures.reads_as(figure, value)):
        return f"value is {value}, the claim prints {figure!r}"
    return None
