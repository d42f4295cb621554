"""What a change may not tell git about the registry's files: an attribute can change their bytes on checkout.

The digests that reviews and removals name are of the bytes that git holds.  A line such as
``registry/** text eol=crlf`` changes no file and yet every one that is checked out.
"""

import re
from collections.abc import Iterable, Iterator

from colophon import placement
from colophon.alterations import PLAIN, finding, quoted
from colophon.characters import visible
from colophon.model import Finding
from colophon.repository import Change, Repository

_FILE = ".gitattributes"
_LARGEST = 64 * 1024
# These change bytes, on checkout or in a merge, when they are set; "binary" and a hyphen before a name only
# switch them off.
_CHANGING = re.compile(r"(?:text|eol|crlf|ident|filter|working-tree-encoding|export-subst|merge)(?:=.*)?")
# The endings of files that a registry holds; a pattern of another ending cannot mean one of them.
_ENDING = re.compile(r"[^/]*\.(?!ya?ml$|json$|txt$|csv$|npz$|py$)[a-z0-9]+")


def findings(repository: Repository, changes: Iterable[Change], folder: str) -> Iterator[Finding]:
    """Yield the lines of added or altered attribute files above the registry that reach into it."""
    parts = folder.split("/") if folder else []
    above = {"/".join([*parts[:level], _FILE]): parts[level:] for level in range(len(parts) + 1)}
    for change in changes:
        inside = above.get(change.path)
        if inside is None or change.new_mode != PLAIN:
            continue
        place = placement.anywhere(change.path, folder)
        raw = repository.read_small(change.new_oid, _LARGEST)
        if raw is None:
            yield finding("H405", place, f"has more than {_LARGEST} bytes, expected a few lines")
            continue
        for number, line in enumerate(raw.decode("utf-8", "replace").split("\n"), 1):
            if _reaches(line, inside):
                message = f"{visible(line.strip())[:100]!r} can change the registry's files on checkout"
                mend = f"expected a pattern that leaves {quoted(folder) if folder else 'it'} alone"
                yield finding("H405", place, f"{message}, {mend}", number)


def _reaches(line: str, inside: list[str]) -> bool:
    """Whether a line may change a file of the registry; when in doubt, it may.

    ``inside`` is the path from the file's folder to the registry.
    """
    pattern, *attributes = line.split() or [""]
    if pattern.startswith("#") or not any(map(_CHANGING.fullmatch, attributes)):
        return False
    pattern = pattern.strip('"')
    if pattern.startswith("[attr]") or "\\" in pattern:
        return True
    first, slash, _ = pattern.lstrip("/").partition("/")
    if slash and inside:
        return first == inside[0] or re.search(r"[*?\[]", first) is not None
    return _ENDING.fullmatch(pattern) is None
