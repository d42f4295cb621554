"""T106: an abstract in the voice of those who made what it tells of."""

import re
from collections.abc import Iterator

from colophon.audits import audit
from colophon.fold import Record
from colophon.language.folding import fold
from colophon.language.sentences import sentences
from colophon.model import Examination, Flaw, Severity

_MAKE = (
    r"(?:introduc|propos|develop|design|devis|releas|invent|pioneer|contribut|architect|engineer)(?:e|es|ed|ing)?"
    r"|present(?:s|ed)?|train(?:s|ed)?|pre-?train(?:s|ed)?|fine-?tun(?:e|es|ed)|build|built|open-?sourced?"
    r"|implement(?:s|ed)?|creat(?:e|es|ed)"
)
_SURELY = r"(?:here|also|then|further|first|now|finally|therefore|thus|instead|jointly|additionally)"
_THE_PAPER = r"this (?:paper|work|article|letter|thesis|manuscript)"
# What is made is new to the reader, or has a name: "a router", "two kernels", "the Sparse Router".
_NEW = (
    r"(?:an?|novel|new|two|three|four|five|several|simple|efficient|our|the first|code|models?|weights"
    r"|(?:the )?(?-i:[A-Z][\w-]*))\b"
)
_CLAIMS_TO_MAKE = re.compile(
    rf"\b(?:we|{_THE_PAPER})(?:,? {_SURELY},?){{0,2}} (?:have )?(?:{_MAKE})\b:? "
    rf"(?P<what>{_NEW}[^.;]{{0,160}})",
    re.IGNORECASE,
)
_AIMS = re.compile(
    r"\bwe (?:aim|seek|attempt|set out) to (?:tackle|solve|improve|build|design|develop)\b"
    r"(?P<what>[^.;]{0,160})",
    re.IGNORECASE,
)
_THING = (
    r"(?:approach|method|model|system|framework|architecture|algorithm|network|technique|pipeline|implementation"
    r"|module|loss|estimator|solver|encoder|decoder|agent)"
)
_OURS = re.compile(rf"\bour (?:(?!own\b)[\w-]+ ){{0,3}}?{_THING}s?\b", re.IGNORECASE)
# "The proposed method of Chen et al." is theirs.
_PROPOSED = re.compile(
    rf"\bthe (?:newly )?proposed (?:[\w-]+ ){{0,3}}?{_THING}s?\b(?! (?:of|by|in|from)\b)"
    r"(?!.*(?:et al|authors))",
    re.IGNORECASE,
)
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
_QUOTED = re.compile(r'"[^"]{0,2000}"|(?<![\w])\'[^\']{0,600}\'(?!\w)')
_LONGEST, _SHOWN = 100_000, 120


@audit("T106", severity=Severity.WARNING)
def voice_not_synthesis(record: Record) -> Examination:
    """What: The abstract of a synthesis must not speak as the maker of the methods that it reports: "we
    introduce", "we propose", "this paper presents" a system, "our approach uses". What a synthesis may make
    of its own is no finding: a review, a comparison, a taxonomy, questions, the search and the checks of its
    claims. Nor are words in quotation marks.

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
    found = list(_as_maker(fold(abstract[:_LONGEST]).text))
    if not found:
        return Examination(1, 1)
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    message = f'a synthesis speaks as the maker of a method: "{found[0]}"{more}'
    return Examination(1, 1, (Flaw("/abstract", message),))


def _as_maker(text: str) -> Iterator[str]:
    """Yield the sentences, shortened, that speak as the maker of a method."""
    text = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    for start, end in sentences(text):
        sentence = " ".join(text[start:end].split())
        at = _place(sentence)
        if at is not None and not _OWN_WORK.search(sentence):
            shown = sentence[at:]
            yield shown if len(shown) <= _SHOWN else shown[: shown.rfind(" ", 0, _SHOWN)] + " ..."


def _place(sentence: str) -> int | None:
    """Return where a sentence begins to speak as the maker of a method, or None."""
    for pattern in (_CLAIMS_TO_MAKE, _AIMS):
        for match in pattern.finditer(sentence):
            if not _OWN_OBJECT.match(match["what"].strip()):
                return match.start()
    ours = _OURS.search(sentence) or _PROPOSED.search(sentence)
    return None if ours is None else ours.start()
