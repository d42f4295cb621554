"""What the page of a paper says of its claims leads to what each verdict was measured to be worth."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from colophon import contracts, groundings
from colophon.contracts.claim_grounding import ClaimGrounding
from colophon.contracts.paper_manifest import Manifest
from colophon.evidence import Evidence, StoredGrounding
from colophon.grounding.calibration import result
from colophon.model import Page
from colophon.pages._passages import grounding_in_words, of_claims
from colophon.pages.calibration import VERDICTS, calibration

from ..held import held, text
from .fabricated import view

SOUND = Path(__file__).parents[2] / "audits" / "sound" / "manifest.json"
DIGEST = f"sha256:{'0' * 64}"
SAID = "Lupin halves the latency of Harbour on every long caption of Meadow."
CLAIM = "Lupin halves the latency of Meadow, as every caption of Harbour says."


def record(kind: str, of_set: str = "", verdict: str = "", reported_by: tuple[str, ...] = ()) -> Any:
    """A record with one claim that is located in one text, or stored with another verdict or set.

    Each of ``reported_by`` has filed the same behind it.
    """
    document = json.loads(SOUND.read_text())
    document["claims"] = [document["claims"][0] | {"text": CLAIM, "sources": None}]
    manifest = cast(Manifest, contracts.read(document))
    by_source = ((manifest.sources[0].id, (held(**text(f"Some words. {SAID}", kind)),)),)  # type: ignore[index]
    made = groundings.document(manifest, DIGEST, groundings.texts_of(manifest, by_source))
    [claim] = made["claims"]
    claim["verdict"] = verdict or claim["verdict"]
    claim["calibration"]["set"] = of_set or claim["calibration"]["set"]
    stored = StoredGrounding("g", made, cast(ClaimGrounding, contracts.read(made)), is_current=True)
    told = (made | {"reported_by": name} for name in reported_by)
    reported = (
        StoredGrounding("r", one, cast(ClaimGrounding, contracts.read(one)), is_current=False) for one in told
    )
    return SimpleNamespace(record=SimpleNamespace(evidence=Evidence(by_source, (stored, *reported))))


@pytest.mark.parametrize("kind", ["full", "abstract"])
def test_a_claim_tells_what_its_verdict_was_worth(kind: str) -> None:
    """By the set that has texts of this kind."""
    seen = record(kind)
    found = of_claims(seen)("c001", CLAIM)
    assert found is not None
    assert found["verdict"] == "located"
    counted = result().sets[kind].verdicts["located"]
    assert found["calibration"]["words"] == f"{counted.supported} of {counted.claims} like it were supported"
    assert grounding_in_words(seen).endswith(": 1 located.")


def test_the_newest_reported_grounding_is_told_beside_the_one_that_counts() -> None:
    """Where something was looked up in texts that are not stored, its reporter is named, once."""
    assert grounding_in_words(record("full", reported_by=("Old Ida", "Rae Example"))) == (
        "Looked up in 1 full text by lexical-1: 1 located. "
        "Looked up in 1 full text by lexical-1, as reported by Rae Example from texts that are not stored: "
        "1 located."
    )
    alone = record("full", reported_by=("Rae Example",))
    counted, _, beside = grounding_in_words(alone).partition(" Looked")
    alone.record.evidence = replace(alone.record.evidence, groundings=alone.record.evidence.groundings[1:])
    assert grounding_in_words(alone) == f"Looked{beside}"
    assert grounding_in_words(record("full")) == counted


@pytest.mark.parametrize("kind", ["full", "abstract"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_leads_to_its_row(verdict: str, kind: str) -> None:
    """The page of the calibration has an element of this id for every verdict of every set."""
    found = of_claims(record(kind, verdict=verdict))("c001", CLAIM)
    assert found is not None
    path, _, row = found["calibration"]["href"].partition("#")
    [page] = calibration(view(()))
    assert isinstance(page, Page)
    assert page.path == path
    assert f'id="{row}"' in page.body


def test_a_set_that_the_page_does_not_show_leads_to_the_page() -> None:
    """A grounding that is stored keeps the name of the set of its day."""
    found = of_claims(record("full", of_set="SciFact, another part"))("c001", CLAIM)
    assert found is not None
    assert found["calibration"]["href"] == "calibration.html"
