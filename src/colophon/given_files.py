"""Files that somebody gives to a command, read whole up to a limit: a device may never end."""

from itertools import islice
from pathlib import Path

from colophon.errors import UsageError

_MEBIBYTE = 2**20


def read(path: Path, most: int) -> bytes:
    """Return the bytes of a file; ``most`` is in mebibytes.

    Raises UsageError when the file cannot be read or is larger.
    """
    try:
        with path.open("rb") as file:
            # To ask for all of it at once would take the memory of the limit for every file.
            raw = b"".join(islice(iter(lambda: file.read(_MEBIBYTE), b""), most + 1))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > most * _MEBIBYTE:
        raise UsageError(f"{path}: has more than {most} MiB")
    return raw
