"""The released vocabularies, typed."""

from pathlib import Path

import pytest

from colophon import yaml_guard
from colophon.rules.vocabularies import Vocabularies, vocabularies_of

FOLDER = Path(__file__).parents[3] / "vocabularies"


@pytest.fixture(scope="session")
def vocabularies() -> Vocabularies:
    """The released vocabularies."""
    read = (yaml_guard.read(path.read_bytes()).value for path in FOLDER.glob("*-v*.yaml"))
    return vocabularies_of({tree["contract_version"]: tree for tree in read})
