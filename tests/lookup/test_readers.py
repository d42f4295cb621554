"""Every value of every recorded answer, made wrong in every way: a reader refuses it or reads it."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from colophon.lookup import arxiv, crossref, openalex, semantic_scholar
from colophon.lookup.found import Said, Status
from colophon.lookup.identifiers import read
from colophon.lookup.reading import NotThere, Unusable

from .conftest import recorded
from .test_look_up import DOI, PREPRINT

ARTICLE = read(DOI, "doi")
FIRST = read(f"{PREPRINT}v1", "arxiv")
WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "\ud7ff\u202e",
    [],
    [None],
    [[]],
    {},
    {"x": []},
)
READERS: dict[str, Callable[[bytes], Any]] = {
    "crossref/work.json": lambda body: crossref._work(body, DOI),
    "crossref/retracted.json": lambda body: crossref._work(body, DOI),
    "openalex/work.json": lambda body: openalex._work(body, ARTICLE),
    "openalex/preprint.json": lambda body: openalex._work(body, FIRST),
    "semantic-scholar/paper.json": lambda body: semantic_scholar._paper(body, ARTICLE),
    "semantic-scholar/preprint.json": lambda body: semantic_scholar._paper(body, FIRST),
    "arxiv/entry-v1.xml": lambda body: arxiv._entry(body, FIRST),
    "arxiv/record.xml": lambda body: arxiv._versions(body, PREPRINT),
    "arxiv/record-withdrawn.xml": lambda body: arxiv._versions(body, PREPRINT),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inside:
        yield (*path, key)
        yield from places(below, (*path, key))


def wrong_json(body: bytes) -> Iterator[bytes]:
    """Yield an answer with one value replaced or removed."""
    whole = json.loads(body)
    for path in places(whole):
        for value in WRONG:
            data = copy.deepcopy(whole)
            at = data
            for part in path[:-1]:
                at = at[part]
            if value is None and isinstance(at, dict):
                at.pop(path[-1])
            else:
                at[path[-1]] = value
            yield json.dumps(data).encode()


def wrong_xml(body: bytes) -> Iterator[bytes]:
    """Yield an answer with one element removed, doubled, emptied, or with other words."""
    count = sum(1 for _ in ElementTree.fromstring(body).iter())
    for place in range(1, count):
        for change in ("removed", "doubled", "emptied", "worded", "bare"):
            root = ElementTree.fromstring(body)
            element = list(root.iter())[place]
            above = next(one for one in root.iter() if element in list(one))
            if change == "removed":
                above.remove(element)
            elif change == "doubled":
                above.append(copy.deepcopy(element))
            elif change == "emptied":
                element.clear()
            elif change == "worded":
                element.text = "\u202ev0 99999999999999999999 \U0001f33e" * 3
            else:
                element.attrib.clear()
            yield ElementTree.tostring(root)


@pytest.mark.parametrize("name", READERS)
def test_a_wrong_value_never_fails(name: str) -> None:
    """Nor does it invent a retraction: what is read of a sound paper stays sound."""
    body, reader = recorded(name), READERS[name]
    sound = reader(body)
    for changed in wrong_json(body) if name.endswith("json") else wrong_xml(body):
        try:
            found = reader(changed)
        except (Unusable, NotThere):
            continue
        if (
            isinstance(found, Said)
            and sound.status is Status.CURRENT
            and b'"is_retracted": true' not in changed
        ):
            assert found.status is Status.CURRENT


@pytest.mark.parametrize("name", READERS)
def test_a_cut_answer_is_refused(name: str) -> None:
    """Wherever it is cut, nothing is read of it."""
    body = recorded(name).rstrip()
    for end in range(0, len(body), 7):
        with pytest.raises(Unusable):
            READERS[name](body[:end])
