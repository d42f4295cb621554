"""Fabricated registries of any size: the generator lies with the benchmarks."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

_FILE = Path(__file__).resolve().parent.parent / "benchmarks" / "generate.py"


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", _FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Its dataclasses look their module up by name.
    sys.modules["generate"] = module
    spec.loader.exec_module(module)
    return module


_GENERATE = _loaded()


def write_registry(folder: Path, records: int, seed: int) -> None:
    """Write a registry of so many records, the same for the same seed."""
    _GENERATE.write_registry(folder, records, seed)
