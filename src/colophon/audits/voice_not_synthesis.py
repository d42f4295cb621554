"""T106: an abstract in the voice of those who made what it tells of."""

import re
from collections.abc import Iterator

from colophon.audits import _makers as makers
from colophon.audits import audit
from colophon.fold import Record
from colophon.language.folding import fold
from colophon.language.sentences import sentences
from colophon.language.terms import EMPTY, stems
from colophon.model import Examination, Flaw, Severity

# What a synthesis may introduce, propose or build of its own, when it is the head of the object.
_OWN_OBJECTS = (
    r"synthes[ie]s|reviews?|surveys?|overviews?|summar(?:y|ies)|comparisons?|taxonom(?:y|ies)|evidence"
    r"|findings?|results?|recommendations?|agenda|directions?|questions?|hypothes[ie]s|protocol|search"
    r"|strateg(?:y|ies)|meta-analys[ie]s|analys[ie]s|discussion|tables?|figures?|terms?|terminology|notation"
    r"|definitions?|distinctions?|categor(?:y|ies)|classification|guidelines?|criteria|checklist|rubric|codebook"
    r"|maps?|reports?|topics?|background|account|picture|case|caveats?|limitations?|conclusions?|explanations?"
    r"|interpretations?|readings?|lists?|catalogue|timeline|understanding|views?|arguments?|ideas?|corpus"
)
_OWN_OBJECT = re.compile(
    r"(?:(?!(?:of|for|that|which|with|in|on|by|to|from|using)\b)[\w'-]+,? ){0,6}?"
    rf"(?:{_OWN_OBJECTS})(?= ?(?:$|[,:)(]|(?:of|for|on|about|in|that|which|and|to|from|over|across|with"
    r"|between|by|as|at|is|are|based|covering|how|what|why|whether|here|below)\b))",
    re.IGNORECASE,
)
# A sentence on how the synthesis itself was made.
_OWN_WORK = re.compile(
    r"\b(?:synthes[ie]s|synthesi[sz]e[sd]?|synthesi[sz]ing|literature|screen(?:ed|ing)|inclusion|eligib\w+"
    r"|reviewed|systematic|reviewers?|PRISMA|extracted claims|claims? (?:were|was|extraction|verification)"
    r"|(?:extract|verif)\w* (?:the )?claims?|(?:included|retrieved) (?:papers|studies|sources|documents)"
    r"|verification of|meta-analy\w+|(?:random|fixed)-effects?|pooled)\b",
    re.IGNORECASE,
)
# Patterns of which it matters what is made, and others.
_OF_SOMETHING = (
    makers.CLAIMS_TO_MAKE, makers.NAMES_WHAT_IT_MAKES, makers.AIMS, makers.OUR_GIFTS, makers.OUR_NEW,
    makers.OUR_GAIN,
)  # fmt: skip
_ALWAYS = (makers.TRAINS, makers.TRIES_OUT, makers.OUR_TRIALS, makers.OURS, makers.PROPOSED)
_QUOTED = re.compile(r'"[^"]{0,2000}"|(?<![\w])\'[^\']{0,600}\'(?!\w)')
_LONGEST, _SHOWN = 100_000, 120


@audit("T106", severity=Severity.WARNING)
def voice_not_synthesis(record: Record) -> Examination:
    """What: The abstract of a synthesis must not speak as the maker of the methods that it reports: "we
    introduce", "we propose", "this paper presents" a system, "our approach uses", "we trained", "our
    experiments show". What a synthesis may make of its own is no finding: a review, a comparison, a taxonomy,
    questions, the search and the checks of its claims. Nor are words in quotation marks.

    Why: A synthesis has made no system. Such an abstract was taken from a paper, or written as if the report
    were that paper, and readers cite the wrong authors.

    Example: The abstract of a synthesis begins "We introduce ModaRoute, an LLM-based intelligent routing
    system".

    Mend: The publisher can issue a report with an abstract of its own, which names whose method it is. If the
    text of a source was read as the abstract here, file a correction with the reason `transcription`. It is
    shown beside the record, and the finding stays.
    """
    abstract = record.manifest.abstract
    if not abstract or not abstract.strip():
        return Examination()
    manifest = record.manifest
    about = frozenset(stems(fold(f"{manifest.title} {manifest.research_question or ''}"[:_LONGEST]).text))
    found = list(_as_maker(fold(abstract[:_LONGEST]).text, about))
    if not found:
        return Examination(1, 1)
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    message = f'a synthesis speaks as the maker of a method: "{found[0]}"{more}'
    return Examination(1, 1, (Flaw("/abstract", message),))


def _as_maker(text: str, about: frozenset[str]) -> Iterator[str]:
    """Yield the sentences, shortened, that speak as the maker of a method."""
    text = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    for start, end in sentences(text):
        sentence = " ".join(text[start:end].split())
        at = _place(sentence, about)
        if at is not None and not _OWN_WORK.search(sentence):
            shown = sentence[at:]
            yield shown if len(shown) <= _SHOWN else shown[: shown.rfind(" ", 0, _SHOWN)] + " ..."


def _place(sentence: str, about: frozenset[str]) -> int | None:
    """Return where a sentence begins to speak as the maker of a method, or None."""
    for match in makers.AIMS.finditer(sentence):
        if makers.WITH_SOMETHING_NEW.search(match["what"]):
            return match.start()
    for match in makers.PROPOSES.finditer(sentence):
        if (what := frozenset(stems(match["what"])) - EMPTY) and what <= about:
            return match.start()
    for pattern in _OF_SOMETHING:
        for match in pattern.finditer(sentence):
            if not _OWN_OBJECT.match(match["what"].strip()):
                return match.start()
    found = [pattern.search(sentence) for pattern in _ALWAYS]
    return next((one.start() for one in found if one is not None), None)
