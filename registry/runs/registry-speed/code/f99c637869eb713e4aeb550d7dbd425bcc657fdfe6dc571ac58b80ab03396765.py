"""One fabricated registry of a size, its sites, and what is done to them; made when it is first needed.

A run that goes on after an interruption makes again what its steps need, and nothing of that is timed.
"""

import json
import shutil
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import _speed_peers
import _speed_process
import _speed_programs
import _speed_search
import _speed_serve
import _speed_site
from _speed_place import scratch

# One record in so many holds texts of its sources and verdicts on its claims.
SOURCED = 100
INGESTED, _EDITED = 1000, 5
# Up to here a site surely fits; beyond, two small sites say how much a record needs.
_SURE, _SURE_BYTES = 1000, 600_000
_PROBED = (40, 160)
# Beside site and registry lie content and site of a peer; a site that follows links most files over.
_BESIDE = 1.5
_EVENT = """contract_version: correction-event-v1
paper: {paper}
type: DISPUTE
reason: counts-disagree
date: 2026-06-30
reporter: Benchmark
note: |
  The stated count and the list are different.
proposed:
  - pointer: /stated/claims_extracted
    old: {old}
    new: 20
"""
Measured = dict[str, Any]


class Bench:
    """A registry of ``records`` records in a folder of its own."""

    def __init__(self, records: int) -> None:
        self.records = records
        self.folder, self.place = scratch(_needed(records))
        self.environment = _speed_programs.environment(self.folder)
        self.site, self.slim = self.folder / "public" / "site", self.folder / "public" / "slim"
        self._sources = _speed_programs.SOURCES
        self._changed = 0
        self._is_filled = False

    @cached_property
    def registry(self) -> Path:
        """The registry, fabricated."""
        folder = self.folder / "registry"
        sourced = ("--sourced", str(self.records // SOURCED))
        self._run(_speed_programs.generator(self.records, folder, *sourced))
        return folder

    def _run(self, command: _speed_programs.Command) -> Measured:
        found = _speed_process.measure(command, self.folder, self.environment)
        return {**{name: found[name] for name in ("seconds", "cpu", "memory")}, "place": self.place}

    def _check(self, *options: str) -> Measured:
        return self._run(_speed_programs.colophon("check", "--registry", self.registry, *options))

    def _build(self, *options: str) -> Measured:
        places = ("--registry", self.registry, "--site-dir", self.site)
        return self._run(_speed_programs.colophon("build", *places, *options))

    def cold_check(self) -> Measured:
        """Check without our cache."""
        return self._check("--no-cache")

    def cold_build(self) -> Measured:
        """Build without our cache, where no site was."""
        _ = self.registry
        self._forget_site()
        self._is_filled = False
        return self._build("--no-cache")

    def _forget_site(self) -> None:
        shutil.rmtree(self.site.parent, ignore_errors=True)

    def cold_slim(self) -> Measured:
        """Build a slim site without our cache, where none was."""
        shutil.rmtree(self.slim, ignore_errors=True)
        places = ("--registry", self.registry, "--site-dir", self.slim)
        return self._run(_speed_programs.colophon("build", *places, "--no-cache", "--slim"))

    def weigh_slim(self) -> dict[str, Any]:
        """Return what the slim site weighs."""
        if not self.slim.is_dir():
            self.cold_slim()
        return _speed_site.weigh(self.slim)

    def cold_ingest(self) -> Measured:
        """Take in reports, at most ``INGESTED`` of them, into a registry of their own."""
        reports, target = self.folder / "reports", self.folder / "ingested"
        if not reports.is_dir():
            count = min(INGESTED, self.records)
            self._run(_speed_programs.generator(count, reports, "--reports"))
        shutil.rmtree(target, ignore_errors=True)
        files = sorted(reports.glob("*.txt"))
        found = self._run(_speed_programs.colophon("ingest", *files, "--registry", target))
        return {**found, "count": len(files)}

    def weigh(self) -> dict[str, Any]:
        """Return what the site weighs."""
        self._built()
        return _speed_site.weigh(self.site)

    def fill(self) -> dict[str, Measured]:
        """Check and build for the first time with our cache; return how long both took."""
        _ = self.registry
        self._forget_site()
        shutil.rmtree(self.folder / "caches", ignore_errors=True)
        (self.folder / "caches").mkdir()
        found = {"check": self._check(), "build": self._build()}
        self._is_filled = True
        return found

    def _filled(self) -> None:
        if not self._is_filled:
            self.fill()

    def unchanged(self) -> dict[str, Any]:
        """Check and build where nothing changed; also how many files of the site were touched."""
        self._filled()
        check = self._check()
        before = _speed_site.seen(self.site)
        build = self._build()
        touched = _speed_site.touched(before, _speed_site.seen(self.site))
        return {"check": check, "build": build, "touched": len(touched)}

    def one_changed(self) -> dict[str, Any]:
        """Build after a correction of one record; also how many files were touched, and those of search."""
        self._filled()
        before = _speed_site.seen(self.site)
        self._correct()
        build = self._build()
        touched = _speed_site.touched(before, _speed_site.seen(self.site))
        of_search = [path for path in touched if path.startswith("search/")]
        return {"build": build, "touched": len(touched), "search": len(of_search)}

    def _correct(self) -> None:
        """File a correction of a record that has none."""
        shards = sorted((self.registry / "papers").glob("*/*"))
        record = next(one for one in shards if not (one / "corrections").exists())
        manifest = json.loads((record / "manifest.json").read_bytes())
        event = _EVENT.format(paper=record.name, old=manifest["stated"]["claims_extracted"])
        (record / "corrections").mkdir()
        (record / "corrections" / "count.yaml").write_text(event, encoding="utf-8")

    def edits(self) -> list[float]:
        """Serve and edit records; return after how many seconds each edit was seen."""
        self._filled()
        records = sorted((self.registry / "papers").glob("*/*/manifest.json"))[:_EDITED]
        pages = [(one, self.site / "papers" / f"{one.parent.name}.html") for one in records]
        places = ("--registry", self.registry, "--site-dir", self.site, "--port", "0")
        command = _speed_programs.colophon("serve", *places)
        return _speed_serve.edits(command, self.folder, self.environment, pages)

    def program_changed(self, name: str) -> Measured:
        """Build after a comment was added to one file of the program, a copy with a cache of its own."""
        if self._sources == _speed_programs.SOURCES:
            self._sources = _speed_programs.copied(self.folder / "program")
            self.environment = _speed_programs.environment(self.folder, self._sources)
            self._build()
        file = self._sources / "colophon" / name
        comment = "<!-- {} -->\n" if file.suffix == ".html" else "# {}\n"
        self._changed += 1
        file.write_text(file.read_text(encoding="utf-8") + comment.format(self._changed), encoding="utf-8")
        return self._build()

    def pages(self) -> Measured:
        """Build every page anew from what an earlier check found in the records: read, render and write."""
        self._filled()
        shutil.rmtree(self.site)
        for kept in (self.site.parent / ".colophon").glob("*.sqlite*"):
            kept.unlink()
        return {**self._build(), "pages": _count(self.site / "papers", "*.html", _is_record)}

    def hugo(self, program: Path) -> Measured:
        """Build the same records with Hugo."""
        content, target = self.folder / "hugo-content", self.folder / "hugo-site"
        if not content.is_dir():
            _speed_peers.write_hugo(self.registry, content)
        shutil.rmtree(target, ignore_errors=True)
        command = [program, "--source", content, "--destination", target, "--noBuildLock", "--quiet"]
        return {**self._run(command), "pages": _count(target / "papers", "*/index.html", _is_record_folder)}

    def mkdocs(self, program: _speed_programs.Command) -> Measured:
        """Build the same records with plain mkdocs-material."""
        content = self.folder / "mkdocs-content"
        if not content.is_dir():
            _speed_peers.write_mkdocs(self.registry, content)
        shutil.rmtree(content / "site", ignore_errors=True)
        found = self._run([*program, "build", "--quiet", "--config-file", content / "mkdocs.yml"])
        pages = _count(content / "site" / "papers", "*/index.html", _is_record_folder)
        return {**found, "pages": pages}

    def pagefind(self, program: Path) -> Measured:
        """Index the pages of papers with Pagefind; also what the index weighs."""
        self._built()
        target = self.folder / "pagefind"
        shutil.rmtree(target, ignore_errors=True)
        command = [program, "--site", self.site, "--glob", "papers/*.html", "--output-path", target]
        return {**self._run([*command, "--quiet"]), **_speed_search.weigh(target)}

    def search(self) -> dict[str, Any] | None:
        """Return what our own index weighs and how it answers, or None where a build makes none."""
        self._built()
        folder = self.site / "search"
        if not folder.is_dir():
            return None
        return {**_speed_search.weigh(folder), "queries": _speed_search.queries(folder, self.folder)}

    def _built(self) -> None:
        if not self.site.is_dir():
            self._build("--no-cache")

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _is_record(file: Path) -> bool:
    return _speed_site.PAPER.fullmatch(file.name) is not None


def _is_record_folder(file: Path) -> bool:
    return _speed_site.PAPER.fullmatch(f"{file.parent.name}.html") is not None


def _count(folder: Path, pattern: str, is_wanted: Callable[[Path], bool]) -> int:
    return sum(map(is_wanted, folder.glob(pattern)))


@cache
def _bytes_of_record() -> float:
    """Return what one more record takes on a disk, site and registry, from two small sites."""
    sizes = []
    for records in _PROBED:
        small = Bench(records)
        small.cold_build()
        blocks = (state.st_blocks for _, state in _speed_site.files(small.folder))
        sizes.append(sum(blocks) * 512)
        small.close()
    return (sizes[1] - sizes[0]) / (_PROBED[1] - _PROBED[0])


def _needed(records: int) -> int:
    return round(records * (_SURE_BYTES if records <= _SURE else _BESIDE * _bytes_of_record()))


_OPEN: list[Bench] = []


def at(records: int) -> Bench:
    """Return the bench of a size; that of another size, if there is one, is removed."""
    if not _OPEN or _OPEN[0].records != records:
        while _OPEN:
            _OPEN.pop().close()
        _OPEN.append(Bench(records))
    return _OPEN[0]
