"""Addresses on the forge of a registry: a new file with its text, a file as it is, a line of it.

What a forge can be asked for follows from ``forge`` in ``registry.yaml``.  Where it cannot be asked, the
address is empty and the page says what to do by hand.
"""

from urllib.parse import quote

from colophon.settings import Settings

# GitHub and the browsers before it answer a longer address with an error.
LONGEST = 7_000
_FILES = {"github": "blob/", "gitea": "src/branch/", "forgejo": "src/branch/", "gitlab": "-/blob/"}
_NEW = {"github": "new/", "gitea": "_new/", "forgejo": "_new/", "gitlab": "-/new/"}
# How each calls the name of the new file; only the first three take its text.
_NAMES = {"github": "filename", "gitea": "filename", "forgejo": "filename", "gitlab": "file_name"}
_PREFILLS = ("github", "gitea", "forgejo")


def has_prefill(settings: Settings) -> bool:
    """Whether the forge opens a new file with its text in it, given by an address."""
    return bool(settings.repository_url) and settings.forge in _PREFILLS


def new_file_link(settings: Settings, path: str, text: str) -> str:
    """Return the address that opens a new file with its text; empty where that cannot be.

    ``path`` counts from the registry's root, here and below.
    """
    if not has_prefill(settings):
        return ""
    link = f"{folder_link(settings, path)}&value={quote(text, safe='')}"
    return link if len(link) <= LONGEST else ""


def folder_link(settings: Settings, path: str) -> str:
    """Return the address that opens a new, empty file of this name in its folder; empty where none does."""
    if not settings.repository_url or settings.forge not in _NEW:
        return ""
    if settings.forge == "github":
        # GitHub drops the last folder of the address when a name is given, so the name holds all of them.
        name = quote(_in_repository(settings, path), safe="/")
        return f"{_address(settings, _NEW, '')}?{_NAMES[settings.forge]}={name}"
    folder, _, name = _in_repository(settings, path).rpartition("/")
    ends = "/" if settings.forge in ("gitea", "forgejo") and folder else ""
    return f"{_address(settings, _NEW, folder)}{ends}?{_NAMES[settings.forge]}={quote(name, safe='')}"


def file_link(settings: Settings, path: str, line: int | None = None) -> str:
    """Return the address of a file as it is on the branch, at a line; empty where none is known."""
    if not settings.repository_url or settings.forge not in _FILES:
        return ""
    return _address(settings, _FILES, _in_repository(settings, path)) + (f"#L{line}" if line else "")


def _in_repository(settings: Settings, path: str) -> str:
    folder = "" if settings.folder in ("", ".") else f"{settings.folder}/"
    return folder + path


def _address(settings: Settings, kinds: dict[str, str], path: str) -> str:
    """Return the address of a path on the branch, in the words of the forge."""
    place = f"{settings.branch}/{path}".rstrip("/")
    return f"{settings.repository_url}/{kinds[settings.forge]}{quote(place, safe='/')}"
