"""Reading what lies beside the three files of a record: groundings, checks, what is held of its sources."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from colophon import canon, contracts, documents, faults, groundings, holdings, layout, sampling
from colophon.contracts.claim_check import ClaimCheck
from colophon.contracts.claim_grounding import ClaimGrounding
from colophon.contracts.paper_manifest import Manifest
from colophon.documents import Document
from colophon.evidence import NOTHING_ELSE, Evidence, FiledCheck, Held, StoredGrounding
from colophon.model import Fault, Finding
from colophon.store import Entry, Tree

FOLDERS = ("checks", "groundings")


@dataclass(frozen=True, slots=True)
class Beside:
    """A record's folder as it was listed: only what is there is listed again."""

    record: str
    folder: str
    names: Collection[str]

    def files(self, tree: Tree, name: str) -> Iterator[tuple[str, Entry]]:
        """Yield the entries of one folder of the record, with their paths."""
        if name in self.names:
            for entry in tree.entries(f"{self.folder}/{name}"):
                yield f"{self.folder}/{name}/{entry.name}", entry


@dataclass(frozen=True, slots=True)
class Gathered:
    """Evidence with what is wrong with its files.

    ``digests`` are pairs of path and digest of everything that the evidence was read from.
    """

    evidence: Evidence
    findings: tuple[Finding, ...]
    digests: tuple[tuple[str, str], ...]


def gather(
    tree: Tree,
    beside: Beside,
    manifest: Manifest,
    manifest_sha256: str,
    confirmed: Collection[tuple[str, str]],
) -> Gathered:
    """Read the evidence of a record; ``manifest`` is the one as filed.

    ``confirmed`` has the path and the digest of every file that a maintainer's review confirms.
    """
    held = tuple(_held(tree, manifest))
    files = {one.path for _, holdings_ in held for one in holdings_}
    read = [_grounding(one, manifest, manifest_sha256, files) for one in _groundings(tree, beside)]
    checked = [_check(one, manifest, manifest_sha256) for one in _checks(tree, beside)]
    stored = tuple(_stored([one for one in read if one.data is not None], manifest, held))
    filed = tuple(
        FiledCheck(
            one.path,
            one.path.rpartition("/")[2].removesuffix(".yaml"),
            one.data,
            cast(ClaimCheck, contracts.read(one.data)),
            (one.path, canon.digest(one.raw)) in confirmed,
        )
        for one in checked
        if one.data is not None
    )
    pairs = [(one.path, canon.digest(one.raw)) for one in (*read, *checked)]
    pairs += [(one.path, one.sha256) for _, holding in held for one in holding]
    found = tuple(finding for one in (*read, *checked) for finding in one.findings)
    return Gathered(Evidence(held, stored, filed), found, tuple(sorted(set(pairs))))


def _stored(
    documents_: list[Document], manifest: Manifest, held: Sequence[tuple[str, Sequence[Held]]]
) -> Iterator[StoredGrounding]:
    """Yield the groundings in the order in which they were filed, with what each is good for today."""
    if not documents_:
        return
    method, texts = groundings.method(), groundings.looked_at(groundings.texts_of(manifest, held))
    # Of one day the second file has a number behind the name of the first.
    for one in sorted(documents_, key=lambda document: document.path.removesuffix(".json")):
        data = one.data or {}
        is_remade = data["method"] == method and data["reported_by"] is None
        yield StoredGrounding(
            one.path,
            data,
            cast(ClaimGrounding, contracts.read(data)),
            is_remade,
            is_current=is_remade and data["texts"] == texts,
        )


def without_manifest(tree: Tree, beside: Beside) -> Gathered:
    """Read the files of a record whose manifest was removed: nothing says of which claims they speak.

    They are still refused where they are no groundings and no checks.
    """
    read = [*_groundings(tree, beside), *_checks(tree, beside)]
    pairs = sorted((one.path, canon.digest(one.raw)) for one in read)
    return Gathered(NOTHING_ELSE, tuple(found for one in read for found in one.findings), tuple(pairs))


def remade(manifest: Manifest, evidence: Evidence) -> Iterator[tuple[StoredGrounding, bytes]]:
    """Yield every grounding that today's method made of what is held, with what it makes of it now."""
    wanted = [one for one in evidence.groundings if one.is_remade]
    if not wanted:
        return
    texts = {(one.source, one.file, one.table): one for one in groundings.texts(evidence.held)}
    for stored in wanted:
        read = stored.grounding
        named = [texts.get((one.source, one.file or "", one.table)) for one in read.texts]
        # A table that its holding does not have is left out, and so the two differ.
        known = [text for text in named if text is not None]
        made = groundings.document(manifest, read.manifest_sha256, known)
        yield stored, canon.dumps(made)


def _held(tree: Tree, manifest: Manifest) -> Iterator[tuple[str, tuple[Held, ...]]]:
    for source in manifest.sources or ():
        found = holdings.of_source(tree, source.kind, source.identifier)
        if found:
            yield source.id, found


def _groundings(tree: Tree, beside: Beside) -> Iterator[Document]:
    for path, entry in beside.files(tree, "groundings"):
        if not layout.DATED.fullmatch(entry.name):
            yield _misnamed(path, entry.name, "<UTC day>-<name>.json", beside.record)
        else:
            yield documents.read_json(tree, path, entry, (groundings.CONTRACT,), beside.record, "fast")


def _checks(tree: Tree, beside: Beside) -> Iterator[Document]:
    for path, entry in beside.files(tree, "checks"):
        if not layout.STATEMENT.fullmatch(entry.name):
            yield _misnamed(path, entry.name, "[a-z0-9-]{3,40}.yaml", beside.record)
        else:
            yield documents.read_yaml(tree, path, entry, "claim-check-v1", beside.record)


def _misnamed(path: str, name: str, expected: str, record: str) -> Document:
    message = f"{name!r} has no place here, expected a file {expected}"
    return Document(path, None, b"", (faults.finding(Fault("S114", 1, "", message), path, record),))


def _grounding(
    document: Document, manifest: Manifest, manifest_sha256: str, files: Collection[str]
) -> Document:
    """Refuse a grounding of another record or manifest, of other claims, or in texts that are not held.

    ``files`` are the paths of all holdings of the record's sources.
    """
    data = document.data
    if data is None:
        return document
    wrong = list(_other_record(data, manifest))
    if data["manifest_sha256"] != manifest_sha256:
        message = f"digest differs from manifest.json, which is {manifest_sha256}"
        wrong.append(("/manifest_sha256", "S113", message))
    wanted = [(one.id, canon.digest(one.text.encode())) for one in manifest.claims or ()]
    if [(one["claim"], one["text_sha256"]) for one in data["claims"]] != wanted:
        wrong.append(("/claims", "S113", "the claims are not those of manifest.json, in its order"))
    sources = {source.id for source in manifest.sources or ()}
    for at, text in enumerate(data["texts"]):
        if text["source"] not in sources:
            message = f"names source {text['source']}, which the record does not list"
            wrong.append((f"/texts/{at}/source", "S113", message))
        if text["file"] is not None and text["file"] not in files:
            message = f"{text['file']} is no holding of a source of this record, or is not in order"
            wrong.append((f"/texts/{at}/file", "S113", message))
        if text["file"] is None and data["reported_by"] is None:
            message = "a text without a file is reported by somebody, and nobody is named"
            wrong.append((f"/texts/{at}/file", "S113", message))
    if data["reported_by"] is not None and all(text["file"] for text in data["texts"]):
        message = f"names {data['reported_by']}, and every text has a file, so nothing is reported"
        wrong.append(("/reported_by", "S113", message))
    lines = canon.StoredLines(data)
    found = tuple(
        faults.finding(Fault(code, lines.line(at), at, told), document.path, manifest.id)
        for at, code, told in wrong
    )
    return Document(document.path, None, document.raw, found) if found else document


def _check(document: Document, manifest: Manifest, manifest_sha256: str) -> Document:
    """Refuse a check of another record, of claims that it does not have, or that names a claim twice."""
    data = document.data
    if data is None:
        return document
    wrong = list(_other_record(data, manifest))
    claims = {claim.id for claim in manifest.claims or ()}
    sources = {source.id for source in manifest.sources or ()}
    if data["drawn"]["of"] != len(claims):
        message = f"draws from {data['drawn']['of']} claims, the record lists {len(claims)}"
        wrong.append(("/drawn/of", "S113", message))
    wrong += _not_as_drawn(data, manifest_sha256, claims)
    seen: set[str] = set()
    for at, one in enumerate(data["claims"]):
        if one["claim"] not in claims or one["claim"] in seen:
            reason = "is named twice" if one["claim"] in seen else "is none of the record's"
            wrong.append((f"/claims/{at}/claim", "S113", f"claim {one['claim']} {reason}"))
        seen.add(one["claim"])
        if one.get("source") is not None and one["source"] not in sources:
            message = f"source {one['source']} is none of the record's"
            wrong.append((f"/claims/{at}/source", "S113", message))
    found = tuple(documents.finding_at(document, manifest.id, code, at, told) for at, code, told in wrong)
    return Document(document.path, None, document.raw, found) if found else document


def _not_as_drawn(
    data: dict[str, Any], manifest_sha256: str, claims: set[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with a sample: it is the first claims of the order that the day fixes, or all."""
    how, checked = data["drawn"]["how"], {one["claim"] for one in data["claims"]}
    if how == "all" and checked != claims:
        yield "/drawn/how", "S113", f"draws all {len(claims)} claims and judges {len(checked)}"
    if how == "random":
        order = sampling.drawn_order(manifest_sha256, data["date"], claims)
        expected = order[: len(checked)]
        if checked != set(expected):
            message = f"a random sample of {data['date']} is {', '.join(sorted(expected))}"
            yield "/drawn/how", "S113", f"{message}; colophon judge draws it, or write how: chosen"


def _other_record(data: dict[str, Any], manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    if data["paper"] != manifest.id:
        yield "/paper", "S112", f"names paper {data['paper']}, it lies in the folder of {manifest.id}"
