"""The borrowed run of an abstract is marked where the rule found one, and looked for nowhere else."""

from types import SimpleNamespace
from typing import Any

import pytest

from colophon.evidence import Evidence
from colophon.pages import _abstract
from colophon.pages._abstract import abstract_pieces

from ..held import held, text

BORROWED = " ".join(f"word{number}" for number in range(50))
ABSTRACT = f"Before it stands this. {BORROWED} Behind it stands that."


def record(*codes: str, abstract: str | None = ABSTRACT) -> Any:
    """A view of a record with an abstract, a held text that is most of it, and findings of some rules."""
    evidence = Evidence((("s001", (held(**text(BORROWED)),)),))
    return SimpleNamespace(
        record=SimpleNamespace(manifest=SimpleNamespace(abstract=abstract), evidence=evidence),
        judged=SimpleNamespace(findings=tuple(SimpleNamespace(code=code) for code in codes)),
    )


def test_the_borrowed_run_is_marked() -> None:
    """With its length and its source; the pieces together are the abstract."""
    found = abstract_pieces(record("C101", "T104"))
    assert found is not None
    assert [piece["text"] for piece in found["pieces"] if piece["mark"]] == [BORROWED]
    assert "".join(piece["text"] for piece in found["pieces"]) == ABSTRACT
    assert (found["words"], found["source"]) == (50, "s001 (arxiv 2601.00001)")


def test_a_correction_may_have_taken_it_out() -> None:
    """The finding stays and nothing is marked."""
    assert abstract_pieces(record("T104", abstract="The publisher wrote this anew.")) is None
    assert abstract_pieces(record("T104", abstract=None)) is None


def test_without_a_finding_no_text_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule compared them; most records have nothing to mark."""
    monkeypatch.setattr(_abstract, "compared", lambda _: pytest.fail("the texts were compared"))
    assert abstract_pieces(record("C101")) is None
    assert abstract_pieces(record()) is None
