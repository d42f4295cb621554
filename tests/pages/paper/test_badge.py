"""The badge says the state of a paper that is not CURRENT."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from colophon.model import Artifact
from colophon.pages.badge import badge

from .test_head import having, step


@pytest.mark.parametrize(
    ("kind", "outcome", "title"),
    [
        ("METADATA", "applied", "colophon | UNCHECKED, CORRECTED because "),
        ("DISPUTE", "notice", "colophon | UNCHECKED, DISPUTED because "),
        ("SUPERSESSION", "confirmed", "colophon | UNCHECKED, SUPERSEDED because "),
        ("RETRACTION", "waits", "colophon | UNCHECKED, DISPUTED because "),
        ("CLAIM", "not applied", "colophon | UNCHECKED because "),
    ],
)
def test_a_state_stands_beside_the_tier(make_view: Any, kind: str, outcome: str, title: str) -> None:
    """Whoever sees the badge on another site sees that something happened; nobody's wish retracts there."""
    assert words(having(make_view(), step(1, kind, outcome), tier="UNCHECKED")).startswith(title)


@pytest.mark.parametrize(("kind", "state"), [("RETRACTION", "RETRACTED"), ("WITHDRAWAL", "WITHDRAWN")])
def test_a_retraction_is_all_that_it_says(make_view: Any, kind: str, state: str) -> None:
    """No tier stands beside it, whatever the tier is."""
    view = having(make_view(), step(1, kind, "confirmed"), tier="WITHHELD")
    assert words(view) == f"colophon | {state} on 1 March 2026"


def words(view: Any) -> str:
    """Return the title of the badge."""
    (artifact,) = badge(view)
    assert isinstance(artifact, Artifact)
    return ET.fromstring(artifact.body)[0].text or ""
