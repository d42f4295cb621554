"""Where the files of a record lie, and how they may be named."""

import pytest

from colophon import layout

PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"


def test_a_path_follows_from_paper_and_name() -> None:
    """The folder begins with the first two characters of the id."""
    assert layout.record_folder(PAPER, "reviews") == f"reviews/63/{PAPER}"
    assert layout.corrections_folder(PAPER) == f"papers/63/{PAPER}/corrections"
    assert layout.event_path(PAPER, "a-b") == f"papers/63/{PAPER}/corrections/a-b.yaml"


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("a-b.yaml", True),
        ("ab.yaml", False),
        (f"{'a' * 40}.yaml", True),
        (f"{'a' * 41}.yaml", False),
        ("a-b.yml", False),
        ("A-b.yaml", False),
        ("a-b.yaml\n", False),
        ("a-bxyaml", False),
    ],
)
def test_a_statement_has_a_plain_name(name: str, fits: bool) -> None:
    """3 to 40 characters that no machine confuses, and one ending."""
    assert (layout.STATEMENT.fullmatch(name) is not None) is fits
