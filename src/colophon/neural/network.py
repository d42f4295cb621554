"""A network from a folder: ``model.onnx`` with ``tokenizer.json``, run on one core to be repeatable."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from colophon.errors import EnvironmentFault, UsageError

if TYPE_CHECKING:
    import numpy as np

_GRAPH, _TOKENIZER, _CONFIG = "model.onnx", "tokenizer.json", "config.json"
_LONGEST = 512
_EXPORT = "export the model with its tokenizer to ONNX into one folder"


class Network:
    """A network of one folder.

    Raises EnvironmentFault when the libraries are not installed, and UsageError when the folder holds no
    network that they can read.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import onnxruntime  # noqa: PLC0415  an extra: slow to import, and rarely installed
            import tokenizers  # noqa: PLC0415
        except ImportError as error:
            raise EnvironmentFault(
                "onnxruntime and tokenizers are not installed", "pip install '.[models]'"
            ) from error
        for name in (_GRAPH, _TOKENIZER, _CONFIG):
            if not (folder / name).is_file():
                raise UsageError(f"{folder}: holds no {name}", _EXPORT)
        self.folder = folder
        options = onnxruntime.SessionOptions()
        # Sums of several threads may differ in their last digits from run to run.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / _GRAPH), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / _TOKENIZER))
        # Each of the two libraries raises what it likes.
        except Exception as error:
            line = " ".join(str(error).split())[:200]
            raise UsageError(f"{folder}: cannot be read as a network: {line}", _EXPORT) from error
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.no_padding()

    @property
    def config(self) -> dict[str, Any]:
        """What ``config.json`` says."""
        try:
            found = json.loads((self.folder / _CONFIG).read_bytes())
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{self.folder / _CONFIG}: is no JSON", _EXPORT) from error
        if not isinstance(found, dict):
            raise UsageError(f"{self.folder / _CONFIG}: is no JSON object", _EXPORT)
        return found

    @property
    def sha256(self) -> str:
        """The digest of the weights: of ``model.onnx``, or of the list of all its files' digests."""
        digests = {}
        for file in sorted(self.folder.glob(f"{_GRAPH}*")):
            with file.open("rb") as opened:
                digests[file.name] = hashlib.file_digest(opened, "sha256").hexdigest()
        if len(digests) == 1:
            return f"sha256:{digests[_GRAPH]}"
        listed = "".join(f"{name}\0{digest}\n" for name, digest in digests.items())
        return f"sha256:{hashlib.sha256(listed.encode()).hexdigest()}"

    def run(self, text: str, pair: str | None = None) -> "tuple[np.ndarray, np.ndarray]":
        """Return the first output for a text, or for two, and the mask of its tokens, both with one row.

        Raises UsageError when the network asks for what no tokenizer gives.
        """
        import numpy as np  # noqa: PLC0415

        encoded = self._tokenizer.encode(text, pair)
        given = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        wanted = [one.name for one in self._session.get_inputs()]
        unknown = [name for name in wanted if name not in given]
        if unknown:
            raise UsageError(
                f"{self.folder / _GRAPH}: asks for {unknown[0]}, expected {', '.join(given)}", _EXPORT
            )
        feeds = {name: np.array([given[name]], dtype=np.int64) for name in wanted}
        try:
            found = self._session.run(None, feeds)[0]
        except Exception as error:
            line = " ".join(str(error).split())[:200]
            raise UsageError(f"{self.folder / _GRAPH}: cannot be run: {line}", _EXPORT) from error
        return np.asarray(found, dtype=np.float64), np.array([encoded.attention_mask], dtype=np.float64)
