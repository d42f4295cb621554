"""Whatever is done to a document, the two engines agree about it."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .contract_examples import Example, examples, fast, slow

VALID = examples("valid")
NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.5, 1e300, 2**53 + 1, [], [[]], {}, {"a": 1}, ["a", "a"], [0, False],
    "", " ", "a", "a\n", "\n", "\u0663", "\u0085", "\u2028", "\ufeff", "a" * 20001,
    "2026-02-30", "2026-02-28", "2026-2-8", "0000-01-01", "2026-02-28T24:00:00Z",
    "2026-06-30T23:59:60Z", "2026-02-28T10:00:00z", "2026-02-28T10:00:00Z\n",
    "javascript:alert(1)", "https://a.example/\n", "https://a.example/", "http://a\u00a0b", "http://a\u1680b",
    "http://a\x1cb", "/a~1b", "/a~2", "//", "c001", "c\u0660\u0660\u0661", "DEMO:11111111",
    "sha256:" + "a" * 64, "sha256:" + "a" * 65,
)  # fmt: skip


def containers(value: Any) -> Iterator[Any]:
    """Yield every object and array of a document."""
    if isinstance(value, dict | list):
        yield value
        for below in value.values() if isinstance(value, dict) else value:
            yield from containers(below)


def mutate(document: Any, data: st.DataObject) -> None:
    """Drop a key, add one, or give one another value, somewhere."""
    inside = data.draw(st.sampled_from([place for place in containers(document) if place]))
    key = data.draw(st.sampled_from(list(inside) if isinstance(inside, dict) else list(range(len(inside)))))
    action = data.draw(st.sampled_from(["drop", "add", "change", "change", "change"]))
    if action == "drop":
        del inside[key]
    elif action == "change":
        inside[key] = copy.deepcopy(data.draw(st.sampled_from(NASTY) | st.text(max_size=40)))
    elif isinstance(inside, dict):
        inside[data.draw(st.sampled_from(["x-a", "X", "", "x-\u0661", "contract_version\n"]))] = None
    else:
        inside.append(copy.deepcopy(inside[key]))


@settings(max_examples=600)
@given(example=st.sampled_from(VALID), data=st.data())
def test_the_engines_agree_about_any_mutation(example: Example, data: st.DataObject) -> None:
    """A contract that two validators read differently is no contract."""
    document = example.document
    for _ in range(data.draw(st.integers(1, 3))):
        mutate(document, data)
    assert slow(example.contract).is_valid(document) == fast(example.contract).is_valid(document)


@settings(max_examples=300)
@given(example=st.sampled_from(VALID), data=st.data())
def test_the_engines_never_crash(example: Example, data: st.DataObject) -> None:
    """A document of a stranger gets an answer, however it looks."""
    anything = st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
        lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
        max_leaves=10,
    )
    document = data.draw(anything)
    assert slow(example.contract).is_valid(document) == fast(example.contract).is_valid(document) is False
