"""K102: numbers looked for in abstracts."""

import re

from colophon.audits import audit
from colophon.audits._statements import Statement, is_asserted, quoted, statements
from colophon.fold import Record
from colophon.language.folding import fold
from colophon.language.quantities import has_number, quantities
from colophon.model import Examination, Flaw, Severity

_CHECK = (
    r"(?:verif\w+|check\w*|compar\w+|match\w*|ground\w*|valid\w+|confirm\w*|search\w*|look\w* up|scor\w+"
    r"|locat\w+|cosine|similarity|support\w*|test\w*|evaluat\w+|found again|trac\w+)"
)
_ABSTRACTS = (
    r"(?:(?:title|titles)(?: and|/|,)? )?(?:(?:paper|source|arxiv|retrieved|cited|their|the|its|of"
    r"|and)s? ){0,3}abstracts?"
)
_CHECKED = re.compile(
    rf"\b{_CHECK}\b[^.;]{{0,90}}?\b(?:against|with|to|in|by|on|from|within|using|over|between|through|only)"
    rf"(?: (?:the|their|each|a|only|just|its|every|source)){{0,3}} {_ABSTRACTS}\b"
    rf"|\babstracts?\b[^.;]{{0,60}}?\b(?:for|in|as|during) (?:the )?(?:claim )?(?:verification|checking"
    rf"|comparison)"
    r"|\babstracts? (?:alone )?(?:were|was|are|is) (?:\w+ )?(?:searched|used|checked|compared|matched)\b"
    r"[^.;]{0,60}\b(?:claims?|verif\w+)"
    rf"|\bagainst (?:[\w'-]+ ){{0,3}}abstracts?\b|\babstract\W?(?:level|only|based) (?:\w+ )?{_CHECK}\b",
    re.IGNORECASE,
)
# The same check on more than abstracts, wherever it is said.
_BEYOND = (
    r"\bfull\W?texts?\b|\b(?:whole|entire|complete) (?:paper|text|article|document)s?\b|\bpdfs?\b"
    r"|\bbod(?:y|ies)\b|\b(?:tables|appendi\w+|sections)\b"
)
_MORE = re.compile(_BEYOND, re.IGNORECASE)
_ABOUT = re.compile(rf"\babstracts?\b|{_BEYOND}", re.IGNORECASE)
_ANY_CHECK = re.compile(rf"\b{_CHECK}", re.IGNORECASE)
_CLAIMS = re.compile(r"\b(?:claims?|verif\w+|statements?|numbers?|figures?)\b", re.IGNORECASE)
_SCREENING = re.compile(
    r"\b(?:screen\w*|relevan\w+|inclusion|eligib\w+|rank\w*|select\w*|retriev\w+ by|return\w*|quer(?:y|ies)"
    r"|databases?|hits|left out|excluded)\b",
    re.IGNORECASE,
)
# An abstract as a text; "abstract reasoning" is none.
_AN_ABSTRACT = re.compile(
    r"\babstracts\b|\babstract(?=\W*$|[.,;:)]|\W(?:of|only|alone|level|based|was|is|and|or|for|in|to|that|as|by"
    r"|when|returned)\b)",
    re.IGNORECASE,
)
# That something was checked, in whatever order of words.
_A_CHECK = re.compile(
    r"\b(?:verif\w+|check(?:s|ed|ing|ers?)?|evidence)\b"
    r"|\bclaims?\b[^.;]{0,90}\b(?:look\w*|sought|search\w*|judg\w+|match\w*|compar\w+|test\w*|found|decid\w+"
    r"|support\w*|confirm\w*|ground\w*|scor\w+|locat\w+)\b"
    r"|\btexts? (?:[\w-]+ ){0,3}?(?:searched|compared|checked|read|consulted|looked at)\b"
    r"|\bsearch(?:ed)? texts?\b",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\b(?:only|alone|merely|just|solely|limited to|restricted to|confined to)\b", re.IGNORECASE
)
_USE = re.compile(
    r"\b(?:search\w*|used?|using|read|consulted|availab\w+|at hand|seen|access\w*|compar\w+|looked)\b",
    re.IGNORECASE,
)
_NOTHING_BUT = re.compile(r"\b(?:nothing|none|no texts?) (?:but|except|other than|beyond)\b", re.IGNORECASE)
# Where claims came from is no check of them.
_ORIGIN = re.compile(
    r"\b(?:extract|tak|took|draw|c[ao]m|deriv|gather|collect|obtain|writ|wrote|draft)\w*\b[^.;]{0,60}"
    r"\bfrom\b[^.;]{0,40}\babstracts?\b",
    re.IGNORECASE,
)


@audit("K102", severity=Severity.WARNING)
def wrong_text_searched(record: Record) -> Examination:
    """What: Claims with numbers must not be checked against abstracts alone. Looked at is what the report
    says of the text that its check compared claims with. Screening papers by their abstracts is another
    matter, and a report that says it compared full texts or tables as well is not flagged.

    Why: Most numbers of a paper stand in its tables and never in its abstract. A check of the abstract
    finds them missing when they are right, and passes them when they are wrong.

    Example: The method says that claims "were verified against the abstracts of the retrieved papers".
    Eleven of 15 claims give accuracies and FLOPs.

    Mend: The publisher can check the numbers against full texts and tables and say so. If the report says
    that it did and that was not read here, file a correction of type PROVENANCE. It is shown beside the
    record, and the finding stays.
    """
    said = list(statements(record, _ABOUT))
    checked = [one for one in said if _is_check(one.text)]
    if not checked:
        return Examination()
    more = [one for one in said if _names_more(one.text)]
    numbers = [claim.text for claim in record.manifest.claims or () if _has_quantity(claim.text)]
    if record.manifest.claims is None:
        return Examination(recognised=1)
    flaws = () if more or not numbers else (_flaw(checked[0], numbers, len(record.manifest.claims)),)
    return Examination(1, 1, flaws)


def _is_check(sentence: str) -> bool:
    """Whether a sentence says that claims were compared with abstracts, in one of its clauses."""
    return any(_is_check_in(clause) for clause in sentence.split(";"))


def _is_check_in(sentence: str) -> bool:
    if _SCREENING.search(sentence) and not _CLAIMS.search(sentence):
        return False
    if any(is_asserted(sentence, *match.span()) for match in _CHECKED.finditer(sentence)):
        return True
    said = _NOTHING_BUT.sub("only", sentence)
    is_use = _A_CHECK.search(said) or (_ONLY.search(said) and _USE.search(said))
    if not is_use or _ORIGIN.search(said):
        return False
    return any(is_asserted(said, *match.span()) for match in _AN_ABSTRACT.finditer(said))


def _names_more(sentence: str) -> bool:
    """Whether a sentence says that something was compared with more than abstracts."""
    named = any(is_asserted(sentence, *match.span()) for match in _MORE.finditer(sentence))
    return named and _ANY_CHECK.search(sentence) is not None


def _has_quantity(text: str) -> bool:
    return has_number(text) and bool(quantities(fold(text).text))


def _flaw(statement: Statement, numbers: list[str], claims: int) -> Flaw:
    counted = f"{len(numbers)} of {claims} claims have numbers, as {quoted(numbers[0])}"
    return Flaw(statement.pointer, f"says {quoted(statement.text)}; {counted}", statement.document)
