"""The comment on a pull request: what the check uploaded is a stranger's data, and is only ever text."""

import base64
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from .forge_files import OURS, Runner, calls, step, with_gh

COMMENT = OURS / "workflows" / "comment.yml"
HEAD = "a" * 40
BASE, BEGUN = "b" * 40, "c" * 40
PULL = {
    "state": "open",
    "base": {"sha": BASE},
    "head": {"sha": HEAD, "repo": {"id": 11}, "ref": "a branch"},
}
# What the top of the repository holds that judges changes, beside what does not.
TREE = {".github": "1", ".ci": "2", "action.yml": "3", "registry": "4"}
FOUND = {"GH_TOKEN": "t", "RUN": "5", "HEAD": HEAD, "HEAD_BRANCH": "a branch", "HEAD_REPOSITORY": "11"}
WRITE = {"GH_TOKEN": "t", "ARTIFACT": "3", "NUMBER": "7", "HEAD": HEAD, "CONCLUSION": "failure", "RUN": "5"}
MARK = "<!-- colophon-check -->"


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A machine of its own."""
    return Runner.at(tmp_path)


def _zip(runner: Runner, **members: bytes) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    file = runner.temp.parent / "artifact.zip"
    file.write_bytes(buffer.getvalue())
    return str(file)


def _answers(
    runner: Runner, *, size: int = 900, pull: dict[str, Any] | None = None, **members: bytes
) -> None:
    listed = [
        {"id": 2, "name": "colophon-check", "expired": False, "size_in_bytes": size},
        {"id": 3, "name": "colophon-check", "expired": False, "size_in_bytes": size},
        {"id": 4, "name": "colophon-check", "expired": True, "size_in_bytes": size},
        {"id": 5, "name": "another", "expired": False, "size_in_bytes": size},
    ]
    with_gh(
        runner,
        {
            "/artifacts": {"artifacts": listed},
            "/artifacts/3/zip": _zip(runner, **members),
            "/pulls/7": pull or PULL,
            f"/compare/{BASE}...{HEAD}": {"merge_base_commit": {"sha": BEGUN}},
            f"/git/trees/{BEGUN}": _tree(TREE),
            f"/git/trees/{HEAD}": _tree(TREE | {"registry": "5"}),
            "/issues/7/comments": [],
            "/actions/caches": {"total_count": 0},
        },
    )


def _tree(oids: dict[str, str]) -> dict[str, Any]:
    return {"tree": [{"path": path, "sha": oid} for path, oid in oids.items()]}


def _more(runner: Runner, **answers: Any) -> None:
    file = Path(runner.variables["STUB_ANSWERS"])
    known = json.loads(file.read_text(encoding="utf-8"))
    known |= {f"/{key.replace('__', '/')}": value for key, value in answers.items()}
    file.write_text(json.dumps(known), encoding="utf-8")


def _receive(runner: Runner) -> int:
    receive = step(COMMENT, "Find the artifact and the pull request that it belongs to")
    return runner.run(receive, **FOUND).returncode


def _written(runner: Runner) -> dict[str, Any]:
    done = runner.run(step(COMMENT, "Write the comment"), **WRITE)
    assert done.returncode == 0, done.stderr
    (call,) = (call for call in calls(runner) if call["method"] != "GET")
    return call


def test_the_newest_artifact_of_the_run_is_taken(runner: Runner) -> None:
    """Handed on are the artifact and the pull request, once the forge says that they belong together."""
    _answers(runner, **{"pull-request.txt": b"7\n"})
    assert _receive(runner) == 0
    assert runner.outputs() == {"number": "7", "artifact": "3"}


@pytest.mark.parametrize(
    "claim",
    [b"", b"7; id", b"-7", b"07", b"7\n8", b"$(id)", b"../7", b"7" * 30, "٧".encode(), b"\x00", b"7/../8"],
)
def test_a_number_is_digits(runner: Runner, claim: bytes) -> None:
    """Anything but a number is no number: nothing is asked about it and nothing is handed on."""
    _answers(runner, **{"pull-request.txt": claim})
    assert _receive(runner) != 0
    assert runner.outputs() == {}
    assert not any("/pulls/" in call["address"] for call in calls(runner))


@pytest.mark.parametrize(
    "other",
    [
        {"state": "closed"},
        {"head": {"sha": "b" * 40, "repo": {"id": 11}, "ref": "a branch"}},
        {"head": {"sha": HEAD, "repo": {"id": 12}, "ref": "a branch"}},
        {"head": {"sha": HEAD, "repo": {"id": 11}, "ref": "another"}},
        {"head": {"sha": HEAD, "repo": None, "ref": "a branch"}},
    ],
)
def test_a_run_speaks_only_of_its_own_pull_request(runner: Runner, other: dict[str, Any]) -> None:
    """A number of somebody else's pull request, an old commit, another fork or branch: nothing is written."""
    _answers(runner, pull={**PULL, **other}, **{"pull-request.txt": b"7\n"})
    assert _receive(runner) == 0
    assert runner.outputs() == {}


def test_an_artifact_that_is_too_large_is_not_fetched(runner: Runner) -> None:
    """The size is asked before anything is fetched."""
    _answers(runner, size=50_000_001, **{"pull-request.txt": b"7\n"})
    assert _receive(runner) == 1
    assert not any("/zip" in call["address"] for call in calls(runner))


def test_no_artifact_no_comment(runner: Runner) -> None:
    """A check that was stopped before it wrote anything is no fault of the comment's."""
    _answers(runner)
    _more(runner, artifacts={"artifacts": []})
    assert _receive(runner) == 0
    assert runner.outputs() == {}


def test_the_first_comment_is_made(runner: Runner) -> None:
    """It begins with a mark, says of which commit it speaks, and holds the summary."""
    _answers(runner, **{"summary.md": b"| a | table |\n"})
    call = _written(runner)
    assert (call["method"], call["address"]) == ("POST", "repos/owner/registry/issues/7/comments")
    body = call["fields"]["body"]
    assert body.startswith(f"{MARK}\n**`colophon check` of `{HEAD[:12]}`: failure**")
    assert body.endswith("\n| a | table |\n")
    assert "CAUTION" not in body


def test_the_comment_is_kept_current(runner: Runner) -> None:
    """The same comment is written again; one that a person began with the mark is left alone."""
    _answers(runner, **{"summary.md": b"x"})
    known = [
        {"id": 1, "user": {"login": "somebody"}, "body": f"{MARK}\nmine"},
        {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "another workflow's"},
        {"id": 3, "user": {"login": "github-actions[bot]"}, "body": f"{MARK}\nold"},
    ]
    _more(runner, issues__7__comments=known)
    call = _written(runner)
    assert (call["method"], call["address"]) == ("PATCH", "repos/owner/registry/issues/comments/3")


def test_a_summary_calls_nobody(runner: Runner) -> None:
    """Mentions ring nobody, pictures are not loaded, control characters and bytes that are no text go."""
    _answers(
        runner,
        **{"summary.md": b"@everyone, (@team/x) a@b.c ![p](https://e.example/p) \x1b[31m\x00\xff\xfe end"},
    )
    body = _written(runner)["fields"]["body"]
    assert "@e" not in body
    assert "@t" not in body
    assert "@\u2060everyone" in body
    assert "!\\[p]" in body
    assert body.isprintable() or not set(body) & {"\x1b", "\x00"}
    assert body.endswith(" end\n") or body.endswith(" end")


@pytest.mark.parametrize("text", ["x" * 5_000_000, "ä" * 2_000_000, "@a" * 100_000])
def test_a_comment_has_at_most_60_000_characters(runner: Runner, text: str) -> None:
    """The forge refuses longer ones; a letter is never cut in two."""
    _answers(runner, **{"summary.md": text.encode()})
    body = _written(runner)["fields"]["body"]
    assert 10_000 < len(body) <= 60_000
    assert "\ufffd" not in body
    assert body.endswith("The rest is in the run's artifact.\n")


def test_a_missing_summary_is_said(runner: Runner) -> None:
    """Nobody waits for a comment that does not come."""
    _answers(runner)
    assert "wrote no summary" in _written(runner)["fields"]["body"]


@pytest.mark.parametrize(
    "changed",
    [
        {".github": "9"},
        {".ci": "9"},
        {"action.yml": "9"},
        {".gitattributes": "9"},
        {".github": None},
        {"action.yml": None},
    ],
    ids=["workflows", "gates", "action", "attributes", "workflows moved away", "action moved away"],
)
def test_a_change_that_judges_itself_is_marked(runner: Runner, changed: dict[str, str | None]) -> None:
    """A change of the workflows can make them say anything, so the comment says that first."""
    _answers(runner, **{"summary.md": b"all is well"})
    after = {path: oid for path, oid in (TREE | changed).items() if oid is not None}
    _more(runner, **{f"git__trees__{HEAD}": _tree(after)})
    body = _written(runner)["fields"]["body"]
    assert body.index("proves nothing") < body.index("all is well")


def test_a_commit_that_came_meanwhile_is_left_alone(runner: Runner) -> None:
    """The comment stands under the newest commit; what was said of an older one would mislead."""
    _answers(
        runner, pull={**PULL, "head": {**PULL["head"], "sha": "d" * 40}}, **{"summary.md": b"all is well"}
    )
    assert runner.run(step(COMMENT, "Write the comment"), **WRITE).returncode == 0
    assert all(call["method"] == "GET" for call in calls(runner))


def test_a_change_that_brought_a_cache_is_marked(runner: Runner) -> None:
    """A cache that a change stored for itself could answer for its own check."""
    _answers(runner, **{"summary.md": b"x"})
    _more(runner, actions__caches={"total_count": 1})
    assert "stored a cache" in _written(runner)["fields"]["body"]


def test_an_archive_writes_no_file(runner: Runner) -> None:
    """Members are read to standard output, so no name in the archive leads anywhere."""
    _answers(runner, ___dot__dot___escaped=b"x", **{"summary.md": b"x", "/tmp/absolute": b"x"})
    before = {path for path in runner.temp.parent.rglob("*") if path.is_file()}
    _written(runner)
    new = {path.name for path in runner.temp.parent.rglob("*") if path.is_file()} - {
        path.name for path in before
    }
    assert new <= {"check.zip", "whole", "text", "before", "after", "caches", "body.md", "known", "calls.txt"}


def test_findings_go_to_code_scanning_as_they_are(runner: Runner) -> None:
    """The log is handed over for the pull request's own ref, and only if it is one of ours."""
    sarif = b'{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "colophon"}}, "results": []}]}'
    _answers(runner, **{"findings.sarif": sarif})
    values = {name: WRITE[name] for name in ("GH_TOKEN", "ARTIFACT", "NUMBER", "HEAD")}
    assert runner.run(step(COMMENT, "Hand the findings over"), **values).returncode == 0
    call = calls(runner)[-1]
    assert call["address"] == "repos/owner/registry/code-scanning/sarifs"
    assert (call["input"]["commit_sha"], call["input"]["ref"]) == (HEAD, "refs/pull/7/head")
    assert gzip.decompress(base64.b64decode(call["input"]["sarif"])) == sarif


@pytest.mark.parametrize("sarif", [b"", b"[]", b"{}", b'{"version": "2.1.0", "runs": []}', b"not json"])
def test_what_is_no_log_of_ours_is_not_handed_over(runner: Runner, sarif: bytes) -> None:
    """Another shape, or another tool's name, ends the job."""
    _answers(runner, **{"findings.sarif": sarif})
    values = {name: WRITE[name] for name in ("GH_TOKEN", "ARTIFACT", "NUMBER", "HEAD")}
    assert runner.run(step(COMMENT, "Hand the findings over"), **values).returncode != 0
    assert all(call["method"] == "GET" for call in calls(runner))
