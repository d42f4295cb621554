"""The name that git would sign with, read from a person's own settings; no program is run for it."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from colophon.characters import refused

_SECTION = re.compile(r"\s*\[\s*([A-Za-z0-9.-]+)\s*(?:\"[^\"]*\"\s*)?\]\s*(?:[#;].*)?")
_NAME = re.compile(r"\s*name\s*=\s*(?:\"([^\"\\]*)\"|([^\"\\#;]*))\s*(?:[#;].*)?", re.IGNORECASE)
_LONGEST_FILE, _LONGEST = 1_000_000, 200


def git_name() -> str:
    """Return GIT_AUTHOR_NAME or the user.name of a person's global settings; empty when there is none."""
    found = os.environ.get("GIT_AUTHOR_NAME", "").strip()
    for file in () if found else _files():
        with suppress(OSError, UnicodeDecodeError, ValueError):
            if file.stat().st_size <= _LONGEST_FILE:
                found = _in(file.read_text(encoding="utf-8")) or found
    return found if len(found) <= _LONGEST and refused(found) is None else ""


def _files() -> Iterator[Path]:
    """Yield the files that git reads for a person; the last one has the last word."""
    given = os.environ.get("GIT_CONFIG_GLOBAL")
    if given is not None:
        yield Path(given)
        return
    home = Path(os.environ.get("HOME", "/nonexistent"))
    yield Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git" / "config"
    yield home / ".gitconfig"


def _in(text: str) -> str:
    section = name = ""
    for line in text.splitlines():
        heading, entry = _SECTION.fullmatch(line), _NAME.fullmatch(line)
        if heading is not None:
            section = heading[1].lower() if '"' not in line else ""
        elif section == "user" and entry is not None:
            name = (entry[1] or entry[2] or "").strip()
    return name
