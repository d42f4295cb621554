"""What is counted of a record's sources and of the confidences that it states, from real groundings."""

import copy
import json
import pickle
from pathlib import Path
from typing import cast

import pytest

from colophon import contracts, groundings
from colophon.claim_facts import ClaimFacts, claim_facts, step_of
from colophon.contracts.claim_grounding import ClaimGrounding
from colophon.contracts.paper_manifest import Manifest
from colophon.evidence import Evidence, Held, InHand, StoredGrounding, in_hand

from .held import held, status, text

SOUND = Path(__file__).parents[1] / "audits" / "sound"
ELSE = "Pruned decoders halve the latency of Harbour."
DIGEST = f"sha256:{'0' * 64}"


def words(*numbers: int) -> str:
    """Sentences of which each is one claim."""
    return " ".join(f"Encoder{n} reaches a recall of 4{n}.5% on Meadow." for n in numbers)


def manifest(confidences: list[str | None], sources: int = 3) -> Manifest:
    """The sound record with as many claims as confidences; the third is about something else."""
    document = json.loads((SOUND / "manifest.json").read_text())
    [claim, *_], [source, *_] = document["claims"], document["sources"]
    document["sources"] = [
        source | {"id": f"s{n:03}", "identifier": f"2601.0000{n}"} for n in range(1, sources + 1)
    ]
    document["claims"] = []
    for n, confidence in enumerate(confidences, 1):
        made = copy.deepcopy(claim)
        made |= {"id": f"c{n:03}", "text": ELSE if n == 3 else words(n), "sources": None}
        made["stated"]["confidence"] = confidence
        document["claims"].append(made)
    return cast(Manifest, contracts.read(document))


def evidence(of: Manifest, *holdings: tuple[str, Held], is_grounded: bool = True) -> Evidence:
    """What is held, with the grounding that today's method makes of it."""
    by_source = tuple((source, (one,)) for source, one in holdings)
    if not is_grounded:
        return Evidence(held=by_source)
    document = groundings.document(of, DIGEST, groundings.texts_of(of, by_source))
    read = cast(ClaimGrounding, contracts.read(document))
    return Evidence(held=by_source, groundings=(StoredGrounding("g", document, read, is_current=True),))


@pytest.mark.parametrize(
    ("printed", "step"),
    [
        ("0", 0), ("0.0499", 0), ("0.05", 1), ("0.1499", 2), ("0.15", 3), ("15%", 3), ("15 %", 3),
        (".5", 10), ("0.999", 19), ("1", 19), ("1.0", 19), ("100%", 19), (" 0.18 ", 3),
        ("1.01", None), ("101%", None), ("-0.1", None), ("high", None), ("", None), (".", None),
        ("%", None), (None, None), ("0.15/1", None), ("0,15", None), ("٠.١٥", None), ("0" * 5000, None),
    ],
)  # fmt: skip
def test_steps_of_confidence(printed: str | None, step: int | None) -> None:
    """Decimal numbers and percents from 0 to 1 have a step, exact at its edge; all else has none."""
    assert step_of(printed) == step


def test_claims_rest_on_the_source_of_their_first_passage() -> None:
    """Columns stand in the order of the record's sources; a source with nothing in it counts 0."""
    of = manifest(["0.18", "0.17", "0.07", None])
    other = held(**text(ELSE, "abstract"))
    found = claim_facts(of, evidence(of, ("s001", held(**text(words(1, 2)))), ("s003", other)))
    assert found.resting == (2, 0, 1)
    assert sum(found.resting) == found.located
    assert (found.sources, found.largest_source) == (2, 2)
    full, nothing, abstract = found.in_hand
    assert full == InHand("full text", "2026-11-20", "CC-BY-4.0")
    assert nothing is None
    assert abstract == InHand("abstract", "2026-11-20", "CC-BY-4.0")


def test_stated_confidences_stand_by_verdict() -> None:
    """Each claim with a confidence is counted once, under its verdict; those without are left out."""
    of = manifest(["0.18", "0.19", "0.07", None])
    found = claim_facts(of, evidence(of, ("s001", held(**text(words(1, 2))))))
    stated = dict(found.stated)
    assert stated.pop("quoted") == (0, 0, 0, 2)
    assert [*stated.values()] == [(0, 1)]
    assert sum(map(sum, dict(found.stated).values())) == 3


def test_without_a_grounding_nothing_was_looked_up() -> None:
    """What is held is known, no claim rests on it, and the confidences have no verdict."""
    of = manifest(["0.18", "0.01"])
    found = claim_facts(of, evidence(of, ("s002", held()), is_grounded=False))
    assert found.in_hand == (None, InHand("metadata", "2026-11-20", ""), None)
    assert found.resting == ()
    assert found.stated == (("", (1, 0, 0, 1)),)


def test_nothing_held_takes_no_room() -> None:
    """A record of which nothing is known has empty columns."""
    found = claim_facts(manifest([None]), Evidence())
    assert (found.in_hand, found.resting, found.stated) == ((), (), ())


def test_columns_are_small() -> None:
    """Those of a record with thirty sources and every verdict at every step take below 700 bytes."""
    one = in_hand([held(**text("x")), held("2026-11-21", **status("2026-11-21"))])
    verdicts = ("", "conflict", "cut", "disputed", "located", "not_located", "quoted", "source_missing")
    usual = tuple((verdict, (1,) * 8) for verdict in verdicts)
    known = ClaimFacts(in_hand=(one,) * 30, resting=(20,) * 30, stated=usual)
    bare = len(pickle.dumps(ClaimFacts(), pickle.HIGHEST_PROTOCOL))
    assert len(pickle.dumps(known, pickle.HIGHEST_PROTOCOL)) - bare < 700
