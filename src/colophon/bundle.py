"""Files that travel with the program: schemas, released vocabularies, default prose, theme.

In a wheel they lie in ``colophon/_bundle``; in a checkout they are the folders beside ``src``.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """Return the folder that holds ``schemas``, ``vocabularies``, ``docs``, ``theme`` and ``mkdocs.yml``."""
    installed = PACKAGE / "_bundle"
    return installed if installed.is_dir() else PACKAGE.parent.parent


def schemas() -> Path:
    """Return the folder of the JSON Schemas."""
    return root() / "schemas"


def vocabularies() -> Path:
    """Return the folder of the released vocabularies."""
    return root() / "vocabularies"


def starter() -> Path:
    """Return the folder with what ``colophon init`` writes beside the vocabularies."""
    return root() / "starter"


@cache
def digest() -> str:
    """Return the digest of this program and of the files that it reads: what results depend on."""
    return _digest([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *_data()])


@cache
def data_digest() -> str:
    """Return the digest of the files that this program reads, without its own modules and pages."""
    return _digest(_data())


def _data() -> list[Path]:
    return [
        *schemas().rglob("*.json"),
        *vocabularies().glob("*.yaml"),
        *PACKAGE.glob("grounding/*.json"),
        *PACKAGE.glob("language/*.tsv"),
    ]


def _digest(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in sorted(files):
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()
