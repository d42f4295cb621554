"""Links inside a manifest: each that does not hold is found, at its place."""

from typing import Any

from colophon.links import broken_links, dangling, misnamed


def manifest(**more: Any) -> dict[str, Any]:
    """Return as much of a manifest as links need."""
    claims = [{"id": "c001", "sources": ["s001"]}, {"id": "c002", "sources": None}]
    return {
        "title": "A title",
        "claims": claims,
        "sources": [{"id": "s001"}],
        "truncated": ["/title"],
        **more,
    }


def test_a_manifest_in_order_has_no_broken_link() -> None:
    """Claims in printed order, sources that are listed, cut texts that are there."""
    assert broken_links(manifest()) == []


def test_lists_that_the_report_does_not_show_have_no_links() -> None:
    """Null is not an empty list, and neither has a link."""
    assert broken_links(manifest(claims=None, sources=None)) == []
    assert broken_links(manifest(claims=[], sources=[])) == []


def test_claims_are_named_in_printed_order() -> None:
    """Each claim out of order is found, with the name that it should have."""
    claims = [{"id": "c002", "sources": None}, {"id": "c001", "sources": None}]
    assert misnamed(manifest(claims=claims)) == [
        ("/claims/0/id", "claim is named c002, expected c001 in printed order"),
        ("/claims/1/id", "claim is named c001, expected c002 in printed order"),
    ]


def test_a_source_that_is_not_listed_is_found() -> None:
    """The pointer is that of the one name."""
    claims = [{"id": "c001", "sources": ["s001", "s009"]}]
    assert dangling(manifest(claims=claims)) == [
        ("/claims/0/sources/1", "claim names source s009, which the record does not list")
    ]
    assert [found for found, _ in dangling(manifest(sources=None))] == ["/claims/0/sources/0"]


def test_a_cut_text_must_be_a_text() -> None:
    """A list, a missing place and null are none; a manifest of the first contract names no cut texts."""
    found = broken_links(manifest(truncated=["/title", "/claims", "/nowhere", "/claims/1/sources"]))
    assert [pointer for pointer, _ in found] == ["/truncated/1", "/truncated/2", "/truncated/3"]
    without = {name: value for name, value in manifest().items() if name != "truncated"}
    assert broken_links(without) == []
