"""What a module needs is what Python would import for it, and nothing changes its digest but that."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from colophon import audit_digests, bundle, dependence
from colophon.audits import AUDITS

APART = audit_digests.APART
CACHED = (
    dependence.needed,
    dependence._modules,
    dependence._text,
    dependence._text_digest,
    dependence._needs,
    dependence._catalogs,
    dependence._below,
)


def parsed(module: str) -> set[str]:
    """The modules of this program that a module names in its imports, as Python's own parser reads them."""
    found = set()
    for node in ast.walk(ast.parse(dependence._text(module))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports from where it lies"
            found |= {f"{node.module}.{one.name}" for one in node.names} | {node.module or ""}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return {name for name in found if name in dependence._modules()} - {module}


def test_imports_are_read_as_python_reads_them() -> None:
    """Of every module, however its imports are written; packages above come with them."""
    for module in dependence._modules():
        if module.endswith(".html"):
            continue
        needs = {one for one in dependence._needs(module) if not one.endswith(".html")}
        assert parsed(module) <= needs, module
        above = {part for name in needs | {module} for part in dependence._with_above(name)}
        assert needs | {module} == above


def loaded(module: str) -> set[str]:
    """The modules of this program that are there once one of them was imported."""
    code = f"import sys, {module}; print(*(name for name in sys.modules if name.startswith('colophon')))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return set(said.split())


@pytest.mark.parametrize("module", ["colophon.examined_again", "colophon.audits.benchmark_spread"])
def test_all_that_is_loaded_is_needed(module: str) -> None:
    """What a fresh interpreter loads for a module is among what it needs, catalogues set apart."""
    assert loaded(module) <= dependence.needed(module, apart=APART)


def test_the_base_of_a_result_needs_no_audit_and_no_page() -> None:
    """So that a change of one leaves what all others found."""
    base = dependence.needed("colophon.examined_again", apart=APART)
    assert "colophon.examination" in base
    assert dependence._below("colophon.contracts") <= base
    assert not [name for name in base if name.startswith(("colophon.audits.", "colophon.pages"))]
    own = {audit.examine.__module__ for audit in AUDITS.all().values() if audit.examine is not None}
    assert own <= dependence._below("colophon.audits")
    assert dependence._below("colophon.audits") <= dependence.needed("colophon.examined_again")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small program: ``a`` needs ``b`` and what the catalogue of ``parts`` declares; ``c`` a sheet."""
    texts = {
        "__init__.py": "",
        "a.py": "from colophon import (  # both\n    b,\n)\nfrom colophon.parts import PARTS\n",
        "b.py": "import os\n",
        "c.py": 'def f():\n    from colophon import b\n    render("sheet.html")\n    return "none.html"\n',
        "parts/__init__.py": 'PARTS = Catalog("colophon.parts")\n',
        "parts/one.py": "from colophon.parts import PARTS\n",
        "pages/sheet.html": '{% from "row.html" import row %}\n',
        "pages/row.html": "a row\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(bundle, "PACKAGE", tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for cached in CACHED:
        cached.cache_clear()


@pytest.mark.parametrize(
    ("changed", "others"),
    [
        ("a.py", {"a"}),
        ("b.py", {"a", "c"}),
        ("c.py", {"c"}),
        ("parts/__init__.py", {"a", "parts.one"}),
        ("parts/one.py", {"a", "parts.one"}),
        ("pages/sheet.html", {"c"}),
        ("pages/row.html", {"c"}),
        ("__init__.py", {"a", "c", "parts.one"}),
    ],
)
def test_a_digest_changes_with_what_is_needed(program: Path, changed: str, others: set[str]) -> None:
    """A module's own text, what it imports anywhere, what a catalogue declares; and nothing besides."""
    modules = ("a", "c", "parts.one")
    before = {name: dependence.digest(f"colophon.{name}") for name in modules}
    apart = dependence.digest("colophon.a", apart=("colophon.parts",))
    (program / changed).write_text((program / changed).read_text() + "# more\n")
    forget()
    after = {name: dependence.digest(f"colophon.{name}") for name in modules}
    assert {name for name in modules if before[name] != after[name]} == others
    is_same = dependence.digest("colophon.a", apart=("colophon.parts",)) == apart
    assert is_same == (changed in {"c.py", "parts/one.py", "pages/sheet.html", "pages/row.html"})
