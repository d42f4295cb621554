"""Finding the record that a person means."""

from pathlib import Path

import pytest

from colophon.errors import UsageError
from colophon.records import Named, find, listed
from colophon.store import WorkTree

from ..conftest import ROOT

FIRST = "633d4d8a-aa2a-449c-8123-213191021a18"
TWIN = "633d4d8a-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def known() -> dict[str, Named]:
    """The records of the real registry."""
    return listed(WorkTree(str(ROOT / "registry")), "SRCH")


@pytest.mark.parametrize(
    "name",
    [
        FIRST,
        FIRST.upper(),
        "633d4d8a",
        "SRCH:633D4D8A",
        "srch:633d4d8a",
        f"https://registry.example.org/papers/{FIRST}.html#c003",
        f"https://registry.example.org/papers/{FIRST}/v2.html",
        f"registry/papers/63/{FIRST}",
        "gated sparse attention kosmos",
        " 633d4d8a ",
    ],
)
def test_a_record_is_found_by_every_name(known: dict[str, Named], name: str) -> None:
    """Full id, display id, first digits, address of a page or of a file, and words of the title all do."""
    assert find(name, known).id == FIRST


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SRCH:C157B342", "did you mean SRCH:C157B341 (Sparse Multimodal Model Efficiency"),
        ("c157b342", "did you mean c157b341 (Sparse Multimodal Model Efficiency"),
        (f"{FIRST[:-1]}9", f"did you mean {FIRST} (Impact of Gated Sparse Attention"),
        (f"/papers/{FIRST[:-1]}9.html", f"did you mean {FIRST} (Impact of Gated"),
        ("OTHER:633D4D8A", "names no record of this registry"),
        ("quantum chromodynamics on a lattice", "names no record of this registry"),
        ("", "names no record of this registry"),
    ],
)
def test_a_name_that_misses_gets_the_nearest_record_with_its_title(
    known: dict[str, Named], name: str, words: str
) -> None:
    """A miss says which record is near, with its title, and never takes it unasked."""
    with pytest.raises(UsageError) as raised:
        find(name, known)
    assert words in raised.value.message
    assert raised.value.hint


def test_a_display_id_of_two_records_lists_both_with_titles(known: dict[str, Named]) -> None:
    """Two records may share the first eight digits; neither is guessed."""
    both = {**known, TWIN: Named(TWIN, f"papers/63/{TWIN}", "SRCH:633D4D8A", lambda: "The other one")}
    for name in ("SRCH:633D4D8A", "633d4d8a"):
        with pytest.raises(UsageError, match="fits 2 records") as raised:
            find(name, both)
        assert f"{TWIN} The other one" in raised.value.message
        assert f"{FIRST} Impact of Gated" in raised.value.message


def test_a_record_without_a_readable_title_can_be_named(tmp_path: Path) -> None:
    """A damaged manifest keeps no record from being found by its id."""
    folder = tmp_path / "papers" / "63" / FIRST
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{")
    known = listed(WorkTree(str(tmp_path)), "SRCH")
    assert find("633d4d8a", known).title == "title not readable"
    (folder / "manifest.json").unlink()
    assert known[FIRST].title == "title not readable"
