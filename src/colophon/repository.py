"""What is asked of a git repository: commits, what differs between two, folders and files of one."""

import os
import shlex
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from colophon import git
from colophon.characters import visible
from colophon.errors import EnvironmentFault, UsageError
from colophon.git import Node

WHOLE_HISTORY = "git fetch --unshallow origin (in a workflow: fetch-depth: 0 at the checkout step)"

_TREE = "040000"
_DIFFERENCE = (
    "diff-tree", "-r", "-t", "--raw", "-z", "--no-renames", "--no-ext-diff", "--no-textconv",
    "--ignore-submodules=none", "--no-abbrev", "--end-of-options",
)  # fmt: skip

# Settings of a repository must not change what the log holds, nor make it look at signatures.
_PLAIN_LOG = ("-c", "log.showSignature=false", "-c", "log.follow=false", "-c", "log.showRoot=true")
# What no name of a file begins with, whatever folder is asked for.
_COMMIT = "\0"
# A merge adds what it adds to its first parent, so each file comes with one commit.
_ADDITIONS = (
    "log", "--first-parent", "-m", "--reverse", "--no-renames", "--no-relative", "--no-color",
    f"-O{os.devnull}", "--diff-filter=A", "--name-only", "--format=format:%x00", "--end-of-options",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One path that differs between two commits: ``status`` is A, M, D or T, modes are six octal digits.

    ``path`` is relative to the repository; a byte that is no UTF-8 stands in it as a lone surrogate.
    """

    path: str
    status: str
    old_mode: str
    new_mode: str
    old_oid: str
    new_oid: str

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, whose files are told on their own."""
        return _TREE in (self.old_mode, self.new_mode)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository by the path of its top folder.  Holds no process, so it pickles.  Commits are full ids."""

    root: str

    @classmethod
    def open(cls, folder: str | Path) -> "tuple[Repository, str]":
        """Return the repository that holds a folder, and the folder's path inside it ("" for the top).

        The path is taken as it is named.  Git would follow a link in it, and would take a folder that is laid
        out like its own for a repository; a change can bring both, and have something else judged.
        Raises EnvironmentFault when git is missing or the folder lies in no repository.
        """
        path = Path(os.path.abspath(folder))  # noqa: PTH100  resolve() would follow links
        shown = visible(str(path))
        hint = f"clone the registry's repository with git, and name its folder there, not {shown}"
        top = next((one for one in (path, *path.parents) if (one / ".git").exists()), None)
        if top is None or not path.is_dir():
            raise EnvironmentFault(f"{shown}: is in no git repository", hint)
        found = git.line(git.output(str(top), "rev-parse", "--show-toplevel", hint=hint))
        if Path(found).resolve() != top.resolve():
            raise EnvironmentFault(f"{shown}: git takes {visible(found)} for its repository", hint)
        return cls(str(top)), "" if path == top else path.relative_to(top).as_posix()

    @property
    def is_shallow(self) -> bool:
        """Whether the clone lacks a part of its history."""
        return git.line(git.output(self.root, "rev-parse", "--is-shallow-repository")) == "true"

    def commit(self, ref: str) -> str:
        """Return the full id of the commit that a branch, tag or id names.

        Raises UsageError for what can be no name, EnvironmentFault when the commit is not in this clone.
        """
        if not ref or ref.startswith("-") or not ref.isprintable():
            raise UsageError(f"'{visible(ref)}' can be no name of a commit", "name a branch, a tag or an id")
        done = git.run(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        if done.returncode == 0:
            return git.line(done.stdout)
        raise EnvironmentFault(f"'{visible(ref)}' names no commit of this clone", self._fetch_hint(ref))

    def merge_base(self, base: str, head: str) -> str:
        """Return the commit at which ``head`` left ``base``.

        Raises EnvironmentFault when the clone is shallow, or there is no such commit, or not exactly one:
        with two, what the head took away from one of them would not show against the other.
        """
        self._refuse_shallow()
        done = git.run(self.root, "merge-base", "--all", "--end-of-options", base, head)
        if done.returncode not in (0, 1):
            raise EnvironmentFault(f"git merge-base: {git.complaint(done.stderr)}", WHOLE_HISTORY)
        found = done.stdout.decode("ascii").split()
        if len(found) == 1:
            return found[0]
        if not found:
            message = f"{head[:12]} and {base[:12]} have no commit in common, expected one history"
            hint = f"git switch -c again {base[:12]}, then make the change again on that branch"
            raise EnvironmentFault(message, hint)
        message = f"{head[:12]} and {base[:12]} have {len(found)} merge bases, expected one"
        raise EnvironmentFault(message, f"git merge {base[:12]} into your branch, then run this again")

    def changes(self, base: str, head: str) -> tuple[Change, ...]:
        """Return what differs between two commits, in git's order; a rename is a D and an A.

        Raises EnvironmentFault for a malformed tree among what is new: git's comparison trusts the order of
        names in it, and passes over what is out of place.
        """
        found = _changes(git.output(self.root, *_DIFFERENCE, base, head, "--"))
        for oid in (git.top(self.root, head), *(one.new_oid for one in found if one.new_mode == _TREE)):
            git.tree(self.root, oid)
        return tuple(one for one in found if not one.is_folder)

    def changed_paths(self, old: str, new: str) -> tuple[str, ...] | None:
        """Return what differs between two trees, by id; None when one of them is not in the clone."""
        if not (git.OID.fullmatch(old) and git.OID.fullmatch(new)):
            return None
        done = git.run(self.root, *_DIFFERENCE, old, new, "--")
        if done.returncode != 0:
            return None
        return tuple(change.path for change in _changes(done.stdout) if not change.is_folder)

    def first_parents(self, base: str, head: str) -> tuple[tuple[str, str], ...]:
        """Return the steps (parent, commit) that lead a main line from ``base`` to ``head``, oldest first.

        Where ``base`` is not on that line, because it was rewritten or merged in from the side, the one
        step is from base to head: so nothing that base holds can get lost between the steps.
        """
        self._refuse_shallow()
        if base == head:
            return ()
        raw = git.output(
            self.root, "rev-list", "--first-parent", "--parents", "--reverse", "--end-of-options",
            head, f"^{base}", "--",
        )  # fmt: skip
        lines = [line.split() for line in raw.decode("ascii").splitlines()]
        if lines and lines[0][1:2] == [base]:
            return tuple(pairwise([base, *(line[0] for line in lines)]))
        return ((base, head),)

    def is_on_line(self, commit: str, head: str) -> bool:
        """Whether the main line that leads to ``head`` passes a commit."""
        if commit == head:
            return True
        command = ("rev-list", "--first-parent", "--parents", "--reverse", "--end-of-options")
        if not git.OID.fullmatch(commit):
            return False
        done = git.run(self.root, *command, head, f"^{commit}", "--")
        return done.returncode == 0 and done.stdout.split()[1:2] == [commit.encode()]

    def additions(self, head: str, folder: str, since: str = "") -> tuple[tuple[str, ...], ...] | None:
        """Return the files below a folder that each commit of a main line added, oldest first.

        ``since`` leaves out what that commit has behind it.  None when the clone lacks a part of the history.
        A name that git has to quote stands as it is quoted.
        """
        if self.is_shallow:
            return None
        range_ = (head, f"^{since}") if since else (head,)
        done = git.run(self.root, *_PLAIN_LOG, *_ADDITIONS, *range_, "--", folder)
        if done.returncode != 0:
            return None
        commits = git.decoded(done.stdout).split(_COMMIT)[1:]
        return tuple(tuple(line for line in lines.split("\n") if line) for lines in commits)

    def entries(self, commit: str, path: str) -> tuple[Node, ...]:
        """Return what a folder of a commit holds, in git's order; what is no folder holds nothing."""
        tree = self.tree_oid(commit, path)
        return () if tree is None else git.tree(self.root, tree)

    def node(self, commit: str, path: str) -> Node | None:
        """Return the entry at a path of a commit, or None."""
        above, _, name = path.rpartition("/")
        return next((node for node in self.entries(commit, above) if node.name == name), None)

    def tree_oid(self, commit: str, path: str) -> str | None:
        """Return the id of a folder's tree ("" for the top), or None when there is no such folder."""
        oid = git.top(self.root, commit)
        for part in path.split("/") if path else ():
            node = next((node for node in git.tree(self.root, oid) if node.name == part), None)
            if node is None or node.kind != "tree":
                return None
            oid = node.oid
        return oid

    def sizes(self, oids: list[str]) -> dict[str, int]:
        """Return the size in bytes of each object.  Raises EnvironmentFault when one is not in the clone."""
        return git.sizes(self.root, oids)

    def read(self, oid: str) -> bytes:
        """Return an object's bytes.  Raises EnvironmentFault when it is not in the clone or far too large."""
        return git.read(self.root, oid)

    def read_small(self, oid: str, most: int) -> bytes | None:
        """Return an object's bytes, or None, unread, when there are more than ``most``."""
        return None if self.sizes([oid])[oid] > most else self.read(oid)

    def uncommitted(self, folder: str) -> tuple[str, ...]:
        """Return the files below a folder ("" for the top) that are not in the last commit as they are here.

        The one look at the work tree, to say what is not judged; nothing where git cannot say it safely.
        """
        off = self._filters_off()
        if off is None:
            return ()
        done = git.run(
            self.root, *off, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames",
            "--ignore-submodules=all", "--", folder or ".",
        )  # fmt: skip
        lines = done.stdout.split(b"\0") if done.returncode == 0 else []
        return tuple(git.decoded(line[3:]) for line in lines if line)

    def _filters_off(self) -> list[str] | None:
        """Return the options that keep a look at files from running a filter; None where one would run."""
        keys = git.run(self.root, "config", "--name-only", "-z", "--get-regexp", r"^filter\.").stdout
        names = {git.decoded(key).rpartition(".")[0] for key in keys.split(b"\0") if key}
        if any("=" in name for name in names):
            # An option ends the name of a setting at its first equals sign.
            return None
        without = ("clean=", "smudge=", "process=", "required=false")
        return [part for name in sorted(names) for one in without for part in ("-c", f"{name}.{one}")]

    def _refuse_shallow(self) -> None:
        if self.is_shallow:
            raise EnvironmentFault("this clone is shallow, expected the whole history", WHOLE_HISTORY)

    def _fetch_hint(self, ref: str) -> str:
        """Return the command that brings the commit that a ref names."""
        if set(ref) == {"0"}:
            return "a new branch has no earlier tip: name the branch that it left, such as origin/main"
        if self.is_shallow:
            return WHOLE_HISTORY
        name = ref.removeprefix("origin/")
        fetch = f"git fetch origin {shlex.quote(name)}"
        return fetch if name != ref or git.OID.fullmatch(ref) else f"{fetch}, then name it origin/{name}"


def _changes(raw: bytes) -> tuple[Change, ...]:
    fields = raw.split(b"\0")
    return tuple(_change(*pair) for pair in zip(fields[0:-1:2], fields[1::2], strict=True))


def _change(header: bytes, path: bytes) -> Change:
    old_mode, new_mode, old_oid, new_oid, status = header.decode("ascii").removeprefix(":").split(" ")
    return Change(git.decoded(path), status, old_mode, new_mode, old_oid, new_oid)
