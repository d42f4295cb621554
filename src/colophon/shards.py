"""A site built by several jobs: which records one of them renders, and what it leaves for the last step."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from colophon import canon
from colophon.errors import UsageError
from colophon.judgement import Judged
from colophon.model import Files, Written
from colophon.search_entry import Entry

LIST, ENTRIES = "shard.json", "shard-search.jsonl"
_SHARD = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of ``of`` jobs, numbered from 1."""

    number: int
    of: int

    def has(self, record_id: str) -> bool:
        """Return whether this job renders a record.  Ids are random, so jobs get about as many each."""
        return int(record_id[:8], 16) % self.of == self.number - 1

    def __str__(self) -> str:
        """Return it as it is asked for."""
        return f"{self.number}/{self.of}"


def parsed(text: str) -> Shard:
    """Return the shard that ``2/8`` names; raises UsageError for anything else."""
    found = _SHARD.fullmatch(text)
    if not found or int(found[1]) > int(found[2]):
        raise UsageError(f"--shard {text!r} is no part of a whole", "--shard 1/8 is the first of eight")
    return Shard(int(found[1]), int(found[2]))


def key(inputs: str, fingerprint: bytes) -> str:
    """Return the digest of everything that a record's files are made of: ``inputs``, and what was judged."""
    return canon.digest(inputs.encode() + fingerprint)


def fingerprint(judged: Judged) -> bytes:
    """Return the digest of a record with everything that is concluded about it."""
    try:
        whole = orjson.dumps(judged, default=_plain, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:
        # A path may hold what is no Unicode; only then is the slower way needed.
        whole = repr(judged).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).digest()


def _plain(value: object) -> object:
    """Return in another form what JSON has none for: packed rows, which are bytes, and tuples with names."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value).__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """What a job left in a folder: the files of its records by key."""

    folder: Path
    files: dict[str, Files]


def leave(folder: Path, shard: Shard, rendered: Iterable[tuple[str, Files, Entry]]) -> int:
    """Write beside the pages of records what the last step needs of them; return how many there are.

    ``rendered`` are key, files and what the search knows of each, in order of ids.
    """
    files: dict[str, Files] = {}
    with (folder / ENTRIES).open("wb") as lines:
        for name, own, entry in rendered:
            files[name] = own
            lines.write(canon.compact({"key": name, "entry": asdict(entry)}) + b"\n")
    (folder / LIST).write_bytes(canon.dumps({"shard": str(shard), "files": files}))
    return len(files)


def left(folder: Path) -> Left:
    """Return what a job left in a folder; raises UsageError where it holds no part of a site."""
    try:
        listed = orjson.loads((folder / LIST).read_bytes())
        files: dict[str, Files] = {
            name: {str(kind): [_written(one) for one in each] for kind, each in of_record.items()}
            for name, of_record in listed["files"].items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        why = "is missing" if isinstance(error, FileNotFoundError) else "is no list of files of records"
        raise UsageError(
            f"{folder}: holds no part of a site: {LIST} {why}",
            f"colophon build --shard 1/2 --site-dir {folder}",
        ) from error
    return Left(folder, files)


def _written(one: object) -> Written:
    """Return one file as it was noted, with a path that stays below its folder."""
    if not isinstance(one, list):
        raise TypeError("a file is a list of four")
    path, media_type, size, digest = one
    if not (isinstance(path, str) and path.startswith("papers/") and ".." not in Path(path).parts):
        raise ValueError(f"{path!r} is no file of a record")
    return path, str(media_type), int(size), str(digest)


def entries(folder: Path) -> Iterator[tuple[str, Entry]]:
    """Yield key and what the search knows of a job's records, in order of ids.

    Raises UsageError where the list is not whole.
    """
    try:
        with (folder / ENTRIES).open("rb") as file:
            for line in file:
                one = orjson.loads(line)
                yield one["key"], Entry(**one["entry"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UsageError(
            f"{folder / ENTRIES}: cannot be read ({type(error).__name__})",
            f"colophon build --shard 1/2 --site-dir {folder}",
        ) from error
