"""Addresses on a forge: what each forge takes, escaped, and nothing where it cannot be asked."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import forge
from colophon.settings import Settings

REPOSITORY = "https://forge.example/o/r"
PATH = "papers/63/633d/corrections/a-b.yaml"
HERE = "registry/papers/63/633d/corrections"


def registry(
    kind: str, *, repository: str | None = REPOSITORY, branch: str = "main", folder: str = "registry"
) -> Settings:
    """Return the settings of a registry on a forge of this kind."""
    return Settings(
        name="n", description="d", id_prefix="MADE", site_url=None, repository_url=repository,
        opened="2026-01-01", append_only=False, vocabularies={}, forge=kind, branch=branch, folder=folder,
        maintainers=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        ("github", f"{REPOSITORY}/new/main?filename={HERE}/a-b.yaml&value=a%3A%20%26%0A%23"),
        ("gitea", f"{REPOSITORY}/_new/main/{HERE}/?filename=a-b.yaml&value=a%3A%20%26%0A%23"),
        ("forgejo", f"{REPOSITORY}/_new/main/{HERE}/?filename=a-b.yaml&value=a%3A%20%26%0A%23"),
        ("gitlab", ""),
        ("other", ""),
    ],
)
def test_a_new_file_with_its_text(kind: str, link: str) -> None:
    """GitHub, Gitea and Forgejo take the text; the others cannot, and are asked for nothing."""
    assert forge.new_file_link(registry(kind), PATH, "a: &\n#") == link
    assert forge.has_prefill(registry(kind)) == bool(link)


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        ("github", f"{REPOSITORY}/new/main?filename={HERE}/a-b.yaml"),
        ("gitea", f"{REPOSITORY}/_new/main/{HERE}/?filename=a-b.yaml"),
        ("forgejo", f"{REPOSITORY}/_new/main/{HERE}/?filename=a-b.yaml"),
        ("gitlab", f"{REPOSITORY}/-/new/main/{HERE}?file_name=a-b.yaml"),
        ("other", ""),
    ],
)
def test_a_new_empty_file(kind: str, link: str) -> None:
    """Where the text cannot be given, or is too long, folder and name can."""
    assert forge.folder_link(registry(kind), PATH) == link


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        ("github", f"{REPOSITORY}/blob/main/registry/{PATH}"),
        ("gitea", f"{REPOSITORY}/src/branch/main/registry/{PATH}"),
        ("forgejo", f"{REPOSITORY}/src/branch/main/registry/{PATH}"),
        ("gitlab", f"{REPOSITORY}/-/blob/main/registry/{PATH}"),
        ("other", ""),
    ],
)
def test_a_file_and_a_line_of_it(kind: str, link: str) -> None:
    """Every known forge shows a file on its branch."""
    assert forge.file_link(registry(kind), PATH) == link
    assert forge.file_link(registry(kind), PATH, 41) == (f"{link}#L41" if link else "")


def test_without_a_repository_there_is_no_address() -> None:
    """A registry that lives nowhere yet links nowhere."""
    nowhere = registry("github", repository=None)
    assert not forge.has_prefill(nowhere)
    assert forge.new_file_link(nowhere, PATH, "a") == ""
    assert forge.folder_link(nowhere, PATH) == ""
    assert forge.file_link(nowhere, PATH) == ""


@pytest.mark.parametrize("folder", ["", "."])
def test_a_registry_may_be_the_whole_repository(folder: str) -> None:
    """Then nothing stands before its paths; a file at the root has no folder."""
    whole = registry("gitea", folder=folder, branch="feature/x")
    assert forge.file_link(whole, PATH) == f"{REPOSITORY}/src/branch/feature/x/{PATH}"
    assert forge.folder_link(whole, "x.yaml") == f"{REPOSITORY}/_new/feature/x?filename=x.yaml"


def test_a_long_text_is_no_address() -> None:
    """At most 7,000 bytes, counted as they are sent."""
    room = forge.LONGEST - len(forge.new_file_link(registry("github"), PATH, ""))
    assert len(forge.new_file_link(registry("github"), PATH, "x" * room)) == forge.LONGEST
    assert forge.new_file_link(registry("github"), PATH, "x" * (room + 1)) == ""
    assert forge.new_file_link(registry("github"), PATH, "é" * (room // 6 + 1)) == ""


@given(st.text(max_size=100), st.text(min_size=1, max_size=20).filter(lambda name: "/" not in name))
@settings(max_examples=200)
def test_any_text_arrives(text: str, name: str) -> None:
    """Every sign in text and name is escaped, so none ends the address or begins another part of it."""
    text, name = (one.encode("utf-8", "ignore").decode() for one in (text, f"x{name}"))
    link = forge.new_file_link(registry("github"), f"a b/?#&/{name}", text)
    parts = urlsplit(link)
    assert link.isascii()
    assert parts.path == "/o/r/new/main"
    assert parts.fragment == ""
    arrived = parse_qs(parts.query, keep_blank_values=True)
    assert arrived == {"filename": [f"registry/a b/?#&/{name}"], "value": [text]}
