"""Tiny networks in the files that real ones come in: what they say depends on single words of the text."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordLevel

LABELS = ("entailment", "neutral", "contradiction")
# What each word adds to the three labels.
WEIGHTS = {"confirms": (4.0, 0.0, 0.0), "denies": (0.0, 0.0, 4.0), "the": (0.0, 0.1, 0.0)}
# Where each word lies.
PLACES = {"gate": (1.0, 0.0), "width": (1.0, 0.2), "lantern": (0.0, 1.0), "light": (0.2, 1.0)}


def entailment(
    folder: Path, labels: Sequence[str] = LABELS, weights: Mapping[str, Sequence[float]] = WEIGHTS
) -> Path:
    """Write a classifier that adds up the weights of the words of both texts."""
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("ReduceSum", ["rows", "axis"], ["logits"], keepdims=0),
    ]
    _write(folder, nodes, weights, "logits", [1, len(next(iter(weights.values())))])
    config = {"id2label": {str(at): label for at, label in enumerate(labels)}}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def encoder(folder: Path, places: Mapping[str, Sequence[float]] = PLACES) -> Path:
    """Write an encoder that gives each word its place."""
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["states"])]
    _write(folder, nodes, places, "states", [1, None, len(next(iter(places.values())))])
    (folder / "config.json").write_text("{}")
    return folder


def _write(
    folder: Path,
    nodes: list[onnx.NodeProto],
    rows: Mapping[str, Sequence[float]],
    output: str,
    shape: list[int | None],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    wide = len(next(iter(rows.values())))
    table = np.array([[0.0] * wide, *rows.values()], dtype=np.float32)
    graph = helper.make_graph(
        nodes,
        "fabricated",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, [1, None])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([1]), "axis")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, str(folder / "model.onnx"))
    tokenizer = Tokenizer(WordLevel({"?": 0, **{word: at for at, word in enumerate(rows, 1)}}, unk_token="?"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
