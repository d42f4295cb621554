"""How git is run: never a shell, never the network; what is judged is never read from the work tree.

Whatever a repository's settings or a hostile branch could make git run or read besides its objects is
switched off: hooks, filters, outside diffs, file monitors, replaced objects, grafts, fetching on demand.
"""

import os
import re
import shutil
import subprocess
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import IO, cast

from colophon.characters import visible
from colophon.errors import EnvironmentFault

OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# No stored file comes near this size; it keeps one hostile object from filling the memory.
_LARGEST_OBJECT = 64 * 1024 * 1024
# So many questions and their answers fit into the pipes at once, whoever reads first.
_QUESTIONS = 256
# The modes that git writes: folder, file, executable, link, submodule.
_MODES = frozenset({"040000", "100644", "100755", "120000", "160000"})
_KEPT = ("GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH")
_OURS = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": f"{os.devnull}/none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OPTIONS = (
    "--no-pager", "--literal-pathspecs",
    "-c", "safe.directory=*", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}", "-c", "protocol.allow=never",
    "-c", "safe.bareRepository=explicit",
    # Else each child maps the whole of every pack, so that its memory grows with the registry.
    "-c", "core.packedGitWindowSize=1m", "-c", "core.packedGitLimit=32m",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """One entry of a tree: ``kind`` is blob, tree or commit (a submodule); ``mode`` is six octal digits.

    A byte of ``name`` that is no UTF-8 stands in it as a lone surrogate.
    """

    name: str
    mode: str
    kind: str
    oid: str


def run(root: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Run git in a folder.  Every name in ``arguments`` is checked, or stands after --end-of-options."""
    command = [*_command(root), *arguments]
    return subprocess.run(  # noqa: S603  no shell reads it
        command, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=_environment()
    )


def output(root: str, *arguments: str, hint: str | None = None) -> bytes:
    """Return what git prints.  Raises EnvironmentFault with git's first line of complaint."""
    done = run(root, *arguments)
    if done.returncode != 0:
        raise EnvironmentFault(f"git {arguments[0]}: {complaint(done.stderr)}", hint)
    return done.stdout


def line(raw: bytes) -> str:
    """Return the one line that git printed."""
    return os.fsdecode(raw.removesuffix(b"\n"))


def decoded(name: bytes) -> str:
    """Return a name with every byte kept: one that is no UTF-8 becomes a lone surrogate."""
    return name.decode("utf-8", "surrogateescape")


def complaint(stderr: bytes) -> str:
    """Return the first line of what git complained about, safe to print."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    return visible(lines[0].removeprefix("fatal: ")) if lines else "failed without a word"


def user_name(folder: str) -> str:
    """Return the user.name that a person's settings have for a folder, or nothing.

    The repository's own have the last word, as in a commit.  To ask for a setting runs nothing.
    """
    command = [_program(), "-C", folder, "config", "--get", "user.name"]
    own = {name: value for name, value in os.environ.items() if name.startswith("GIT_CONFIG")}
    done = subprocess.run(  # noqa: S603  no shell reads it
        command, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=_inherited() | own
    )
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def sizes(root: str, oids: list[str]) -> dict[str, int]:
    """Return the size in bytes of each object.  Raises EnvironmentFault when one is not in the clone."""
    child = _child(root, os.getpid(), "--batch-check")
    found: dict[str, int] = {}
    for start in range(0, len(oids), _QUESTIONS):
        found.update(child.sizes(oids[start : start + _QUESTIONS]))
    return found


def read(root: str, oid: str) -> bytes:
    """Return an object's bytes.  Raises EnvironmentFault when it is not in the clone or far too large."""
    return _child(root, os.getpid(), "--batch").read(oid)


@lru_cache(maxsize=64)
def top(root: str, commit: str) -> str:
    """Return the tree of a commit, which stands on the first line of its object."""
    return read(root, commit).split(b"\n", 1)[0].decode("ascii").removeprefix("tree ")


@lru_cache(maxsize=4096)
def tree(root: str, oid: str) -> tuple[Node, ...]:
    """Return the entries of a tree object in git's order; an object never changes, so they are kept.

    Raises EnvironmentFault for one that git itself would not write: what such a tree holds differs between
    the programs that read it, so nothing can be said of it.
    """
    try:
        nodes = tuple(_nodes(read(root, oid), len(oid) // 2))
    except ValueError:
        nodes = None
    if nodes is None or not _well_formed(nodes):
        message = f"tree {oid} is malformed: odd modes, names twice, out of order or with a slash"
        raise EnvironmentFault(message, "git fsck; make the change again with git add and git commit")
    return nodes


def _well_formed(nodes: tuple[Node, ...]) -> bool:
    """Whether names are whole, each stands once, and they are in git's order, in which a folder ends on /.

    And whether each mode is one that git writes: others it reads as the nearest of these.
    """
    if any(node.mode not in _MODES for node in nodes):
        return False
    names = [node.name.encode("utf-8", "surrogateescape") for node in nodes]
    keys = [name + b"/" * (node.kind == "tree") for name, node in zip(names, nodes, strict=True)]
    if len(set(names)) != len(names) or any(not name or b"/" in name for name in names):
        return False
    return all(one < other for one, other in pairwise(keys))


def _nodes(raw: bytes, width: int) -> Iterator[Node]:
    """Read a tree object: mode, space, name, NUL, then the id in ``width`` bytes; and so on."""
    position = 0
    while position < len(raw):
        end = raw.index(b"\0", position)
        digits, _, name = raw[position:end].partition(b" ")
        position = end + 1 + width
        mode = digits.decode("ascii", "replace").zfill(6)
        kind = {"040000": "tree", "160000": "commit"}.get(mode, "blob")
        yield Node(decoded(name), mode, kind, raw[end + 1 : position].hex())


@cache
def _program() -> str:
    found = shutil.which("git")
    if found is None:
        raise EnvironmentFault("git is not installed", "install git 2.24 or newer")
    return found


def _command(root: str) -> list[str]:
    return [_program(), *_OPTIONS, "-C", root]


def _environment() -> dict[str, str]:
    return _inherited() | _OURS


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}


class _Child:
    """A running ``git cat-file``, asked for objects by id.  Ends with the program or when it is forgotten."""

    def __init__(self, root: str, mode: str) -> None:
        self.process = subprocess.Popen(  # noqa: S603  no shell reads it
            [*_command(root), "cat-file", mode],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(),
        )  # fmt: skip
        self._questions = cast("IO[bytes]", self.process.stdin)
        self._answers = cast("IO[bytes]", self.process.stdout)
        self._lock = threading.Lock()
        weakref.finalize(self, _end, self.process, os.getpid())

    def sizes(self, oids: list[str]) -> dict[str, int]:
        """Return the sizes of some objects; not more than fit into a pipe."""
        with self._lock:
            self._ask(oids)
            return {oid: self._size(oid) for oid in oids}

    def read(self, oid: str) -> bytes:
        """Return the bytes of one object."""
        with self._lock:
            self._ask([oid])
            size = self._size(oid)
            if size > _LARGEST_OBJECT:
                # Its bytes wait in the pipe, so the child is of no more use.
                _child.cache_clear()
                message = f"object {oid} has {size} bytes, at most {_LARGEST_OBJECT} are read"
                raise EnvironmentFault(message, "git fsck")
            raw = self._answers.read(size + 1)
        if len(raw) != size + 1:
            raise _gone()
        return raw[:-1]

    def _ask(self, oids: list[str]) -> None:
        if not all(OID.fullmatch(oid) for oid in oids):
            raise ValueError(f"no ids of objects: {oids}")
        try:
            self._questions.write("".join(f"{oid}\n" for oid in oids).encode())
            self._questions.flush()
        except BrokenPipeError:
            raise _gone() from None

    def _size(self, oid: str) -> int:
        """Read the line that comes before an object: its id, its type, its size."""
        words = self._answers.readline().split()
        if not words:
            raise _gone()
        if words[-1] == b"missing":
            hint = "clone the repository again without --filter and --depth"
            raise EnvironmentFault(f"object {oid} is not in this clone", hint)
        return int(words[2])


@lru_cache(maxsize=4)
def _child(root: str, process: int, mode: str) -> _Child:
    """Return this process's child; a fork has another number and starts its own."""
    return _Child(root, mode)


def _gone() -> EnvironmentFault:
    """Forget the children, so that the next question starts a new one."""
    _child.cache_clear()
    hint = "git fsck; or clone the repository again without --filter"
    return EnvironmentFault("git cat-file ended early: an object is damaged or not in this clone", hint)


def _end(process: "subprocess.Popen[bytes]", owner: int) -> None:
    """End a child; in a fork it belongs to somebody else."""
    if os.getpid() == owner:
        process.kill()
        process.communicate()
