"""The digest by which a record is known again holds everything that is concluded about it."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import orjson
import pytest

from colophon import pipeline, shards
from colophon.executor import Serial
from colophon.judgement import Judged
from colophon.store import WorkTree

REGISTRY = Path(__file__).parents[1] / "registry"


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


@pytest.fixture(scope="module")
def judged() -> tuple[Judged, ...]:
    """The records of the test registry, some with held sources, corrections and re-runs."""
    return pipeline.survey(WorkTree(str(REGISTRY)), Serial(), silent).judged


def values(value: object) -> Iterator[object]:
    """Yield a value and everything in it."""
    yield value
    if is_dataclass(value):
        inside = [getattr(value, one.name) for one in fields(value)]
    elif isinstance(value, dict):
        inside = [*value.keys(), *value.values()]
    else:
        inside = list(value) if isinstance(value, tuple | list | frozenset) else []
    for one in inside:
        yield from values(one)


def test_every_record_has_the_short_way(judged: tuple[Judged, ...]) -> None:
    """Nothing needs the longer form, and no field has a name that the short one leaves out."""
    for item in judged:
        orjson.dumps(item, default=shards._plain, option=orjson.OPT_NON_STR_KEYS)
        names = [one.name for value in values(item) if is_dataclass(value) for one in fields(value)]
        assert [name for name in names if name.startswith("_")] == []


def test_every_difference_makes_another(judged: tuple[Judged, ...]) -> None:
    """Each part that differs gives another digest, and records differ from one another."""
    assert len({shards.fingerprint(item) for item in judged}) == len(judged) > 1
    one, other = judged[:2]
    same = replace(one)
    assert shards.fingerprint(same) == shards.fingerprint(one)
    for field in fields(Judged):
        there = getattr(other, field.name)
        if there != getattr(one, field.name):
            changed = replace(one, **{field.name: there})
            assert shards.fingerprint(changed) != shards.fingerprint(one), field.name
    finding = replace(one.findings[0], slug="another")
    changed = replace(one, findings=(finding, *one.findings[1:]))
    assert changed == one
    assert shards.fingerprint(changed) != shards.fingerprint(one)


def test_a_path_that_is_no_unicode_has_a_fingerprint_too(judged: tuple[Judged, ...]) -> None:
    """Git and disks allow names of any bytes."""
    one = replace(judged[0], folder="papers/\udcff")
    assert shards.fingerprint(one) != shards.fingerprint(judged[0])
    assert shards.fingerprint(one) == shards.fingerprint(replace(one))
