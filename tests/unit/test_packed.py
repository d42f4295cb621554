"""What is packed comes back, and bytes from elsewhere make nothing but values of this program."""

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import packed
from colophon.examination import Examined, Task, examine
from colophon.model import Severity, Tally
from colophon.store import WorkTree

REGISTRY = Path(__file__).parents[1] / "registry"
RECORDS = sorted(folder.name for folder in REGISTRY.glob("papers/*/*"))


@pytest.mark.parametrize("record", RECORDS)
def test_what_was_found_comes_back(record: str) -> None:
    """Facts, findings with their patches, counts and scores of every record of the test registry."""
    found = examine(Task(WorkTree(str(REGISTRY)), record, f"papers/{record[:2]}/{record}", "SRCH"))
    assert packed.unpacked(packed.packed(found), Examined) == found


def test_another_kind_is_no_value() -> None:
    """A value is of the kind that is asked for."""
    assert packed.unpacked(packed.packed(Tally(1)), Tally) == Tally(1)
    assert packed.unpacked(packed.packed(Tally(1)), Examined) is None
    assert packed.unpacked(packed.packed(Severity.ERROR), Severity) is Severity.ERROR


class Hostile:
    """Asks for a call when it is read."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.call


@pytest.mark.parametrize("function", [os.mkdir, exec, packed.packed, WorkTree.look])
def test_bytes_call_no_function(function: object, tmp_path: Path) -> None:
    """Neither of the system, nor of Python, nor a function of this program."""
    made = tmp_path / "made"
    argument = f"import os; os.mkdir({str(made)!r})" if function is exec else str(made)
    raw = pickle.dumps(Hostile(function, argument))
    assert packed.unpacked(raw, Tally) is None
    assert not made.exists()


@given(st.binary(max_size=200), st.integers(0, 400))
def test_damaged_bytes_are_no_value(noise: bytes, at: int) -> None:
    """Bytes that were cut or overwritten give None or a value of the kind, never an error."""
    raw = packed.packed(Tally(1, 2, 3, 4, 5))
    found = packed.unpacked(raw[:at] + noise + raw[at + len(noise) :], Tally)
    assert found is None or isinstance(found, Tally)
