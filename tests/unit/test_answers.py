"""What a person answers, brought into the forms of the contract."""

import re
from collections.abc import Callable

import pytest

from colophon import answers
from colophon.errors import UsageError


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("DISPUTE", "DISPUTE"),
        ("dispute", "DISPUTE"),
        ("expression of concern", "EXPRESSION_OF_CONCERN"),
        ("quality-assessment", "QUALITY_ASSESSMENT"),
    ],
)
def test_a_type_is_read_whatever_its_case(words: str, name: str) -> None:
    """Case, blanks and hyphens make no difference."""
    assert answers.type_named(words) == name


def test_a_reason_is_read_for_its_type() -> None:
    """A reason must be one of those of the type."""
    assert answers.reason_named("Wrong value", "DISPUTE") == "wrong-value"
    with pytest.raises(UsageError) as raised:
        answers.reason_named("transcription", "DISPUTE")
    assert "counts-disagree" in (raised.value.hint or "")


@pytest.mark.parametrize(
    "words",
    [
        "0000-0002-1825-0097",
        "https://orcid.org/0000-0002-1825-0097",
        "0000-0001-5109-3700",
        "0000-0002-1694-233x",
    ],
)
def test_an_orcid_is_read_with_or_without_its_address(words: str) -> None:
    """The address goes, the last digit is checked, X may be small."""
    assert re.fullmatch("[0-9-]{18}[0-9X]", answers.orcid_named(words))


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (answers.type_named, "DISPUT"),
        (answers.type_named, "REMOVAL"),
        (answers.type_named, ""),
        (answers.orcid_named, "0000-0002-1825-0098"),
        (answers.orcid_named, "0000-0002-1825"),
        (answers.orcid_named, ""),
        (answers.evidence_named, "http://example.org/"),
        (answers.evidence_named, "javascript:alert(1)"),
        (lambda words: answers.slug_given(words, ()), "No"),
        (lambda words: answers.slug_given(words, ()), "a/../b"),
        (lambda words: answers.slug_given(words, ["taken"]), "taken"),
    ],
)
def test_what_does_not_fit_is_refused(read: Callable[[str], str], words: str) -> None:
    """Each refusal is an error for people."""
    with pytest.raises(UsageError):
        read(words)


def test_a_taken_name_gets_another() -> None:
    """The hint is an option that can be used as it is."""
    with pytest.raises(UsageError) as raised:
        answers.slug_given("taken", ["taken", "taken-2"])
    assert raised.value.hint == "--slug taken-3"
