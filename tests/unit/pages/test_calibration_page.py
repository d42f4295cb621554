"""The page of the calibration: a row for every verdict, goals judged by their interval."""

import re

import pytest

from colophon.grounding.calibration import Share, result
from colophon.model import Page
from colophon.pages.calibration import GOALS, NAMES, VERDICTS, Goal, calibration

from .fabricated import view


def page() -> str:
    """The page."""
    [made] = calibration(view(()))
    assert isinstance(made, Page)
    return made.body


@pytest.mark.parametrize("kind", ["full", "abstract"])
def test_every_verdict_has_its_row(kind: str) -> None:
    """A verdict on a paper page can link to what it is worth, given or not, with the numbers measured."""
    measured = result().sets[kind].verdicts
    for verdict in VERDICTS:
        [row] = re.findall(rf'<tr id="{kind}-{verdict}">.*</tr>', page())
        counted = measured.get(verdict)
        claims, supported = (counted.claims, counted.supported) if counted else (0, 0)
        assert f'<td class="number">{claims}</td><td class="number">{supported}</td>' in row
        assert ("never given" in row) == (counted is None)
        assert ("too few" in row) == (0 < claims < 20)


def test_every_measure_has_words() -> None:
    """No measure is dropped and none is without words; each stands with its n and its values."""
    body = page()
    for found in result().sets.values():
        for row in found.rows:
            [shown, *_] = re.findall(
                rf'<th scope="row">{re.escape(NAMES[row.name])}</th>.*', body.replace("&#x27;", "'")
            )
            assert shown
            for share in (row.ours, row.theirs):
                if share is not None and row.n >= 20:
                    assert f"{share.value:.3f} (" in body


@pytest.mark.parametrize(
    ("goal", "share", "n", "met"),
    [
        (Goal("full", "x", 0.9), Share(0.95, 0.91, 0.99), 50, "met"),
        (Goal("full", "x", 0.9), Share(0.95, 0.89, 0.99), 50, "met, not surely"),
        (Goal("full", "x", 0.9), Share(0.9, 0.9, 0.9), 50, "met"),
        (Goal("full", "x", 0.9), Share(0.89, 0.8, 0.99), 50, "not met"),
        (Goal("full", "x", 0.9), Share(1, 1, 1), 19, "not known, too few"),
        (Goal("full", "x", 0.9, least=150), Share(1, 1, 1), 149, "not known, too few"),
        (Goal("full", "x", 0.02, at_most=True), Share(0.01, 0, 0.02), 50, "met"),
        (Goal("full", "x", 0.02, at_most=True), Share(0.01, 0, 0.03), 50, "met, not surely"),
        (Goal("full", "x", 0.02, at_most=True), Share(0.03, 0, 0.05), 50, "not met"),
    ],
)
def test_a_goal_is_judged_by_its_interval(goal: Goal, share: Share, n: int, met: str) -> None:
    """A value that meets the goal is surely there only with its whole interval; few claims tell nothing."""
    assert goal.met(share, n) == met


def test_what_is_missed_is_shown() -> None:
    """Goals that are not met, not known and not measured stand beside those that are met."""
    found = re.findall(r"<strong>(.*?)</strong>", page())
    assert len(found) == len(GOALS) + 2 + 3
    assert {"met", "met, not surely", "not met", "not known, too few", "not measured"} == set(found)


def test_none_of_many_has_an_interval() -> None:
    """Where all or none were, samples never differ, so the interval is Wilson's and no point."""
    assert "0.000 (0.000 to 0.019)" in page()
    assert "1.000 (0.883 to 1.000)" in page()
