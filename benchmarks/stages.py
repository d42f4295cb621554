"""Where the time of a record goes: processor time of each step of a check, a build, and one after a change.

    python benchmarks/stages.py                 # 400 fabricated records
    python benchmarks/stages.py --records 40

A step is timed around its own function, records are taken in turn, and the first are not counted: what is
read once and remembered is not the cost of a record.  Audits run in the order of their codes, so that the
first to ask for the words of a text is charged for reading them and those after it are not.  A build after a
change does little for each record and some things once, so take several thousand records to see it.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import generate

from colophon import atomic, examination, folder, pipeline, published_before, rendering, shards, site
from colophon.executor import Serial
from colophon.frame import render as render_frame
from colophon.judgement import Judged, judge
from colophon.model import Written
from colophon.rendering import Workshop
from colophon.reuse import SiteReuse
from colophon.search_build import SearchBuild
from colophon.sharing import Sharing
from colophon.store import WorkTree
from colophon.views import RegistryView

_FIRST, _SHOWN = 20, 8
Times = dict[str, float]


@contextmanager
def timing(times: Times, name: str) -> Iterator[None]:
    """Add the processor time of a block to that of a step."""
    began = time.process_time()
    try:
        yield
    finally:
        times[name] += time.process_time() - began


def timed(times: Times, function: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
    """Return a function whose time is added to the step that ``name`` calls it by its arguments.

    What it yields is made at once, so that it counts.
    """

    def call(*arguments: Any, **named: Any) -> Any:
        with timing(times, name(*arguments)):
            found = function(*arguments, **named)
            return list(found) if isinstance(found, Iterator) else found

    return call


def check(tree: WorkTree, records: Sequence[tuple[str, str]], prefix: str) -> Times:
    """Return the seconds of each step of examining records: to load one, each audit, all else."""
    times: Times = defaultdict(float)
    run = examination._run
    examination._run = timed(times, run, lambda audit, _: f"audit {audit.rule.code} {audit.rule.slug}")
    try:
        for number, (name, path) in enumerate(records):
            if number == _FIRST:
                times.clear()
            with timing(times, "load: read, validate, apply corrections"):
                loaded = folder.load(tree, name, path, prefix)
            with timing(times, "whole"):
                examination.examine_loaded(loaded)
    finally:
        examination._run = run
    audits = sum(seconds for name, seconds in times.items() if name.startswith("audit "))
    times["facts, findings and what is compared across records"] = times.pop("whole") - audits
    return dict(times)


def build(tree: WorkTree, target: Path) -> tuple[Times, Counter[str], Counter[str]]:
    """Return the seconds of each step of judging and rendering, and the bytes and files of each kind."""
    times: Times = defaultdict(float)
    found = pipeline.survey(tree, Serial(), _silent, keep_examined=True)
    assert found.settings is not None
    with timing(times, "judge"):
        for _ in judge(tree, found.settings, found.examined[_FIRST:]):
            pass
    prose = render_frame(target / "work", found.settings, use_cache=False)
    (target / "site").mkdir()
    workshop = Workshop(tree, found.settings, pipeline.rules(), prose.frame, target / "site")
    sizes, files = Counter[str](), Counter[str]()
    for number, item in enumerate(found.judged):
        if number == _FIRST:
            judged = times["judge"]
            times.clear()
            times["judge"] = judged
            sizes.clear()
            files.clear()
        _render(workshop, item, times, sizes, files)
    return dict(times), sizes, files


def _render(workshop: Workshop, item: Judged, times: Times, sizes: Counter[str], files: Counter[str]) -> None:
    with timing(times, "load again, citations, forms"):
        view = rendering._record_view(workshop, item)
    for kind in workshop.kinds():
        if kind.of_record is None:
            continue
        with timing(times, f"make {kind.name}"):
            made = list(kind.of_record(view))
        with timing(times, "validate and write"):
            written = [rendering.put(workshop, one) for one in made]
        sizes[kind.name] += sum(one[2] for one in written)
        files[kind.name] += len(written)


# What a build after a change does, by where its function is found, and how that is called here.
_STEPS: tuple[tuple[Any, str, str], ...] = (
    (pipeline, "examined_again", "look at the registry, read back what was found"),
    (Sharing, "examined", "keep values that are alike once"),
    (pipeline, "judge", "judge"),
    (shards, "fingerprint", "keys of records"),
    (SiteReuse, "link", "look up files of records, link them"),
    (SearchBuild, "complete", "bring the search up to date"),
    (SearchBuild, "files", "write the search"),
    (atomic, "swap", "swap the site in, remove the old one"),
    (published_before, "_site", "look at every file of the site"),
)


def change(tree: WorkTree, records: Sequence[tuple[str, str]], target: Path) -> Times:
    """Return the seconds of each step of a build after the title of one record was edited."""
    memory, built = target / "memory.sqlite", target / "changed"
    target.mkdir()
    pipeline.build(tree, built, Serial(), _silent, memory=memory)
    published_before.keep(memory, "before", built, len(records), is_slim=False)
    manifest = Path(tree.root) / records[-1][1] / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"title": "', '"title": "Edited ', 1), encoding="utf-8")
    times: Times = defaultdict(float)
    with ExitStack() as steps, timing(times, "whole"):
        for owner, function, name in _STEPS:
            steps.callback(setattr, owner, function, getattr(owner, function))
            setattr(owner, function, timed(times, getattr(owner, function), lambda *_, name=name: name))
        steps.callback(setattr, site, "render_registry", site.render_registry)
        site.render_registry = lambda workshop, view: _registry_timed(times, workshop, view)
        is_untouched = published_before.standing(memory, built) is not None
        pipeline.build(tree, built, Serial(), _silent, memory=memory, is_untouched=is_untouched)
        published_before.keep(memory, "after", built, len(records), is_slim=False)
    whole = times.pop("whole")
    times["once: start, prose, all else"] = whole - sum(times.values())
    return dict(times)


def _registry_timed(times: Times, workshop: Workshop, view: RegistryView) -> list[Written]:
    """Render the pages of the registry as a build does, each kind a step."""
    written = []
    for kind in workshop.kinds():
        if kind.of_registry is not None:
            with timing(times, f"make {kind.name}"):
                written += [rendering.put(workshop, one) for one in workshop.kept(kind.of_registry(view))]
    return written


def _silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def table(title: str, times: Times, records: int) -> str:
    """Return the steps as a Markdown table, the longest first; short ones stand together."""
    rows = sorted(times.items(), key=lambda one: -one[1])
    shown, rest = rows[:_SHOWN], rows[_SHOWN:]
    if rest:
        shown.append((f"{len(rest)} others", sum(seconds for _, seconds in rest)))
    shown.append(("together", sum(times.values())))
    lines = [f"| {title} | ms |", "| --- | ---: |"]
    return (
        "\n".join(lines + [f"| {name} | {1000 * seconds / records:.2f} |" for name, seconds in shown]) + "\n"
    )


def weights(sizes: Mapping[str, int], files: Mapping[str, int], records: int) -> str:
    """Return what each kind of page weighs as a Markdown table."""
    lines = ["| pages of a record | KB | files |", "| --- | ---: | ---: |"]
    for name, size in sorted(sizes.items(), key=lambda one: -one[1]):
        if size:
            lines.append(f"| {name} | {size / 1024 / records:.1f} | {files[name] / records:.2f} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Fabricate records, take each step in turn and print how long it takes."""
    parser = argparse.ArgumentParser(description="Print where the time of a record goes.")
    parser.add_argument("--records", type=int, default=400)
    count = parser.parse_args(arguments).records
    if count < 1:
        parser.error("at least one record is needed")
    with tempfile.TemporaryDirectory() as scratch:
        registry = Path(scratch) / "registry"
        generate.main(["--records", str(count + _FIRST), "--kinds", "--folder", str(registry)])
        tree = WorkTree(str(registry))
        records = sorted(folder.record_folders(tree))
        print(f"\nprocessor time of a record, one process, {count} records\n")
        print(table("step of a check", check(tree, records, generate.PREFIX), count))
        times, sizes, files = build(tree, Path(scratch))
        print(table("step of a build after its check", times, count))
        times = change(tree, records, Path(scratch) / "change")
        print(table("step of a build after one record changed", times, len(records)))
        print(weights(sizes, files, count))


if __name__ == "__main__":
    main(sys.argv[1:])
