"""The guide to corrections says what the contracts and vocabularies say."""

import re

import pytest

from colophon import reasons, schema

from .conftest import ROOT

GUIDE = (ROOT / "docs" / "corrections.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, str]:
    """Return the first two cells of every row of the tables below a heading, without the marks of code."""
    below = re.split(r"\n#{2,3} ", GUIDE.partition(f" {heading}\n")[2])[0]
    cells = re.findall(r"^\| `?([^|`]+?)`? \| (.+) \|$", below, re.MULTILINE)
    return {first: second for first, second in cells if first not in ("Type", "Reason", "State", "Field")}


def test_every_type_is_explained() -> None:
    """The tables of types hold exactly the types of the vocabulary."""
    assert sorted(rows("Types")) == sorted(kind.name for kind in reasons.vocabulary().types)


def test_every_reason_is_explained() -> None:
    """The table of reasons holds the codes of the vocabulary in their order, in its words."""
    assert list(rows("Reasons")) == [reason.name for reason in reasons.vocabulary().reasons]
    for reason in reasons.vocabulary().reasons:
        assert rows("Reasons")[reason.name].casefold() == reason.wording.rstrip(".").casefold()


def test_every_state_and_field_is_explained() -> None:
    """States are those of the history's contract, fields those of the event's."""
    state = schema.load("correction-record-v1")["properties"]["correction_state"]["enum"]
    assert sorted(rows("States")) == sorted(state)
    assert sorted(rows("The file")) == sorted(schema.load("correction-event-v1")["properties"])


@pytest.mark.parametrize("code", schema.load("refusal-v1")["properties"]["reason"]["enum"])
def test_every_reason_of_a_refusal_is_named(code: str) -> None:
    """Why a correction may be declined is said beforehand."""
    assert f"`{code}`" in GUIDE
