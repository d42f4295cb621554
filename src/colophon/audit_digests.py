"""Which audits there are, and what each depends on, so that a changed one alone is run again."""

from functools import cache

from colophon import dependence
from colophon.audits import AUDITS
from colophon.pieces import Pieces

# Audits are kept apart from one another and from what every result of a record depends on.
APART = ("colophon.audits",)
PREFIX = "audits/"


@cache
def of_audits() -> Pieces:
    """Return what the audits of one record depend on, by code."""
    digests = {
        code: dependence.digest(audit.examine.__module__, apart=APART)
        for code, audit in AUDITS.all().items()
        if audit.examine is not None
    }
    return Pieces(PREFIX, digests)
