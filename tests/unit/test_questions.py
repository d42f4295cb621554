"""Asking people on a terminal: what they paste is one answer."""

import io
import os

import pytest
from rich.console import Console

from colophon.cli import _questions
from colophon.cli._questions import Questions


@pytest.mark.parametrize(
    ("typed", "waiting", "answer"),
    [
        (["One.", ""], [False], "One."),
        (["One.", "Two.", ""], [False], "One.\nTwo."),
        (["One.", "", "Two.", ""], [True, False], "One.\n\nTwo."),
        (["", "One.", ""], [False, False], "One."),
    ],
    ids=["one line", "two lines", "pasted paragraphs", "asked again"],
)
def test_an_empty_line_ends_an_answer_but_not_a_paste(
    monkeypatch: pytest.MonkeyPatch, typed: list[str], waiting: list[bool], answer: str
) -> None:
    """Else the second paragraph would answer the next question, and a third become somebody's name."""
    lines, more = iter(typed), iter(waiting)
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    monkeypatch.setattr(_questions, "_is_pasted", lambda: next(more))
    assert Questions(Console(file=io.StringIO())).lines("What is wrong?", needed=True) == answer


def test_what_waits_behind_a_line_was_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types has not typed the next line yet; at the end of what was pasted nothing waits."""
    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert not _questions._is_pasted()
        os.write(write, b"Two.\n")
        assert _questions._is_pasted()
        assert stdin.readline() == "Two.\n"
        assert not _questions._is_pasted()
        os.close(write)
    monkeypatch.setattr("sys.stdin", io.StringIO("Two."))
    assert not _questions._is_pasted()
