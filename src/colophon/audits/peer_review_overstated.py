"""B106: preprints that are called peer-reviewed."""

import re

from colophon.audits import audit
from colophon.audits._statements import Statement, is_asserted, quoted, statements
from colophon.audits._works import standing
from colophon.fold import Record
from colophon.model import Examination, Flaw, Severity

_REVIEWED = r"(?:peer\W?reviewed|refereed)"
_MANY = (
    r"(?:papers|articles|studies|sources|literature|publications|works|journals?|venues?|research|evidence"
    r"|references|manuscripts|documents|conferences?|proceedings|findings)"
)
_ONE = r"(?:paper|article|study|source|publication|work)"
_PASSED = r"(?:passed|underwent|undergone|through|after|subject to) peer\W?review"
_ABOUT = re.compile(r"peer\W?review|refereed", re.IGNORECASE)
_ASSERTION = re.compile(
    rf"\b{_REVIEWED}(?: [\w-]+,?){{0,4}}? (?:{_MANY}|{_ONE})\b|\b{_MANY}\b[^.;()]{{0,60}}?\b{_REVIEWED}\b"
    rf"|\b{_MANY}\b[^.;()]{{0,60}}?\b{_PASSED}\b"
    r"|\b(?:each|every)(?: one)?(?: of (?:the|its|our|these))?(?: [\w-]+){0,3}? "
    rf"(?:{_ONE}|{_MANY}|reference)\b[^.;()]{{0,60}}?\b(?:{_REVIEWED}|{_PASSED})\b",
    re.IGNORECASE,
)
# What leaves open how much of the literature is meant.
_HEDGED = re.compile(
    r"\bpreprints?\b|\b(?:where|whenever|possible|available|partly|mostly|some|unreviewed|unrefereed|grey"
    r"|gray)\b",
    re.IGNORECASE,
)


@audit("B106", severity=Severity.WARNING)
def peer_review_overstated(record: Record) -> Examination:
    """What: A report may call the literature that it rests on peer-reviewed only if some source may have
    been reviewed. Flagged is the assertion over sources that are all preprints or in no way known: arXiv
    and other servers of preprints, code, blogs, and no list at all. "Not peer-reviewed", advice to read
    reviewed papers, and sentences that name preprints beside reviewed papers assert nothing of this kind.

    Why: Readers trust a reviewed paper more than a preprint, and are asked to here without a reason. Some
    preprints were reviewed later; then the report can cite what was.

    Example: A page says that it "synthesises findings from 13 peer-reviewed papers". All of its references
    are arXiv preprints.

    Mend: The publisher can cite the reviewed versions, or drop the word. If sources were lost when the
    report was read here, file a correction with the reason `transcription`. It is shown beside the record,
    and the finding stays.
    """
    asserted = [one for one in statements(record, _ABOUT) if _asserts(one.text)]
    if not asserted:
        return Examination()
    places = {(one.document, one.pointer): one for one in reversed(asserted)}
    kinds = [standing(source) for source in record.manifest.sources or ()]
    if "open" in kinds:
        # Whether they were reviewed is decided by a look at the venue.
        return Examination(len(places))
    flaws = tuple(_flaw(one, kinds) for one in reversed(places.values()))
    return Examination(len(places), len(places), flaws)


def _asserts(sentence: str) -> bool:
    """Whether a sentence says of the literature, without restriction, that it was reviewed."""
    if _HEDGED.search(sentence):
        return False
    for match in _ASSERTION.finditer(sentence):
        word = _ABOUT.search(sentence, match.start())
        if word is not None and is_asserted(sentence, word.start(), match.end()):
            return True
    return False


def _flaw(statement: Statement, kinds: list[str]) -> Flaw:
    preprints = kinds.count("preprint")
    if not kinds:
        sources = "no source is listed that could be"
    elif preprints == len(kinds):
        sources = f"all {preprints} sources are preprints"
    else:
        sources = f"of {len(kinds)} sources {preprints} are preprints and of the others nothing is known"
    return Flaw(statement.pointer, f"says {quoted(statement.text)}, {sources}", statement.document)
