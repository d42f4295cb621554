"""R108: a gate that asserts a run is contradicted until a stored run is bound to a claim of the record."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from colophon import schema, yaml_guard
from colophon.audits import AUDITS
from colophon.index import Facts
from colophon.model import ClaimRerun
from colophon.rules.derive import derive
from colophon.rules.vocabularies import vocabularies_of

from ..rules.test_dimensions import BLANK

ROOT = Path(__file__).parents[3]
NAMES = ("quality-tiers-v1", "quality-tiers-v2", "quality-dimensions-v1", "verification-levels-v1")
RERUN = ClaimRerun("c001", "UNVERIFIED", None, "in_kind", None, False, "sums", "b", "s", "r")


def said(*reruns: ClaimRerun) -> list[str]:
    """Where R108 finds something in a record whose gate says that it was reproduced."""
    vocabularies: dict[str, Any] = {
        name: schema.typed(name, yaml_guard.read((ROOT / f"vocabularies/{name}.yaml").read_bytes()).value)
        for name in NAMES
    }
    facts = Facts(**(BLANK | {
        "id": "x", "claims": 2, "stated_gate": ("VERIFIED", None, None), "stated_dimensions": (),
        "history": (), "refusals": (), "removed": (), "lengths": (), "dates": (),
    }))  # fmt: skip
    derived = derive(facts, (), vocabularies_of(vocabularies), reruns)
    examine = AUDITS.all()["R108"].examine_stated
    assert examine is not None
    return [flaw.pointer for flaw in examine(facts, derived).flaws]


def test_without_a_run_the_gate_is_contradicted() -> None:
    """Also where a claim is bound and nothing ran yet."""
    assert said() == ["/stated/gate/verdict"]
    assert said(RERUN) == ["/stated/gate/verdict"]


def test_with_a_stored_run_it_is_not() -> None:
    """Whatever came out of it: the verdict on the claim says that."""
    assert said(replace(RERUN, run="runs/sums/desk/1.json")) == []
