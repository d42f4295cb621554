"""The shape of the code: who may know whom, and how large a thing may grow."""

import ast
import itertools
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "colophon"

# From top to bottom.  A module or package knows only rows below its own; those on one row are strangers.
ROWS: tuple[frozenset[str], ...] = (
    frozenset({"cli"}),
    frozenset({"showing"}),
    frozenset({"pipeline"}),
    frozenset({"site"}),
    frozenset({"inventory", "previewing", "reuse", "search_build"}),
    frozenset({"rendering"}),
    frozenset({"change_check", "fresh_folder", "pages"}),
    frozenset({"correcting", "record_change", "search_store", "shards", "slim", "views"}),
    frozenset({"event_trial", "reruns", "search_entry", "snapshot"}),
    frozenset({"bindings", "examined_again", "judgement"}),
    frozenset({"audit_digests", "sharing"}),
    frozenset({"claim_texts", "examination", "records"}),
    frozenset({"benchmark_evidence", "folder", "local_texts"}),
    frozenset({"acquisition", "answers", "gathering", "issue_form", "rerun", "score_rows"}),
    frozenset(
        {
            "admission",
            "event_findings",
            "filing",
            "forge",
            "frame",
            "gate_events",
            "holdings",
            "runs",
            "works",
        }
    ),
    frozenset({"audits", "dated_files", "exports", "filed", "settings"}),
    frozenset({"documents", "gate", "outline", "record_view_text", "rules"}),
    frozenset({"attributes", "event_faults", "index", "meanwhile", "model_judging", "record_fields"}),
    frozenset({"alterations", "fold", "reasons", "round_trip", "rulebook"}),
    frozenset(
        {"change_report", "entries", "published_before", "registry_look", "strays", "unchanged", "yaml_guard"}
    ),
    frozenset({"amend", "groundings", "intake", "removal", "report", "slips", "store"}),
    frozenset({"borrowing", "canon", "claim_batches", "claim_facts", "outdented", "repository", "schema"}),
    frozenset(
        {
            "evidence",
            "faults",
            "findings_json",
            "fingerprint",
            "git",
            "grounding",
            "ingests",
            "lookup",
            "parquet",
            "pieces",
            "placement",
            "run_metrics",
            "scan",
            "unquoted",
        }
    ),
    frozenset(
        {
            "asked",
            "atomic",
            "cache",
            "characters",
            "checking",
            "contracts",
            "dependence",
            "executor",
            "faults_events",
            "faults_history",
            "faults_runs",
            "given_files",
            "likeness",
            "links",
            "near_duplicates",
            "neural",
            "packed",
            "scores",
            "shapes",
        }
    ),
    frozenset(
        {
            "bundle",
            "catalog",
            "errors",
            "formulas",
            "language",
            "layout",
            "matching",
            "model",
            "pointer",
            "proportions",
            "sampling",
            "spelling",
            "yaml_text",
        }
    ),
)

# Who alone knows a library.  Everything else from outside the standard library must be listed here too.
WALLS: dict[str, frozenset[str]] = {
    "jsonschema": frozenset({"schema"}),
    "jsonschema_rs": frozenset({"schema"}),
    "referencing": frozenset({"schema"}),
    "rapidfuzz": frozenset({"matching"}),
    "typer": frozenset({"cli"}),
    "rich": frozenset({"cli"}),
    "watchfiles": frozenset({"cli"}),
    "mkdocs": frozenset({"frame"}),
    "minijinja": frozenset({"pages"}),
    "ruamel": frozenset({"yaml_guard"}),
    "pypdf": frozenset({"acquisition"}),
    "duckdb": frozenset({"parquet"}),
    "pydantic": frozenset({"contracts"}),
    "snowballstemmer": frozenset({"language"}),
    "orjson": frozenset(
        {
            "canon",
            "fresh_folder",
            "grounding",
            "lookup",
            "outline",
            "pages",
            "parquet",
            "rendering",
            "reuse",
            "score_rows",
            "shapes",
            "shards",
            "snapshot",
        }
    ),
    "urllib3": frozenset({"lookup"}),
    "distributed": frozenset({"executor"}),
    "numpy": frozenset({"neural"}),
    "onnxruntime": frozenset({"neural"}),
    "tokenizers": frozenset({"neural"}),
}

# Of the standard library: a database, and everything that runs a program or opens a connection.
GUARDED: dict[str, frozenset[str]] = {
    "sqlite3": frozenset({"cache", "search_store"}),
    "http": frozenset({"cli"}),
    "concurrent": frozenset(
        {
            "change_check",
            "claim_batches",
            "cli",
            "examination",
            "examined_again",
            "executor",
            "pipeline",
            "registry_look",
            "search_build",
            "site",
            "snapshot",
        }
    ),
    "subprocess": frozenset({"git", "rerun"}),
    "multiprocessing": frozenset({"executor"}),
    "socket": frozenset(),
    "urllib.request": frozenset(),
    "ftplib": frozenset(),
    "smtplib": frozenset(),
    # It makes nothing but values of this program.
    "pickle": frozenset({"packed"}),
    "marshal": frozenset(),
    "shelve": frozenset(),
    "asyncio": frozenset(),
}

# Packages whose modules are found by their file name.
DISCOVERED = ("audits", "cli", "contracts", "exports", "ingests", "pages")
# Of these a module knows its package and the helping modules (with an underscore), never its sisters.
STRANGERS = ("audits", "exports", "ingests")
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "shared"}

LONGEST_FUNCTION, USUAL_FUNCTION = 60, 25
LONGEST_MODULE, LONGEST_PIPELINE = 300, 200


@dataclass(frozen=True)
class Source:
    """One module of the package."""

    path: Path

    @property
    def parts(self) -> tuple[str, ...]:
        """The dotted name below ``colophon``, in parts; a package is named without ``__init__``."""
        parts = self.path.relative_to(PACKAGE).with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    @property
    def unit(self) -> str:
        """The name that stands in the rows; empty for the package itself."""
        return self.parts[0] if self.parts else ""

    @property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return _parsed(self.path)

    def __str__(self) -> str:
        return ".".join(("colophon", *self.parts))


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def sources() -> tuple[Source, ...]:
    """Return all modules of the package, sorted by path."""
    return tuple(Source(path) for path in sorted(PACKAGE.rglob("*.py")))


@cache
def modules() -> frozenset[str]:
    """Return the dotted names of all modules."""
    return frozenset(str(source) for source in sources())


def imported(source: Source) -> Iterator[str]:
    """Yield every dotted module name that a module imports, at the top or inside a function."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source} imports relatively; write the whole name"
            module = node.module or ""
            for alias in node.names:
                below = f"{module}.{alias.name}"
                yield below if below in modules() or not module.startswith("colophon") else module


def own(source: Source) -> Iterator[str]:
    """Yield the imports from this package."""
    return (name for name in imported(source) if name.split(".")[0] == "colophon")


def foreign(source: Source) -> Iterator[str]:
    """Yield the imports from anywhere else."""
    return (name for name in imported(source) if name.split(".")[0] != "colophon")


def row(unit: str) -> int:
    """Return the place of a unit, counted from the top."""
    found = [place for place, units in enumerate(ROWS) if unit in units]
    assert len(found) == 1, f"{unit} stands on {len(found)} rows of ROWS, expected 1"
    return found[0]


def functions() -> Iterator[tuple[int, str]]:
    """Yield (lines, name) of every function, its signature and docstring included."""
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{source}.{node.name}"


def test_every_module_has_a_row() -> None:
    """The rows name exactly what exists, so that a new module must be placed and a removed one struck out."""
    assert {source.unit for source in sources()} - {""} == frozenset().union(*ROWS)


def test_imports_go_down() -> None:
    """A unit imports only from rows below its own; peers on a row do not know each other."""
    wrong = [
        f"{source} imports {name}"
        for source in sources()
        for name in own(source)
        if source.unit and name != "colophon" and (unit := name.split(".")[1]) != source.unit
        if row(unit) <= row(source.unit)
    ]
    assert not wrong


def test_rows_are_tight() -> None:
    """No two neighbouring rows could be one: something on the upper row imports something on the lower."""
    known: dict[str, set[str]] = {}
    for source in sources():
        known.setdefault(source.unit, set()).update(name.split(".")[1] for name in own(source) if "." in name)
    loose = [
        f"{sorted(upper)} and {sorted(lower)}"
        for upper, lower in itertools.pairwise(ROWS)
        if not any(known.get(unit, set()) & lower for unit in upper)
    ]
    assert not loose


@pytest.mark.parametrize("package", STRANGERS)
def test_plug_ins_do_not_know_each_other(package: str) -> None:
    """A discovered module can be added or removed alone: no sister imports it."""
    wrong = [
        f"{source} imports {name}"
        for source in sources()
        for name in own(source)
        if source.unit == package and name.startswith(f"colophon.{package}.") and name != str(source)
        if not name.split(".")[2].startswith("_")
    ]
    assert not wrong


def test_libraries_stay_behind_their_walls() -> None:
    """A library is imported only where WALLS says; torch, and anything not listed, nowhere."""
    wrong = [
        f"{source} imports {name}"
        for source in sources()
        for name in foreign(source)
        if (library := name.split(".")[0]) not in sys.stdlib_module_names
        if source.unit not in WALLS.get(library, frozenset())
    ]
    assert not wrong


def test_guarded_standard_modules() -> None:
    """Only git is run, by one module; nothing opens a connection; the database stays in the cache."""
    wrong = [
        f"{source} imports {name}"
        for source in sources()
        for name in foreign(source)
        for guarded, allowed in GUARDED.items()
        if f"{name}.".startswith(f"{guarded}.") and source.unit not in allowed
    ]
    assert not wrong


def test_imported_libraries_are_declared() -> None:
    """Every library imported is a dependency of the wheel, or of an extra; none came along with another."""
    extras = ("cluster", "models")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {
        name.split("==")[0].split("[")[0].lower()
        for part in (project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras))
        for name in part
    }
    distribution = {
        "ruamel": "ruamel.yaml",
        "markdown_it": "markdown-it-py",
        "jsonschema_rs": "jsonschema-rs",
    }
    used = {name.split(".")[0] for source in sources() for name in foreign(source)} - sys.stdlib_module_names
    assert {distribution.get(name, name) for name in used} <= declared


def test_functions_are_short() -> None:
    """Nine of ten functions have at most 25 lines and none has more than 60."""
    lengths = sorted(functions())
    assert lengths[-1][0] <= LONGEST_FUNCTION, lengths[-5:]
    assert lengths[int(len(lengths) * 0.9)][0] <= USUAL_FUNCTION


def test_modules_are_short() -> None:
    """A module has at most 300 lines, the pipeline at most 200."""
    lengths = {str(source): len(source.path.read_text(encoding="utf-8").splitlines()) for source in sources()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}
    assert lengths["colophon.pipeline"] <= LONGEST_PIPELINE


def test_no_module_has_a_vague_name() -> None:
    """A file name says what is inside."""
    assert [str(source) for source in sources() if source.path.stem.strip("_") in VAGUE] == []


def test_every_module_says_what_it_is() -> None:
    """Every module begins with a docstring."""
    assert [str(source) for source in sources() if not ast.get_docstring(source.tree)] == []


def test_every_module_is_used() -> None:
    """A module is imported by another or found by its file name."""
    used = {name for source in sources() for name in own(source) if name != str(source)}
    used |= {name.rpartition(".")[0] for name in used}
    found = {
        str(source)
        for source in sources()
        if len(source.parts) == 2 and source.unit in DISCOVERED and not source.parts[1].startswith("_")
    }
    assert modules() - used - found - {"colophon", "colophon.cli"} == set()


def test_every_template_is_rendered() -> None:
    """A template beside the pages is named by a page or by another template."""
    pages = PACKAGE / "pages"
    texts = {path: path.read_text(encoding="utf-8") for path in [*pages.glob("*.py"), *pages.glob("*.html")]}
    unused = [
        path.name
        for path in pages.glob("*.html")
        if not any(path.name in text for other, text in texts.items() if other != path)
    ]
    assert unused == []
