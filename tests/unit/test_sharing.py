"""What is shared is equal to what it was, and is the same object for all who have it."""

import pickle
from pathlib import Path

from colophon import pipeline
from colophon.executor import Serial
from colophon.sharing import Sharing
from colophon.store import WorkTree

REGISTRY = Path(__file__).parents[1] / "registry"


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def test_what_is_shared_prints_as_it_did() -> None:
    """Of every record of the test registry nothing changes, not even 1 for True."""
    found = pipeline.survey(WorkTree(str(REGISTRY)), Serial(), silent, keep_examined=True)
    alike = Sharing()
    for one in found.examined:
        assert repr(alike.examined(one)) == repr(one)
    for item in found.judged:
        assert repr(alike.derived(item.derived)) == repr(item.derived)


def test_what_comes_from_elsewhere_is_kept_once() -> None:
    """Each copy, as another process sends it, gives back the values of the first."""
    found = pipeline.survey(WorkTree(str(REGISTRY)), Serial(), silent, keep_examined=True)
    one, item = found.examined[0], found.judged[0]
    alike = Sharing()
    first, then = (alike.examined(pickle.loads(pickle.dumps(one))) for _ in range(2))
    assert all(a is b for a, b in zip(first.outcomes, then.outcomes, strict=True))
    kept, again = (alike.derived(pickle.loads(pickle.dumps(item.derived))) for _ in range(2))
    assert kept.level is again.level
    assert kept.dimensions
    assert all(a is b for a, b in zip(kept.dimensions, again.dimensions, strict=True))
