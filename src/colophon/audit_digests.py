"""Which audits there are, and what each depends on, so that a changed one alone is run again."""

from collections.abc import Mapping
from functools import cache

from colophon import dependence
from colophon.audits import AUDITS

# Audits are kept apart from one another and from what every result of a record depends on.
APART = ("colophon.audits",)


@cache
def of_audits() -> Mapping[str, str]:
    """Return the digests of what the audits of one record depend on, by code."""
    return {
        code: dependence.digest(audit.examine.__module__, apart=APART)
        for code, audit in AUDITS.all().items()
        if audit.examine is not None
    }


@cache
def name() -> str:
    """Return 16 hexadecimal digits that stand for all of them."""
    return dependence.name(of_audits())
