"""The programs that are compared, as commands: ours from the sources beside this script, and its peers.

A peer that is not installed is None, so that a part can say so and go on.
"""

import hashlib
import importlib.util
import os
import shutil
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src"
GENERATOR = ROOT / "benchmarks" / "generate.py"
INDEXER = ROOT / "benchmarks" / "search.py"
# What the program reads besides its modules, in a checkout.
BESIDE = ("schemas", "vocabularies", "starter", "docs", "theme", "mkdocs.yml")
_START = "import sys; from colophon.cli import main; sys.exit(main())"
Command = list[str | Path]


def colophon(*arguments: str | Path) -> Command:
    """Return the command of our program."""
    return [sys.executable, "-c", _START, *arguments]


def generator(records: int, folder: Path, *options: str) -> Command:
    """Return the command that fabricates a registry in which every facet has values."""
    varied = ("--publishers", "12", "--kinds", "--years", "3", "--topics", "40")
    return [sys.executable, GENERATOR, "--records", str(records), *varied, "--folder", folder, *options]


def indexer(papers: int, folder: Path) -> Command:
    """Return the command that builds the search of drawn papers, with the files of its index in a folder."""
    return [sys.executable, INDEXER, "--papers", str(papers), "--folder", folder]


def hugo() -> Path | None:
    """Return Hugo itself, not the script of its package that starts it, or None."""
    found = _of_package("hugo", "binaries/hugo")
    if found is not None:
        return found
    named = shutil.which("hugo")
    return Path(named) if named else None


def pagefind() -> Path | None:
    """Return Pagefind itself, or None."""
    found = _of_package("pagefind_bin", "pagefind") or _of_package("pagefind_bin", "pagefind_extended")
    if found is not None:
        return found
    named = shutil.which("pagefind")
    return Path(named) if named else None


def mkdocs() -> Command | None:
    """Return the command of mkdocs where it and its Material theme are installed, or None."""
    if importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None:
        return None
    return [sys.executable, "-m", "mkdocs"]


def _of_package(package: str, path: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        if (Path(folder) / path).is_file():
            return Path(folder) / path
    return None


def version(package: str) -> str:
    """Return the version of an installed package, or that it is not known."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "of an unknown version"


def environment(scratch: Path, sources: Path = SOURCES) -> dict[str, str]:
    """Return the environment of what is measured: our sources, and caches of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = os.pathsep.join([str(sources), *filter(None, [kept.get("PYTHONPATH")])])
    for name in ("caches", "hugo"):
        (scratch / name).mkdir(exist_ok=True)
    return {
        **kept,
        "PYTHONPATH": path,
        "XDG_CACHE_HOME": str(scratch / "caches"),
        "HUGO_CACHEDIR": str(scratch / "hugo"),
    }


def digest() -> str:
    """Return the first digits of the digest of our sources, which names the program that was measured."""
    whole = hashlib.sha256()
    package = SOURCES / "colophon"
    for file in sorted(package.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            whole.update(f"{file.relative_to(package)}\0".encode() + file.read_bytes())
    return whole.hexdigest()[:16]


def copied(target: Path) -> Path:
    """Copy our program with what it reads, and return the folder of its sources."""
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SOURCES, target / "src", ignore=unwanted)
    for name in BESIDE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=unwanted)
        else:
            shutil.copy(ROOT / name, target / name)
    return target / "src"
