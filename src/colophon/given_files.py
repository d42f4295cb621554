"""Files that somebody gives to a command, read whole up to a limit: a device may never end."""

from pathlib import Path

from colophon.errors import UsageError

_MEBIBYTE = 2**20


def read(path: Path, most: int) -> bytes:
    """Return the bytes of a file; ``most`` is in mebibytes.

    Raises UsageError when the file cannot be read or is larger.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(most * _MEBIBYTE + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > most * _MEBIBYTE:
        raise UsageError(f"{path}: has more than {most} MiB")
    return raw
