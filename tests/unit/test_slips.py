"""A key without its colon or the space behind it, a tab, a fence: each is shown as it should stand."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import slips, yaml_guard

from .patching import mended

HEAD = "contract_version: correction-event-v1\npaper: x\n"
NAMES = ("contract_version", "paper", "date", "note", "reporter", "name", "new", "old", "pointer", "type")


@pytest.mark.parametrize(
    ("text", "line", "words", "means"),
    [
        ("date:2026-05-01\nnote: n\n", 3, "no space follows the colon: 'date:2026-05-01'",
         {"date": "2026-05-01", "note": "n"}),
        ("reporter: Zoe\ndate 2026-05-01\n", 4, "no colon follows the key",
         {"reporter": "Zoe", "date": "2026-05-01"}),
        ("note:\u00a0n\ndate: d\n", 3, "no space follows the colon", {"note": "n", "date": "d"}),
        ("reporter:\n  name:Zoe\n  kind: person\n", 4, "no space follows the colon: 'name:Zoe'",
         {"reporter": {"name": "Zoe", "kind": "person"}}),
        ("reporter:\n\tname: Zoe\n\tkind: person\n", 4, "a tab stands before",
         {"reporter": {"name": "Zoe", "kind": "person"}}),
        ("proposed:\n  - pointer: /a\n\told: b\n    new: c\n", 5, "a tab stands before",
         {"proposed": [{"pointer": "/a", "old": "b", "new": "c"}]}),
        ("proposed:\n  - pointer:/a\n    old:b\n    new: c\n", 4, "no space follows the colon",
         {"proposed": [{"pointer": "/a", "old": "b", "new": "c"}]}),
        ("date:2026-05-01\nnote: Table 2: the score\n", 3, "no space follows the colon",
         {"date": "2026-05-01", "note": "Table 2: the score"}),
    ],
)  # fmt: skip
def test_a_slip_is_shown_as_it_should_stand(text: str, line: int, words: str, means: dict[str, str]) -> None:
    """The fault is at its line, and with the patch the document says what was meant."""
    text = HEAD + text
    (fault,) = yaml_guard.read(text.encode()).faults
    assert (fault.code, fault.line, words in fault.message) == ("S116", line, True), fault
    whole = {"contract_version": "correction-event-v1", "paper": "x", **means}
    assert yaml_guard.read(mended(text, fault).encode()).value == whole


def test_a_fence_and_no_space_at_all_are_shown_too() -> None:
    """What was copied out of a comment, and a file in which every line has the same slip."""
    for text in (f"```yaml\n{HEAD}```\n", HEAD.replace(": ", ":")):
        (fault,) = yaml_guard.read(text.encode()).faults
        assert (fault.code, fault.line) == ("S116", 1)
        read = yaml_guard.read(mended(text, fault).encode()).value
        assert read == {"contract_version": "correction-event-v1", "paper": "x"}


@pytest.mark.parametrize(
    "text",
    [
        "date: d\nnote: The\npaper is wrong\n",
        "date: d\nnote: The\nnew value is wrong\n",
        "date: d\nnote: The\nname of it is wrong\n",
        "date: d\nnote: The\nscore:45 is wrong\n",
    ],
)
def test_a_text_is_no_key(text: str) -> None:
    """A word that the margin has or never takes begins a line of the text above it."""
    (fault,) = yaml_guard.read((HEAD + text).encode()).faults
    assert "belongs to no key" in fault.message


@pytest.mark.parametrize(
    "note",
    ["It says\n```\n9\n```\n", "date:2026-03-01\n", "\tIt is wrong.\n  reason:no\n", "One.\n\nnew:2\n"],
)
def test_the_lines_of_a_note_are_left_alone(note: str) -> None:
    """What could be read before is read as it was, though another value lacks its quotes."""
    block = "".join(f"  {line}\n" if line else "\n" for line in note.split("\n")[:-1])
    text = f"{HEAD}note: |\n{block}proposed:\n  - pointer: /title\n    old: Routers: a survey\n    new: x\n"
    reading = yaml_guard.read(text.encode())
    assert all(fault.code == "S105" for fault in reading.faults)
    assert "\t" in note or reading.value["note"] == note


@pytest.mark.parametrize(
    "line",
    [
        "evidence for it stands on their page.",
        "reason I do not know.",
        "removal of this report",
        "date of it",
    ],
)
def test_a_sentence_of_a_note_becomes_no_key(line: str) -> None:
    """Behind a note the text is what goes on."""
    (fault,) = yaml_guard.read(
        f"{HEAD}note: |\n  The licence is another one, and the\n{line}\n".encode()
    ).faults
    assert "belongs to no key" in fault.message
    assert fault.patch is not None
    assert f"  {line}" in fault.patch.text


def test_a_fence_inside_of_a_note_is_no_slip() -> None:
    """Only one that stands around the whole file is."""
    text = f"{HEAD}note: |\n  The table says\n```\na: b\n```\n"
    assert all("fence" not in fault.message for fault in yaml_guard.read(text.encode()).faults)


def test_a_line_of_nothing_but_a_hard_space_is_answered() -> None:
    """It looks empty, and YAML takes it for a text."""
    for text in ("note: One\n\u00a0\n", "note: One\n  \u00a0\na: b: c\n", "\u00a0\n", "note: a\n\u3000\nb\n"):
        for fault in yaml_guard.read(text.encode()).faults:
            assert fault.line >= 1


def test_only_what_is_needed_is_shown() -> None:
    """A line of a note that looks like a slip stays as it is."""
    text = f"{HEAD}note: |\n  date:2026 is what it says.\nreporter: Zoe\ndate:2026-05-01\n"
    (fault,) = yaml_guard.read(text.encode()).faults
    assert (fault.line, fault.patch and fault.patch.text) == (6, "date: 2026-05-01")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("mapping values are not allowed here", "a second key with a colon"),
        ("expected <block end>, but found '<scalar>'", "another column"),
        ("something else", "something else"),
        (None, "None"),
    ],
)
def test_what_the_parser_says_is_said_in_words(problem: str | None, words: str) -> None:
    """What people often do; all else as the parser says it."""
    assert words in slips.in_words(problem)


@settings(derandomize=True, max_examples=200)
@given(
    st.lists(
        st.builds(
            "{}{}{}{}".format,
            st.sampled_from(("", "  ", "\t", "  - ", "```")),
            st.sampled_from(NAMES),
            st.sampled_from((": ", ":", " ", ":\u00a0", ":\t")),
            st.text("ab '\"\\:#[]{},&*!|>@`-?=~.é5\t", max_size=8),
        ),
        max_size=8,
    )
)
def test_what_is_offered_can_be_read(lines: list[str]) -> None:
    """Whatever is written, nothing fails, and a text with the offered lines is no longer refused for them."""
    text = "\n".join(["contract_version: correction-event-v1", *lines, ""])
    for fault in yaml_guard.read(text.encode()).faults:
        if fault.patch is not None and re.match(
            "no (space|colon) follows|a tab stands|a fence", fault.message
        ):
            after = yaml_guard.read(mended(text, fault).encode())
            assert all(other.code != "S116" for other in after.faults), (text, after.faults)
