"""What lies in a registry where no record's file belongs."""

import pytest

from colophon.store import Entry
from colophon.strays import strays

PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"
OTHER = "733d4d8a-aa2a-449c-8123-213191021a18"


class Listing:
    """A tree that knows only what lies where; ``paths`` end in a slash for a folder, in @ for a link."""

    def __init__(self, *paths: str) -> None:
        self.paths = paths

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the entries of a folder."""
        found: dict[str, Entry] = {}
        for path in self.paths:
            if path.startswith(f"{folder}/"):
                name, slash, _ = path.removeprefix(f"{folder}/").partition("/")
                kind = "folder" if slash else "other" if name.endswith("@") else "file"
                found[name] = Entry(name, kind, 0)  # type: ignore[arg-type]
        return tuple(found.values())

    def read(self, path: str) -> bytes:
        """Nothing is read."""
        raise AssertionError(path)


def codes(*paths: str) -> list[tuple[str, str]]:
    """Return (code, path) of everything that is found."""
    return [(found.code, found.path) for found in strays(Listing(*paths), {PAPER})]


def test_what_belongs_to_a_record_is_no_stray() -> None:
    """Its folder, its reviews and its refusals, and the file that keeps an empty folder in git."""
    assert (
        codes("papers/.gitkeep", f"papers/63/{PAPER}/", f"reviews/63/{PAPER}/", f"refusals/63/{PAPER}/") == []
    )


@pytest.mark.parametrize(
    ("path", "code", "shown"),
    [
        ("papers/notes.txt", "S114", "papers/notes.txt"),
        ("papers/new/x/", "S114", "papers/new"),
        ("papers/6/x/", "S114", "papers/6"),
        ("papers/63/notes.txt", "S114", "papers/63/notes.txt"),
        ("papers/63@", "S108", "papers/63@"),
        ("papers/63/x@", "S108", "papers/63/x@"),
        ("reviews/.gitkeep", "S114", "reviews/.gitkeep"),
        (f"reviews/73/{OTHER}/", "S113", f"reviews/73/{OTHER}"),
        ("refusals/63/somebody/", "S112", "refusals/63/somebody"),
        (f"refusals/64/{PAPER}/", "S113", f"refusals/64/{PAPER}"),
    ],
)
def test_anything_else_is_found(path: str, code: str, shown: str) -> None:
    """Each stray is one finding, at its place, and lists nothing below it."""
    assert codes(path) == [(code, shown)]


def test_folders_of_papers_are_judged_elsewhere() -> None:
    """A folder two levels below papers is a record, whatever it holds."""
    assert codes(f"papers/73/{OTHER}/") == []
