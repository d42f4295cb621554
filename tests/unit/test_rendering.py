"""Every file of a site has an address of its own."""

import pytest

from colophon.model import Written
from colophon.rendering import distinct


def written(*paths: str) -> list[Written]:
    return [(path, "text/html", 1, "sha256:0") for path in paths]


def test_addresses_that_differ_are_handed_on() -> None:
    """In their order."""
    files = written("b.html", "a.html", "b/index.html")
    assert distinct(files) == files


def test_two_files_of_one_address_are_a_bug() -> None:
    """Neither may hide the other, as a page of prose named like one of the registry's would."""
    with pytest.raises(RuntimeError, match=r"experiments\.html was written twice"):
        distinct(written("index.html", "experiments.html", "about.html", "experiments.html"))
