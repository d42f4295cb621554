"""Where the files of a record lie in a registry.  Paths count from the registry's root."""

import re

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SLUG = re.compile(r"[a-z0-9-]{3,40}")
# The name of an event, a review or a refusal in its folder.
STATEMENT = re.compile(rf"{SLUG.pattern}\.yaml")
# The folders that hold one folder for each record.
BY_RECORD = ("papers", "reviews", "refusals")


def record_folder(record: str, part: str = "papers") -> str:
    """Return the folder of a record in one of ``BY_RECORD``."""
    return f"{part}/{record[:2]}/{record}"


def corrections_folder(record: str) -> str:
    """Return the folder of a record's correction events."""
    return f"{record_folder(record)}/corrections"


def event_path(record: str, slug: str) -> str:
    """Return the path of a correction event, by the name that its reporter gave it."""
    return f"{corrections_folder(record)}/{slug}.yaml"
