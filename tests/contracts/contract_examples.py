"""What the contract tests share: schemas, their examples, and the two engines."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import referencing

EXAMPLES = Path(__file__).parent
SCHEMAS = EXAMPLES.parent.parent / "schemas"


@dataclass(frozen=True)
class Example:
    """One example file, the contract it is for, and what is expected of an invalid one."""

    contract: str
    path: Path

    @property
    def document(self) -> Any:
        """The parsed example."""
        return json.loads(self.path.read_text(encoding="utf-8"))

    @property
    def expected(self) -> list[str]:
        """Lines "<JSON pointer> <keyword>", sorted."""
        return self.path.with_suffix(".expected.txt").read_text(encoding="utf-8").splitlines()

    def __str__(self) -> str:
        return f"{self.contract}-{self.path.stem}"


def contracts() -> list[str]:
    """Return the ids of all contracts that have a schema."""
    return sorted(f"{file.parent.name}-{file.stem}" for file in SCHEMAS.glob("*/v[0-9]*.json"))


def examples(kind: str) -> list[Example]:
    """Return all examples of one kind, ``valid`` or ``invalid``; published ones are valid."""
    files = sorted(EXAMPLES.glob(f"*/v*/{kind}/*.json"))
    published = sorted((SCHEMAS / "examples").glob("*.json")) if kind == "valid" else []
    return [Example(f"{file.parts[-4]}-{file.parts[-3]}", file) for file in files] + [
        Example(file.stem, file) for file in published
    ]


@cache
def schema(contract: str) -> dict[str, Any]:
    """Return a schema; do not change it."""
    name, _, version = contract.rpartition("-")
    loaded: dict[str, Any] = json.loads((SCHEMAS / name / f"{version}.json").read_text(encoding="utf-8"))
    return loaded


def _refuse(uri: str) -> Any:
    raise AssertionError(f"{uri} was asked for")


@cache
def slow(contract: str) -> jsonschema.Draft202012Validator:
    """Return the explaining engine; it can fetch nothing."""
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    registry: referencing.Registry[Any] = referencing.Registry()
    return jsonschema.Draft202012Validator(schema(contract), registry=registry, format_checker=checker)


@cache
def fast(contract: str) -> Any:
    """Return the fast engine; it can fetch nothing."""
    return jsonschema_rs.validator_for(schema(contract), validate_formats=True, retriever=_refuse)


def _line(path: Iterable[Any], keyword: Any) -> str:
    tokens = (str(token).replace("~", "~0").replace("/", "~1") for token in path)
    return "".join(f"/{token}" for token in tokens) + f" {keyword}"


def _chosen(branches: Iterable[list[str]]) -> list[str] | None:
    """Return the errors of the one ``oneOf`` branch whose discriminator holds, if there is one."""
    fitting = [lines for lines in branches if "/document const" not in lines]
    return fitting[0] if len(fitting) == 1 else None


def slow_errors(contract: str, document: Any) -> list[str]:
    """Return what the explaining engine finds, one line "<JSON pointer> <keyword>" per error, sorted."""
    return sorted(line for error in slow(contract).iter_errors(document) for line in _slow_lines(error))


def _slow_lines(error: jsonschema.ValidationError) -> list[str]:
    branches: dict[Any, list[str]] = {}
    for below in error.context or () if error.validator == "oneOf" else ():
        branches.setdefault(below.schema_path[0], []).extend(_slow_lines(below))
    return _chosen(branches.values()) or [_line(error.absolute_path, error.validator)]


def fast_errors(contract: str, document: Any) -> list[str]:
    """Return what the fast engine finds, in the same form."""
    return sorted(line for error in fast(contract).iter_errors(document) for line in _fast_lines(error))


def _fast_lines(error: Any) -> list[str]:
    keyword = error.schema_path[-1]
    context = error.kind.context if keyword == "oneOf" else ()
    branches = [[line for below in branch for line in _fast_lines(below)] for branch in context]
    return _chosen(branches) or [_line(error.instance_path, keyword)]
