"""What the table in tests/gate does not show: other layouts, a registry that may still change, the report."""

from pathlib import Path

import pytest

from colophon.gate import PathReport, judge_change
from colophon.repository import Repository

from ..gate.base import ABSENT, KEPT, dispute
from ..gate.branches import Step, add, copy, delete, edit, executable, git, made, remove

YES, NO = "append_only: true\n", "append_only: false\n"
REPORT, MANIFEST = f"papers/0f/{KEPT}/report.txt", f"papers/0f/{KEPT}/manifest.json"


class Bench:
    """A registry of one record in some folder of a repository, and changes to it."""

    def __init__(self, top: Path, folder: str, settings: str) -> None:
        self.top, self.folder, self.count = top, folder, 0
        git(top, "init", "-q")
        tree = git(top, "mktree").decode().strip()
        empty = git(top, "commit-tree", tree, "-m", "Nothing").decode().strip()
        files = {"registry.yaml": settings, REPORT: "A report.\n", MANIFEST: "{}\n", "papers/.gitkeep": ""}
        self.base = self.change(empty, *(add(self.at(path), text) for path, text in files.items()))

    def at(self, path: str) -> str:
        """Return the path in the repository of a path in the registry."""
        return f"{self.folder}/{path}" if self.folder else path

    def change(self, start: str, *steps: Step) -> str:
        """Return a commit that takes the steps from ``start``."""
        self.count += 1
        return made(steps, self.top, start, self.top / f"index-{self.count}")

    def judge(self, *steps: Step) -> PathReport:
        """Return what the gate says of a change."""
        head = self.change(self.base, *steps)
        return judge_change(Repository(str(self.top)), self.base, self.base, head, self.folder)

    def codes(self, *steps: Step) -> list[str]:
        """Return the codes of the findings of a change."""
        return [found.code for found in self.judge(*steps).findings]


@pytest.mark.parametrize("folder", ["", "registry", "deep/in/here"])
def test_every_layout_is_judged_alike(tmp_path: Path, folder: str) -> None:
    """The registry may be the whole repository, or lie in a folder of it."""
    bench = Bench(tmp_path, folder, YES)
    assert bench.codes() == []
    assert bench.codes(add(bench.at(REPORT), "Another.\n")) == ["H401"]
    assert bench.codes(delete(bench.at(MANIFEST))) == ["H402"]
    assert bench.codes(executable(bench.at(REPORT))) == ["H403"]
    assert bench.codes(add(bench.at(f"papers/00/{ABSENT}/report.txt"))) == ["H405"]
    assert bench.codes(edit(bench.at("registry.yaml"), "true", "false")) == ["H408"]
    assert bench.codes(remove(bench.at(REPORT))) == ["H410"]
    assert bench.codes(add("README.md"), add("src/x.py"), add("Notes/.hidden")) == []
    assert sorted(bench.codes(add("schemas/x/v1.json"), add("schemas/x/V1.json"))) == ["H404", "H404", "H405"]


def test_before_the_promise_only_places_count(tmp_path: Path) -> None:
    """Records may be made again until append_only is true; links and stray files are refused at once."""
    bench = Bench(tmp_path, "registry", NO)
    report = bench.judge(add(f"registry/{REPORT}", "Again.\n"), delete(f"registry/{MANIFEST}"))
    assert (report.append_only, report.findings, report.touched) == (False, (), (KEPT,))
    assert bench.codes(edit("registry/registry.yaml", "false", "true")) == []
    assert bench.codes(delete("registry/registry.yaml")) == []
    assert bench.codes(executable(f"registry/{REPORT}")) == ["H403"]
    assert bench.codes(add("registry/notes.txt")) == ["H405"]


@pytest.mark.parametrize("spelled", ["true", "True", "yes", "on", "'true'"])
def test_the_promise_is_read_as_the_settings_are(tmp_path: Path, spelled: str) -> None:
    """Whatever the rest of the program takes for true is a promise."""
    bench = Bench(tmp_path, "", f"append_only: {spelled}\n")
    assert bench.codes(delete(REPORT)) == ["H402"]


def test_a_damaged_promise_is_one(tmp_path: Path) -> None:
    """Damaging registry.yaml on main does not open the gate, and it can be mended."""
    bench = Bench(tmp_path, "", f"a: &x b\n{YES}")
    assert bench.codes(delete(REPORT)) == ["H402"]
    assert bench.codes(add("registry.yaml", YES)) == []


def test_a_new_registry_has_promised_nothing(tmp_path: Path) -> None:
    """The change that brings a registry brings its first records too."""
    bench = Bench(tmp_path, "registry", YES)
    head = bench.change(bench.base, copy("registry", "second"))
    report = judge_change(Repository(str(tmp_path)), bench.base, bench.base, head, "second")
    assert (report.append_only, report.findings, report.touched) == (False, (), (KEPT,))


def test_an_executable_can_be_mended(tmp_path: Path) -> None:
    """A mode that slipped in before the promise may be set right; the bytes stay."""
    bench = Bench(tmp_path, "", YES)
    start = bench.change(bench.base, executable(REPORT))
    head = bench.change(start, add(REPORT, "A report.\n"))
    assert judge_change(Repository(str(tmp_path)), start, start, head, "").findings == ()


def test_a_colliding_name_can_be_mended_before_the_promise(tmp_path: Path) -> None:
    """What a change takes away is no neighbour of what it adds in its place."""
    bench = Bench(tmp_path, "registry", NO)
    code = f"registry/runs/sums/code/{'a' * 64}"
    upper, lower = f"{code}.PY", f"{code}.py"
    start = bench.change(bench.base, add(upper))
    head = bench.change(start, delete(upper), add(lower))
    assert judge_change(Repository(str(tmp_path)), start, start, head, "registry").findings == ()
    both = bench.change(start, add(lower))
    found = judge_change(Repository(str(tmp_path)), start, start, both, "registry").findings
    assert [one.code for one in found] == ["H404"]


def test_the_keeper_of_the_empty_folder_may_go(tmp_path: Path) -> None:
    """It holds nothing; and nothing may be put into it."""
    bench = Bench(tmp_path, "", YES)
    assert bench.codes(delete("papers/.gitkeep")) == []
    assert bench.codes(add("papers/.gitkeep", "words\n")) == ["H405"]


def test_files_too_large_to_compare_are_changed_all_the_same(tmp_path: Path) -> None:
    """Two files beyond the limit are not taken for equal but for their line ends."""
    bench = Bench(tmp_path, "", YES)
    start = bench.change(bench.base, add(REPORT, b"x" * 6_000_000))
    head = bench.change(start, add(REPORT, b"y" * 6_000_000))
    found = judge_change(Repository(str(tmp_path)), start, start, head, "").findings
    assert [one.code for one in found] == ["H401"]


def test_a_submodule_that_moves_on_is_refused(tmp_path: Path) -> None:
    """Its commit is not in this clone, and nobody looks for it."""
    bench = Bench(tmp_path, "", YES)

    def at_commit(digit: str) -> Step:
        return lambda branch: branch.put("works/sub", digit * 40, "160000")

    start = bench.change(bench.base, at_commit("1"))
    head = bench.change(start, at_commit("2"))
    found = judge_change(Repository(str(tmp_path)), start, start, head, "").findings
    assert [one.code for one in found] == ["H403"]


def test_the_report_says_what_the_change_does(tmp_path: Path) -> None:
    """Added files that may stand there, touched records by id, new contracts and vocabularies."""
    bench = Bench(tmp_path, "registry", YES)
    event = f"papers/0f/{KEPT}/corrections/counts-disputed.yaml"
    report = bench.judge(
        add(f"registry/{event}", dispute(KEPT)), add(f"registry/reviews/63/{ABSENT}/seen.yaml"),
        add("registry/stray.txt"), add("schemas/x/v1.1.json"), add("registry/vocabularies/tiers-v9.yaml"),
        add("README.md"),
    )  # fmt: skip
    assert report == PathReport(
        changed=frozenset(
            (event, f"reviews/63/{ABSENT}/seen.yaml", "stray.txt", "vocabularies/tiers-v9.yaml")
        ),
        append_only=True,
        findings=report.findings,
        added=(event, f"reviews/63/{ABSENT}/seen.yaml"),
        touched=(KEPT, ABSENT),
        schemas_added=("tiers-v9", "x-v1.1"),
        removals=(),
    )
    assert [(found.code, found.path) for found in report.findings] == [("H405", "stray.txt")]


def test_findings_name_the_record_and_the_line(tmp_path: Path) -> None:
    """So they can be shown beside the record and in the file."""
    bench = Bench(tmp_path, "registry", f"name: x\n{YES}")
    steps = (edit("registry/registry.yaml", "true", "false"), delete(f"registry/{REPORT}"))
    gone, unset = bench.judge(*steps).findings
    assert (gone.path, gone.line, gone.record) == (REPORT, 1, KEPT)
    assert (unset.path, unset.line, unset.record) == ("registry.yaml", 2, "")
