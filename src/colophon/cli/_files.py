"""Reading a file that a person names on the command line."""

import sys
from pathlib import Path

from colophon import yaml_guard
from colophon.errors import UsageError


def read_small(file: Path, expected: str, hint: str) -> bytes:
    """Return the bytes of a file that a person wrote; ``-`` is standard input.

    ``expected`` says in words what it should be.  Raises UsageError for a file that cannot be read or is
    larger than such a file may be; no more of it is read.
    """
    try:
        if file == Path("-"):
            raw = sys.stdin.buffer.read(yaml_guard.MAX_BYTES + 1)
        else:
            with file.open("rb") as opened:
                raw = opened.read(yaml_guard.MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", hint) from error
    if len(raw) > yaml_guard.MAX_BYTES:
        raise UsageError(f"{file}: has more than {yaml_guard.MAX_BYTES} bytes, expected {expected}", hint)
    return raw
