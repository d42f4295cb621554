"""``colophon judge --model``: what a model says is filed under its name, and counts nowhere."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from colophon.checking import draw
from colophon.cli._options import loaded_record
from colophon.model_judging import judgements
from colophon.neural.entailment import Inference
from colophon.store import WorkTree

from .conftest import ROOT, colophon
from .unit.neural.fabricated import encoder, entailment

RECORD = "f6ed4c50"
# Words of the fabricated sources: what entails, what contradicts, what lies where.
WEIGHTS = {"passages": (0.0, 0.0, 6.0), "hay": (6.0, 0.0, 0.0), "gates": (0.0, 0.2, 0.0)}


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A copy of the fabricated registry."""
    shutil.copytree(ROOT / "tests" / "registry", tmp_path / "registry")
    return tmp_path / "registry"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A fabricated classifier."""
    return entailment(tmp_path / "fabricated-nli", weights=WEIGHTS)


def judge(registry: Path, *more: object) -> tuple[int, str, str]:
    """Run the command on every claim of the record."""
    done = colophon("judge", RECORD, "--all", "--registry", registry, *more)
    return done.returncode, done.stdout, done.stderr


def test_a_model_files_what_it_says(registry: Path, model: Path) -> None:
    """The file names the model, its digest and the passages, and check accepts it."""
    code, out, err = judge(registry, "--model", model, "--precision", "0.5 on 2 claims of none")
    assert (code, err) == (0, "")
    [file] = registry.glob("papers/f6/*/checks/fabricated-nli-*.yaml")
    text = file.read_text()
    assert file.name in out
    assert "kind: model" in text
    assert "0.5 on 2 claims of none" in text
    assert "sha256:" in text
    assert "verdict: supported" in text
    assert "verdict: contradicted" in text
    assert "found by the grounding" in text
    checked = colophon("check", "--registry", registry)
    assert checked.returncode == 0, checked.stdout


def test_the_page_names_the_model(registry: Path, model: Path, tmp_path: Path) -> None:
    """A reader sees who says it, and the JSON holds the same tier as before."""
    assert colophon("build", "--registry", registry, "--site-dir", tmp_path / "a" / "site").returncode == 0
    assert judge(registry, "--model", model)[0] == 0
    assert colophon("build", "--registry", registry, "--site-dir", tmp_path / "b" / "site").returncode == 0
    [old], [new] = ([*(tmp_path / side / "site" / "papers").glob("f6*.json")] for side in "ab")
    assert json.loads(old.read_bytes())["tier_inputs"] == json.loads(new.read_bytes())["tier_inputs"]
    pages = "".join(
        page.read_text()
        for page in (tmp_path / "b" / "site" / "papers").rglob("*.html")
        if "f6ed" in str(page)
    )
    assert "The model <bdi>fabricated-nli</bdi> says" in pages


def test_a_locator_finds_more_passages(registry: Path, model: Path, tmp_path: Path) -> None:
    """Its passages are those of the held texts nearest to the claim, and are called so."""
    places = {"passages": (1.0, 0.0), "thistledown": (0.0, 1.0), "gates": (0.5, 0.5)}
    finder = encoder(tmp_path / "fabricated-encoder", places)
    code, out, err = judge(registry, "--model", model, "--locator", finder, "--dry-run")
    assert (code, err) == (0, "")
    assert "the embedding locator" in out
    assert judge(registry, "--model", model, "--locator", finder, "--dry-run") == (code, out, err)


@dataclass
class Hearing:
    """A judge and a locator in one: it remembers what it is asked, and finds the first passages nearest."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    def judge(self, passage: str, claim: str) -> Inference:
        """Remember the question."""
        self.asked.append((passage, claim))
        return Inference(0.0, 0.0)

    def nearest(self, claim: str, passages: list[str], most: int) -> list[tuple[int, float]]:
        """Find that every passage is as near as can be."""
        return [(at, 1.0) for at in range(len(passages))]


def test_a_passage_that_both_found_is_judged_once(registry: Path) -> None:
    """Each claim beside each passage of a source once, and the locator's come behind the grounding's."""
    record = loaded_record(WorkTree(str(registry)), RECORD)
    claims = [one.id for one in record.as_filed().manifest.claims or ()]
    hearing: Any = Hearing()
    drawn = draw(claims, "", "2026-11-26", (), None)
    alone = [one.note for one in judgements(record, drawn, hearing, None)]
    by_grounding, hearing.asked = hearing.asked, []
    both = [one.note for one in judgements(record, drawn, hearing, hearing)]
    assert len(alone) == len(both) == len(claims)
    assert len(by_grounding) == len({*by_grounding}) > 0
    assert len(hearing.asked) == len({*hearing.asked}) > len(by_grounding)
    for claim in {claim for _, claim in by_grounding}:
        first = [asked for asked in by_grounding if asked[1] == claim]
        assert [asked for asked in hearing.asked if asked[1] == claim][: len(first)] == first


def test_what_cannot_be_used_is_refused(registry: Path, model: Path, tmp_path: Path) -> None:
    """A locator alone judges nothing; a folder without a network is named; nothing is written."""
    code, _, err = judge(registry, "--locator", model)
    assert (code, "--model" in err) == (2, True)
    code, _, err = judge(registry, "--model", tmp_path / "nowhere")
    assert (code, "holds no model.onnx" in err, err.count("Traceback")) == (2, True, 0)
    code, _, err = judge(registry, "--model", model, "--precision", "a\nb")
    assert (code, "--precision is one line" in err) == (2, True)
    assert not [*registry.glob("papers/f6/*/checks/fabricated-nli-*")]
