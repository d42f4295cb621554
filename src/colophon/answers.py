"""What a person answers, brought into the forms of the contract: type, reason, address, ORCID, file name."""

import re
from collections.abc import Iterable

from colophon import filing, layout, reasons, schema, spelling
from colophon.errors import UsageError
from colophon.matching import did_you_mean, suggestion


def type_named(words: str) -> str:
    """Return the event type that a word names, whatever its case.  Raises UsageError with the nearest."""
    name = spelling.type_name(words)
    known = [entry.name for entry in reasons.vocabulary().types]
    if name == "REMOVAL":
        message = "a REMOVAL also takes a file away, which this command does not do"
        raise UsageError(message, "docs/corrections.md says how a removal is filed")
    if name in known:
        return name
    meant = suggestion(reasons.type_meant(words, "DISPUTE"))
    raise UsageError(f"{words!r} is no type of event{meant}", reasons.types_in_words())


def reason_named(words: str, kind: str) -> str:
    """Return the reason code that a word names.  Raises UsageError with those of the type."""
    name = spelling.code(words)
    fitting = [reason.name for reason in reasons.for_type(kind)]
    if name in fitting:
        return name
    meant = suggestion(did_you_mean(name, fitting))
    raise UsageError(f"{words!r} is no reason of {kind}{meant}", f"its reasons are {', '.join(fitting)}")


def orcid_named(words: str) -> str:
    """Return an ORCID iD without its address.  Raises UsageError when its last digit does not fit."""
    orcid = spelling.orcid(words)
    if fits("optional_orcid", orcid):
        total = 0
        for digit in orcid.replace("-", "")[:-1]:
            total = (total + int(digit)) * 2
        # ISO 7064, mod 11-2, as ORCID says.
        if "0123456789X"[(12 - total % 11) % 11] == orcid[-1]:
            return orcid
    raise UsageError(
        f"{words!r} is no ORCID iD, expected one like 0000-0002-1825-0097", "look at it on orcid.org"
    )


def evidence_named(words: str) -> str:
    """Return an address that can be evidence.  Raises UsageError for any other text."""
    if fits("https", words.strip()):
        return words.strip()
    raise UsageError(f"{words!r} is no address of evidence, expected one that begins with https://")


def fits(form: str, text: str) -> bool:
    """Whether a text has a form of the contract: ``https``, ``optional_orcid``, ``moment`` or ``name``."""
    shape = schema.load(filing.CONTRACT)["$defs"][form]
    wanted = re.search(shape["pattern"], text) is not None
    return wanted and shape.get("minLength", 0) <= len(text) <= shape["maxLength"]


def slug_given(slug: str, taken: Iterable[str]) -> str:
    """Return a name that a person chose.  Raises UsageError when it cannot be one or is taken."""
    taken = set(taken)
    if not layout.SLUG.fullmatch(slug):
        message = f"--slug {slug!r} can be no name of a file here, expected 3 to 40 of a-z, 0-9 and hyphen"
        raise UsageError(message, f"--slug {filing.slug_of(slug, taken)}")
    if slug in taken:
        message = f"--slug {slug}: this paper has a correction of that name, and none is ever edited"
        raise UsageError(message, f"--slug {filing.slug_of(slug, taken)}")
    return slug
