"""Runs of words that an abstract shares with the held texts of its sources."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from colophon.evidence import Evidence, Held
from colophon.fingerprint import Fingerprint, SharedRun, Worded, fingerprint, longest_run, of_stored

# Words in a row that nobody writes twice by chance, and the share of a short abstract that is as telling.
_LEAST_WORDS, _LEAST_SHARE = 40, 0.5
# Of a very short abstract half is no more than a phrase.
_LEAST_OF_SHORT = 12
_OPENING, _CLOSING = re.compile(r"[\"“«„]\s*$"), re.compile(r"[.,;!?…\s]{0,5}[\"”»“]")


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A run of an abstract that stands in a held text of a source, by the source's id, unquoted."""

    source: str
    held: Held
    run: SharedRun


def compared(evidence: Evidence) -> list[tuple[str, Held, Fingerprint]]:
    """Return every held text that an abstract can be compared with, as fingerprint."""
    return [
        (source, held, made)
        for source, holdings in evidence.held
        for held in holdings
        if (made := _fingerprint(held)) is not None
    ]


def borrowed(abstract: str, prints: list[tuple[str, Held, Fingerprint]]) -> Iterator[Borrowed]:
    """Yield of each text the longest run that is long enough to be borrowed and stands in no quotation."""
    worded = Worded(abstract)
    for source, held, made in prints:
        run = longest_run(worded, made)
        is_abstract = held.holding.holds == "abstract"
        if run is not None and _is_borrowed(run, made, is_abstract) and not _is_quoted(abstract, run):
            yield Borrowed(source, held, run)


def _fingerprint(held: Held) -> Fingerprint | None:
    holding = held.holding
    if holding.text is not None:
        return fingerprint(holding.text)
    return None if holding.fingerprint is None else of_stored(holding.fingerprint)


def _is_borrowed(run: SharedRun, of: Fingerprint, is_abstract: bool) -> bool:
    is_half = run.words >= max(_LEAST_SHARE * of.words, _LEAST_OF_SHORT)
    return run.words >= _LEAST_WORDS or (is_abstract and is_half)


def _is_quoted(text: str, run: SharedRun) -> bool:
    return _OPENING.search(text[: run.start]) is not None and _CLOSING.match(text[run.end :]) is not None
