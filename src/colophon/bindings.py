"""Bindings: ``bindings/<experiment>/<name>.json``, each joins a claim to a metric of an experiment."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from colophon import contracts, dated_files, documents, layout
from colophon.claim_texts import PAPER, ClaimTexts, changed, misprinted
from colophon.contracts.reproduction_binding import Binding
from colophon.contracts.run_record import ClaimOwner
from colophon.dated_files import Wrong
from colophon.documents import Document
from colophon.language import figures
from colophon.model import Finding
from colophon.store import Tree

CONTRACT = "reproduction-binding-v1"


@dataclass(frozen=True, slots=True)
class FiledBinding:
    """One binding with its path and the claim's text, as it stands or else as it was filed.

    ``gone`` says in words why the claim is no more what was bound, or is None.
    """

    path: str
    binding: Binding
    claim_text: str
    gone: str | None

    @property
    def name(self) -> str:
        """Its file name."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Filed:
    """The bindings of one experiment: all files read, and those that are in order, by their names."""

    documents: tuple[Document, ...]
    bindings: tuple[FiledBinding, ...]

    def standing(self, stewards: Collection[str]) -> tuple[FiledBinding, ...]:
        """Return the bindings that no later one replaces."""
        gone = {one.name for one in self.replaced(stewards).values()}
        return tuple(one for one in self.bindings if one.name not in gone)

    def replaced(self, stewards: Collection[str]) -> dict[str, FiledBinding]:
        """Return the bindings that a later one replaces, by its name.

        Who filed a binding and ``stewards``, the names that the registry answers for, may replace it.
        """
        known = {one.name: one for one in self.bindings}
        return {
            one.name: known[one.binding.supersedes]
            for one in self.bindings
            if one.binding.supersedes in known
            and one.binding.filed_by in (known[one.binding.supersedes].binding.filed_by, *stewards)
        }

    @property
    def findings(self) -> Iterator[Finding]:
        """What is wrong with the files."""
        for document in self.documents:
            yield from document.findings


def experiments_of(tree: Tree, records: Collection[str]) -> frozenset[str]:
    """Return the experiments that claims of some records are bound to."""
    found = set()
    for name in dated_files.experiments(tree, "bindings") if records else ():
        for document in _documents(tree, name):
            claim = (document.data or {}).get("claim")
            if claim is not None and claim["kind"] == PAPER and claim["identifier"] in records:
                found.add(name)
    return frozenset(found)


def read(
    tree: Tree,
    experiment: str,
    claims: ClaimTexts,
    now: str | None = None,
    maintainers: Collection[str] | None = None,
) -> Filed:
    """Read the bindings of one experiment; dates are judged where ``now`` is given (ISO, UTC).

    One to a claim that was removed stays in its file and says nothing any more.  Whoever filed a binding, and
    ``maintainers``, may replace it; that is judged when it is filed, for maintainers come and go, and not
    where they are None.
    """
    found = [*_documents(tree, experiment)]
    data = {one.path.rpartition("/")[2]: one.data for one in found if one.data is not None}
    judged = [one if one.data is None else _judged(one, data, claims, now, maintainers) for one in found]
    filed = tuple(
        _filed(one.path, cast(Binding, contracts.read(one.data)), claims)
        for one in judged
        if one.data is not None and not one.findings and claims.text_of(one.data["claim"]) is not None
    )
    return Filed(tuple(judged), filed)


def _filed(path: str, binding: Binding, claims: ClaimTexts) -> FiledBinding:
    standing = claims.standing(binding.claim)
    expected = None if binding.expected is None else binding.expected.text
    text = claims.text_of(binding.claim.model_dump()) if standing is None else standing
    return FiledBinding(path, binding, text or "", changed(expected, standing))


def _judged(
    document: Document,
    others: Mapping[str, dict[str, Any]],
    claims: ClaimTexts,
    now: str | None,
    maintainers: Collection[str] | None,
) -> Document:
    judged = dated_files.judged(document, _wrong(document, others, claims, maintainers))
    later = tuple(dated_files.later(judged, now))
    return Document(judged.path, judged.data, judged.raw, (*judged.findings, *later))


def _documents(tree: Tree, experiment: str) -> Iterator[Document]:
    for entry in tree.entries(f"bindings/{experiment}"):
        path = f"bindings/{experiment}/{entry.name}"
        if layout.BINDING.fullmatch(entry.name):
            yield documents.read_json(tree, path, entry, (CONTRACT,), "", "fast")
        else:
            expected = "a file named NAME.json (NAME: 3 to 60 of a-z, 0-9, -)"
            yield Document(path, None, b"", (dated_files.unexpected(path, entry, expected),))


def _wrong(
    document: Document,
    others: Mapping[str, dict[str, Any]],
    claims: ClaimTexts,
    maintainers: Collection[str] | None,
) -> Iterator[Wrong]:
    """Yield what does not agree between a binding, its place, the others of its experiment and its claim."""
    data = document.data or {}
    _, experiment, name = document.path.split("/")
    if data["experiment"] != experiment:
        yield "/experiment", "S112", f"experiment is {data['experiment']}, the file lies in {experiment}"
    yield from _superseding(name, data, others, maintainers)
    yield from _claimed(data, claims)


def _superseding(
    name: str, data: dict[str, Any], others: Mapping[str, dict[str, Any]], maintainers: Collection[str] | None
) -> Iterator[Wrong]:
    earlier = data["supersedes"]
    if earlier is None:
        return
    if earlier == name or earlier not in others:
        yield "/supersedes", "S113", f"{earlier} is no earlier file of this folder"
    elif others[earlier]["claim"] != data["claim"]:
        yield "/supersedes", "S113", f"{earlier} is about another claim"
    elif _returns(name, others):
        yield "/supersedes", "S113", f"{earlier} supersedes this file itself, or through others"
    elif others[earlier]["date"] > data["date"]:
        yield "/supersedes", "S113", f"{earlier} was filed later, on {others[earlier]['date']}"
    elif maintainers is not None and data["filed_by"] not in (others[earlier]["filed_by"], *maintainers):
        message = (
            f"{earlier} was filed by {others[earlier]['filed_by']}, who alone may replace it, or a maintainer"
        )
        yield "/filed_by", "S113", message


def _returns(name: str, others: Mapping[str, dict[str, Any]]) -> bool:
    """Whether a file is among those that it supersedes, through all in between."""
    seen: set[str] = set()
    place = others[name]["supersedes"]
    while place is not None and place in others and place not in seen:
        if place == name:
            return True
        seen.add(place)
        place = others[place]["supersedes"]
    return False


def _claimed(data: dict[str, Any], claims: ClaimTexts) -> Iterator[Wrong]:
    claim, expected = data["claim"], data["expected"]
    if claims.is_removed(claim["kind"], claim["identifier"]):
        return
    plain = layout.without_version(claim["kind"], claim["identifier"])
    if plain != claim["identifier"]:
        message = f"identifier is {claim['identifier']}, expected {plain}: a claim has one address"
        yield "/claim/identifier", "S112", message
    known = claims.of(claim["kind"], claim["identifier"])
    if known is None:
        what = "record" if claim["kind"] == PAPER else f"work of kind {claim['kind']}"
        yield "/claim/identifier", "S113", f"there is no {what} {claim['identifier']} in this registry"
        return
    text = known.get(claim["claim"])
    if text is None:
        have = ", ".join(_ranges(known)) or "none"
        yield "/claim/claim", "S113", f"{claim['identifier']} has no claim {claim['claim']}, it has {have}"
    elif expected is not None:
        corrected = claims.standing(ClaimOwner(**claim))
        yield from _printed(expected, text if corrected is None else corrected, text)


def _ranges(ids: Iterable[str]) -> Iterator[str]:
    """Yield the first and the last of ids that differ in their numbers alone."""
    for _, group in groupby(sorted(ids), key=lambda one: one.rstrip("0123456789")):
        first, *others = group
        yield f"{first} to {others[-1]}" if others else first


def _printed(expected: dict[str, Any], standing: str, filed: str) -> Iterator[Wrong]:
    """Yield what a claim does not print, neither as it stands nor as it was filed."""
    figure, value = expected["text"], expected["value"]
    message = misprinted(figure, value, standing) and misprinted(figure, value, filed)
    if message is not None:
        yield f"/expected/{'value' if message.startswith('value') else 'text'}", "E105", message
    elif not figures.has_digits(figure) and (value != 0 or expected["relation"] == "equals"):
        message = f"{figure!r} prints no number, expected the value 0 and another relation than equals"
        yield "/expected/value", "E105", message
