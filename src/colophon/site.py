"""Publishing: every page and file is written into a new folder, which then takes the place of the old site.

A reader, or a kill at any moment, never sees half a site.  Files of records whose inputs did not change
are linked over from the old site after their digest was checked.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from colophon import atomic, bundle, canon, folder, schema
from colophon.cache import Cache
from colophon.errors import EnvironmentFault, UsageError
from colophon.executor import chunks, in_order
from colophon.exports import EXPORTS, cite
from colophon.frame import Frame, render
from colophon.judgement import Judged
from colophon.model import Artifact, Page, Rule, Tally
from colophon.pages import KINDS, Output
from colophon.settings import Settings
from colophon.store import Tree
from colophon.views import RecordView, RegistryView, registry_view

GENERATOR = "colophon 0.1.0"
_CHUNK = 32
_AHEAD = 4
_SITEMAP_URLS = 40_000
Written = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class Job:
    """What a process needs to render a chunk of records into the new site."""

    tree: Tree
    settings: Settings
    rules: Mapping[str, Rule]
    frame: Frame
    target: str
    judged: tuple[Judged, ...]


def publish(
    tree: Tree,
    settings: Settings,
    judged: tuple[Judged, ...],
    tallies: Mapping[str, Tally],
    rules: Mapping[str, Rule],
    target: Path,
    executor: Executor,
    progress: Any,
    *,
    cache: bool,
) -> None:
    """Write the whole site into ``target``.

    Raises UsageError when the target holds something else than a site, EnvironmentFault when it cannot be
    written or another build is writing it.
    """
    _refuse_foreign(target)
    with _new_folder(target) as fresh:
        prose = render(target.parent / ".colophon", settings)
        for path, file in prose.files():
            _write(fresh, path, file.read_bytes())
        store = Cache(target.parent / ".colophon" / "cache.sqlite") if cache else None
        written = [(path, "", 0, "") for path, _ in prose.files()]
        job = (tree, settings, rules, prose.frame, str(fresh))
        written += _records(judged, job, prose.digest, target, executor, progress, store)
        view = registry_view(settings, judged, rules, tallies)
        outputs = [*_registry_outputs(view)]
        for output in outputs:
            written.append(_put(fresh, output, prose.frame, settings))
        for artifact in _closing(view, written):
            _put(fresh, artifact, prose.frame, settings)
        if store is not None:
            store.close()
        atomic.swap(fresh, target)


def _refuse_foreign(target: Path) -> None:
    """Refuse to replace a folder that no build made."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    with suppress(OSError, ValueError):
        index = orjson.loads((target / "index.json").read_bytes())
        if index["contract_version"] == "registry-index-v1":
            return
    raise UsageError(f"{target}: holds something that is no site of this program", "choose an empty --site-dir")


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """Give a new folder beside the target, under a lock; it is removed unless it was swapped in."""
    with atomic.refusals_in_one_line(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        (target.parent / ".colophon").mkdir(exist_ok=True)
        lock = (target.parent / ".colophon" / f"{target.name}.lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise EnvironmentFault(f"{target}: another build is writing this site") from error
        for stale in target.parent.glob(f".{target.name}.*.new*"):
            shutil.rmtree(stale, ignore_errors=True)
        fresh = target.parent / f".{target.name}.{secrets.token_hex(4)}.new"
        try:
            with atomic.refusals_in_one_line(target):
                fresh.mkdir()
                yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _records(
    judged: tuple[Judged, ...],
    job: tuple[Any, ...],
    prose_digest: str,
    old: Path,
    executor: Executor,
    progress: Any,
    store: Cache | None,
) -> list[Written]:
    """Render every record, or link its files over from the old site."""
    fresh = Path(job[4])
    code = canon.digest(f"{_code_digest()}{prose_digest}{job[1]}".encode())
    written: list[Written] = []
    waiting: list[Judged] = []
    keys = {item.id: canon.digest(f"{code}{item}".encode()) for item in judged} if store else {}
    for item in judged:
        reused = _reuse(store, keys, item.id, old, fresh)
        written += reused
        if not reused:
            waiting.append(item)
    jobs = (Job(*job, judged=chunk) for chunk in chunks(waiting, _CHUNK))
    done = len(judged) - len(waiting)
    for results in in_order(executor, render_records, jobs, _AHEAD):
        for record_id, files in results:
            written += files
            if store is not None:
                store.put({keys[record_id]: orjson.dumps(files)})
        done += len(results)
        progress("render", done, len(judged))
    return written


def _reuse(store: Cache | None, keys: Mapping[str, str], record_id: str, old: Path, fresh: Path) -> list[Written]:
    """Link the files of an unchanged record from the old site; [] when one is missing or differs."""
    if store is None:
        return []
    known = store.get([keys[record_id]])
    files: list[Written] = [tuple(f) for f in orjson.loads(known[keys[record_id]])] if known else []
    for path, _, _, digest in files:
        try:
            if canon.digest((old / path).read_bytes()) != digest:
                return []
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            os.link(old / path, fresh / path)
        except OSError:
            return []
    return files


@cache
def _code_digest() -> str:
    """Return the digest of this program: any change of it makes every page anew."""
    files = [*bundle.PACKAGE.rglob("*.py"), *bundle.PACKAGE.rglob("*.html"), *bundle.schemas().rglob("*.json")]
    return canon.digest("".join(canon.digest(file.read_bytes()) for file in sorted(files)).encode())


def render_records(job: Job) -> list[tuple[str, list[Written]]]:
    """Render and write a chunk of records; returns (id, files) of each."""
    target, done = Path(job.target), []
    for judged in job.judged:
        view = _record_view(job, judged)
        files = []
        for kind in KINDS.all().values():
            if kind.of_record is not None:
                files += [_put(target, out, job.frame, job.settings) for out in kind.of_record(view)]
        done.append((judged.id, files))
    return done


def _record_view(job: Job, judged: Judged) -> RecordView:
    loaded = folder.load(job.tree, judged.id, judged.folder, job.settings.id_prefix)
    if loaded.record is None or loaded.manifest is None or loaded.digest != judged.digest:
        raise EnvironmentFault(f"{judged.folder}: changed while the site was being built", "run the build again")
    citation = cite(
        loaded.record.manifest,
        tier=judged.derived.tier.value,
        state=judged.derived.state.value,
        site_url=job.settings.site_url,
    )
    citations = {name: one.write(loaded.record.manifest, citation) for name, one in EXPORTS.all().items()}
    return RecordView(loaded.record, loaded.manifest, judged, job.settings, job.rules, citations)


def _registry_outputs(view: RegistryView) -> Iterator[Output]:
    for kind in KINDS.all().values():
        if kind.of_registry is not None:
            yield from kind.of_registry(view)


def _put(target: Path, output: Output, frame: Frame, settings: Settings) -> Written:
    """Write one page or artifact and return (path, media type, bytes, digest)."""
    if isinstance(output, Page):
        body, media_type = frame.pour(output, settings.name), "text/html"
    else:
        body, media_type = output.body, output.media_type
        _validate_artifact(output)
    _write(target, output.path, body)
    return output.path, media_type, len(body), canon.digest(body)


def _write(target: Path, path: str, body: bytes) -> None:
    # The folder is new and swapped in whole, so its files need no rename of their own.
    file = target / path
    try:
        with file.open("xb") as opened:
            opened.write(body)
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(target, path, body)


def _validate_artifact(artifact: Artifact) -> None:
    """Validate published JSON against the contracts it names; a refusal is a bug of this program."""
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
    if isinstance(document, dict):
        if isinstance(document.get("contract_version"), str):
            yield document
        for below in document.values():
            yield from _parts(below)
    elif isinstance(document, list):
        for below in document:
            yield from _parts(below)


def _closing(view: RegistryView, written: list[Written]) -> Iterator[Artifact]:
    """Yield what needs the list of everything else: sitemap and index."""
    pages = sorted(path for path, _, _, _ in written if path.endswith(".html"))
    sitemaps = list(_sitemaps(view.settings.site_url, pages))
    yield from sitemaps
    listed = [(p, m, n, d) for p, m, n, d in written if m and m != "text/html" and not p.startswith("papers/")]
    listed += [(a.path, a.media_type, len(a.body), canon.digest(a.body)) for a in sitemaps]
    tiers = view.settings.vocabularies["quality-tiers-v2"]["tiers"]
    counts = {tier["name"]: 0 for tier in tiers}
    for item in view.everything:
        counts[item.derived.tier.value] += 1
    index = {
        "contract_version": "registry-index-v1",
        "name": view.settings.name,
        "site_url": view.settings.site_url,
        "generator": GENERATOR,
        "records": len(view.listed),
        "withheld": len(view.withheld),
        "tiers": counts,
        "parts": [
            {"path": path, "media_type": media_type, "records": None, "bytes": size, "sha256": digest}
            for path, media_type, size, digest in sorted(listed)
        ],
    }
    yield Artifact("index.json", "application/json", canon.dumps(index))


def _sitemaps(site_url: str | None, pages: list[str]) -> Iterator[Artifact]:
    """Yield sitemap.xml, in parts when there are many pages.  A sitemap needs absolute addresses."""
    if site_url is None:
        return
    parts = list(chunks(pages, _SITEMAP_URLS))
    names = ["sitemap.xml"] if len(parts) == 1 else [f"sitemap-{n}.xml" for n in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield _xml(name, "urlset", "url", [f"{site_url}{path}" for path in part])
    if len(parts) > 1:
        yield _xml("sitemap.xml", "sitemapindex", "sitemap", [f"{site_url}{name}" for name in names])


def _xml(path: str, root: str, item: str, addresses: list[str]) -> Artifact:
    rows = "".join(f"<{item}><loc>{address}</loc></{item}>\n" for address in addresses)
    namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {namespace}>\n{rows}</{root}>\n'
    return Artifact(path, "application/xml", text.encode())
