"""The audits of numbers never raise, never count wrongly, and do not depend on the order of claims."""

import json
import random
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import contracts
from colophon.audits import AUDITS
from colophon.contracts.paper_manifest import Manifest
from colophon.contracts.source_provenance import Provenance
from colophon.fold import Record

SOUND = Path(__file__).parents[2] / "audits" / "sound"
CODES = ("N101", "N102", "N103", "N104", "N105")
WORDS = [
    "from", "to", "vs", "a drop of", "54.90%", "51.28%", "0%", "3.62%", "3.62", "0", "-1", "13.2 s", "6.0 s",
    "2.2x", "x", "faster", "(", ")", ",", ";", "and", "totalling", "174", "30", "84", "+", "=", "-", "of",
    "35", "30 claims", "loss", "accuracy", "Lupin", "GPT-4", "on", "MeadowQA", "first", "second",
    "p =", "1.4", "a share of", "contradiction", "points", "papers disagree", "twice", "half", "1e9",
    "10^-300", "is", "reaches", ".", "n = 7", "exact match", "Δ",
]  # fmt: skip
fragments = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=80)


def record_of(texts: list[str]) -> Record:
    """Return the sound record with other claims."""
    documents: dict[str, Any] = {
        name: json.loads((SOUND / f"{name}.json").read_text()) for name in ("manifest", "provenance")
    }
    manifest = documents["manifest"]
    model = manifest["claims"][0]
    manifest["claims"] = [{**model, "id": f"c{i:03d}", "text": text} for i, text in enumerate(texts, 1)]
    return Record(
        manifest["id"],
        "papers/x",
        manifest["contract_version"],
        cast(Manifest, contracts.read(manifest)),
        cast(Provenance, contracts.read(documents["provenance"])),
    )


@pytest.mark.parametrize("code", CODES)
@given(texts=st.lists(fragments, max_size=5))
def test_never_raises(code: str, texts: list[str]) -> None:
    """Whatever a stranger writes, and no more flaws than places that were decided."""
    examine = AUDITS.all()[code].examine
    assert examine is not None
    outcome = examine(record_of(texts))
    assert outcome.recognised >= outcome.checked >= len(outcome.flaws)


@pytest.mark.parametrize("code", ["N101", "N104"])
@given(texts=st.lists(fragments, max_size=5), shuffler=st.randoms(use_true_random=False))
def test_order_of_claims_does_not_matter(code: str, texts: list[str], shuffler: random.Random) -> None:
    """What is wrong within a sentence is wrong wherever it stands."""
    examine = AUDITS.all()[code].examine
    assert examine is not None
    shuffled = list(texts)
    shuffler.shuffle(shuffled)
    one, other = examine(record_of(texts)), examine(record_of(shuffled))
    assert sorted(flaw.message for flaw in one.flaws) == sorted(flaw.message for flaw in other.flaws)
