"""The real records as they were filed first, so that a test knows what was corrected: nothing."""

import shutil
from pathlib import Path

from .conftest import ROOT


def copied(target: Path) -> Path:
    """Copy the registry into a new folder without corrections, reviews and refusals, and return it."""
    ignored = shutil.ignore_patterns("corrections", "reviews", "refusals")
    shutil.copytree(ROOT / "registry", target, ignore=ignored)
    return target
