"""A registry's settings: read, or refused with a place."""

import pickle
import shutil
from pathlib import Path

import pytest

from colophon import admission, settings
from colophon.errors import RegistryError
from colophon.store import WorkTree


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A fresh registry."""
    admission.initialise(tmp_path / "r", name="Made Up", id_prefix="MADE", today="2026-01-01")
    return tmp_path / "r"


def found(registry: Path) -> list[tuple[str, str, int, str]]:
    loaded = settings.load(WorkTree(str(registry)))
    assert (loaded.settings is None) == bool(loaded.findings)
    return [(f.path, f.code, f.line, f.pointer) for f in loaded.findings]


def test_a_fresh_registry_is_read(registry: Path) -> None:
    """What ``init`` writes is read back: name, prefix, no addresses, four vocabularies; it pickles."""
    loaded = settings.load(WorkTree(str(registry)))
    assert loaded.findings == ()
    assert loaded.settings is not None
    assert (loaded.settings.name, loaded.settings.id_prefix, loaded.settings.append_only) == (
        "Made Up",
        "MADE",
        False,
    )
    assert loaded.settings.site_url is None
    assert loaded.settings.stewards == {"Made Up"}
    assert tuple(sorted(loaded.settings.vocabularies)) == settings.VOCABULARIES
    assert pickle.loads(pickle.dumps(loaded.settings)) == loaded.settings


def test_a_folder_without_registry_yaml_is_no_registry(tmp_path: Path) -> None:
    """Without registry.yaml there is nothing to judge; the hint names ``colophon init``."""
    with pytest.raises(RegistryError, match=r"no registry\.yaml") as caught:
        settings.load(WorkTree(str(tmp_path)))
    assert "colophon init" in (caught.value.hint or "")


def test_an_altered_vocabulary_is_refused(registry: Path) -> None:
    """One byte of difference from the release is S115, also in a comment."""
    file = registry / "vocabularies/quality-tiers-v2.yaml"
    file.write_bytes(file.read_bytes() + b"# mine\n")
    assert found(registry) == [("vocabularies/quality-tiers-v2.yaml", "S115", 1, "")]


def test_a_missing_and_an_unknown_vocabulary_are_named(registry: Path) -> None:
    """A vocabulary that is not there and a file that is none are named by path."""
    folder = registry / "vocabularies"
    (folder / "quality-tiers-v1.yaml").rename(folder / "quality-tiers-v9.yaml")
    assert found(registry) == [
        ("vocabularies/quality-tiers-v1.yaml", "S117", 1, ""),
        ("vocabularies/quality-tiers-v9.yaml", "S114", 1, ""),
    ]


@pytest.mark.parametrize("name", ["papers", "vocabularies"])
def test_a_file_or_link_in_the_place_of_a_folder_is_refused(
    registry: Path, tmp_path: Path, name: str
) -> None:
    """A file would hide all records, a link would show those of another place: both are S108."""
    kept = tmp_path / "kept"
    if (registry / name).exists():
        shutil.move(registry / name, kept)
    else:
        kept.mkdir()
    (registry / name).symlink_to(kept)
    assert (name, "S108", 1, "") in found(registry)
    (registry / name).unlink()
    (registry / name).write_text("a file")
    assert (name, "S108", 1, "") in found(registry)


@pytest.mark.parametrize(
    ("old", "new", "code", "pointer"),
    [
        ("id_prefix: ", "id_prefix: x", "S110", "/id_prefix"),
        ("append_only: false", "append_only: perhaps", "S110", "/append_only"),
        ("site_url:", "site_url: http://example.org/", "S110", "/site_url"),
        ("site_url:", "site_url: javascript:alert(1)", "S110", "/site_url"),
        ("site_url:", "site_adress: x\nsite_url:", "S110", ""),
        ("contract_version: registry-v1", "contract_version: registry-v9", "S109", "/contract_version"),
        ("contract_version: registry-v1", "", "S109", ""),
        ("site_url:", "site_url: &x", "S116", "/site_url"),
        ("site_url:", "name: twice\nsite_url:", "S102", "/name"),
    ],
)
def test_each_wrong_setting_is_named_by_place(
    registry: Path, old: str, new: str, code: str, pointer: str
) -> None:
    """A wrong value, an unknown field, another contract and YAML tricks have code, line and pointer."""
    file = registry / "registry.yaml"
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
    assert [(f[0], f[1], f[3]) for f in found(registry)] == [("registry.yaml", code, pointer)]


def test_yes_and_no_are_booleans_where_one_is_asked(registry: Path) -> None:
    """People may write yes for true."""
    file = registry / "registry.yaml"
    file.write_text(file.read_text().replace("append_only: false", "append_only: yes"))
    loaded = settings.load(WorkTree(str(registry)))
    assert loaded.settings is not None
    assert loaded.settings.append_only is True
