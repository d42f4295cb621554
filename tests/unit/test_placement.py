"""A path is judged by itself: what it belongs to, whether it may stand there, what else it is elsewhere."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon.characters import visible
from colophon.placement import Place, folded, misplaced, place, twin

ID = "633d4d8a-aa2a-449c-8123-213191021a18"


def at(path: str, folder: str = "registry") -> Place:
    """Return the place of a path that is judged."""
    found = place(path, folder)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "folder", "shown"),
    [
        ("registry/papers/63/x", "registry", "papers/63/x"),
        ("a/b/registry.yaml", "a/b", "registry.yaml"),
        ("papers/63/x", "", "papers/63/x"),
        ("schemas/x/v1.json", "", "schemas/x/v1.json"),
        ("schemas/x/v1.json", "registry", "../schemas/x/v1.json"),
        ("vocabularies/x.yaml", "a/b", "../../vocabularies/x.yaml"),
        ("registry", "registry", "../registry"),
        ("a", "a/b", "../../a"),
        (os.fsdecode(b"registry/caf\xe9"), "registry", "caf\ufffd"),
    ],
)
def test_findings_name_paths_from_the_registry(path: str, folder: str, shown: str) -> None:
    """Also what lies beside the registry, and a name that is no UTF-8."""
    assert at(path, folder).shown == shown


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("README.md", "registry"), ("papers/63/x", "registry"), ("registry-2/papers/x", "registry"),
        ("src/schemas/x", "registry"), ("README.md", ""), ("docs/papers/x", ""), ("a/x", "a/b"),
    ],
)  # fmt: skip
def test_the_rest_of_the_repository_is_free(path: str, folder: str) -> None:
    """What is none of the registry's business is not judged."""
    assert place(path, folder) is None


@pytest.mark.parametrize(
    "inner",
    [
        "registry.yaml", "papers/.gitkeep", f"papers/63/{ID}/report.txt", f"papers/63/{ID}/manifest.json",
        f"papers/63/{ID}/corrections/a-b-1.yaml", f"papers/63/{ID}/checks/x.yaml",
        f"papers/63/{ID}/groundings/a/b/c.json", f"reviews/63/{ID}/seen.yaml", f"refusals/63/{ID}/not.yaml",
        "works/arxiv/2501.00001/2026-05-02-ada.json", "sources/doi/10.1_2f_x/2026-11-26-text.json",
        f"runs/sums/code/{'0' * 64}.py", f"runs/sums/desk/2026-07-02-{'0' * 16}.json",
        "bindings/sums/a-b.json", "vocabularies/quality-tiers-v2.yaml",
    ],
)  # fmt: skip
def test_the_layout_has_room_for_what_belongs_there(inner: str) -> None:
    """Every kind of file of the design may be added, in a folder or at the top."""
    assert misplaced(at(f"registry/{inner}")) is None
    assert misplaced(at(inner, "")) is None


def test_records_and_statements_are_recognised() -> None:
    """The id comes from the path; corrections, reviews and refusals are what somebody said on a day."""
    inside = at(f"registry/papers/63/{ID}/corrections/x.yaml")
    assert (inside.record, inside.is_statement, inside.is_protected) == (ID, True, True)
    assert (at(f"registry/reviews/63/{ID}/x.yaml").record, at(f"registry/papers/63/{ID}").record) == (ID, "")
    assert not at(f"registry/papers/63/{ID}/manifest.json").is_statement
    assert at(f"registry/papers/63/{ID.upper()}/x").record == ""
    for free in ("registry/registry.yaml", "registry/papers/.gitkeep"):
        assert not at(free).is_protected


def test_contracts_and_vocabularies_have_their_ids() -> None:
    """Schemas by folder and file, vocabularies by file; an example is neither."""
    paths = ("schemas/paper-manifest/v1.1.json", "vocabularies/x-v1.yaml", "registry/vocabularies/y-v2.yaml")
    assert [at(path).contract for path in paths] == ["paper-manifest-v1.1", "x-v1", "y-v2"]
    assert [at(path).holds_document for path in paths] == [False] * 3
    example = at("schemas/examples/paper-manifest-v1.json")
    assert (example.contract, example.holds_document) == ("", False)
    assert at(f"registry/papers/63/{ID}/manifest.json").holds_document


def test_names_that_some_machine_takes_for_one() -> None:
    """Case, accents, unseen characters, and dots or spaces at the end."""
    names = ("Caf\u00e9", "cafe\u0301", "CAFE\u0301", "ca\u200bf\u00e9", "caf\u00e9.", "caf\u00e9 ")
    assert {folded(name) for name in names} == {"caf\u00e9"}
    assert folded("a-b") != folded("a_b")


def test_twins_of_what_is_judged() -> None:
    """A path beside the registry that is inside it elsewhere; its folders too, when it is the repository."""
    assert twin("Registry/papers/x", "registry") == "registry"
    assert twin("A/B/x", "a/b") == "a/b"
    assert twin("A/x", "a/b") is None
    assert (twin("SCHEMAS/x", "registry"), twin("Papers/x", "registry")) == ("schemas", None)
    assert (twin("Papers/x", ""), twin("Registry.YAML", "")) == ("papers", "registry.yaml")


@given(st.binary(min_size=1, max_size=60).filter(lambda raw: b"\0" not in raw))
def test_any_name_is_answered_in_print(raw: bytes) -> None:
    """No name makes the judgement fail, and none reaches a message as it is unless it can be printed."""
    path = raw.decode("utf-8", "surrogateescape")
    for whole in (f"registry/{path}", f"registry/papers/63/{ID}/{path}", path):
        found = place(whole, "registry")
        twin(whole, "registry")
        if found is not None:
            assert found.shown.encode()
            message = misplaced(found) or ""
            assert message == visible(message)
