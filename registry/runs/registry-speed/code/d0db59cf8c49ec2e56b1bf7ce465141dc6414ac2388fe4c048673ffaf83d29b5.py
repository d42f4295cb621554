"""Where the registries and sites of a run lie: in memory where there is room, else on a disk.

A disk's own noise is larger than most differences that are measured here.  The folder is removed when the run
ends.  ``REGISTRY_SPEED_FOLDER`` names another place.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

NAMED = "REGISTRY_SPEED_FOLDER"
MEMORY = Path("/dev/shm")  # noqa: S108  a folder of its own is made in it
# Of what is free in memory, so that programs still have theirs.
_SHARE = 0.5


def scratch(needed: int) -> tuple[Path, str]:
    """Return a new folder with room for so many bytes, and in words where it lies.

    Raises OSError when neither has room.
    """
    named = os.environ.get(NAMED)
    if named:
        return _made(Path(named)), f"the folder that {NAMED} names"
    if MEMORY.is_dir() and needed <= min(_free(MEMORY), _available_memory()) * _SHARE:
        return _made(MEMORY), "memory (tmpfs)"
    disk = Path(tempfile.gettempdir())
    if needed > _free(disk):
        message = (
            f"{needed / 1e9:.1f} GB are needed, {_free(disk) / 1e9:.1f} GB are free; {NAMED} names another"
        )
        raise OSError(28, message, str(disk))
    return _made(disk), "disk"


def _made(parent: Path) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="registry-speed-", dir=parent))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _available_memory() -> int:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), 0)
