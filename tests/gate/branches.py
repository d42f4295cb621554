"""Changes as git stores them: each is made in an index of its own by plumbing, without a work tree.

So a change can hold what no checkout would: links, submodules, names that no file system takes.
"""

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

GIT = {
    "PATH": os.environ["PATH"],
    "LC_ALL": "C",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Fabricated Press",
    "GIT_AUTHOR_EMAIL": "press@registry.example",
    "GIT_AUTHOR_DATE": "2026-05-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "Fabricated Press",
    "GIT_COMMITTER_EMAIL": "press@registry.example",
    "GIT_COMMITTER_DATE": "2026-05-01T00:00:00Z",
}
FILE, EXECUTABLE, LINK, SUBMODULE = "100644", "100755", "120000", "160000"


def git(folder: Path, *arguments: str | bytes, stdin: bytes = b"", **environment: str) -> bytes:
    """Run git as nobody in particular, and return what it printed."""
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, env=GIT | environment, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def digest(raw: bytes) -> str:
    """Return the digest as the registry writes it."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


@dataclass
class Branch:
    """A commit in the making on top of ``start``.  Paths are relative to the repository."""

    folder: Path
    start: str
    index: Path
    trees: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.git("read-tree", self.start)

    def git(self, *arguments: str | bytes, stdin: bytes = b"") -> bytes:
        """Run git on the index of this branch."""
        return git(self.folder, *arguments, stdin=stdin, GIT_INDEX_FILE=str(self.index))

    def blob(self, raw: bytes) -> str:
        """Store bytes and return their id."""
        return self.git("hash-object", "-w", "--stdin", stdin=raw).decode().strip()

    def put(self, path: str | bytes, oid: str, mode: str = FILE) -> None:
        """Put an object at a path, whatever its name is."""
        name = path.encode() if isinstance(path, str) else path
        self.git("update-index", "-z", "--index-info", stdin=f"{mode} {oid}\t".encode() + name + b"\0")
        assert name in self.git("ls-files", "-z", "--", b":(literal)" + name), f"git refuses {name!r}"

    def write(self, path: str | bytes, raw: bytes, mode: str = FILE) -> None:
        """Put bytes at a path."""
        self.put(path, self.blob(raw), mode)

    def read(self, path: str) -> bytes:
        """Return the bytes at a path."""
        return self.git("cat-file", "blob", f":{path}")

    def filed(self, path: str) -> bytes:
        """Return the bytes that the base holds at a path."""
        return self.git("cat-file", "blob", f"{self.start}:{path}")

    def oid(self, path: str) -> str:
        """Return the id of the object at a path."""
        return self.git("rev-parse", f":{path}").decode().strip()

    def paths(self, below: str) -> list[str]:
        """Return the paths of all files below a folder."""
        return self.git("ls-files", "-z", "--", below).decode().split("\0")[:-1]

    def delete(self, path: str) -> None:
        """Delete a file."""
        self.git("update-index", "--force-remove", "--", path)

    def commit(self) -> str:
        """Commit what is there on top of ``start`` and return the id."""
        tree = self.git("write-tree").decode().strip()
        for folder, lines in self.trees:
            tree = self._grafted(tree, folder.split("/"), lines)
        return self.git("commit-tree", tree, "-p", self.start, "-m", "A change").decode().strip()

    def _grafted(self, tree: str, folder: list[str], line: str) -> str:
        """Return the tree with one more entry in a folder, which git's index would refuse."""
        entries = self.git("ls-tree", tree).decode().splitlines()
        if folder and folder[0]:
            below = next(entry.split()[2] for entry in entries if entry.endswith(f"\t{folder[0]}"))
            entries = [entry for entry in entries if not entry.endswith(f"\t{folder[0]}")]
            line = f"040000 tree {self._grafted(below, folder[1:], line)}\t{folder[0]}"
        return self.git("mktree", stdin="\n".join([*entries, line, ""]).encode()).decode().strip()


Step = Callable[[Branch], None]


def made(steps: Iterable[Step], folder: Path, start: str, index: Path) -> str:
    """Return the commit that takes some steps from ``start``; ``index`` is a file that is not there yet."""
    branch = Branch(folder, start, index)
    for step in steps:
        step(branch)
    return branch.commit()


def add(path: str | bytes, text: str | bytes = "words\n") -> Step:
    """Add or replace a file."""
    raw = text.encode() if isinstance(text, str) else text
    return lambda branch: branch.write(path, raw)


def edit(path: str, old: str, new: str) -> Step:
    """Replace words in a file; they must stand there."""

    def step(branch: Branch) -> None:
        raw = branch.read(path)
        assert old.encode() in raw, f"{old} does not stand in {path}"
        branch.write(path, raw.replace(old.encode(), new.encode()))

    return step


def delete(*paths: str) -> Step:
    """Delete files, or all that lies below a folder."""

    def step(branch: Branch) -> None:
        for path in paths:
            for file in branch.paths(path):
                branch.delete(file)

    return step


def move(path: str, to: str) -> Step:
    """Move a file, or all that lies below a folder."""

    def step(branch: Branch) -> None:
        for file in branch.paths(path):
            branch.put(to + file.removeprefix(path), branch.oid(file))
            branch.delete(file)

    return step


def copy(path: str, to: str) -> Step:
    """Add the bytes of one path, or of all that lies below a folder, under another name."""

    def step(branch: Branch) -> None:
        for file in branch.paths(path):
            branch.put(to + file.removeprefix(path), branch.oid(file))

    return step


def executable(path: str) -> Step:
    """Set the executable bit of a file."""
    return lambda branch: branch.put(path, branch.oid(path), EXECUTABLE)


def link(path: str, target: str) -> Step:
    """Put a symbolic link at a path; what lay below it is gone."""

    def step(branch: Branch) -> None:
        delete(path)(branch)
        branch.write(path, target.encode(), LINK)

    return step


def submodule(path: str) -> Step:
    """Put a submodule at a path; what lay below it is gone."""

    def step(branch: Branch) -> None:
        delete(path)(branch)
        branch.put(path, branch.start, SUBMODULE)

    return step


def crlf(path: str) -> Step:
    """Write the line ends of Windows into a file."""

    def step(branch: Branch) -> None:
        branch.write(path, branch.read(path).replace(b"\n", b"\r\n"))

    return step


def unnameable(folder: str, name: str) -> Step:
    """Add a file whose name git's index refuses, such as .git or two dots, to the tree of a folder."""

    def step(branch: Branch) -> None:
        branch.trees.append((folder, f"100644 blob {branch.blob(b'words')}\t{name}"))

    return step


def remove(path: str, named: bytes | None = None, more: str = "") -> Step:
    """Put the note of a removal in the place of a file; ``named`` are bytes whose digest it names instead.

    ``more`` is what the note of a correction says besides.
    """

    def step(branch: Branch) -> None:
        went = digest(branch.read(path) if named is None else named)
        branch.write(path, f'{{"removed": "{went}"{more}}}\n'.encode())

    return step
