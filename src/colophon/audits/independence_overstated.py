"""K103: a check that is called independent and names nobody but the maker."""

import re
from collections.abc import Iterator

from colophon.audits import audit
from colophon.audits._statements import Statement, is_asserted, part_before, quoted, statements
from colophon.fold import Record
from colophon.language.beginnings import Led
from colophon.model import Examination, Flaw, Severity

_ABOUT = Led(r"\bindependen(?:t|tly|ce)\b", "independent")
_CHECKED = r"(?:re\W?)?(?:verif|check|confirm|validat|reproduc|replicat|corroborat|audit|fact\W?check)\w*"
# Words that the literature has for its own work too: they count where the report speaks of itself.
_WEIGHED = (
    r"(?:re\W?)?(?:assess|evaluat|(?<!peer )(?<!peer-)review|rat(?:ed|ings?)|judg|examin|apprais|inspect)\w*"
)
_WEIGHING = re.compile(
    rf"\bindependently\W(?:[\w-]+ ){{0,2}}?{_WEIGHED}|\b{_WEIGHED}(?: [\w-]+){{0,4}}? independently\b"
    rf"|\bindependent\W(?!of\b)(?:[\w-]+,? ){{0,3}}?{_WEIGHED}",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(
    r"\b(?:claims?|multi\W?reviewer|panel(?! of)|tribunal|kernel|pipeline"
    r"|(?:this|our) (?:report|synthesis|record))\b",
    re.IGNORECASE,
)
_ASSERTION = re.compile(
    rf"\b{_CHECKED}(?: [\w-]+){{0,4}}? by (?:(?:an?|the|two|three|another) )?"
    r"independent(?: (?!of\b)[\w-]+){1,3}"
    rf"|\bindependently\W(?:[\w-]+ ){{0,2}}?{_CHECKED}|\b{_CHECKED}(?: [\w-]+){{0,4}}? independently\b"
    rf"|\bindependent\W(?:[\w-]+,? ){{0,3}}?{_CHECKED}",
    re.IGNORECASE,
)
# People and groups beside the maker.
_OTHERS = (
    r"(?:humans?|persons?|people|person's|annotators?|curators?|experts?|librarians?|scientists?|raters?"
    r"|readers?|reviewers?|referees?|authors?|editors?|teams?|groups?|lab(?:s|orator(?:y|ies))?|operators?"
    r"|organi[sz]ations?"
    r"|universit(?:y|ies)|institut(?:e|es|ions?)|third part(?:y|ies)|external(?:ly)?|outside|auditors?"
    r"|students?|volunteers?|clinicians?|physicians?|doctors?|nurses?|statisticians?|researchers?|scholars?"
    r"|colleagues?|peers|specialists?|engineers?|methodologists?|practitioners?"
    r"|studies|papers|works|trials|experiments|cohorts|registr(?:y|ies))"
)
_SECOND_PARTY = Led(rf"\b{_OTHERS}\b", _OTHERS)
_AUTOMATED = re.compile(
    rf"\b(?:automat\w+|llms?|models?|agents?|panel(?! of (?:[\w-]+ )?{_OTHERS}\b)|tribunal|ai|machine"
    r"|simulated|synthetic|multi\W?reviewer|pipelines?|kernel|system|bots?|same)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"[^.;]{0,40}?\b(?:by|at) ([^.;,]{2,80})", re.IGNORECASE)
# Where a finding of the literature was repeated; claims of the report are looked up in papers.
_IN = re.compile(r"[^.;]{0,40}?\b(?:in|across) ([^.;,]{2,80})", re.IGNORECASE)
_CLAIMS = re.compile(r"\bclaims?\b", re.IGNORECASE)
_CHECK_OF = re.compile(rf"\b{_CHECKED}|\bread\b|\bcompar\w+", re.IGNORECASE)


@audit("K103", severity=Severity.WARNING)
def independence_overstated(record: Record) -> Examination:
    """What: A report that calls its own check independent must name who checked beside the pipeline that
    wrote it: a person, another group, another operator. A panel of models of the same pipeline is no one
    else. Denials and advice ("should be independently verified"), a stated count of 0, and what others did
    independently are no such statement.

    Why: "Independently verified" promises that somebody without a stake looked. When one pipeline extracts
    the claims and passes them, its mistakes pass with them.

    Example: The results say "28 claims extracted; 24 independently verified". The method names one
    automated pipeline and no one else.

    Mend: The publisher can name the checker, or drop the word. If the report names one and it was not read
    here, file a correction of type PROVENANCE. It is shown beside the record, and the finding stays.
    """
    asserted = [one for one in statements(record, _ABOUT) if _asserts(one)]
    if not asserted:
        return Examination()
    places = {(one.document, one.pointer): one for one in reversed(asserted)}
    if record.manifest.stated.claims_verified == 0 or _names_a_second_party(record):
        return Examination(len(places), len(places))
    maker = record.provenance.generator or record.provenance.publisher or record.manifest.publisher.name
    flaws = tuple(_flaw(one, maker) for one in reversed(places.values()))
    return Examination(len(places), len(places), flaws)


def _asserts(statement: Statement) -> bool:
    """Whether a sentence says that the report's own claims were checked independently, by nobody in
    particular.
    """
    sentence = statement.text
    is_own = statement.pointer != "/abstract" or _OF_ITSELF.search(sentence) is not None
    weighing = _WEIGHING.finditer(sentence) if is_own else ()
    for match in (*_ASSERTION.finditer(sentence), *weighing):
        if is_asserted(sentence, *match.span()) and not _is_by_others(sentence, match):
            return True
    return False


def _is_by_others(sentence: str, match: re.Match[str]) -> bool:
    """Whether the words around say who checked, and it is no machine."""
    # Who checked stands behind the claims that were checked: "from 12 papers 24 claims were verified".
    before = _CLAIMS.split(part_before(sentence[: match.start()]))[-1]
    by = _BY.match(sentence, match.end())
    if by is None and not _CLAIMS.search(sentence):
        by = _IN.match(sentence, match.end())
    around = f"{before[-120:]} {match[0]} {by[1] if by else ''}"
    return bool(_SECOND_PARTY.search(around)) and not _AUTOMATED.search(around)


def _names_a_second_party(record: Record) -> bool:
    """Whether the record says anywhere how checking was done that somebody else did it."""
    return any(_is_check_by_others(one.text) for one in _processes(record))


def _processes(record: Record) -> Iterator[Statement]:
    return (one for one in statements(record, _SECOND_PARTY) if one.document == "provenance")


def _is_check_by_others(sentence: str) -> bool:
    parties = [match for match in _SECOND_PARTY.finditer(sentence) if is_asserted(sentence, *match.span())]
    named = [one for one in parties if one[0].casefold() not in ("papers", "studies", "works", "experiments")]
    return bool(named) and bool(_CHECK_OF.search(sentence)) and not _AUTOMATED.search(sentence)


def _flaw(statement: Statement, maker: str) -> Flaw:
    message = f"says {quoted(statement.text)}; no checker beside {quoted(maker)} is named"
    return Flaw(statement.pointer, message, statement.document)
