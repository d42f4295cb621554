"""Files that somebody gives to a command."""

from pathlib import Path

import pytest

from colophon import given_files
from colophon.errors import UsageError


def test_a_file_is_read_whole_up_to_the_limit(tmp_path: Path) -> None:
    """Of one mebibyte and no byte more."""
    file = tmp_path / "a"
    file.write_bytes(b"a" * 2**20)
    assert given_files.read(file, 1) == file.read_bytes()
    file.write_bytes(b"a" * (2**20 + 1))
    with pytest.raises(UsageError, match="has more than 1 MiB"):
        given_files.read(file, 1)


def test_what_never_ends_is_refused() -> None:
    """A device is read up to the limit, however long it goes on."""
    with pytest.raises(UsageError, match="/dev/zero: has more than 1 MiB"):
        given_files.read(Path("/dev/zero"), 1)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file and a folder."""
    with pytest.raises(UsageError, match="gone: cannot be read: No such file"):
        given_files.read(tmp_path / "gone", 1)
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        given_files.read(tmp_path, 1)
