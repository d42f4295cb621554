"""The name under which a person commits, offered as that of the reporter."""

import os
from pathlib import Path

from colophon import git
from colophon.answers import fits
from colophon.characters import refused
from colophon.errors import EnvironmentFault


def git_name(folder: Path) -> str:
    """Return GIT_AUTHOR_NAME, or the user.name that git has for a folder; empty when it can be no name."""
    found = os.environ.get("GIT_AUTHOR_NAME", "").strip()
    try:
        found = found or git.user_name(str(folder))
    except EnvironmentFault:
        # A registry can be corrected without git; then the name has to be given.
        return ""
    return found if fits("name", found) and refused(found) is None else ""
