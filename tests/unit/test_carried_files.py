"""Files of others that are carried along: as they were published, byte for byte."""

import pytest

from colophon import canon

from ..conftest import ROOT


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("sqlite3.js", "sha256:0dcdd860e6ec672623b13b8b8e41bb6c78be7a5df80ec553fc4f69160161c8af"),
        ("sqlite3.wasm", "sha256:b8a92a19f441a90ff2339fe988fbe317c4adf3ed844096f12aee04aa72d58257"),
    ],
)
def test_sqlite_is_as_published(name: str, digest: str) -> None:
    """`@sqlite.org/sqlite-wasm` 3.54.1-build1: `dist/index.mjs` and `dist/sqlite3.wasm`."""
    assert canon.digest((ROOT / "docs" / "assets" / name).read_bytes()) == digest
