"""The speed of a registry: what a run holds, how memory and touched files are seen, the table of bounds."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from colophon.search_store import SearchStore

from ..conftest import ROOT
from ..unit.test_search_store import fabricated

SCRIPTS = ROOT / "scripts" / "experiments"
SCRIPT = SCRIPTS / "registry_speed.py"


def loaded(file: Path) -> ModuleType:
    """Return a module beside the script, or of the benchmarks."""
    if str(SCRIPTS) not in sys.path:
        sys.path.insert(0, str(SCRIPTS))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A run of the smallest size beside its peers, in a folder that is named."""
    folder = tmp_path_factory.mktemp("speed")
    out, scratch = folder / "run.json", folder / "scratch"
    scratch.mkdir()
    parts = ("--part", "size-1k", "--part", "slim-1k", "--part", "peers-1k", "--part", "search-1k",
             "--part", "index-100k")  # fmt: skip
    done = subprocess.run(
        [sys.executable, SCRIPT, "--preset", "smoke", *parts, "--out", out],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "REGISTRY_SPEED_FOLDER": str(scratch)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not any(scratch.iterdir()), "the run left its registry behind"
    found: dict[str, Any] = json.loads(out.read_bytes())
    return found


def test_every_step_is_timed_and_its_memory_is_seen(run: dict[str, Any]) -> None:
    """Of ours and of mkdocs, which is always installed; nothing takes no time, no memory."""
    for name in ("check", "build", "ingest", "pages", "mkdocs"):
        for quantity in ("seconds", "cpu", "memory", "ms"):
            assert run["metrics"][f"{name}_{quantity}_1k"]["value"] > 0
    assert 20 < run["metrics"]["build_memory_1k"]["value"] < 2000
    assert run["metrics"]["site_files_1k"]["value"] > 4 * 30
    assert run["metrics"]["slim_files_1k"]["value"] < run["metrics"]["site_files_1k"]["value"] - 3 * 30
    assert run["metrics"]["slim_page_kb_1k"]["value"] < run["metrics"]["page_kb_1k"]["value"] / 3
    assert run["metrics"]["frame_kb_1k"]["value"] < run["metrics"]["page_kb_1k"]["value"]


def test_every_program_wrote_every_page(run: dict[str, Any]) -> None:
    """Each is counted, so that none is fast because it left something out."""
    told = [check["what"] for check in run["checks"]]
    assert "paper pages of 30 records, full build" in told
    assert "paper pages of 30 records, mkdocs" in told
    assert {check["error"] for check in run["checks"]} == {0}


def test_a_peer_that_is_not_installed_is_noted(run: dict[str, Any]) -> None:
    """It is measured, or the run says that it is missing."""
    for package, metric in (("hugo", "hugo_seconds_1k"), ("pagefind-bin", "pagefind_seconds_1k")):
        is_missing = any(note.startswith(f"{package} is not installed") for note in run["notes"])
        assert is_missing != (metric in run["metrics"])


def test_bounds_stand_beside_what_was_measured(run: dict[str, Any]) -> None:
    """The share of a bound is the measured value over it."""
    used = run["metrics"]["use_of_frame_kb_1k"]
    assert used["formula"] == "frame_kb_1k / most_frame_kb_1k"
    assert run["parameters"]["most_frame_kb_1k"]["value"] == 8
    assert used["value"] == run["metrics"]["frame_kb_1k"]["value"] / 8


def test_all_bounds_are_declared() -> None:
    """Each bound of the largest size is on a metric that a part declares."""
    bounds = loaded(SCRIPTS / "_speed_bounds.py")
    script = loaded(SCRIPT)
    declared = {metric.name for part in script.EXPERIMENT.parts.values() for metric in part.metrics}
    wanted = {
        one.metric
        for of in (bounds.of_size, bounds.of_slim, bounds.of_changes, bounds.of_peers, bounds.of_search)
        for label in ("5k", "100k")
        for one in of(label)
    }
    wanted |= {one.metric for one in (*bounds.GROWTH, *bounds.DRAWN)}
    wanted -= {"unchanged_touched_5k"}
    assert wanted <= declared


def test_memory_of_the_whole_tree_is_seen(tmp_path: Path) -> None:
    """A child that takes 50 MB counts, though the process that is measured takes little."""
    process = loaded(SCRIPTS / "_speed_process.py")
    child = "import time; held = bytearray(50_000_000); time.sleep(0.6)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    found = process.measure([sys.executable, "-c", parent], tmp_path)
    alone = process.measure([sys.executable, "-c", "import time; time.sleep(0.3)"], tmp_path)
    assert 50_000_000 < found["memory"] - alone["memory"] < 90_000_000
    assert found["seconds"] >= 0.6 > found["cpu"]


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    """Its last words stand in the error."""
    process = loaded(SCRIPTS / "_speed_process.py")
    with pytest.raises(RuntimeError, match="ended with 3:\nno such thing"):
        process.measure([sys.executable, "-c", "import sys; print('no such thing'); sys.exit(3)"], tmp_path)


def test_a_touched_file_is_seen(tmp_path: Path) -> None:
    """Written in place with the same bytes, replaced by a copy, made, removed; nothing where nothing was."""
    site = loaded(SCRIPTS / "_speed_site.py")
    for name in ("same", "written", "replaced", "removed"):
        (tmp_path / name).write_text("text")
        os.utime(tmp_path / name, (1, 1))
    before = site.seen(tmp_path)
    assert site.touched(before, site.seen(tmp_path)) == []
    (tmp_path / "written").write_text("text")
    (tmp_path / "fresh").write_text("text")
    os.utime(tmp_path / "fresh", (1, 1))
    (tmp_path / "fresh").replace(tmp_path / "replaced")
    (tmp_path / "removed").unlink()
    (tmp_path / "made").write_text("text")
    assert site.touched(before, site.seen(tmp_path)) == ["made", "removed", "replaced", "written"]


def test_the_frame_is_what_is_around_the_content(tmp_path: Path) -> None:
    """Paper pages are those named by an id; the frame is a page without its content."""
    site = loaded(SCRIPTS / "_speed_site.py")
    (tmp_path / "papers").mkdir()
    for number, size in enumerate((10, 30, 80)):
        name = f"0000000{number}-0000-0000-0000-000000000000.html"
        (tmp_path / "papers" / name).write_text("x" * size)
    (tmp_path / "papers" / "2026-03.html").write_text("x" * 500)
    (tmp_path / "index.html").write_text(f"head<main id='content'>{'x' * 900}</main>foot")
    found = site.weigh(tmp_path)
    assert (found["pages"], found["page"], found["largest_page"], found["frame"]) == (3, 30, 80, [8])
    assert found["files"] == 5


def test_the_search_of_a_site_is_asked(tmp_path: Path) -> None:
    """Queries of the database in parts read some of it and take some time; without its list there is none."""
    search = loaded(SCRIPTS / "_speed_search.py")
    assert search.queries(tmp_path / "search", tmp_path) == []
    store = SearchStore(tmp_path / "kept")
    store.put((one.id, one) for one in (fabricated(number) for number in range(500)))
    store.finish()
    for file in store.files():
        (tmp_path / file.path).parent.mkdir(exist_ok=True)
        (tmp_path / file.path).write_bytes(file.body)
    asked = search.queries(tmp_path / "search", tmp_path)
    assert len(asked) == len(search.QUERIES)
    assert all(one["seconds"] > 0 and one["bytes"] >= 4096 for one in asked)


def test_the_search_of_drawn_papers_is_built_and_asked(run: dict[str, Any]) -> None:
    """It weighs something, every question reads of it, and each bound is kept beside its metric."""
    metrics, samples = run["metrics"], run["samples"]
    assert (
        round(metrics["drawn_mb_100k"]["value"] * 1e6) == samples["drawn_bytes_100k"]["values"][0] > 30 * 900
    )
    assert len(samples["drawn_query_bytes_100k"]["values"]) == len(
        samples["drawn_query_times_100k"]["values"]
    )
    assert min(samples["drawn_query_bytes_100k"]["values"]) >= 4096
    drawn = loaded(SCRIPTS / "_speed_bounds.py").DRAWN
    assert {one.metric for one in drawn} <= metrics.keys()
    assert {one.name for one in drawn} <= run["parameters"].keys()


def test_the_table_says_met_and_missed() -> None:
    """Upper and lower bounds, the factor by which one is missed, and what was not measured."""
    bounds = loaded(ROOT / "benchmarks" / "bounds.py")
    parameters = {
        "most_build_seconds_100k": (150, "s"),
        "most_check_seconds_100k": (90, "s"),
        "least_faster_than_hugo_5k": (3, "x"),
        "least_faster_than_mkdocs_5k": (25, "x"),
        "most_unchanged_touched_100k": (0, "files"),
        "most_search_seconds_100k": (90, "s"),
        "records_5k": (5000, "records"),
    }
    measured = {
        "build_seconds_100k": 300.0,
        "check_seconds_100k": 90.0,
        "faster_than_hugo_5k": 1.5,
        "faster_than_mkdocs_5k": 26.0,
        "unchanged_touched_100k": 2.0,
    }
    record = {
        "parameters": {
            name: {"value": value, "unit": unit, "what": "bound, at most: a thing"}
            for name, (value, unit) in parameters.items()
        },
        "metrics": {name: {"value": value} for name, value in measured.items()},
    }
    verdicts = {row.metric: row.verdict for row in bounds.rows(record)}
    assert verdicts == {
        "build_seconds_100k": "missed 2.00 times",
        "check_seconds_100k": "met",
        "faster_than_hugo_5k": "missed 2.00 times",
        "faster_than_mkdocs_5k": "met",
        "search_seconds_100k": "not measured",
        "unchanged_touched_100k": "missed",
    }
    assert "| build_seconds_100k | a thing | at most 150 s | 300 s | missed 2.00 times |" in bounds.table(
        record
    )
    assert bounds.summary(record) == "6 bounds: 2 met, 3 missed, 1 not measured"


def test_an_interrupted_step_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    """What was started ends with the run, and the folder of its files is removed."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, SCRIPT, "--preset", "smoke", "--part", "size-1k", "--out", tmp_path / "o.json"]
    environment = {**os.environ, "REGISTRY_SPEED_FOLDER": str(scratch)}
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            command,
            env=environment,
            stderr=said,
            stdout=said,
            # What runs in the background is started deaf to Ctrl-C, and its children would be too.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )
        until = time.monotonic() + 60
        while not list(scratch.glob("*/registry/papers")) and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130, (tmp_path / "said").read_text()
    assert not any(scratch.iterdir())
