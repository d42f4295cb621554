"""K106: many claims that describe one example instead of a result."""

from collections import Counter

from colophon.audits import audit
from colophon.audits._instances import UNITS, Marks, is_general, marks
from colophon.fold import Record
from colophon.language.folding import fold
from colophon.language.terms import EMPTY, stems
from colophon.language.weights import weight
from colophon.model import Examination, Flaw, Severity

_SHARE, _FEWEST = 0.25, 4
_RARE, _FEWEST_SHARED = 5.0, 2
# Characters of a claim, and claims of a record, that are read.
_LONGEST, _MOST = 600, 1_000
_LENGTH_SHOWN = 90


@audit("K106", severity=Severity.WARNING)
def claims_about_one_instance(record: Record) -> Examination:
    """What: Fewer than a quarter of the claims may describe one example: one clip, one picture, one case, one
    row of a data set. A claim counts when it speaks of the example video clip or the like, names the instance
    by its number or file, or tells what is seen or said in it. Claims about instances with different numbers
    are not added up. Claims about results, about methods and about each or all of many do not count for what
    is seen in them. Fewer than four such claims are no finding.

    Why: An example in a paper shows what its data look like. A list that retells it has as many claims as one
    wants, they are easily found in the source again, and none of them is a finding.

    Example: 11 of 21 claims describe one video clip: a man in a white polo shirt, two large windows, a pot on
    one burner.

    Mend: The publisher can issue a report whose claims are results. If claims were left out when the report
    was read here, file a correction with the reason `transcription`. It is shown beside the record, and the
    finding stays.
    """
    claims = (record.manifest.claims or ())[:_MOST]
    if not claims:
        return Examination()
    texts = [fold(claim.text[:_LONGEST]).text for claim in claims]
    places = _about_one(texts, record)
    if len(places) < _FEWEST or len(places) < _SHARE * len(claims):
        return Examination(len(claims), len(claims))
    line = " ".join(texts[places[0]].split())
    shown = line if len(line) <= _LENGTH_SHOWN else f"{line[: _LENGTH_SHOWN - 3]}..."
    message = f'{len(places)} of {len(claims)} claims describe one instance, the first is "{shown}"'
    return Examination(len(claims), len(claims), (Flaw(f"/claims/{places[0]}/text", message),))


def _known(record: Record) -> frozenset[str]:
    """Return the stems of what the record is about: these tie no claim to an instance."""
    manifest = record.manifest
    texts = (manifest.title, manifest.research_question, manifest.subject, (manifest.abstract or "")[:20_000])
    return frozenset(stems(fold(" ".join(filter(None, texts))).text))


def _about_one(texts: list[str], record: Record) -> list[int]:
    """Return the places of the claims about the instance of which most claims are."""
    signs = [marks(text) for text in texts]
    identities = Counter(one.identity for one in signs if one.identity is not None)
    # Of equally frequent ones the first in the record.
    identity = max(identities, key=lambda name: identities[name]) if identities else None
    several = [one.identity for one in signs if one.identity not in (None, identity)]
    marked = [
        place
        for place, one in enumerate(signs)
        if one.is_marked and (one.identity == identity or (one.identity is None and not several))
    ]
    if len(marked) < _FEWEST_SHARED:
        return marked
    return sorted({*marked, *_tied(texts, signs, marked, _known(record))})


def _tied(texts: list[str], signs: list[Marks], marked: list[int], known: frozenset[str]) -> list[int]:
    """Return the claims between and beside marked ones that share rare words with them."""
    rare = {term for place in marked for term in _rare(texts[place], known)}
    inside = range(max(marked[0] - 1, 0), min(marked[-1] + 2, len(texts)))
    return [
        place
        for place in inside
        if signs[place].identity is None
        and not is_general(texts[place])
        and len(rare & _rare(texts[place], known)) >= _FEWEST_SHARED
    ]


def _rare(text: str, known: frozenset[str]) -> set[str]:
    return {
        term
        for term in set(stems(text)) - known - EMPTY
        if len(term) > 2 and weight(term) >= _RARE and term not in UNITS
    }
