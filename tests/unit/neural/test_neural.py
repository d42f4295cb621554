"""Networks from folders: what they give is what is said, and a folder that holds none is refused."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from colophon.errors import EnvironmentFault, UsageError
from colophon.neural.embeddings import EmbeddingLocator
from colophon.neural.entailment import EntailmentJudge
from colophon.neural.network import Network

from .fabricated import WEIGHTS, encoder, entailment


def test_probabilities_are_those_of_the_network(tmp_path: Path) -> None:
    """The weights of the words of passage and claim, through a softmax."""
    judge = EntailmentJudge(entailment(tmp_path / "nli"))
    raised = np.exp([4.0, 0.1, 0.0])
    found = judge.judge("The table confirms it.", "A gate has a width.")
    assert found.entails == pytest.approx(raised[0] / raised.sum())
    assert found.contradicts == pytest.approx(raised[2] / raised.sum())
    assert judge.judge("It denies", "this").contradicts > 0.9
    assert judge.judge("confirms", "denies").entails == pytest.approx(
        judge.judge("denies", "confirms").entails
    )


def test_the_order_of_labels_is_that_of_the_config(tmp_path: Path) -> None:
    """A network with other places for its labels says the same."""
    turned = {word: tuple(reversed(row)) for word, row in WEIGHTS.items()}
    labels = ("CONTRADICTION", "neutral", "Entailment")
    judge = EntailmentJudge(entailment(tmp_path / "nli", labels, turned))
    assert judge.judge("It confirms", "this").entails > 0.9


def test_a_classifier_of_two_labels_never_contradicts(tmp_path: Path) -> None:
    """What does not entail leaves a claim open."""
    two = {"confirms": (4.0, 0.0), "denies": (0.0, 4.0)}
    judge = EntailmentJudge(entailment(tmp_path / "nli", ("entailment", "not_entailment"), two))
    assert judge.judge("It denies", "this").contradicts == 0.0
    assert judge.judge("It denies", "this").entails < 0.1


def test_the_nearest_passages_come_first(tmp_path: Path) -> None:
    """By the cosine of the averages of their words; equal ones in their order, unknown words nowhere."""
    locator = EmbeddingLocator(encoder(tmp_path / "encoder"))
    passages = ["A lantern.", "The gate.", "Gate width.", "Nothing known.", "the GATE"]
    found = locator.nearest("gate", passages, 3)
    assert [at for at, _ in found] == [1, 4, 2]
    assert found[0][1] == pytest.approx(1.0)
    assert locator.nearest("gate", [], 3) == []
    assert locator.nearest("unheard", passages, 1) == [(0, 0.0)]


def test_long_texts_are_cut_where_the_network_ends(tmp_path: Path) -> None:
    """A passage of many thousand words is judged by its beginning, as the network would be trained."""
    judge = EntailmentJudge(entailment(tmp_path / "nli"))
    assert judge.judge("confirms " + "the " * 20_000, "it").entails < 0.5
    assert judge.judge("the " * 5 + "denies " * 20_000, "it").contradicts > 0.9


def test_the_digest_is_that_of_the_weights(tmp_path: Path) -> None:
    """Of one file it is the file's own; another file beside it makes another digest."""
    folder = entailment(tmp_path / "nli")
    one = Network(folder).sha256
    assert one == Network(folder).sha256
    (folder / "model.onnx.data").write_bytes(b"x")
    assert Network(folder).sha256 != one


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_folder_without_one_of_the_files_is_refused(tmp_path: Path, missing: str) -> None:
    """The message names the file."""
    folder = entailment(tmp_path / "nli")
    (folder / missing).unlink()
    with pytest.raises(UsageError, match=f"holds no {missing}"):
        EntailmentJudge(folder)


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("model.onnx", b"no model", "cannot be read as a network"),
        ("tokenizer.json", b"{}", "cannot be read as a network"),
        ("config.json", b"{", "is no JSON"),
        ("config.json", b"[]", "is no JSON object"),
        ("config.json", b"{}", "no labels in id2label"),
        ("config.json", json.dumps({"id2label": {"0": "positive"}}).encode(), "has positive in id2label"),
        ("config.json", json.dumps({"id2label": {"0": "entailment"}}).encode(), "expected one for each of 1"),
    ],
)
def test_a_damaged_folder_is_refused(tmp_path: Path, name: str, body: bytes, message: str) -> None:
    """In one line that says what is wrong."""
    folder = entailment(tmp_path / "nli")
    (folder / name).write_bytes(body)
    with pytest.raises(UsageError, match=message) as error:
        EntailmentJudge(folder).judge("a", "b")
    assert "\n" not in str(error.value)


def test_a_classifier_is_no_encoder(tmp_path: Path) -> None:
    """A network whose output is no vector for a token or a text is refused when it is used for it."""
    with pytest.raises(UsageError, match="expected one for each of 3 labels"):
        folder = encoder(tmp_path / "encoder")
        (folder / "config.json").write_text(json.dumps({"id2label": {"0": "entailment", "1": "b", "2": "c"}}))
        EntailmentJudge(folder).judge("a", "b")


def test_without_the_libraries_the_command_to_install_them_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are an extra."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EnvironmentFault, match="not installed"):
        Network(entailment(tmp_path / "nli"))
