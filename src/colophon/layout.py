"""Where the files of a record lie in a registry.  Paths count from the registry's root."""

import hashlib
import re

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SLUG = re.compile(r"[a-z0-9-]{3,40}")
# The name of an event, a review or a refusal in its folder.
STATEMENT = re.compile(rf"{SLUG.pattern}\.yaml")
# The folders that hold one folder for each record.
BY_RECORD = ("papers", "reviews", "refusals")
# The folders that hold one folder for each source, and the kinds of their identifiers.
BY_SOURCE = ("sources", "works")
KINDS = ("arxiv", "doi", "other", "url")
# Names of experiments and of machines; beside the machines lies the folder of the code that ran.
EXPERIMENT = re.compile(r"[a-z][a-z0-9-]{1,60}")
CODE = "code"
# A binding of a claim to an experiment's metric.
BINDING = re.compile(r"[a-z0-9-]{3,60}\.json")


def record_folder(record: str, part: str = "papers") -> str:
    """Return the folder of a record in one of ``BY_RECORD``."""
    return f"{part}/{record[:2]}/{record}"


def corrections_folder(record: str) -> str:
    """Return the folder of a record's correction events."""
    return f"{record_folder(record)}/corrections"


def event_path(record: str, slug: str) -> str:
    """Return the path of a correction event, by the name that its reporter gave it."""
    return f"{corrections_folder(record)}/{slug}.yaml"


_OUTSIDE_NAMES = re.compile(r"[^a-z0-9.-]|(?<![^.])\.|\.(?=\.|$)")
_VERSION = re.compile(r"v[0-9]{1,4}$")
# What people write before an identifier.
BEFORE_ARXIV = re.compile(
    r"^(?:arxiv:\s*|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/)", re.IGNORECASE
)
BEFORE_DOI = re.compile(r"^(?:doi:\s*|https?://(?:dx\.|www\.)?doi\.org/)", re.IGNORECASE)
_LONGEST_NAME = 160
# One file about a source or a work: the day on which it was filed, and a name.
DATED = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}-{SLUG.pattern}\.json")


def without_version(kind: str, identifier: str) -> str:
    """Return the identifier of a source in the one spelling of its folder: lower case, without a version."""
    identifier = identifier.strip().lower()
    if kind == "arxiv":
        return _VERSION.sub("", BEFORE_ARXIV.sub("", identifier, count=1).removesuffix(".pdf"))
    if kind == "doi":
        return BEFORE_DOI.sub("", identifier, count=1)
    return identifier


def version_of(kind: str, identifier: str) -> str | None:
    """Return the version that an identifier of arXiv names, such as v2, or None."""
    found = _VERSION.search(identifier.strip().lower()) if kind == "arxiv" else None
    return found[0] if found else None


def escaped(identifier: str) -> str:
    """Return an identifier as a name in a path: lower case, what has no place there as ``_<hexadecimal>_``.

    Kept are the letters a to z, digits and hyphens, and dots except at an end or beside another.
    """
    return _OUTSIDE_NAMES.sub(lambda found: f"_{ord(found[0]):x}_", identifier.lower())


def path_part(text: str, most: int = _LONGEST_NAME) -> str:
    """Return a text, escaped, as one part of a path; what is too long is cut and ends in a digest."""
    name = escaped(text)
    if len(name) > most:
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        name = f"{name[: most - 20]}_{digest}_"
    return name or "_"


def source_folder(kind: str, identifier: str, part: str = "sources") -> str:
    """Return the folder of a source in ``sources`` or ``works``, whichever version the identifier names."""
    return f"{part}/{kind}/{path_part(without_version(kind, identifier))}"
