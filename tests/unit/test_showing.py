"""An edit of a record is shown as the next build will show it, and whatever else changed waits for one."""

import shutil
from pathlib import Path

import pytest

from colophon import pipeline, showing
from colophon.errors import EnvironmentFault
from colophon.executor import Serial
from colophon.fresh_folder import locked
from colophon.pipeline import Survey
from colophon.store import WorkTree

ROOT = Path(__file__).resolve().parents[2]
RECORD = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
OTHER = "0e6a0b0c-0000-8000-8000-000000000000"


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A copy of the test registry."""
    shutil.copytree(ROOT / "tests/registry", tmp_path / "registry")
    return tmp_path / "registry"


def built(registry: Path) -> Survey:
    tree = WorkTree(str(registry))
    return pipeline.build(tree, registry.parent / "site", Serial(), silent, keep_examined=True)


def pages(site: Path) -> dict[str, bytes]:
    files = [site / "papers" / f"{RECORD}.html", site / "papers" / f"{RECORD}.json"]
    files += sorted(file for file in (site / "papers" / RECORD).rglob("*") if file.is_file())
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in files}


def edited(registry: Path, old: str = '"title": "', new: str = '"title": "Edited ') -> Path:
    manifest = registry / f"papers/{RECORD[:2]}/{RECORD}/manifest.json"
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new, 1))
    return manifest


def test_an_edit_is_shown_as_a_build_shows_it(registry: Path) -> None:
    """The pages of the record are those of a whole build, byte for byte, and a list is not touched."""
    site, found = registry.parent / "site", built(registry)
    before, listed = pages(site), (site / "papers.html").read_bytes()
    manifest = edited(registry)
    records = showing.touched(registry, [manifest], found)
    assert records == {RECORD}
    assert showing.show(WorkTree(str(registry)), found, records, site) is not None
    shown = pages(site)
    assert shown != before
    assert b"Edited " in shown[f"papers/{RECORD}.html"]
    assert (site / "papers.html").read_bytes() == listed
    built(registry)
    assert pages(site) == shown
    assert (site / "papers.html").read_bytes() != listed


def test_an_edit_after_an_edit_is_shown_too(registry: Path) -> None:
    """What is found anew is kept for the next edit."""
    site, found = registry.parent / "site", built(registry)
    for word in ("Once", "Twice"):
        edited(registry, new=f'"title": "{word} ')
        after = showing.show(WorkTree(str(registry)), found, {RECORD}, site)
        assert after is not None
        found = after
    assert b"Twice Once " in pages(site)[f"papers/{RECORD}.html"]


def test_a_damaged_record_is_left_to_a_build(registry: Path) -> None:
    """It says what is wrong; the page stays as it was."""
    site, found = registry.parent / "site", built(registry)
    before = pages(site)
    edited(registry, new='"title": "a\nb ')
    assert showing.show(WorkTree(str(registry)), found, {RECORD}, site) is None
    assert pages(site) == before


def test_nothing_is_shown_of_a_damaged_registry(registry: Path) -> None:
    """A record that can be read may be damaged all the same: its report is not the one that was received."""
    site, found = registry.parent / "site", built(registry)
    before = pages(site)
    report = registry / f"papers/{RECORD[:2]}/{RECORD}/report.txt"
    report.write_bytes(report.read_bytes() + b"x")
    edited(registry)
    assert showing.show(WorkTree(str(registry)), found, {RECORD}, site) is None
    assert pages(site) == before


def test_a_site_that_is_gone_is_built_whole(registry: Path) -> None:
    """A few pages in an empty folder would be no site, and no build would replace them."""
    site, found = registry.parent / "site", built(registry)
    shutil.rmtree(site)
    edited(registry)
    assert showing.show(WorkTree(str(registry)), found, {RECORD}, site) is None
    assert not site.exists()


def test_another_build_is_not_disturbed(registry: Path) -> None:
    """While one is at work, nothing is put into the site that it reads."""
    site, found = registry.parent / "site", built(registry)
    before = pages(site)
    edited(registry)
    with locked(site), pytest.raises(EnvironmentFault, match="another build"):
        showing.show(WorkTree(str(registry)), found, {RECORD}, site)
    assert pages(site) == before


@pytest.mark.parametrize(
    "path",
    [
        "registry.yaml",
        "vocabularies/quality-tiers/v2.yaml",
        "sources/arxiv/2401.04088/source.json",
        "README.md",
        f"papers/{OTHER[:2]}/{OTHER}/manifest.json",
        "../elsewhere.md",
    ],
)
def test_what_is_more_than_a_record_needs_a_build(registry: Path, path: str) -> None:
    """Settings, vocabularies, sources, prose and records that are new are shown by no page of a record."""
    found, manifest = built(registry), registry / f"papers/{RECORD[:2]}/{RECORD}/manifest.json"
    assert showing.touched(registry, [manifest], found) == {RECORD}
    assert showing.touched(registry, [manifest, registry / path], found) == frozenset()


def test_many_records_at_once_need_a_build(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To judge each alone would take longer than a build."""
    found = built(registry)
    changed = [registry / item.folder / "manifest.json" for item in found.judged]
    assert len(showing.touched(registry, changed, found)) == len(found.judged) > 1
    monkeypatch.setattr(showing, "_MOST", len(found.judged) - 1)
    assert showing.touched(registry, changed, found) == frozenset()
