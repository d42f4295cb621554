"""The script that finds where main was published last, run on real histories."""

from pathlib import Path
from typing import Any

import pytest

from .forge_files import OURS, History, Runner, step, with_gh

TIP = step(OURS / "workflows" / "publish.yml", "Find the commit that was published last")
NOTHING = "0" * 40


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A machine of its own."""
    return Runner.at(tmp_path)


@pytest.fixture
def main(runner: Runner) -> list[str]:
    """Three commits of main, one after the other, and one of a branch beside them."""
    history = History(runner.checkout)
    commits = [history.commit(name=str(number)) for number in range(3)]
    history.git("checkout", "--quiet", "--orphan", "other")
    return [*commits, history.commit(name="other")]


def _published(*runs: tuple[str, str]) -> dict[str, Any]:
    listed = [{"event": event, "head_sha": commit} for event, commit in runs]
    return {"/publish.yml/runs": {"workflow_runs": listed}}


def test_main_is_judged_since_it_was_published(runner: Runner, main: list[str]) -> None:
    """A push that failed is not forgiven by the next: the base is what was published, not what was there."""
    with_gh(runner, _published(("push", main[0])))
    assert runner.run(TIP, GH_TOKEN="t", GIVEN="", BEFORE=main[1], SHA=main[2]).returncode == 0
    assert runner.outputs() == {"since": main[0]}


def test_a_run_of_a_fork_is_no_publication(runner: Runner, main: list[str]) -> None:
    """A fork's branch may be called main and may change the workflow's triggers; its run does not count."""
    with_gh(runner, _published(("pull_request", main[3]), ("workflow_dispatch", main[1])))
    assert runner.run(TIP, GH_TOKEN="t", GIVEN="", BEFORE=main[0], SHA=main[2]).returncode == 0
    assert runner.outputs() == {"since": main[1]}


@pytest.mark.parametrize("before", [NOTHING, ""])
def test_the_first_publication_has_no_base(runner: Runner, main: list[str], before: str) -> None:
    """Nothing published, nothing there before: there is no base."""
    with_gh(runner, _published())
    assert runner.run(TIP, GH_TOKEN="t", GIVEN="", BEFORE=before, SHA=main[2]).returncode == 0
    assert runner.outputs() == {"since": before}


def test_without_a_publication_the_tip_before_counts(runner: Runner, main: list[str]) -> None:
    """The first push after this workflow came is judged from the tip before it."""
    with_gh(runner, _published())
    assert runner.run(TIP, GH_TOKEN="t", GIVEN="", BEFORE=main[1], SHA=main[2]).returncode == 0
    assert runner.outputs() == {"since": main[1]}


def test_a_rewritten_main_is_not_published(runner: Runner, main: list[str]) -> None:
    """When main no longer holds what was published, nothing is published before people have looked."""
    with_gh(runner, _published(("push", main[3])))
    done = runner.run(TIP, GH_TOKEN="t", GIVEN="", BEFORE=main[1], SHA=main[2])
    assert done.returncode == 1
    assert "history was rewritten" in done.stdout
    assert runner.outputs() == {}


def test_people_may_name_a_commit_of_main_and_no_other(runner: Runner, main: list[str]) -> None:
    """After an accident a maintainer says from where to judge; it must be a commit of main."""
    with_gh(runner, _published(("push", main[0])))
    assert runner.run(TIP, GH_TOKEN="t", GIVEN=main[1], BEFORE="", SHA=main[2]).returncode == 0
    assert runner.outputs() == {"since": main[1]}
    for wrong in (main[3], "main", ".*", main[1][:39]):
        assert runner.run(TIP, GH_TOKEN="t", GIVEN=wrong, BEFORE="", SHA=main[2]).returncode == 1


def test_a_forge_that_does_not_answer_publishes_nothing(runner: Runner, main: list[str]) -> None:
    """An error of the forge is not the same as nothing published."""
    with_gh(runner, {})
    assert runner.run(TIP, GH_TOKEN="t", GIVEN="", BEFORE=main[1], SHA=main[2]).returncode != 0
    assert runner.outputs() == {}
