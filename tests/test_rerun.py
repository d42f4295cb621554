"""``colophon rerun`` and ``verify-run``: a person runs an experiment again, and a changed digit is found."""

import json
import shutil
from pathlib import Path

import pytest

from colophon import canon, rerun, schema

from .conftest import ROOT, colophon

EXPERIMENT = "published-figures"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the registry, with the scripts beside it and without stored runs."""
    shutil.copytree(ROOT / "registry", tmp_path / "registry", ignore=shutil.ignore_patterns("runs"))
    for bound in (tmp_path / "registry" / "bindings").iterdir():
        if bound.name != EXPERIMENT:
            shutil.rmtree(bound)
    folder = tmp_path / "scripts" / "experiments"
    folder.mkdir(parents=True)
    for name in ("harness.py", "_environment.py", "published_figures.py"):
        shutil.copy(ROOT / "scripts" / "experiments" / name, folder)
    return tmp_path / "registry"


def stored(copy: Path) -> Path:
    """The one run that is kept."""
    (file,) = (copy / "runs" / EXPERIMENT).glob("*/20*.json")
    return file


def test_a_run_is_kept_with_its_code_and_decides_claims(copy: Path) -> None:
    """One command runs, keeps and says the verdicts; the registry is in order after it, verify-run agrees."""
    done = colophon("rerun", EXPERIMENT, "--store", "--operator", "Colophon", "--registry", copy)
    assert done.returncode == 0, done.stderr
    assert "verified              arithmetic      arxiv 2507.13374 figures-c004: 40.67%" in done.stdout
    file = stored(copy)
    raw = file.read_bytes()
    assert file.stem[11:] == canon.digest(raw)[7:23]
    assert canon.dumps(schema.ordered("run-record-v1", json.loads(raw))) == raw
    named = {one["sha256"][7:] for one in json.loads(raw)["code"]}
    assert named == {one.stem for one in file.parent.parent.glob("code/*.py")}
    assert colophon("check", "--registry", copy).returncode == 0
    verified = colophon("verify-run", file, "--registry", copy)
    assert verified.returncode == 0
    assert "every digest and every metric is as computed again" in verified.stdout


def test_a_run_that_is_not_kept_says_what_it_would(copy: Path) -> None:
    """And a stranger's decides nothing."""
    own = colophon("rerun", EXPERIMENT, "--operator", "Colophon", "--registry", copy)
    assert "verified              arithmetic      arxiv 2507.13374 figures-c004: 40.67%" in own.stdout
    assert "verified or falsified, were it kept (--store)" in own.stdout
    strange = colophon("rerun", EXPERIMENT, "--operator", "Eve", "--registry", copy)
    assert "unverified            arithmetic      arxiv 2507.13374 figures-c004: 40.67%" in strange.stdout
    assert "; Eve is no maintainer of this registry (Colophon), so it is shown and decides" in strange.stdout
    assert "verified or falsified" not in strange.stdout
    assert not (copy / "runs").exists()


@pytest.mark.parametrize(
    ("more", "code"),
    [(["--dry-run"], 0), (["--part", "nothing"], 2), (["--preset", "gpu", "--device", "cuda"], 2)],
)
def test_what_runs_nothing_deletes_nothing(copy: Path, tmp_path: Path, more: list[str], code: int) -> None:
    """The record of an earlier run stays, whatever the next command cannot do."""
    out = tmp_path / "run.json"
    colophon("rerun", EXPERIMENT, "--registry", copy, "--out", out, "--operator", "Eve")
    before = out.read_bytes()
    done = colophon("rerun", EXPERIMENT, "--registry", copy, "--out", out, "--operator", "Eve", *more)
    assert done.returncode == code, done.stderr
    assert out.read_bytes() == before


def test_a_run_is_not_written_over_a_stored_one(copy: Path) -> None:
    """Only --store writes into the registry, under the digest of what it keeps."""
    target = copy / "runs" / EXPERIMENT / "desk" / "mine.json"
    done = colophon("rerun", EXPERIMENT, "--registry", copy, "--out", target)
    assert done.returncode == 2
    assert "lies in the registry" in done.stderr
    assert not target.parent.exists()


def test_a_smoke_run_is_refused_before_it_begins(copy: Path) -> None:
    """None is kept, so that whoever wants one kept need not wait to hear it."""
    done = colophon("rerun", EXPERIMENT, "--registry", copy, "--preset", "smoke", "--store")
    assert done.returncode == 2
    assert "none is kept" in done.stderr
    assert "--preset cpu --store" in done.stderr


def test_a_run_says_its_own_number_first(copy: Path) -> None:
    """Where the registry's verdict rests on another run, both are told, and which is which."""
    kept = colophon("rerun", EXPERIMENT, "--operator", "Colophon", "--registry", copy, "--store")
    assert kept.returncode == 0
    strange = colophon("rerun", EXPERIMENT, "--operator", "Eve", "--registry", copy, "--part", "routing")
    first, second = strange.stdout.splitlines()[:2]
    assert first.startswith("verified ")
    assert "figures-c004: 40.67%" in first
    assert second.startswith("  the registry: verified, by the run of 20")


def test_one_that_cannot_run_here_hides_no_other(copy: Path, tmp_path: Path) -> None:
    """The list goes on, and says what is missing."""
    scripts = tmp_path / "scripts" / "experiments"
    (scripts / "a_first.py").write_text("import no_such_package\n")
    done = colophon("rerun", "--registry", copy, "--scripts", scripts)
    assert done.returncode == 0
    assert "a-first: cannot be run here: a_first.py: ModuleNotFoundError" in done.stdout
    assert "next: pip install no_such_package" in done.stdout
    assert "published-figures: " in done.stdout


def test_several_runs_are_verified_at_once(copy: Path, tmp_path: Path) -> None:
    """Each is told, and one that differs fails the command."""
    files = sorted((ROOT / "registry" / "runs" / EXPERIMENT).glob("*/*.json"))
    done = colophon("verify-run", *files, "--registry", ROOT / "registry")
    assert done.returncode == 0
    assert done.stdout.count("every digest and every metric is as computed again") == len(files)
    wrong = tmp_path / files[0].name
    wrong.write_bytes(files[0].read_bytes().replace(b'"value": 1.78', b'"value": 1.79', 1))
    done = colophon("verify-run", wrong, *files, "--registry", ROOT / "registry")
    assert done.returncode == 1
    assert done.stdout.count("every digest and every metric is as computed again") == len(files)


def test_a_smoke_run_says_that_it_decides_nothing(copy: Path) -> None:
    """And no verdicts of other runs, which could be taken for its own."""
    done = colophon("rerun", EXPERIMENT, "--registry", copy, "--preset", "smoke", "--operator", "Colophon")
    assert done.stdout == "a smoke run only shows that the code works; it decides nothing\n"


def test_one_part_says_what_it_decides(copy: Path) -> None:
    """Only claims that are bound to its metrics; the others are counted."""
    done = colophon("rerun", EXPERIMENT, "--registry", copy, "--part", "routing", "--operator", "Colophon")
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    assert lines[1] == "1 bound claim of this run, 1 verified or falsified, were it kept (--store)"
    assert lines[2].endswith("claims more bound to metrics that this run does not have")
    assert lines[3] == "1 claim more said to be beyond testing here, each with its reason"


def test_verify_run_says_where_the_code_is(copy: Path, tmp_path: Path) -> None:
    """Of a run that lies anywhere: today's script, or not here; claims are looked up in the registry."""
    out = tmp_path / "run.json"
    colophon("rerun", EXPERIMENT, "--registry", copy, "--out", out, "--operator", "Eve")
    today = colophon("verify-run", out, "--registry", copy)
    assert today.returncode == 0, today.stdout
    assert "published_figures.py: today's script" in today.stdout
    assert "every digest and every metric is as computed again" in today.stdout
    (tmp_path / "scripts" / "experiments" / "published_figures.py").unlink()
    gone = colophon("verify-run", out, "--registry", copy)
    assert "published_figures.py: not here, so it was not compared" in gone.stdout
    assert "every digest" not in gone.stdout
    shutil.rmtree(copy / "works" / "arxiv" / "2507.13374")
    refused = colophon("verify-run", out, "--registry", copy)
    assert refused.returncode == 1
    assert "E107 published-not-printed" in refused.stdout


def test_a_run_goes_without_a_network_where_it_can_be_closed_in(copy: Path) -> None:
    """And the record says which of the two it was."""
    colophon("rerun", EXPERIMENT, "--store", "--registry", copy, "--operator", "Ada Example")
    sandbox = json.loads(stored(copy).read_bytes())["sandbox"]
    can_be_closed_in = bool(rerun.confinement(copy.parent))
    assert (sandbox["kind"] == "bwrap") is can_be_closed_in
    assert not (can_be_closed_in and sandbox["network"])


def changed(file: Path, old: bytes, new: bytes) -> None:
    """Change a file, once."""
    raw = file.read_bytes()
    assert old in raw
    file.write_bytes(raw.replace(old, new, 1))


def test_a_changed_digit_makes_check_fail(copy: Path) -> None:
    """Of a run, of its code, or of what a binding expects: each by its own rule, in its own file."""
    colophon("rerun", EXPERIMENT, "--store", "--registry", copy, "--operator", "Ada Example")
    assert colophon("check", "--registry", copy).returncode == 0
    run = stored(copy)
    code = next(iter(sorted((copy / "runs" / EXPERIMENT / "code").glob("*.py"))))
    binding = copy / "bindings" / EXPERIMENT / "modaroute-saving.json"
    cases = (
        (run, b"40.66666", b"40.66667", "E103"),
        (code, b"1", b"2", "E103"),
        (binding, b'"value": 41,', b'"value": 40,', "E105"),
    )
    for file, old, new, rule in cases:
        raw = file.read_bytes()
        changed(file, old, new)
        done = colophon("check", "--registry", copy)
        assert done.returncode == 1
        assert f"{file.relative_to(copy)}:" in done.stdout
        assert rule in done.stdout
        file.write_bytes(raw)
    assert colophon("check", "--registry", copy).returncode == 0


def test_a_run_made_elsewhere_is_taken_in(copy: Path, tmp_path: Path) -> None:
    """The script runs alone; its record is judged, and kept only with the code that made it."""
    out = tmp_path / "from-elsewhere.json"
    assert (
        colophon("rerun", EXPERIMENT, "--registry", copy, "--out", out, "--operator", "Eve").returncode == 0
    )
    changed(
        tmp_path / "scripts" / "experiments" / "published_figures.py", b"Nothing is measured", b"Nothing was"
    )
    refused = colophon("rerun", EXPERIMENT, "--registry", copy, "--from", out, "--store")
    assert refused.returncode == 2
    assert "published_figures.py with the digest sha256:" in refused.stderr
    assert not (copy / "runs").exists()
    before = ROOT / "scripts" / "experiments"
    done = colophon("rerun", EXPERIMENT, "--registry", copy, "--from", out, "--store", "--code", before)
    assert done.returncode == 0, done.stderr
    assert json.loads(stored(copy).read_bytes())["operator"] == "Eve"


def test_verify_run_compares_the_name_of_a_copy_too(copy: Path, tmp_path: Path) -> None:
    """A run that lies elsewhere under its digest has the bytes that the name promises, or is told."""
    colophon("rerun", EXPERIMENT, "--store", "--registry", copy, "--operator", "Colophon")
    elsewhere = tmp_path / stored(copy).name
    shutil.copy(stored(copy), elsewhere)
    assert colophon("verify-run", elsewhere, "--registry", copy).returncode == 0
    changed(elsewhere, b'"operator": "Colophon"', b'"operator": "Somebody"')
    done = colophon("verify-run", elsewhere, "--registry", copy)
    assert done.returncode == 1
    assert "E103 digest-differs" in done.stdout


def test_verify_run_without_a_registry_says_so_once(copy: Path, tmp_path: Path) -> None:
    """The metrics are computed again all the same."""
    out = tmp_path / "run.json"
    colophon("rerun", EXPERIMENT, "--registry", copy, "--out", out, "--operator", "Eve")
    (tmp_path / "empty").mkdir()
    done = colophon("verify-run", out, "--registry", tmp_path / "empty")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("there is no registry here, so no claim was looked up") == 1


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b'"value": 40.66', b'"value": 41.66', "E104"),
        (b'"preset": "cpu"', b'"preset": "smoke"', "E106"),
        (b'"experiment": ', b'"experiment": 1, "x": ', "S1"),
        (b"{", b"", "S101"),
    ],
)
def test_a_run_that_was_edited_is_refused(
    copy: Path, tmp_path: Path, old: bytes, new: bytes, rule: str
) -> None:
    """In words with a rule; nothing of it is kept, by either command."""
    out = tmp_path / "edited.json"
    colophon("rerun", EXPERIMENT, "--registry", copy, "--out", out, "--operator", "Eve")
    changed(out, old, new)
    done = colophon("rerun", EXPERIMENT, "--registry", copy, "--from", out, "--store")
    assert done.returncode == 1
    assert rule in done.stderr
    assert not (copy / "runs").exists()
    verified = colophon("verify-run", out, "--registry", copy)
    assert verified.returncode == 1
    assert rule in verified.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["rerun", "publshed-figures"], 2, "did you mean published-figures?"),
        (["rerun", EXPERIMENT, "--part", "nothing"], 2, "there is no part 'nothing'"),
        (["rerun", EXPERIMENT, "--preset", "gpu", "--device", "cuda"], 2, "there is no GPU"),
        (["rerun", EXPERIMENT, "--from", "/nonexistent"], 2, "is no file"),
        (["rerun", "--from", "/nonexistent"], 2, "there is no experiment"),
        (["rerun", EXPERIMENT, "--scripts", "/nonexistent"], 2, "holds no experiment scripts"),
        (["rerun", EXPERIMENT, "--python", "/nonexistent"], 3, "cannot be run"),
        (["verify-run", "/nonexistent"], 2, "is no file"),
        (["verify-run", "/dev/zero"], 2, "is no file"),
    ],
)
def test_wrong_use_is_answered_in_a_line(copy: Path, arguments: list[str], code: int, words: str) -> None:
    """With what is there, and nothing is written."""
    done = colophon(*arguments, "--registry", copy)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (copy / "runs").exists()


def test_experiments_are_listed(copy: Path) -> None:
    """With their parts and how long those take."""
    done = colophon("rerun", "--registry", copy)
    assert done.stdout.splitlines()[0] == "published-figures: Published figures against one another"
    assert "  routing: ModaRoute's saving" in done.stdout
