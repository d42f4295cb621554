"""Everything that a page points to is there."""

from functools import cache
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from . import pages


@cache
def _outline(file: Path) -> pages.Outline:
    return pages.Outline(file.read_text(encoding="utf-8"))


def _inside(site: Path, path: str) -> list[str]:
    """Return the addresses in a page that stay on the site."""
    outline = _outline(site / path)
    return [address for address in outline.links + outline.loads if not pages.is_external(address)]


def test_every_link_and_asset_exists_on_disk(site: Path) -> None:
    """Every internal link names a file, and every fragment an element of it, so the site works from disk."""
    wrong = []
    for path in pages.paths(site):
        for address in _inside(site, path):
            target = pages.resolve(site, path, address)
            if not (target.file.is_file() and target.file.is_relative_to(site.resolve())):
                wrong.append(f"{path}: {address} is no file of the site")
            # A fragment with "=" is the state of a list's filters, read by a script.
            elif (
                target.fragment
                and "=" not in target.fragment
                and target.file.suffix == ".html"
                and target.fragment not in _outline(target.file).ids
            ):
                wrong.append(f"{path}: {address} names no element of {target.file.name}")
    assert wrong == []


def test_every_link_and_asset_is_served(site: Path, served: str) -> None:
    """Every internal link and asset answers over http."""
    wanted = {
        pages.resolve(site, path, address).file.relative_to(site.resolve()).as_posix()
        for path in pages.paths(site)
        for address in _inside(site, path)
        if pages.resolve(site, path, address).file.is_relative_to(site.resolve())
    }
    wrong = []
    for path in sorted(wanted):
        try:
            with urlopen(served + path) as answer:
                answer.read()
        except HTTPError as error:
            wrong.append(f"{path}: {error.code}")
    assert wrong == []


def test_every_page_is_linked(site: Path) -> None:
    """Every page but the one for missing pages can be reached from the home page."""
    seen, waiting = set(), ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in seen or not (site / path).is_file():
            continue
        seen.add(path)
        targets = (pages.resolve(site, path, address).file for address in _inside(site, path))
        waiting += [t.relative_to(site.resolve()).as_posix() for t in targets if t.suffix == ".html"]
    assert set(pages.paths(site)) - seen - {"404.html"} == set()


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """Pages and stylesheets load only files of the site."""
    wrong = [
        f"{path}: {address}"
        for path in pages.paths(site)
        for address in _outline(site / path).loads
        if pages.is_external(address)
    ]
    for path, addresses in pages.styles(site).items():
        for address in addresses:
            if pages.is_external(address) or not pages.resolve(site, path, address).file.is_file():
                wrong.append(f"{path}: {address}")
    assert wrong == []


def test_ids_are_unique(site: Path) -> None:
    """No page gives one id to two elements."""
    for path in pages.paths(site):
        ids = _outline(site / path).ids
        assert sorted(ids) == sorted(set(ids)), path


def test_every_page_has_the_strict_policy(site: Path) -> None:
    """Every page forbids inline scripts and styles and everything from other hosts."""
    for path in pages.paths(site):
        text = (site / path).read_text(encoding="utf-8")
        assert text.count('http-equiv="Content-Security-Policy"') == 1, path
        assert "default-src 'none'" in text, path
        assert "unsafe-inline" not in text, path


# What holds without a server, for the site of any registry and in either form.
OF_ANY_SITE = (
    test_every_link_and_asset_exists_on_disk,
    test_every_page_is_linked,
    test_nothing_is_loaded_from_elsewhere,
    test_ids_are_unique,
    test_every_page_has_the_strict_policy,
)
