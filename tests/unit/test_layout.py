"""A source has one folder, however it is cited, and no name leaves it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import layout
from colophon.placement import misplaced, place


@pytest.mark.parametrize(
    ("kind", "identifier", "folder", "version"),
    [
        ("arxiv", "2507.13374v1", "sources/arxiv/2507.13374", "v1"),
        ("arxiv", "arXiv:2507.13374", "sources/arxiv/2507.13374", None),
        ("arxiv", "cs.CL/0112017v3", "sources/arxiv/cs.cl_2f_0112017", "v3"),
        ("doi", "https://doi.org/10.1000/AB(c)", "sources/doi/10.1000_2f_ab_28_c_29_", None),
        ("other", "..", "sources/other/_2e__2e_", None),
        ("url", "http://a.example/../b", "sources/url/http_3a__2f__2f_a.example_2f__2e__2e__2f_b", None),
    ],
)
def test_a_source_has_one_folder(kind: str, identifier: str, folder: str, version: str | None) -> None:
    """Versions, case and the address of a resolver make no other source; all else is spelt out."""
    assert layout.source_folder(kind, identifier) == folder
    assert layout.version_of(kind, identifier) == version


@pytest.mark.parametrize(
    ("identifier", "name"),
    [("10.1000/Ab_c é", "10.1000_2f_ab_5f_c_20__e9_"), ("a.b", "a.b"), (".a..b.", "_2e_a_2e__2e_b_2e_")],
)
def test_escaping_of_identifiers(identifier: str, name: str) -> None:
    """Every character outside [a-z0-9.-] is written as its code point, and so is a dot that could mislead."""
    assert layout.escaped(identifier) == name


@given(st.sampled_from(layout.KINDS), st.text(min_size=1, max_size=500))
def test_every_identifier_has_a_place_that_the_gate_allows(kind: str, identifier: str) -> None:
    """Whatever a record cites, its folder lies below sources and is a name on every machine."""
    path = f"{layout.source_folder(kind, identifier)}/2026-11-26-added.json"
    found = place(path, "")
    assert found is not None
    name = path.split("/")[2]
    if name:
        assert misplaced(found) is None
        assert re.fullmatch(r"[a-z0-9._-]{1,200}", name)


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_two_identifiers_share_a_folder_only_as_one(one: str, other: str) -> None:
    """No two sources share a folder."""
    if layout.source_folder("other", one) == layout.source_folder("other", other):
        assert layout.without_version("other", one) == layout.without_version("other", other)


@pytest.mark.parametrize(
    "path",
    [
        "sources/arxiv/2507.13374/notes.json",
        "sources/isbn/1/2026-11-26-added.json",
        "sources/arxiv/2026-11-26-added.json",
        "sources/arxiv/2507.13374/more/2026-11-26-added.json",
        "works/arxiv/2507.13374/2026-11-26-added.yaml",
    ],
)
def test_the_gate_refuses_other_places(path: str) -> None:
    """A file of a source that is not named by day and name, or not in a source's folder, is refused."""
    found = place(path, "")
    assert found is not None
    assert "has no place in" in (misplaced(found) or "")
