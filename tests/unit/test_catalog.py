"""Plug-ins are found by lying in a folder, each once, and then nothing changes any more."""

import itertools
import sys
from pathlib import Path

import pytest

from colophon.catalog import Catalog

_NUMBERS = itertools.count()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Path]:
    """An empty package that declares into its own catalogue ``THINGS``."""
    name = f"plugged_{next(_NUMBERS)}"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text(
        f"from colophon.catalog import Catalog\nTHINGS = Catalog({name!r})\n"
        "def thing(key):\n    def declare(f):\n        THINGS.declare(key, f(), f)\n        return f\n"
        "    return declare\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    return name, folder


def add(folder: Path, file: str, key: str, value: int) -> None:
    (folder / file).write_text(
        f"from {folder.name} import thing\n@thing({key!r})\ndef f():\n    return {value}\n"
    )


def catalog(name: str) -> Catalog[int]:
    __import__(name)
    found: Catalog[int] = sys.modules[name].THINGS
    return found


def test_a_file_in_the_folder_is_enough(package: tuple[str, Path]) -> None:
    """Every module is found, sorted by key; a module that begins with an underscore is none."""
    name, folder = package
    add(folder, "zebra.py", "a", 1)
    add(folder, "ant.py", "b", 2)
    add(folder, "_hidden.py", "c", 3)
    assert list(catalog(name).all().items()) == [("a", 1), ("b", 2)]


def test_two_declarations_of_one_key_name_both_files(package: tuple[str, Path]) -> None:
    """A key that stands in two files is an error, and both files are named."""
    name, folder = package
    add(folder, "one.py", "a", 1)
    add(folder, "two.py", "a", 2)
    with pytest.raises(RuntimeError, match=r"a is declared twice: .*one\.py and .*two\.py"):
        catalog(name).all()


def test_after_discovery_nothing_is_added(package: tuple[str, Path]) -> None:
    """The catalogue is frozen by its first use: a late declaration fails and the mapping is read-only."""
    name, folder = package
    add(folder, "one.py", "a", 1)
    things = catalog(name)
    found = things.all()
    assert things.all() is found
    with pytest.raises(RuntimeError, match="declared after discovery"):
        things.declare("b", 2, add)
    with pytest.raises(TypeError):
        found["b"] = 2  # type: ignore[index]


def test_a_declaration_can_build_on_another(package: tuple[str, Path]) -> None:
    """What is declared so far can be asked before the catalogue is frozen; what is not is a KeyError."""
    name, _ = package
    things = catalog(name)
    things.declare("a", 1, add)
    assert things.declared("a") == 1
    with pytest.raises(KeyError):
        things.declared("b")
