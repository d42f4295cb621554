"""A text whose lines stand too far left is shown as it should stand, and then it is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import yaml_guard

from .patching import mended

TAIL = "evidence: https://a.example\n"
LINES = st.text("\u00a0\u3000ab '\"\\:#[]{},&*!|>@`-?=~.é5\t", max_size=10)


@pytest.mark.parametrize(
    ("text", "line", "note"),
    [
        ("note: One\ntwo.\n", 2, "One\ntwo.\n"),
        ("note: One\n  and a half,\ntwo.\n", 3, "One\nand a half,\ntwo.\n"),
        ("note: One\n\ntwo.\n\n\nAt three: four.\n\n", 3, "One\n\ntwo.\n\n\nAt three: four.\n"),
        ("note:\nOne\ntwo.\n", 2, "One\ntwo.\n"),
        ("note:\n  One\ntwo.\n", 3, "One\ntwo.\n"),
        ("note: |\nOne\ntwo.\n", 2, "One\ntwo.\n"),
        ("note: |\n    One\n    # text\ntwo.\n", 4, "One\n# text\ntwo.\n"),
        ("note: >-\nOne\ntwo.\n", 2, "One two."),
        ('note: "One\ntwo."\n', 2, "One\ntwo.\n"),
        ('note: "One" is\n"two".\n', 2, '"One" is\n"two".\n'),
        ("note: Table 2: the score\nis 45 % # wrong\n", 2, "Table 2: the score\nis 45 % # wrong\n"),
        ("note: One # cut\ntwo\n", 2, "One # cut\ntwo\n"),
        ("note: Two:\n- one\n- two: b\n* c\n> d\n", 2, "Two:\n- one\n- two: b\n* c\n> d\n"),
        ("note: One\r\ntwo.\r\n", 2, "One\ntwo.\n"),
    ],
)  # fmt: skip
def test_a_text_at_the_margin_is_shown_indented(text: str, line: int, note: str) -> None:
    """The fault is at the first line outside; what follows the text stays as it is."""
    text += TAIL
    (fault,) = yaml_guard.read(text.encode()).faults
    assert (fault.code, fault.line, "belongs to no key" in fault.message) == ("S116", line, True)
    written = mended(text.replace("\r\n", "\n"), fault)
    assert yaml_guard.read(written.encode()).value == {"note": note, "evidence": "https://a.example"}


def test_a_text_deep_in_a_list_keeps_its_place() -> None:
    """The line belongs to the nearest key above, however far left it stands."""
    text = "proposed:\n  - pointer: /title\n    old: A study\n  of\nthings\n    new: B\n"
    (fault,) = yaml_guard.read(text.encode()).faults
    assert (fault.line, fault.patch is not None) == (4, True)
    assert yaml_guard.read(mended(text, fault).encode()).value == {
        "proposed": [{"pointer": "/title", "old": "A study\n  of\nthings\n", "new": "B"}]
    }


def test_each_such_text_is_shown_in_turn() -> None:
    """The first is told first; mended, the second is."""
    text = f"note: One\ntwo\n{TAIL}name: Ada\nExample\n"
    for line in (2, 6):
        (fault,) = yaml_guard.read(text.encode()).faults
        assert fault.line == line
        text = mended(text, fault)
    assert yaml_guard.read(text.encode()).value["name"] == "Ada\nExample\n"


@pytest.mark.parametrize(
    "text",
    [
        "note: One\n\ttwo\n",
        "note: &x One\ntwo\n",
        "note: [One,\ntwo\n",
        "note: One\n<<: two\n",
        "note: One\n---\ntwo\n",
        "note: One\ntwo\nthree: [\n",
        "two\nnote: One\n",
    ],
)
def test_what_may_mean_something_else_is_not_shown(text: str) -> None:
    """Then the reader's own words stand."""
    assert all("belongs to no key" not in fault.message for fault in yaml_guard.read(text.encode()).faults)


def test_a_text_of_many_pages_is_not_shown() -> None:
    """Where it begins is enough."""
    (fault,) = yaml_guard.read(b"note: One\n" + b"and so on\n" * 2_000).faults
    assert ("belongs to no key" in fault.message, fault.patch) == (True, None)


@given(st.lists(LINES, max_size=6))
@settings(max_examples=300)
def test_what_is_shown_can_be_read(lines: list[str]) -> None:
    """Or needs what only its writer knows."""
    text = "note: One\n" + "\n".join(lines) + f"\n{TAIL}"
    for fault in yaml_guard.read(text.encode()).faults:
        if "belongs to no key" in fault.message and fault.patch is not None:
            again = yaml_guard.read(mended(text, fault).encode()).faults
            assert all(one.line > fault.line or "#" in one.message or one.code != "S116" for one in again)
